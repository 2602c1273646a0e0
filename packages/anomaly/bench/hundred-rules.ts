import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type SigmaDocument, SigmaRules } from '@sallyport/anomaly';
import type { AuditRecord } from '@sallyport/audit';

const RULES = 100;
const FOLDER = new URL('../../../policies/rules/', import.meta.url);
const yaml = createRequire(new URL('../../policy/package.json', import.meta.url))('yaml') as {
  parseAllDocuments(text: string): readonly { toJS(): unknown }[];
};

/** The rules of `policies/rules`, and as many made ones as are missing, of the forms that rules have. */
export function hundredRules(): SigmaRules {
  const documents = [...shipped()];
  for (let at = 0; documents.length < RULES; at += 1) documents.push(made(at));
  const { rules, problems } = SigmaRules.compile(documents);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return rules;
}

function shipped(): readonly SigmaDocument[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && !file.endsWith('.test.yaml'));
  return files.flatMap((file) =>
    yaml.parseAllDocuments(readFileSync(new URL(file, FOLDER), 'utf8')).map((one) => ({
      file,
      value: one.toJS(),
    })),
  );
}

function made(at: number): SigmaDocument {
  const detections = [
    {
      selection: { type: 'outcome', status: 'ok', target: [`tool_${at}`, `export_${at}`] },
      condition: 'selection',
    },
    { a: { 'target|contains': [`wipe${at}`, `purge${at}`] }, b: { status: 'ok' }, condition: 'a and b' },
    {
      a: { 'target|re': `^(drop|erase)_[a-z]+_${at}$` },
      b: { 'principal.roles': 'svc' },
      condition: 'a and not b',
    },
    { a: { status: 'ok', 'result.bytes|gte': 1_000_000 + at }, condition: 'a' },
    { a: { 'principal.subject|endswith': `-bot-${at}` }, b: { 'time|hour|lt': 6 }, condition: 'a and b' },
  ];
  const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const logsource = { product: 'sallyport', service: 'audit' };
  return {
    file: 'made',
    value: { title: `Made ${at}`, id, logsource, detection: detections[at % detections.length] },
  };
}

/** @param hostile names a tool that was never seen */
export function ruleRecord(at: number, hostile: boolean): AuditRecord {
  const refused = at % 100 === 0;
  return {
    v: 1,
    id: `01960000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    time: new Date(1_772_000_000_000 + at * 20).toISOString(),
    server: `server-${at % 5}`,
    policy: 'f'.repeat(64),
    type: 'outcome',
    call: `c-${at}`,
    direction: 'inbound',
    kind: 'request',
    method: at % 10 === 0 ? 'resources/read' : 'tools/call',
    target: hostile ? `tool_${at}_with_a_long_name` : `get_thing_${(at * 7) % 200}`,
    principal: {
      subject: `person-${(at * 13) % 2000}`,
      roles: ['reader', `team-${at % 20}`],
      method: 'token',
    },
    status: refused ? 'refused' : 'ok',
    ...(refused && { refusal: 'permission_denied' as const }),
    decision: { effect: refused ? 'deny' : 'permit' },
    ...(at % 7 === 0 && {
      redacted: [{ direction: 'results' as const, entity: 'EMAIL', operator: 'token', count: 3 }],
    }),
    executed: { sha256: String(at), bytes: 200 },
    result: { sha256: String(at), bytes: 2000 },
    durationMs: 12,
  };
}

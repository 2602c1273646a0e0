import {
  type AuditRecord,
  type JournalLine,
  RECORD_MEMBERS,
  type RecordMember,
  type TimeRange,
} from '@sallyport/audit';
import { REFUSAL_CODES } from '@sallyport/core';
import { BadInput } from './bad-input.ts';
import { isAlert } from './is-alert.ts';
import { parseMoment } from './parse-moment.ts';

/** Which records are asked for: those that agree with every option that is given, by one of its values. */
export interface QueryOptions {
  readonly since?: string;
  readonly until?: string;
  /** Names: exactly, or how they begin with `*` at the end. */
  readonly subject?: readonly string[];
  readonly role?: readonly string[];
  /** A tool, or `server/tool`. */
  readonly tool?: readonly string[];
  readonly server?: readonly string[];
  readonly method?: readonly string[];
  readonly decision?: string;
  readonly status?: string;
  /** A refusal code, or the number of a JSON-RPC error. */
  readonly code?: readonly string[];
  readonly event?: readonly string[];
  readonly call?: readonly string[];
  /** Only what tells of something wrong: see `isAlert`. */
  readonly alert?: boolean;
}

export interface RecordQuery {
  readonly range: TimeRange;
  readonly matches: (line: JournalLine) => boolean;
  /** False only for bytes that cannot hold a record that matches; far cheaper than to parse them. */
  readonly mayMatch: (body: Buffer) => boolean;
}

type Asked =
  | 'subject'
  | 'role'
  | 'tool'
  | 'server'
  | 'method'
  | 'decision'
  | 'status'
  | 'code'
  | 'event'
  | 'call';

/** What a record says where an option asks. */
const ANSWERS: Readonly<Record<Asked, (record: AuditRecord) => readonly unknown[]>> = {
  subject: (record) => [read(record, 'principal.subject')],
  role: (record) => {
    const roles = read(record, 'principal.roles');
    return Array.isArray(roles) ? (roles as readonly unknown[]) : [];
  },
  tool: (record) => {
    const [method, target, server] = [read(record, 'method'), read(record, 'target'), record.server];
    return method === 'tools/call' && typeof target === 'string' ? [target, `${server}/${target}`] : [];
  },
  server: (record) => [record.server],
  method: (record) => [read(record, 'method')],
  decision: (record) => [read(record, 'decision.effect')],
  status: (record) => [read(record, 'status')],
  code: (record) => [read(record, 'refusal'), String(read(record, 'error'))],
  event: (record) => [read(record, 'event')],
  call: (record) => [read(record, 'call')],
};

/** @param now milliseconds since the epoch. @throws BadInput */
export function recordQuery(options: QueryOptions, now: number): RecordQuery {
  const { since, until, alert } = options;
  const range: TimeRange = {
    since: since === undefined ? undefined : parseMoment(since, { option: '--since', now, edge: 'start' }),
    until: until === undefined ? undefined : parseMoment(until, { option: '--until', now, edge: 'end' }),
  };
  const { since: from = -Infinity, until: to = Infinity } = range;
  if (from > to) throw new BadInput('--since is later than --until; nothing is between them');
  const given = namesGiven(options);
  refuseUnknownCodes(given.get('code') ?? []);
  const tests = [...given].map(([option, names]) => ({ option, test: nameTest(names) }));
  const needles = [...given].flatMap(([option, names]) => needlesOf(option, names));
  const ofEntry = given.size === 0 || (given.size === 1 && given.has('event'));
  return {
    range,
    matches: (line) => {
      if (line.time < from || line.time > to || (alert === true && !isAlert(line))) return false;
      if (line.kind === 'entry') return ofEntry && tests.every(({ test }) => test(line.entry.type));
      return tests.every(({ option, test }) => ANSWERS[option](line.record).some(test));
    },
    mayMatch: (body) => needles.every((any) => any.some((needle) => body.includes(needle))),
  };
}

function read(record: AuditRecord, member: RecordMember): unknown {
  return RECORD_MEMBERS[member](record);
}

function namesGiven(options: QueryOptions): ReadonlyMap<Asked, readonly string[]> {
  const given = (Object.keys(ANSWERS) as Asked[]).map((option): [Asked, readonly string[]] => {
    const value = options[option] ?? [];
    return [option, typeof value === 'string' ? [value] : value];
  });
  return new Map(given.filter(([, names]) => names.length > 0));
}

function nameTest(names: readonly string[]): (name: unknown) => boolean {
  const exact = new Set(names.filter((name) => !name.endsWith('*')));
  const starts = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (name) =>
    typeof name === 'string' && (exact.has(name) || starts.some((start) => name.startsWith(start)));
}

/** Texts of which one has to stand in the JSON, as `JSON.stringify` writes it; none where that cannot be said. */
function needlesOf(option: Asked, names: readonly string[]): readonly (readonly Buffer[])[] {
  // `files/read` may be one name, or two in two places.
  if (option === 'tool' && names.some((name) => name.includes('/'))) return [];
  return [
    names.map((name) => {
      const number = option === 'code' && Number(name);
      if (Number.isInteger(number)) return Buffer.from(`"error":${name}`);
      return Buffer.from(
        name.endsWith('*') ? JSON.stringify(name.slice(0, -1)).slice(0, -1) : JSON.stringify(name),
      );
    }),
  ];
}

/** A slip would find nothing, and nobody would know why. */
function refuseUnknownCodes(codes: readonly string[]): void {
  for (const code of codes) {
    if (Object.hasOwn(REFUSAL_CODES, code) || /^-?[0-9]{1,10}$/.test(code)) continue;
    const known = Object.keys(REFUSAL_CODES).join(', ');
    throw new BadInput(`--code takes the number of a JSON-RPC error, or one of ${known}`);
  }
}

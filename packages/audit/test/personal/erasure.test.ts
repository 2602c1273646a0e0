import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose } from '@sallyport/core';
import { someCall } from '../../../core/test/some-call.ts';
import { audit } from '../../src/audit.ts';
import type { AuditRecord } from '../../src/audit-record.ts';
import { Journal } from '../../src/journal/journal.ts';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import { verify } from '../../src/journal/verify.ts';
import { walkRecords } from '../../src/journal/walk-records.ts';
import { openSealed } from '../../src/personal/open-sealed.ts';
import { Recorder } from '../../src/recorder.ts';
import { newSigner } from '../journal/support.ts';
import { KeyBench } from './support.ts';

const SUBJECT = 'ann@example.org';
const PATIENT = 'patient:4711-eve';
const VALUE = 'diagnosis of a rare disease';

let bench: KeyBench;
beforeEach(() => {
  bench = new KeyBench();
});
afterEach(() => bench.dispose());

test('an erased person is in no byte of journal, copy and keys, and the chain verifies as before', async () => {
  const signer = newSigner();
  const folder = join(bench.root, 'journal');
  const journal = await Journal.open(folder, { signer });
  const keys = await bench.open();
  const recorder = new Recorder({ sink: journal });
  const personal = { keys, about: () => PATIENT };
  const layer = audit({ recorder, policy: 'digest', values: 'sealed', personal });
  const guarded = compose([layer], ({ trail }) => {
    const rule = `p, user:${SUBJECT}, *`;
    trail.add({ layer: 'rbac', kind: 'decision', effect: 'permit', rule, at: undefined });
    return Promise.resolve({ result: { text: VALUE } });
  });
  const principal = { subject: SUBJECT, roles: [], claims: {}, method: 'token' } as const;
  const uri = `records://${PATIENT}/${VALUE}`;
  await guarded(someCall({ principal, params: { name: 'write', arguments: { [PATIENT]: VALUE } } }));
  await guarded(someCall({ principal, method: 'resources/read', params: { uri } }));

  const patient = await keys.keyOf(PATIENT);
  await journal.append(aRecordFor(recorder), { durable: true });
  const before = await verify(folder, [signer.verifierKey]);
  const copy = join(bench.root, 'copy');
  cpSync(folder, copy, { recursive: true });
  expect((await valuesIn(copy)).filter((text) => text.includes(VALUE))).toHaveLength(4);

  const erased = await keys.erase({ subject: PATIENT });
  expect(erased?.pseudonym).toBe(patient.pseudonym);
  recorder.event({
    event: 'subject_erased',
    server: 'default',
    policy: 'digest',
    detail: { subject: patient.pseudonym },
  });
  await journal.close();

  for (const at of [folder, copy]) {
    for (const { state, values } of await openedIn(at)) {
      expect(['erased', 'none']).toContain(state);
      expect(values).toBeUndefined();
    }
  }
  for (const text of [SUBJECT, PATIENT, VALUE]) expect(bench.holds(text)).toBe(false);
  expect(bench.holds(patient.pseudonym)).toBe(true);
  expect(before.verdict).toBe('ok');
  expect((await verify(folder, [signer.verifierKey])).verdict).toBe('ok');
  const last = (await recordsIn(folder)).at(-1);
  expect(last).toMatchObject({ event: 'subject_erased', detail: { subject: patient.pseudonym } });
  expect((await openSealed(last as AuditRecord, keys)).people).toMatchObject([{ state: 'erased' }]);

  async function openedIn(at: string): Promise<Awaited<ReturnType<typeof openSealed>>[]> {
    return Promise.all((await recordsIn(at)).map((record) => openSealed(record, keys)));
  }

  async function valuesIn(at: string): Promise<string[]> {
    return (await openedIn(at)).map(({ values }) => JSON.stringify(values ?? {}));
  }
});

function aRecordFor(recorder: Recorder): AuditRecord {
  return { ...recorder.stamp(), type: 'event', event: 'start', server: 'default', policy: 'digest' };
}

async function recordsIn(folder: string): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const walked of walkRecords(NODE_FS, folder)) {
    if (walked.kind !== 'record' || walked.link.member !== 'record') continue;
    const { record } = JSON.parse(walked.body.subarray(1).toString()) as { record: AuditRecord };
    records.push(record);
  }
  return records;
}

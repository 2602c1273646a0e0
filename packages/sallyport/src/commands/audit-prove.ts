import { readFileSync } from 'node:fs';
import {
  type ConsistencyProof,
  JournalError,
  parseCheckpoint,
  proveConsistency,
  verifyConsistencyProof,
  verifyProof,
  visible,
  visibleJson,
} from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { BadInput } from '../audit/bad-input.ts';
import { exportFile } from '../audit/export-file.ts';
import { openJournals } from '../audit/open-journals.ts';
import { ProblemLog } from '../audit/problem-log.ts';
import { proveRecord } from '../audit/prove-record.ts';
import { readKeys, signersOf, verifierKeys } from '../audit/verifier-keys.ts';
import { type GivenCheckpoint, originOf, readCheckpointFile } from '../audit/verify-journals.ts';
import { complain } from '../complain.ts';
import { standardOutput } from '../redact/output.ts';
import { unreadable } from '../redact/unusable-file.ts';
import { print, style } from '../terminal.ts';

export interface AuditProveOptions {
  /** An id and a folder; with `consistency` two files of checkpoints, and a folder unless `check` is given. */
  readonly given: readonly string[];
  readonly key?: readonly string[];
  /** A file with a proof to check. */
  readonly check?: string;
  readonly consistency?: boolean;
  /** Default: standard output. */
  readonly output?: string;
  readonly force?: boolean;
}

/**
 * Makes a proof, or checks one. Returns the exit code: 0; 1 when no record has the id, or the proof does not hold; 2 when the
 * options or a file cannot be used; 5 when none of the keys signed the checkpoint.
 */
export function auditProve(options: AuditProveOptions): Promise<number> {
  return auditExit(async () => {
    const { check, consistency, given } = options;
    if (check !== undefined) return consistency === true ? checkConsistency(options) : checkRecord(options);
    if (consistency === true) {
      const [older, newer, folder] = exactly(
        given,
        3,
        '--consistency takes two files of checkpoints and a folder',
      );
      return await writeProof(options, await consistencyOf(older, newer, folder));
    }
    const [id, folder] = exactly(
      given,
      2,
      'give the id of a record and a folder: sallyport audit prove ID DIR',
    );
    const { journals, closed } = await openJournals(folder);
    const problems = new ProblemLog();
    for (const each of closed) problems.closed(each);
    const keys = options.key === undefined ? undefined : readKeys(options.key);
    const proof = await proveRecord(journals, id, { keys, onProblem: problems.add });
    if (proof !== undefined) return await writeProof(options, proof);
    complain(`no record has this id; an id is the "id" of a record, as search --json shows it`);
    return AUDIT_EXIT.nothing;
  });
}

async function writeProof({ output, force }: AuditProveOptions, proof: unknown): Promise<number> {
  const sink = output === undefined ? standardOutput() : await exportFile(output, force === true);
  try {
    const lines = JSON.stringify(proof, undefined, 2).split('\n');
    await sink.write(`${lines.map(visibleJson).join('\n')}\n`);
    await sink.finish();
    return AUDIT_EXIT.ok;
  } catch (error) {
    sink.discard();
    throw error;
  }
}

function checkRecord({ given, check = '', key }: AuditProveOptions): number {
  exactly(given, 0, '--check takes the file of the proof and needs no folder');
  const proof = readJson(check);
  const { checkpoint } = proof as { readonly checkpoint?: unknown };
  const keys = verifierKeys(
    readKeys(needed(key)),
    typeof checkpoint === 'string' ? signersOf(checkpoint) : [],
  );
  const found = verifyProof(proof, keys);
  if (found.ok) {
    const { index, origin, size } = found;
    print(style.green(`proved: record ${index} of ${size}, in ${visible(origin)}`));
    print(visibleJson(JSON.stringify(found.record)));
    return AUDIT_EXIT.ok;
  }
  switch (found.why) {
    case 'malformed':
      throw new BadInput(`${check} is no inclusion proof; sallyport audit prove ID DIR writes one`);
    case 'unknown_key':
      return refuted('none of the keys that were given signed its checkpoint', AUDIT_EXIT.unknownKey);
    case 'signature':
      return refuted('the signature of its checkpoint is wrong', AUDIT_EXIT.tampered);
    case 'path':
      return refuted('this record is not the one that the checkpoint covers', AUDIT_EXIT.tampered);
  }
}

function checkConsistency({ given, check = '', key }: AuditProveOptions): number {
  const [older, newer] = exactly(given, 2, '--check --consistency takes two files of checkpoints').map(
    readCheckpointFile,
  );
  if (older === undefined || newer === undefined) return AUDIT_EXIT.unusable;
  const proof = readJson(check) as ConsistencyProof;
  if (!Array.isArray(proof.path))
    throw new BadInput(`${check} is no consistency proof; sallyport audit prove --consistency writes one`);
  const keys = verifierKeys(readKeys(needed(key)), [...signersOf(older.note), ...signersOf(newer.note)]);
  const holds = verifyConsistencyProof(proof, { first: older.note, second: newer.note }, keys);
  if (!holds)
    return refuted(
      'the older journal is not a beginning of the newer one, or a key is another',
      AUDIT_EXIT.tampered,
    );
  print(
    style.green(
      `proved: the ${proof.from} records of the older checkpoint begin the ${proof.to} of the newer one`,
    ),
  );
  return AUDIT_EXIT.ok;
}

async function consistencyOf(older: string, newer: string, folder: string): Promise<ConsistencyProof> {
  const [first, second] = [readCheckpointFile(older), readCheckpointFile(newer)];
  const [from, to] = [sizeOf(first), sizeOf(second)];
  if (first.origin !== second.origin)
    throw new BadInput('the checkpoints are of two journals; give two of the same one');
  if (from > to) throw new BadInput('the first checkpoint is the newer one; give the older one first');
  const { journals } = await openJournals(folder);
  for (const journal of journals)
    if ((await originOf(journal.folder)) === first.origin)
      return await proveConsistency(journal.folder, from, to);
  throw new JournalError('not_found', `${folder} does not hold the journal of these checkpoints`);
}

function sizeOf({ note }: GivenCheckpoint): number {
  return parseCheckpoint(note)?.size ?? 0;
}

function refuted(why: string, code: number): number {
  print(`${style.red('NOT PROVED')}: ${why}`);
  return code;
}

function needed(key: readonly string[] | undefined): readonly string[] {
  if (key === undefined) throw new BadInput('--check needs --key: a verifier key, or a file with one');
  return key;
}

function exactly(given: readonly string[], count: 0, hint: string): readonly [];
function exactly(given: readonly string[], count: 2, hint: string): readonly [string, string];
function exactly(given: readonly string[], count: 3, hint: string): readonly [string, string, string];
function exactly(given: readonly string[], count: number, hint: string): readonly string[] {
  if (given.length !== count) throw new BadInput(hint);
  return given;
}

function readJson(file: string): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new BadInput(`${file} is no JSON object; a proof is one`);
}

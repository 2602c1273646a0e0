import { type JournalLine, type SubjectKeys, visibleJson } from '@sallyport/audit';
import { loadPolicy, withPeople } from '@sallyport/policy';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { BadInput } from '../audit/bad-input.ts';
import { LineWriter } from '../audit/line-writer.ts';
import { readMatching } from '../audit/read-matching.ts';
import type { QueryOptions } from '../audit/record-query.ts';
import { shownLine } from '../audit/shown-line.ts';
import { unsealed, withPseudonyms } from '../audit/unsealed.ts';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { standardOutput } from '../redact/output.ts';
import { style } from '../terminal.ts';

export interface AuditSearchOptions extends QueryOptions {
  readonly folder: string;
  /** Stop after so many records. */
  readonly limit?: number;
  readonly json?: boolean;
  /** The policy that names the keys of people: their names and what is sealed for them are shown. */
  readonly policy?: string;
}

/**
 * Prints the records that match, oldest first. Returns the exit code: 0; 1 when there is none, 2 when the options or the
 * folder cannot be used, 3 when part of a journal cannot be read, 141 when nobody reads what is written.
 */
export function auditSearch({ policy, ...options }: AuditSearchOptions): Promise<number> {
  return auditExit(() =>
    policy === undefined ? search(options) : withKeys(policy, (keys) => search(options, keys)),
  );
}

async function search(
  { folder, limit, json, ...query }: Omit<AuditSearchOptions, 'policy'>,
  keys?: SubjectKeys,
): Promise<number> {
  const asked = keys === undefined ? query : await withPseudonyms(query, keys);
  const { lines, several, problems } = await readMatching(folder, asked, true);
  const writer = new LineWriter(standardOutput());
  const show = async (line: JournalLine): Promise<string> => {
    const how = { json: json === true, several };
    if (keys === undefined) return shownLine(line, how);
    const { line: seen, opened } = await unsealed(line, keys);
    const text = shownLine(seen, how);
    return opened === undefined || how.json ? text : `${text}\n    ${style.dim(visibleJson(opened))}`;
  };
  let found = 0;
  for await (const line of lines) {
    await writer.write(await show(line));
    found += 1;
    if (found === limit) break;
  }
  await writer.flush();
  if (!problems.isEmpty) return AUDIT_EXIT.incomplete;
  return found > 0 ? AUDIT_EXIT.ok : AUDIT_EXIT.nothing;
}

async function withKeys(file: string, work: (keys: SubjectKeys) => Promise<number>): Promise<number> {
  try {
    const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
    return await withPeople(policy, { env: process.env, log: complain }, work);
  } catch (error) {
    if (isExpectedOfPolicy(error)) throw new BadInput((error as Error).message);
    throw error;
  }
}

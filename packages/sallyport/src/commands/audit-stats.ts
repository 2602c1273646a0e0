import { visibleJson } from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { AuditStats } from '../audit/audit-stats.ts';
import { readMatching } from '../audit/read-matching.ts';
import type { QueryOptions } from '../audit/record-query.ts';
import { statsJson, statsText } from '../audit/stats-report.ts';
import { print } from '../terminal.ts';

export interface AuditStatsOptions extends Pick<QueryOptions, 'since' | 'until'> {
  readonly folder: string;
  readonly json?: boolean;
}

/**
 * Counts the records of a folder. Returns the exit code: 0; 2 when the options or the folder cannot be used, 3 when part of
 * a journal cannot be read.
 */
export function auditStats({ folder, json, ...range }: AuditStatsOptions): Promise<number> {
  return auditExit(async () => {
    const { lines, problems } = await readMatching(folder, range, false);
    const stats = new AuditStats();
    for await (const line of lines) stats.add(line);
    print(json === true ? visibleJson(JSON.stringify(statsJson(stats))) : statsText(stats));
    return problems.isEmpty ? AUDIT_EXIT.ok : AUDIT_EXIT.incomplete;
  });
}

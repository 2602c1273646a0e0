import { createFormatter, type FormatName, type JournalLine, visibleJson } from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { csvHeader, csvRow } from '../audit/csv.ts';
import { exportFile } from '../audit/export-file.ts';
import { LineWriter } from '../audit/line-writer.ts';
import { type Reading, readMatching } from '../audit/read-matching.ts';
import type { QueryOptions } from '../audit/record-query.ts';
import { complain } from '../complain.ts';
import { type Output, standardOutput } from '../redact/output.ts';

export interface AuditExportOptions extends QueryOptions {
  readonly folder: string;
  readonly format: FormatName | 'csv';
  /** Default: standard output. */
  readonly output?: string;
  /** Put it in the place of a file that is there. */
  readonly force?: boolean;
  readonly limit?: number;
  /** Of Sallyport. */
  readonly version: string;
}

/**
 * Writes the records that match in another format, one a line. Returns the exit code: 0, also for none; 2 when the options,
 * the folder or the file cannot be used, 3 when part of a journal cannot be read, 141 when nobody reads what is written.
 */
export function auditExport(options: AuditExportOptions): Promise<number> {
  const { folder, format, output, force, limit, version, ...query } = options;
  return auditExit(async () => {
    const reading = await readMatching(folder, query, output === undefined);
    const sink = output === undefined ? standardOutput() : await exportFile(output, force === true);
    try {
      const header = format === 'csv' ? csvHeader() : undefined;
      const row = rowOf(format, version, output === undefined);
      const written = await writeAll(reading, { sink, header, row, limit });
      await sink.finish();
      complain(`exported: ${written} record${written === 1 ? '' : 's'}`);
      return reading.problems.isEmpty ? AUDIT_EXIT.ok : AUDIT_EXIT.incomplete;
    } catch (error) {
      sink.discard();
      throw error;
    }
  });
}

type Row = (line: JournalLine & { readonly kind: 'record' }) => string;

/** @param toTerminal whether what a terminal would obey has to be spelled otherwise */
function rowOf(format: FormatName | 'csv', productVersion: string, toTerminal: boolean): Row {
  if (format === 'csv') return ({ record }) => csvRow(record);
  const formatter = createFormatter(format, { productVersion });
  if (toTerminal && formatter.json) return ({ record }) => visibleJson(formatter.record(record));
  return ({ record }) => formatter.record(record);
}

async function writeAll(
  { lines, problems }: Reading,
  {
    sink,
    header,
    row,
    limit,
  }: { sink: Output; header: string | undefined; row: Row; limit: number | undefined },
): Promise<number> {
  const writer = new LineWriter(sink);
  if (header !== undefined) await writer.write(header);
  let written = 0;
  for await (const line of lines) {
    // What the journal says itself has no place in any of the formats.
    if (line.kind === 'entry') continue;
    const text = textOf(line, row);
    if (text === undefined) {
      problems.add({ journal: line.journal, why: 'malformed', sequence: line.sequence });
      continue;
    }
    await writer.write(text);
    written += 1;
    if (written === limit) break;
  }
  await writer.flush();
  return written;
}

/** @returns undefined for a record whose members are not what the format needs them to be */
function textOf(line: JournalLine & { readonly kind: 'record' }, row: Row): string | undefined {
  try {
    return row(line);
  } catch {
    return undefined;
  }
}

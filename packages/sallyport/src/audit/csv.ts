import { type AuditRecord, RECORD_MEMBERS, type RecordMember, visible } from '@sallyport/audit';

const COLUMNS = Object.keys(RECORD_MEMBERS) as readonly RecordMember[];

/** A cell that begins so is a formula: https://owasp.org/www-community/attacks/CSV_Injection. */
const FORMULA = /^[=+\-@\t\r]/;

/** The header of a CSV file with every member of a record (RFC 4180), without the end of the line. */
export function csvHeader(): string {
  return COLUMNS.join(',');
}

/**
 * A record as a row of it. Lists are JSON. A text that a spreadsheet would take for a formula has `'` in front; what ends
 * lines or cannot be seen is shown as in the text formats, so that every record is one line.
 */
export function csvRow(record: AuditRecord): string {
  const cells = COLUMNS.map((column) =>
    cell(column === 'time' ? record.time : RECORD_MEMBERS[column](record)),
  );
  // Of all cells at once: the commas and quotes around them are visible.
  return visible(cells.join(','));
}

function cell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

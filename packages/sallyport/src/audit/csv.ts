import { type AuditRecord, RECORD_MEMBERS, type RecordMember, visible } from '@sallyport/audit';

const COLUMNS = Object.keys(RECORD_MEMBERS) as readonly RecordMember[];

/**
 * What begins so is a formula: https://owasp.org/www-community/attacks/CSV_Injection. Spaces and quotes before it are
 * dropped, full-width signs are read as the others, and where a list of numbers has commas, cells begin behind `;`.
 */
const FORMULA = /(^|;)(?=[\s"']*[=+\-@＝＋－＠]|[\t\r])/g;

/** The header of a CSV file with every member of a record (RFC 4180), without the end of the line. */
export function csvHeader(): string {
  return COLUMNS.map(quoted).join(',');
}

/**
 * A record as a row of it. Lists are JSON. What a spreadsheet would take for a formula has `'` in front; what ends
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
  if (value === undefined) return quoted('');
  if (typeof value === 'number') return quoted(String(value));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return quoted(text.replaceAll(FORMULA, "$1'"));
}

/** Each cell, since not only commas separate cells everywhere. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

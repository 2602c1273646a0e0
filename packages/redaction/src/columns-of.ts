const ROWS: ReadonlySet<string> = new Set(['rows', 'data', 'values', 'records', 'items', 'results']);
const COLUMNS = ['columns', 'headers', 'header', 'fields', 'column_names', 'columnNames', 'names', 'schema'];
const NAMES = ['name', 'key', 'field', 'column', 'id', 'label', 'title'];

/** Whether rows that are arrays may be under this name. */
export function mayHoldRows(key: string): boolean {
  return ROWS.has(key);
}

/**
 * What the columns of a table are called whose rows are arrays and stand beside their names, as databases answer:
 * `{"columns": ["mrn"], "rows": [["8812345"]]}`, or `{"fields": [{"name": "mrn"}], ...}`. Undefined for other members.
 */
export function columnsOf(
  key: string,
  member: unknown,
  container: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  if (!ROWS.has(key) || !Array.isArray(member) || !Array.isArray(member[0])) return undefined;
  for (const name of COLUMNS) {
    const columns = Object.hasOwn(container, name) ? container[name] : undefined;
    if (Array.isArray(columns) && columns.length > 0) return columns.map(nameOf);
  }
  return undefined;
}

/** An empty name says nothing. */
function nameOf(column: unknown): string {
  if (typeof column === 'string') return column;
  if (typeof column !== 'object' || column === null) return '';
  for (const name of NAMES) {
    const value: unknown = Object.hasOwn(column, name)
      ? (column as Record<string, unknown>)[name]
      : undefined;
    if (typeof value === 'string') return value;
  }
  return '';
}

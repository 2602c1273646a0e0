import { readFileSync } from 'node:fs';
import type { FormatName } from '../../src/formats/formatter.ts';
import { parseCef, parseLeef, withoutMarks } from './text-parsers.ts';

type TableFormat = Exclude<FormatName, 'json'>;

export interface Row {
  readonly member: string;
  readonly type: 'text' | 'number' | 'time' | 'json';
  readonly fields: Readonly<
    Record<TableFormat, { readonly paths: readonly string[]; readonly label: string }>
  >;
}

const PAGE = readFileSync(new URL('../../FORMATS.md', import.meta.url), 'utf8');

/** The table of members in FORMATS.md. */
export const ROWS: readonly Row[] = rowsOf(
  PAGE.slice(PAGE.indexOf('## Members'), PAGE.indexOf('ECS says it twice')),
);

function rowsOf(section: string): Row[] {
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => {
    const [member = '', type = '', ocsf = '', ecs = '', cef = '', leef = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return {
      member: member.replaceAll('`', ''),
      type: type as Row['type'],
      fields: { ocsf: fieldOf(ocsf), ecs: fieldOf(ecs), cef: fieldOf(cef), leef: fieldOf(leef) },
    };
  });
}

function fieldOf(cell: string): { paths: string[]; label: string } {
  return {
    paths: [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
    label: cell.replaceAll(/`[^`]+`/g, '').trim(),
  };
}

/** What an event has; in OCSF, fields of other members say that Sallyport itself acted. */
const OF_EVENTS: ReadonlySet<string> = new Set([
  'v',
  'id',
  'time',
  'type',
  'server',
  'policy',
  'event',
  'detail',
]);

/** A line as the record that it was made of, by the table alone. */
export function recordOf(format: TableFormat, line: string): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const read = readerOf(format, line);
  for (const { member, type, fields } of ROWS) {
    const { paths, label } = fields[format];
    const value = paths.map((path) => read(path, label)).find((found) => found !== undefined);
    if (value !== undefined) put(record, member, typed(value, type, label));
  }
  if (record['type'] !== 'event') return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => OF_EVENTS.has(name)));
}

function readerOf(format: TableFormat, line: string): (path: string, label: string) => unknown {
  if (format === 'ocsf' || format === 'ecs') {
    const document = unmarked(JSON.parse(line));
    return (path) => at(document, path.split('.'));
  }
  const { fields } = format === 'cef' ? parseCef(line) : parseLeef(line);
  return (path, label) => {
    const value = fields.get(path);
    if (value !== undefined && format === 'cef' && label !== '' && fields.get(`${path}Label`) !== label) {
      throw new Error(`${path} is not labelled ${label}`);
    }
    return value;
  };
}

function at(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || value === undefined) return value;
  const [, name = '', index] = /^([^[]+)(?:\[(\d*)\])?$/.exec(step) ?? [];
  const member = (value as Record<string, unknown>)[name];
  if (index === undefined || member === undefined) return at(member, rest);
  const items = member as readonly unknown[];
  return index === '' ? items.map((item) => at(item, rest)) : at(items[Number(index)], rest);
}

function typed(value: unknown, type: Row['type'], label: string): unknown {
  switch (type) {
    case 'number':
      return label === 'ns' ? Number(value) / 1e6 : Number(value);
    case 'time':
      return typeof value === 'string' && /^\d+$/.test(value) ? new Date(Number(value)).toISOString() : value;
    case 'json':
      return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
    case 'text':
      return value;
  }
}

function put(record: Record<string, unknown>, member: string, value: unknown): void {
  const [name = '', inner] = member.split('.');
  if (inner === undefined) record[name] = value;
  else record[name] = { ...(record[name] as object | undefined), [inner]: value };
}

function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return withoutMarks(value);
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [withoutMarks(name), unmarked(member)]),
  );
}

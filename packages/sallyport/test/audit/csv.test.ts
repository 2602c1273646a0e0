import { RECORD_MEMBERS } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvHeader, csvRow } from '../../src/audit/csv.ts';
import { event, outcome } from './journal-bench.ts';

/** A reader of RFC 4180, section 2, that knows nothing of the writer. */
function cellsOf(row: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= row.length; at += 1) {
    let cell = '';
    if (row[at] === '"') {
      for (at += 1; row[at] !== '"' || row[at + 1] === '"'; at += 1) {
        if (at >= row.length) throw new Error('A quote is open.');
        cell += row[at];
        if (row[at] === '"') at += 1;
      }
      at += 1;
    } else {
      while (at < row.length && row[at] !== ',') {
        if (row[at] === '"') throw new Error('A quote stands within a cell.');
        cell += row[at];
        at += 1;
      }
    }
    cells.push(cell);
  }
  return cells;
}

/** Cells as a program takes them that separates by `;` and does not ask where a quote stands. */
function cellsBySemicolon(row: string): string[] {
  return row.split(';').map((cell) => cell.replaceAll('"', '').trimStart());
}

const COLUMNS = cellsOf(csvHeader());

function cell(row: string, column: string): string | undefined {
  return cellsOf(row)[COLUMNS.indexOf(column)];
}

describe('CSV', () => {
  test('has a column for every member of a record', () => {
    expect(COLUMNS).toEqual(Object.keys(RECORD_MEMBERS));
  });

  test('shows times as they were written, numbers as numbers, lists as JSON, and nothing for nothing', () => {
    const row = csvRow(outcome('r1', { error: -32_603, durationMs: 1.5 }));
    expect(cell(row, 'id')).toBe('r1');
    expect(cell(row, 'time')).toBe('2026-03-01T10:00:00.000Z');
    expect(cell(row, 'error')).toBe('-32603');
    expect(cell(row, 'durationMs')).toBe('1.5');
    expect(cell(row, 'principal.roles')).toBe('["reader"]');
    expect(cell(row, 'refusal')).toBe('');
    expect(cell(csvRow(event('e1', 'start')), 'method')).toBe('');
  });

  test.each([
    '=HYPERLINK("http://x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '\rx',
    ' =1',
    '\u00a0=1',
    '"=1"',
    '＝1',
    '＋1',
    '－1',
    '＠SUM(A1)',
  ])('makes a cell that begins like %j harmless', (target) => {
    expect(cell(csvRow(outcome('r1', { target })), 'target')).toMatch(/^'/);
  });

  test.each(['a;=1', 'a; =1', 'a;"=1"', '";=1', 'a;;=1', 'a;＝1'])(
    'holds no formula for who separates cells by semicolons, such as %j',
    (target) => {
      const row = csvRow(outcome('r1', { target }));
      for (const each of cellsBySemicolon(row)) expect(each).not.toMatch(/^[=+@＝＋－＠-]/);
      expect(cell(row, 'target')?.replaceAll("'", '')).toBe(target);
    },
  );

  test('puts every cell in quotes, also those of the header', () => {
    const row = csvRow(outcome('r1'));
    for (const line of [csvHeader(), row]) expect(`,${line}`).toMatch(/^(?:,"(?:[^"]|"")*")+$/);
  });

  test('is one line with as many cells as columns, and no formula, whatever a client names its tool', () => {
    const piece = fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r\n',
      '=',
      '\t',
      '\u001b[2J',
      '\u2028',
      '\ud800',
      ';',
      ' ',
      '＝',
      'a',
      "'",
    );
    const text = fc.oneof(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, text, (target, subject) => {
        const principal = { subject, roles: [subject], method: 'none' };
        const row = csvRow(outcome('r1', { target, principal }));
        expect(row).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
        const cells = cellsOf(row);
        expect(cells).toHaveLength(COLUMNS.length);
        for (const each of cells) expect(each).not.toMatch(/^\s*[=+@＝＋－＠\t\r]/);
        for (const each of cellsBySemicolon(row)) expect(each).not.toMatch(/^[=+@＝＋－＠]/);
      }),
    );
  });
});

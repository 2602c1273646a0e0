import { stillStanding, withoutExpired } from '@sallyport/anomaly';
import { visibleJson } from '@sallyport/audit';
import type { FolderChoice } from '../quarantine/folder-of.ts';
import { callInWords, inSeconds, reasonInWords, restrictedInWords } from '../quarantine/in-words.ts';
import { QUARANTINE_EXIT, quarantineExit } from '../quarantine/quarantine-exit.ts';
import { print, style } from '../terminal.ts';

export interface QuarantineListOptions extends FolderChoice {
  readonly json?: boolean;
}

/** Shows what is restricted, what waits for approval, and what was approved. Returns the exit code: 0, or 2. */
export function quarantineList({ json = false, ...choice }: QuarantineListOptions): Promise<number> {
  return quarantineExit(choice, async (file) => {
    const now = Date.now();
    const { restrictions, requests, approvals } = withoutExpired(await file.read(), now);
    if (json) {
      print(visibleJson(JSON.stringify({ restrictions, requests, approvals })));
      return QUARANTINE_EXIT.done;
    }
    if (restrictions.length === 0) print('Nothing is restricted.');
    else {
      const rows = stillStanding(restrictions, now).map((one) => [
        one.id,
        one.kind,
        restrictedInWords(one.of),
        inSeconds(one.until),
        reasonInWords(one),
      ]);
      printTable(['id', 'kind', 'of', 'until', 'why'], rows);
    }
    if (requests.length > 0) {
      print();
      print(style.bold('Waiting for "sallyport quarantine approve ID"'));
      printTable(
        ['id', 'call', 'since', 'arguments (sha256)'],
        requests.map((one) => [one.id, callInWords(one), inSeconds(one.time), one.sha256.slice(0, 16)]),
      );
    }
    if (approvals.length > 0) {
      print();
      print(style.bold('Approved'));
      printTable(
        ['id', 'call', 'until', 'how often'],
        approvals.map((one) => [
          one.id,
          callInWords(one),
          inSeconds(one.until),
          one.any ? 'with any arguments' : 'once',
        ]),
      );
    }
    return QUARANTINE_EXIT.done;
  });
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of table.entries()) {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    print(index === 0 ? style.dim(line) : line);
  }
}

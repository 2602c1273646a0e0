import { print, style } from '../terminal.ts';
import { type KeystoreChoice, withKeystore } from '../with-keystore.ts';

export interface ListOptions extends KeystoreChoice {
  readonly json?: boolean;
}

/** Prints names, versions and times; never a value. Returns the exit code. */
export function secretsList(options: ListOptions): Promise<number> {
  return withKeystore(options, {}, async (keystore) => {
    const entries = await keystore.list();
    if (options.json === true) {
      print(JSON.stringify(entries, null, 2));
      return 0;
    }
    if (entries.length === 0) {
      const command = `sallyport secrets set NAME --keystore ${options.keystore}`;
      print(`${options.keystore} is empty; "${command}" stores something in it.`);
      return 0;
    }
    const rows = entries.map(({ name, versions, created, changed }) => [
      name,
      versions.join(', '),
      inSeconds(changed),
      inSeconds(created),
    ]);
    const table = [['name', 'versions', 'changed', 'created'], ...rows];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    for (const [index, row] of table.entries()) {
      const line = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd();
      print(index === 0 ? style.dim(line) : line);
    }
    return 0;
  });
}

/** A time (ISO 8601, UTC) for people: without milliseconds. */
export function inSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

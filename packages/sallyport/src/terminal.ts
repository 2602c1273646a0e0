import picocolors from 'picocolors';

/** Colours, where standard output is a terminal that has them (NO_COLOR and FORCE_COLOR are respected). */
export const style: typeof picocolors = picocolors;

/** One line on standard output. Not for `run`: there standard output is the protocol. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

import { isAlnum } from '../code-units.ts';
import type { Attempt, Shared } from './attempt.ts';
import type { ColonReader } from './colon-reader.ts';
import type { CompiledForm } from './compiled.ts';
import { CLEAN } from './left-edge.ts';

/** Reads an `@`, or the second of `:/` or `::`, at `at`. */
export type MarkReader = (at: number) => void;

export function createMarkReader(
  { program, cursor, progress }: Shared,
  attempt: Attempt,
  readColons: ColonReader,
): MarkReader {
  const { codes } = cursor;
  const { at: addresses, scheme: schemes } = program;
  const tryEach = (forms: readonly CompiledForm[], at: number): void => {
    for (const form of forms) {
      cursor.at = at;
      cursor.end = at + 1;
      attempt(form, at, CLEAN);
    }
  };
  return (at) => {
    if (at < progress.skip) return;
    if (codes[at] === 64) {
      if (at > 0 && isAddressUnit(codes[at + 1] as number) && isAddressUnit(codes[at - 1] as number)) {
        tryEach(addresses, at);
      }
    } else if (codes[at - 1] === 58) {
      if (codes[at] === 58) readColons(at);
      tryEach(schemes, at);
    }
  };
}

/** What may stand beside the `@` of an address: no space, bracket or mark but `_`, `-`, `+`. */
function isAddressUnit(code: number): boolean {
  return isAlnum(code) || code === 95 || code === 45 || code === 43 || code > 0x24f;
}

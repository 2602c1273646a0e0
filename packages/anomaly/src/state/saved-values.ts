import type { StateLength } from '../detector.ts';
import { WatchStateError } from './watch-state-error.ts';

type Members = Readonly<Record<string, unknown>>;

/** @throws WatchStateError */
export function object(value: unknown, where: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WatchStateError(`${where} is no object`);
  return value as Members;
}

/** @throws WatchStateError */
export function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new WatchStateError(`${where} is no list`);
  return value as readonly unknown[];
}

/** @throws WatchStateError */
export function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new WatchStateError(`${where} is no text`);
  return value;
}

/** A number from 0 on. @throws WatchStateError */
export function count(value: unknown, where: string): number {
  const number = finite(value, where);
  if (number < 0) throw new WatchStateError(`${where} is below 0`);
  return number;
}

/** @throws WatchStateError */
export function finite(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new WatchStateError(`${where} is no number`);
  return value;
}

/** The numbers of one detector, or undefined where it has none yet. @throws WatchStateError */
export function numbers(value: unknown, where: string, { least, most }: StateLength): number[] | undefined {
  if (value === null || value === undefined) return undefined;
  const given = list(value, where);
  if (given.length < least || given.length > most)
    throw new WatchStateError(
      `${where} has ${String(given.length)} numbers, not ${String(least)} to ${String(most)}`,
    );
  return given.map((one) => finite(one, where));
}

import { fstatSync } from 'node:fs';

interface Stream {
  readonly isTTY?: boolean;
  readonly fd: number;
}

/** Whether what is written to the one stands between what is written to the other. */
export function isOneTerminal(one: Stream, other: Stream): boolean {
  return one.isTTY === true && other.isTTY === true && fstatSync(one.fd).rdev === fstatSync(other.fd).rdev;
}

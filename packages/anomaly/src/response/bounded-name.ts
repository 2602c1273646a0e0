import { createHash } from 'node:crypto';

const MOST = 4096;
/** Room for the digest and what is around it. */
const TAIL = 80;

/** A name as alerts and restrictions have it: one of more than 4,096 characters is cut, and has its SHA-256 in place of the rest. */
export function boundedName(name: string): string {
  if (name.length <= MOST) return name;
  return `${name.slice(0, MOST - TAIL)}...(sha256 ${createHash('sha256').update(name).digest('hex')})`;
}

export function isBoundedName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST;
}

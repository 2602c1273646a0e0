/**
 * Whether arrays and objects are nested more than `levels` deep. Deep JSON is cheap to send and overflows
 * the stack of whatever walks it by recursion, `JSON.stringify` and other languages' parsers included.
 */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const element of value as readonly unknown[]) {
      if (typeof element === 'object' && isDeeperThan(element, levels - 1)) return true;
    }
    return false;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const member = members[key];
    if (typeof member === 'object' && isDeeperThan(member, levels - 1)) return true;
  }
  return false;
}

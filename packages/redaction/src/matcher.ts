/** Whether a name is meant by a pattern: the name itself, or its beginning and `*`. */
export type NameMatcher = (name: string | undefined) => boolean;

/**
 * @param what the option, for the message
 * @throws TypeError for a pattern that cannot match, with what to write instead
 */
export function matchNames(patterns: readonly string[], what: string): NameMatcher {
  if (patterns.length === 0) throw new TypeError(`${what} is empty; leave it out to mean all.`);
  const exact = new Set<string>();
  const beginnings: string[] = [];
  for (const pattern of patterns) {
    if (typeof pattern !== 'string' || pattern === '')
      throw new TypeError(`${what} has to be a list of names.`);
    if (pattern.slice(0, -1).includes('*')) {
      throw new TypeError(
        `${what}: "${pattern}" has a * that is not its end; write a name, or a beginning and *.`,
      );
    }
    if (pattern.endsWith('*')) beginnings.push(pattern.slice(0, -1));
    else exact.add(pattern);
  }
  return (name) =>
    name !== undefined && (exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning)));
}

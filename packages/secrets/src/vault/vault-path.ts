/** What a segment of a path may not have: Vault and proxies would read another path from it. */
const UNSAFE = /[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** The segments of a path that an operator wrote. @throws TypeError */
export function pathSegments(path: string, option: string): readonly string[] {
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  if (!segments.every(isSegment)) {
    throw new TypeError(`${option} has to be a path such as "kv/team-a", without "." and "..".`);
  }
  return segments;
}

function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !UNSAFE.test(segment);
}

/**
 * A path as it stands in a URL. Every segment is encoded, so that no reference can add a segment, a query, or
 * the `&#x2F;` that node-vault takes for a slash.
 *
 * @throws TypeError for a segment that no encoding makes safe
 */
export function encodePath(segments: readonly string[]): string {
  if (!segments.every(isSegment)) throw new TypeError('a segment of the path is empty or climbs.');
  return segments.map((segment) => encodeURIComponent(segment)).join('/');
}

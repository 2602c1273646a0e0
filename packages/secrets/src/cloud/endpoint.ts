const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Checks the address of a service.
 *
 * @throws TypeError when it is more than an origin, or not HTTPS and not this machine
 */
export function checkedEndpoint(option: string, address: string, example: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const bare = url !== undefined && url.href === `${url.origin}/`;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === undefined || !bare || !safe) {
    throw new TypeError(
      `${option} must be an https address without a path, such as ${example}; http is for localhost alone.`,
    );
  }
  return url;
}

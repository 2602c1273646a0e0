/** A `Retry-After` of seconds (RFC 9110, section 10.2.3) as milliseconds; the clouds send no dates. */
export function retryAfterMs(header: string | null | undefined): number | undefined {
  if (header === null || header === undefined || !/^\d{1,6}$/.test(header)) return undefined;
  return Number(header) * 1000;
}

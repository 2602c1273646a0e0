/** 1 for the units that base64 is of, of either alphabet (RFC 4648, sections 4 and 5). */
export const BASE64_UNITS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, code) =>
  isBase64Code(code) ? 1 : 0,
);

function isBase64Code(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x5f
  );
}

export function base64Start(source: string, end: number): number {
  let start = end;
  while (start > 0 && BASE64_UNITS[source.charCodeAt(start - 1)] === 1) start -= 1;
  return start;
}

export function base64End(source: string, start: number): number {
  let end = start;
  while (end < source.length && BASE64_UNITS[source.charCodeAt(end)] === 1) end += 1;
  return end;
}

/** The end of the padding that begins here, if there is one. */
export function paddingEnd(source: string, start: number): number {
  let end = start;
  while (source.charCodeAt(end) === 0x3d) end += 1;
  return end;
}

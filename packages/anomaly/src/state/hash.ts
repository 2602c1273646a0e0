/** 32 bits of a text (FNV-1a), never 0, so that 0 can mean that there is none. */
export function hash(text: string, seed = 0x811c9dc5): number {
  let value = seed | 0;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0 || 1;
}

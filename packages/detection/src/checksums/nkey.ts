const UNITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A NATS seed: base32 (RFC 4648) of two prefix bytes, 32 bytes and their CRC-16/XMODEM, low byte first. */
export function isNkeySeed(value: string): boolean {
  const bytes = base32Bytes(value);
  const body = bytes.length - 2;
  if (body < 1) return false;
  return crc16(bytes.subarray(0, body)) === ((bytes[body] as number) | ((bytes[body + 1] as number) << 8));
}

function base32Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let bits = 0;
  let held = 0;
  let size = 0;
  for (const character of text) {
    held = ((held << 5) | UNITS.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[size++] = (held >> bits) & 255;
  }
  return bytes;
}

/** CRC-16/XMODEM: polynomial 0x1021, begins with 0. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

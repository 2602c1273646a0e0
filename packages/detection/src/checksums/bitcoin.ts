import { sha256OfBlock } from './sha256.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The value of each character, plus one; 0 for what is none. */
const VALUES: Uint8Array = Uint8Array.from(
  { length: 128 },
  (_, code) => BASE58.indexOf(String.fromCharCode(code)) + 1,
);
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** An address of the main network: Base58Check for `1` and `3`, Bech32 (BIP 173) and Bech32m (BIP 350) for `bc1`. */
export function isBitcoin(value: string): boolean {
  return value.startsWith('bc1') || value.startsWith('BC1')
    ? isBech32(value.toLowerCase())
    : isBase58Check(value);
}

/** Two characters at a time, into limbs of 16 bits: their products stay below 2^31. */
const LIMBS = 13;

function isBase58Check(value: string): boolean {
  const limbs = new Int32Array(LIMBS);
  for (let at = 0; at < value.length; at += 2) {
    const pair = at + 1 < value.length;
    const first = (VALUES[value.charCodeAt(at)] ?? 0) - 1;
    const second = pair ? (VALUES[value.charCodeAt(at + 1)] ?? 0) - 1 : 0;
    if (first < 0 || second < 0) return false;
    const scale = pair ? 3364 : 58;
    let carry = pair ? first * 58 + second : first;
    for (let limb = LIMBS - 1; limb >= 0; limb--) {
      const sum = (limbs[limb] as number) * scale + carry;
      limbs[limb] = sum & 0xffff;
      carry = sum >>> 16;
    }
    if (carry !== 0) return false;
  }
  // 26 bytes, of which an address fills 25.
  if ((limbs[0] as number) > 255) return false;
  const bytes = new Uint8Array(25);
  for (let at = 0; at < 25; at++) {
    const limb = limbs[(at + 1) >> 1] as number;
    bytes[at] = at % 2 === 0 ? limb & 255 : limb >> 8;
  }
  if (bytes[0] !== 0 && bytes[0] !== 5) return false;
  const check = sha256OfBlock(sha256OfBlock(bytes.subarray(0, 21)));
  return [0, 1, 2, 3].every((at) => check[at] === bytes[21 + at]);
}

function isBech32(value: string): boolean {
  let check = 1;
  const step = (unit: number): void => {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ unit;
    for (let bit = 0; bit < 5; bit++) if ((top >>> bit) & 1) check ^= GENERATOR[bit] as number;
  };
  for (const unit of [3, 3, 0, 2, 3]) step(unit);
  for (const character of value.slice(3)) {
    const unit = BECH32.indexOf(character);
    if (unit < 0) return false;
    step(unit);
  }
  return check === 1 || check === 0x2bc830a3;
}

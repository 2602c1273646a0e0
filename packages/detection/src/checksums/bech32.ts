const UNITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** BIP 173: the last six units check the human-readable part and what follows the last `1`. */
export function isBech32(value: string): boolean {
  const text = value.toLowerCase();
  const mark = text.lastIndexOf('1');
  const data = unitsOf(text.slice(mark + 1));
  return mark > 0 && !data.includes(-1) && polymod([...expanded(text.slice(0, mark)), ...data]) === 1;
}

/** The six units that check `data`, the units that follow the `1`. */
export function bech32Check(human: string, data: string): string {
  const units = unitsOf(data.toLowerCase());
  const check = polymod([...expanded(human.toLowerCase()), ...units, 0, 0, 0, 0, 0, 0]) ^ 1;
  return [25, 20, 15, 10, 5, 0].map((shift) => UNITS[(check >>> shift) & 31] as string).join('');
}

function unitsOf(text: string): number[] {
  return Array.from(text, (unit) => UNITS.indexOf(unit));
}

function expanded(human: string): number[] {
  const codes = Array.from(human, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(units: readonly number[]): number {
  let check = 1;
  for (const unit of units) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ unit;
    for (let bit = 0; bit < 5; bit++) if (((top >>> bit) & 1) === 1) check ^= GENERATOR[bit] as number;
  }
  return check;
}

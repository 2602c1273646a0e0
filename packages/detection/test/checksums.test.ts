import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBitcoin } from '../src/checksums/bitcoin.ts';
import { isIban } from '../src/checksums/iban.ts';
import { isCardNumber, isNpi, isSin } from '../src/checksums/luhn.ts';
import {
  isAba,
  isDea,
  isNhs,
  isNie,
  isNif,
  isNip,
  isNir,
  isPesel,
  isSteuerId,
  isTfn,
} from '../src/checksums/national.ts';
import { sha256OfBlock } from '../src/checksums/sha256.ts';
import { isAadhaar } from '../src/checksums/verhoeff.ts';
import { isVin } from '../src/checksums/vin.ts';

const VALID: readonly (readonly [string, (value: string) => boolean, readonly string[]])[] = [
  [
    'a card number',
    isCardNumber,
    ['4111111111111111', '5500000000000004', '340000000000009', '6011000990139424', '2223003122003222'],
  ],
  ['an IBAN', isIban, ['DE44500105175407324931', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606']],
  ['an NPI', isNpi, ['1234567893', '1245319599']],
  ['a SIN', isSin, ['130692544']],
  ['a routing number', isAba, ['021000021', '111000025', '322271627']],
  ['a DEA number', isDea, ['AB1234563', 'BS1234563']],
  ['an NHS number', isNhs, ['9434765919', '4010232137']],
  ['a PESEL', isPesel, ['44051401359', '02070803628']],
  ['a NIP', isNip, ['1234563218', '5260001246']],
  ['a NIF', isNif, ['12345678Z', '00000014Z']],
  ['an NIE', isNie, ['X1234567L', 'Y1234567X']],
  ['an NIR', isNir, ['255081416802538', '180126955222380']],
  ['a Steuer-ID', isSteuerId, ['86095742719', '47036892816', '65929970489']],
  ['a TFN', isTfn, ['123456782', '876543210']],
  ['an Aadhaar number', isAadhaar, ['234567890124', '999941057058']],
  ['a VIN', isVin, ['1HGCM82633A004352', '1M8GDM9AXKP042788', '5GZCZ43D13S812715']],
  [
    'a Bitcoin address',
    isBitcoin,
    [
      '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
      '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    ],
  ],
];

describe.each(VALID)('%s', (_, check, values) => {
  it('is right in the published examples', () => {
    for (const value of values) expect(check(value), value).toBe(true);
  });

  it('is wrong when its last digit is another', () => {
    for (const value of values) {
      const last = value.at(-1) as string;
      const others = /\d/.test(last) ? '0123456789' : 'ABCDEFGHJKLMNPQRSTVWXYZ';
      const wrong = [...others].filter(
        (other) => other !== last.toUpperCase() && check(value.slice(0, -1) + other),
      );
      expect(
        wrong.filter((other) => /[A-Za-z]/.test(last) || other !== last),
        value,
      ).toEqual([]);
    }
  });
});

it('hashes a block as SHA-256 does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 55 }), (bytes) => {
      expect(Buffer.from(sha256OfBlock(bytes)).toString('hex')).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      );
    }),
  );
});

import { isBitcoin } from '../../src/checksums/bitcoin.ts';
import { isIban } from '../../src/checksums/iban.ts';
import { isCardNumber, isNpi, isSin } from '../../src/checksums/luhn.ts';
import * as national from '../../src/checksums/national.ts';
import { isAadhaar } from '../../src/checksums/verhoeff.ts';
import { isVin } from '../../src/checksums/vin.ts';
import type { Random } from '../../training/random.ts';

/** Fills `#` with a digit, `@` with a capital, `%` with a capital or a digit, `~` with a hexadecimal digit. */
export function fill(random: Random, shape: string): string {
  return shape.replaceAll(/[#@%~]/g, (mark) => {
    const letters =
      mark === '#'
        ? '0123456789'
        : mark === '@'
          ? 'ABCDEFGHJKLMNPRSTUVWXYZ'
          : mark === '~'
            ? '0123456789abcdef'
            : 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';
    return letters[random.below(letters.length)] as string;
  });
}

/** The first value of that shape whose check digits are right. */
function checked(random: Random, shape: string, isRight: (value: string) => boolean): string {
  for (let tries = 0; tries < 100_000; tries++) {
    const value = fill(random, shape);
    if (isRight(value)) return value;
  }
  throw new RangeError(`No value of the shape ${shape} has right check digits: correct the shape`);
}

const IBANS = [
  'DE## ######## ##########',
  'GB## @@@@ ##############',
  'ES## #### #### ## ##########',
  'FR## ##### ##### ########### ##',
  'NL## @@@@ ##########',
  'CH## ##### ############',
  'PL## ########################',
  'IT## @ ##### ##### ############',
  'BE## ############',
  'NO## ###########',
] as const;

/** Without spaces. */
export function iban(random: Random): string {
  return checked(random, random.pick(IBANS).replaceAll(' ', ''), isIban);
}

const CARDS = [
  '4###############',
  '51##############',
  '2223############',
  '34#############',
  '37#############',
  '6011############',
  '65##############',
  '3530############',
  '36############',
  '62##############',
] as const;

export function card(random: Random): string {
  return checked(random, random.pick(CARDS), isCardNumber);
}

export const ssn = (random: Random): string => checked(random, '###-##-####', national.isSsn);
export const itin = (random: Random): string => checked(random, '9##-##-####', national.isItin);
export const ein = (random: Random): string => checked(random, '##-#######', national.isEin);
export const aba = (random: Random): string => checked(random, '#########', national.isAba);
export const npi = (random: Random): string => checked(random, '1#########', isNpi);
export const dea = (random: Random): string =>
  checked(random, `${random.pick(['A', 'B', 'F', 'M'])}@#######`, national.isDea);
export const vin = (random: Random): string => checked(random, '1HGCM826#3A######', isVin);
export const sin = (random: Random): string => checked(random, '4##-###-###', isSin);
export const aadhaar = (random: Random): string => checked(random, '3### #### ####', isAadhaar);
export const nhs = (random: Random): string => checked(random, '4## ### ####', national.isNhs);
export const pesel = (random: Random): string => checked(random, '8#0#1######', national.isPesel);
export const nip = (random: Random): string => checked(random, '5##-###-##-##', national.isNip);
export const nif = (random: Random): string => checked(random, '########@', national.isNif);
export const nie = (random: Random): string =>
  checked(random, `${random.pick(['X', 'Y', 'Z'])}#######@`, national.isNie);
export const nir = (random: Random): string =>
  checked(random, `${random.pick(['1', '2'])} #5 0# 7# ### ### ##`, national.isNir);
export const steuerId = (random: Random): string => checked(random, '6##########', national.isSteuerId);
export const tfn = (random: Random): string => checked(random, '### ### ###', national.isTfn);

/** Addresses of the documentation of Bitcoin and of BIP 173: made ones would need their double hash. */
export const BITCOINS = [
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
].filter(isBitcoin);

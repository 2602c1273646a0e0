/** Of a longer key only the end is read. */
export const LONGEST_KEY = 80;

/**
 * The words of a key, lower case and singular: `homePhone`, `home_phone`, `Home-Phones` and `home phone` are `home phone`.
 * A number at the end of a word is dropped (`addressLine2`), except that `last4` keeps it. `MR#` is `mr number`.
 */
export function splitKey(key: string): readonly string[] {
  const words = key
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\d])(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .toLowerCase()
    .replace(/#\s*$/, ' number')
    .split(/[^\p{L}\d]+/u);
  return words.flatMap(toWords);
}

function toWords(word: string): readonly string[] {
  if (word === '') return [];
  if (/^\d+$/.test(word)) return word === '4' ? ['4'] : [];
  const bare = KEEPS_DIGITS.test(word) ? word : word.replace(/\d+$/, '');
  if (bare === '') return [];
  const known = SHORT.get(bare);
  return known ?? [singular(bare)];
}

const KEEPS_DIGITS =
  /^(?:last4|zip4|plus4|ipv[46]|ip[46]|icd\d+|sha\d+|md5|e164|b64|base64|cvv2|cvc2|v2|ssn4|track[12])$/;

const SHORT: ReadonlyMap<string, readonly string[]> = new Map([
  ['no', ['number']],
  ['num', ['number']],
  ['nr', ['number']],
  ['nbr', ['number']],
  ['tel', ['phone']],
  ['telephone', ['phone']],
  ['ph', ['phone']],
  ['phonenumber', ['phone', 'number']],
  ['cellphone', ['phone']],
  ['mobilephone', ['phone']],
  ['emailaddress', ['email']],
  ['addr', ['address']],
  ['adr', ['address']],
  ['acct', ['account']],
  ['acc', ['account']],
  ['fname', ['first', 'name']],
  ['lname', ['last', 'name']],
  ['mname', ['middle', 'name']],
  ['licence', ['license']],
  ['pt', ['patient']],
  ['pat', ['patient']],
  ['cust', ['customer']],
  ['emp', ['employee']],
  ['dr', ['doctor']],
  ['insur', ['insurance']],
  ['ins', ['insurance']],
  ['identifier', ['id']],
  ['identification', ['id']],
  ['dt', ['date']],
  ['svc', ['service']],
  ['zipcode', ['zip']],
  ['postcode', ['zip']],
  ['postalcode', ['zip']],
  ['birthdate', ['birth', 'date']],
  ['lastname', ['last', 'name']],
  ['firstname', ['first', 'name']],
  ['username', ['username']],
  ['children', ['child']],
  ['people', ['person']],
  ['persons', ['person']],
]);

/** Whether the last word of a key is a plural: `num_phones`, `birthDays`. */
export function isPlural(key: string): boolean {
  const word = /\p{L}+$/u.exec(key)?.[0].toLowerCase() ?? '';
  return singular(word) !== word;
}

const NOT_PLURAL = /(?:ss|us|is|as|gps|sms|dos|ins|lens|news|https|dns|aws|os|cvs|kms|tls)$/;

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || NOT_PLURAL.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** The longest text that is judged by its shape; a longer one is prose or data, and its text decides. */
const LONGEST = 160;

/**
 * Whether a key that holds codes may say `keep`: a number, or a text without white space and `@` that is not dashed like
 * a social security or telephone number. Anything else under such a key is somebody's note.
 */
export function isCodeLike(value: unknown): boolean {
  if (typeof value !== 'string')
    return typeof value === 'number' || typeof value === 'boolean' || value === null;
  return value.length <= LONGEST && isToken(value);
}

const AT = 64;
const DASH = 45;

/** No white space, no `@`, not dashed like a number of a person. Told letter by letter: three times as fast as the patterns. */
export function isToken(text: string): boolean {
  let dashes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code === AT || (code >= 127 && /\s/.test(text.charAt(i)))) return false;
    if (code === DASH) dashes++;
  }
  return dashes < 2 || !isDashedNumber(text);
}

/** 123-45-6789 and 555-123-4567. LOINC (8302-2) and NDC (12345-6789-01) are grouped otherwise. */
function isDashedNumber(text: string): boolean {
  return /(?<!\d)\d{3}-\d{2,3}-\d{4}(?!\d)/.test(text);
}

/** Two or more words of letters that begin with a capital, and none that names a company, a team or a machine. */
export function isNameLike(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length <= 80 &&
    value.includes(' ') &&
    /^\p{Lu}[\p{L}\p{M}'’.-]*,?(?: (?:(?:de|van|von|der|den|di|da|la|le|bin|al|el|y) )*\p{Lu}[\p{L}\p{M}'’.-]*,?){1,5}$/u.test(
      value,
    ) &&
    !isOrganisation(value)
  );
}

const ORGANISATION =
  /\b(?:hospitals?|cent(?:er|re)|clinics?|health(?:care)?|medical|medicine|pharmacy|labs?|laborator(?:y|ies)|inc|llc|llp|ltd|corp(?:oration)?|company|co|gmbh|plc|p\.?c|pllc|pa|group|associates?|partners|practice|services?|systems?|insurance|assurance|medicare|medicaid|department|dept|team|division|unit|ward|university|college|school|institute|foundation|agency|authority|ministry|bank|trust|network|board|office|bot|admin(?:istrator)?|support|platform|engineering|operations|sales|billing|security)\b/i;

/** A word of the text belongs to the name of an organisation. */
export function isOrganisation(text: string): boolean {
  return ORGANISATION.test(text.length > LONGEST ? text.slice(0, LONGEST) : text);
}

/** More than 89 years, and not so many that they are seconds; `92`, `"92"`, `"92 years"`, `"90+"`, and any such element of an array. Months and days do not count. */
export function isOver89(value: unknown): boolean {
  if (typeof value === 'number') return value > 89 && value < 150;
  if (typeof value === 'string') {
    const match = /^\s*(\d{1,3})(?:\.\d+)?\s*(?:\+|y|$)/i.exec(value);
    return match !== null && Number(match[1]) > 89;
  }
  return Array.isArray(value) && value.some((item) => !Array.isArray(item) && isOver89(item));
}

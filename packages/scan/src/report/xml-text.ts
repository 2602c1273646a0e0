/** What XML 1.0 has no place for, not even escaped: https://www.w3.org/TR/xml/#charsets */
const NO_CHARACTER = /(?![\t\n\r])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser makes these into blanks where they stand as they are.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A text as it may stand in an element or in an attribute, in quotes of either kind. */
export function xmlText(text: string): string {
  return text
    .replaceAll(NO_CHARACTER, '\uFFFD')
    .replaceAll(/[&<>"'\t\n\r]/g, (unit) => ENTITIES[unit] ?? unit);
}

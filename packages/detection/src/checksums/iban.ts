/** ISO 7064 MOD 97-10 over the rearranged number, as ISO 13616-1 has it. */
export function isIban(value: string): boolean {
  const compact = value.replaceAll(/[ -]/g, '').toUpperCase();
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const code = character.charCodeAt(0);
    rest = code <= 57 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97;
  }
  return rest === 1;
}

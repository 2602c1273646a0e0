/** @throws TypeError that names what may be written */
export function onlyKnown(given: object, known: readonly string[], where: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError(`${where} must be an object with some of ${known.join(', ')}.`);
  const strange = Object.keys(given).find((key) => !known.includes(key));
  if (strange !== undefined)
    throw new TypeError(`${where} has no ${JSON.stringify(strange)}; write one of ${known.join(', ')}.`);
}

/** @throws TypeError for what is no number over 0 */
export function positive(value: number, name: string): number {
  if (!(value > 0) || !Number.isFinite(value)) throw new TypeError(`${name} must be a number over 0.`);
  return value;
}

/** @throws TypeError for what is no number from 0 on */
export function orZero(value: number, name: string): number {
  if (!(value >= 0) || !Number.isFinite(value)) throw new TypeError(`${name} must be 0 or a number over 0.`);
  return value;
}

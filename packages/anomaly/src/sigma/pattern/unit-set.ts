/** A set of UTF-16 code units. */
export interface UnitSet {
  readonly ranges: readonly (readonly [low: number, high: number])[];
  readonly negated: boolean;
}

export function unitsOf(text: string): UnitSet {
  return { ranges: Array.from(text, (_, at) => pair(text.charCodeAt(at))), negated: false };
}

export function has({ ranges, negated }: UnitSet, unit: number): boolean {
  return within(ranges, unit) !== negated;
}

/** Whether the set holds the unit when upper and lower case are the same. */
export function hasFolded({ ranges, negated }: UnitSet, unit: number): boolean {
  const text = String.fromCharCode(unit);
  const forms = [text, text.toLowerCase(), text.toUpperCase()].filter((form) => form.length === 1);
  return forms.some((form) => within(ranges, form.charCodeAt(0))) !== negated;
}

function within(ranges: UnitSet['ranges'], unit: number): boolean {
  return ranges.some(([low, high]) => low <= unit && unit <= high);
}

function pair(unit: number): readonly [number, number] {
  return [unit, unit];
}

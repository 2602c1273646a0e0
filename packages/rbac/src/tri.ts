/**
 * What a condition can come out as: a set of outcomes. A decision has exactly one; a question about arguments
 * that are not known yet ("could some call be permitted?") may have several.
 */
export type Outcomes = number;

export const TRUE = 1;
export const FALSE = 2;
/** Neither: a value is missing, or two values have types that do not compare. */
export const UNKNOWN = 4;
export const ANY: number = TRUE | FALSE | UNKNOWN;

export function outcome(value: boolean): Outcomes {
  return value ? TRUE : FALSE;
}

export function not(a: Outcomes): Outcomes {
  return ((a & TRUE) << 1) | ((a & FALSE) >> 1) | (a & UNKNOWN);
}

/** Kleene's conjunction: false when either is, true when both are, else unknown. */
export function and(a: Outcomes, b: Outcomes): Outcomes {
  const either = a | b;
  return (either & FALSE) | (a & b & TRUE) | (canBeUnknown(a, b, TRUE) ? UNKNOWN : 0);
}

/** Kleene's disjunction. */
export function or(a: Outcomes, b: Outcomes): Outcomes {
  const either = a | b;
  return (either & TRUE) | (a & b & FALSE) | (canBeUnknown(a, b, FALSE) ? UNKNOWN : 0);
}

function canBeUnknown(a: Outcomes, b: Outcomes, neutral: Outcomes): boolean {
  return (
    ((a & UNKNOWN) !== 0 && (b & (UNKNOWN | neutral)) !== 0) || ((b & UNKNOWN) !== 0 && (a & neutral) !== 0)
  );
}

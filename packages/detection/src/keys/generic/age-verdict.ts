import { isOver89 } from '../value-shape.ts';
import { VERDICT } from '../verdicts.ts';

type Container = Readonly<Record<string, unknown>>;

const UNITS = ['unit', 'units', 'age_unit', 'age_units', 'ageUnit', 'ageUnits', 'AGE_UNIT', 'AgeUnit', 'uom'];
const LESS_THAN_A_YEAR =
  /^\s*(?:d|days?|w|wks?|weeks?|mo?s?|mths?|months?|h|hrs?|hours?|mins?|minutes?|s|secs?|seconds?)\s*$/i;
/** What is grown in a dish has an age too. */
const CELLS = /^(?:cells?[ _-]?(?:line|type|age|culture|passage)|passages?)(?:$|[^a-z])/i;

/** Over 89 years, unless a unit beside it is shorter than a year or the members beside it are about cells. */
export function ageVerdict(container: Container, value: unknown): number {
  if (!isOver89(value)) return typeof value === 'number' ? VERDICT.keep : VERDICT.text;
  if (!isShort(container) && !isOfCells(container)) return VERDICT['age-over-89'];
  return typeof value === 'number' ? VERDICT.keep : VERDICT.text;
}

function isShort(container: Container): boolean {
  return UNITS.some((name) => {
    const unit = Object.hasOwn(container, name) ? container[name] : undefined;
    return typeof unit === 'string' && LESS_THAN_A_YEAR.test(unit);
  });
}

function isOfCells(container: Container): boolean {
  for (const key in container) if (CELLS.test(key)) return true;
  return false;
}

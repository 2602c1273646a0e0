/** A step is about 5 ns; listing the names of a large object takes 200 ns for each. */
export const STEPS_PER_NAME = 40;

/** Thrown out of a validation that takes too many steps. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
}

/**
 * The steps that one validation may still take. A schema of a kilobyte can ask for 2^40 evaluations of a tiny
 * value (definitions that refer to the next one twice), or for a square number of comparisons
 * (`uniqueItems`); no static rule tells those from honest recursive unions, so the steps are counted where
 * they happen.
 */
export class Budget {
  left = 0;

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new OutOfBudget();
  }
}

/** The digits of `value`, without anything else. */
export function digitsOf(value: string): number[] {
  const digits: number[] = [];
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) digits.push(digit);
  }
  return digits;
}

/** The sum of each digit times the weight in its place. */
export function weigh(digits: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (digits[at] ?? 0) * (weights[at] as number);
  return sum;
}

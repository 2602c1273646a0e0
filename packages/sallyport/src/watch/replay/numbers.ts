/** A number that people read easily and that is not less: 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, ... */
export function niceMost(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return (
    [1, 1.5, 2, 3, 4, 5, 6, 8]
      .map((one) => one * power)
      .find((one) => one >= value && Number.isInteger(one)) ?? 10 * power
  );
}

/** `950`, `1.2k`, `3M`. */
export function shortNumber(value: number): string {
  if (value < 1000) return String(Math.round(value));
  const [divisor, unit] = value < 1e6 ? [1000, 'k'] : value < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}

/** With as many digits as tell something: `0.54`, `12`, `1,204`. */
export function tidy(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(2)));
}

/** `1,204 records`. */
export function counted(count: number, word: string, words: string = `${word}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? word : words}`;
}

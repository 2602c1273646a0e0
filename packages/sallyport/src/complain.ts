/** One line on standard error, for people: what went wrong and what to do, never a value of a call. */
export function complain(line: string): void {
  process.stderr.write(`sallyport: ${line}\n`);
}

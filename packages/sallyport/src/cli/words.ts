import { type CommanderError, InvalidArgumentError } from 'commander';

// What the declarations of commands share: checks of options, and the words of the help.

/** 1 says that the policy blocks something, and nothing else; of audit, what its help lists. */
export function asUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2);
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1024)
    throw new InvalidArgumentError('Write a whole number from 1024.');
  return value;
}

export function countedFromOne(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Write a whole number from 1.');
  return value;
}

export function countedFromZero(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Write a whole number from 0.');
  return value;
}

export function exitCodes(...lines: string[]): string {
  return `\nExit codes:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

export function examples(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

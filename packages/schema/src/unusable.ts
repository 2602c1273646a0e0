/** Why a schema cannot be used. The message names the place in the schema and what is wrong there. */
export class UnusableSchema extends Error {
  override readonly name = 'UnusableSchema';

  /** @param at JSON pointer into the schema; shown up to 200 characters, since a server wrote it */
  constructor(at: string, why: string) {
    super(`${at === '' ? 'its root' : at.slice(0, 200)} ${why}`);
  }
}

/** One more step of a JSON pointer (RFC 6901, section 3). */
export function step(pointer: string, token: string | number): string {
  return `${pointer}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

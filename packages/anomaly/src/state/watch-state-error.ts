/** What was saved cannot be gone on from. */
export class WatchStateError extends Error {
  override readonly name = 'WatchStateError';

  constructor(what: string) {
    super(`The saved state of the watch cannot be used: ${what}. Delete it to begin to learn anew.`);
  }
}

/** What was saved of a triage cannot be gone on from. */
export class TriageStateError extends Error {
  override readonly name = 'TriageStateError';

  constructor(what: string) {
    super(`The saved state of the triage cannot be used: ${what}. Delete it to begin anew.`);
  }
}

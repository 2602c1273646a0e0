/** A regular expression outside the subset. The message says where, and what to write instead. */
export class UnusablePattern extends Error {
  override readonly name = 'UnusablePattern';
}

/** Something that was given and cannot be used, with what to write instead. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

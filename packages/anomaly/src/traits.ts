/** What a record is, as bits: detectors say which ones they want to see. */
export const TRAITS = {
  /** A call of a client that ended, however. */
  call: 1,
  /** It gave a result. */
  ok: 2,
  /** The server answered with an error. */
  error: 4,
  /** Policy or a screen said no. */
  denied: 8,
  /** No credential, or an invalid one. */
  unauthenticated: 16,
  /** Arguments or a message that nothing can be done with. */
  invalid: 32,
  /** Of a tool or resource that holds what not everybody may see. */
  sensitive: 64,
  /** Of a tool that takes something outside. */
  sending: 128,
  /** Of a tool that changes who may do what, or that destroys. */
  administrative: 256,
} as const;

export type { OperatorChoice } from './operators/make-operator.ts';
export type { OperatorName } from './operators/operator.ts';
export { OPERATORS } from './operators/operator.ts';
export type { RedactOptions, RestoreRule } from './options.ts';
export { redact } from './redact.ts';
export type { RedactionRule } from './rule-table.ts';
export { StreamRedactor, type StreamRedactorOptions } from './stream-redactor.ts';
export { findTokens, isToken, newToken, TOKEN_BYTES, type TokenPlace } from './token-shape.ts';
export type { Erasure, TokenRequest, TokenScope, TokenVault } from './token-vault.ts';

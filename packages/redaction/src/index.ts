export type { OperatorChoice } from './operators/make-operator.ts';
export { HandedOut } from './handed-out.ts';
export { type CallFacts, operatorsFor, restoredFor } from './operators-for.ts';
export type { OperatorName } from './operators/operator.ts';
export { OPERATORS } from './operators/operator.ts';
export type { RedactOptions, RestoreRule } from './options.ts';
export {
  expandPack,
  findPack,
  mergePacks,
  type Pack,
  PACK_OPERATORS,
  type PackChoice,
  packNames,
  type PackRow,
  PACKS,
} from './packs/index.ts';
export { redact } from './redact.ts';
export type { RedactionRule, RuleException } from './rule-table.ts';
export { findTokens, isToken, newToken, TOKEN_BYTES, type TokenPlace } from './token-shape.ts';
export type { Erasure, TokenRequest, TokenScope, TokenVault } from './token-vault.ts';
export { fileTokenVault, type FileTokenVaultOptions } from './vault/file/file-token-vault.ts';
export { memoryTokenVault, type MemoryTokenVaultOptions } from './vault/memory-token-vault.ts';
export type { RedisClient } from './vault/redis/redis-client.ts';
export { redisTokenVault, type RedisTokenVaultOptions } from './vault/redis/redis-token-vault.ts';
export { TokenVaultError, type TokenVaultErrorCode } from './vault/token-vault-error.ts';

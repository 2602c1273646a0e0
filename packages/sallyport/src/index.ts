export { createGuard, type CreateGuardOptions, type ServerGuard } from './create-guard.ts';
export {
  type Call,
  composeGuard,
  guardTransport,
  type Interceptor,
  type Next,
  type Principal,
  protect,
  Refusal,
  type Result,
  RevealedSecrets,
  Secret,
} from '@sallyport/core';
export { PolicyError } from '@sallyport/policy';
export type { SecretRotation } from '@sallyport/secrets';
export { SecretError } from '@sallyport/secrets';

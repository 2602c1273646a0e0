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
  Secret,
} from '@sallyport/core';
export { PolicyError } from '@sallyport/policy';

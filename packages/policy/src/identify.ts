import { ANONYMOUS, isJsonObject, type Principal } from '@sallyport/core';
import type { StdioIdentity } from './policy-file.ts';

/**
 * Says who is behind a message, from what the transport passed beside it.
 *
 * The process identity of the policy is for stdio, where a transport passes nothing about the client. Whatever speaks of
 * authentication or of a request came over a network (or in memory): there it is the token that the SDK's middleware
 * verified (`extra.authInfo`), or nobody. Otherwise a server without authentication would lend the process identity to
 * everyone who can reach its port. (SDK v1 before 1.13 passes only `authInfo: undefined` over HTTP.)
 */
export function identifier(stdio: Principal): (extra: unknown) => Principal {
  return (extra) => {
    if (!isJsonObject(extra)) return stdio;
    if (isJsonObject(extra['authInfo'])) return ofToken(extra['authInfo']);
    const network = 'authInfo' in extra || 'requestInfo' in extra || 'request' in extra;
    return network ? ANONYMOUS : stdio;
  };
}

/** Both SDKs' `AuthInfo`: `clientId`, and in `extra` whatever the verifier put there. */
function ofToken(authInfo: Readonly<Record<string, unknown>>): Principal {
  const claims = isJsonObject(authInfo['extra']) ? authInfo['extra'] : {};
  const client = typeof authInfo['clientId'] === 'string' ? authInfo['clientId'] : undefined;
  const { sub, roles } = claims;
  return {
    subject: typeof sub === 'string' && sub !== '' ? sub : ANONYMOUS.subject,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    ...(client !== undefined && { client }),
    claims,
    method: 'token',
  };
}

/**
 * The principal of the process, as the policy says.
 *
 * @throws Error when the policy names an environment variable that is not set
 */
export function stdioPrincipal(
  identity: StdioIdentity | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Principal {
  if (identity === undefined) return ANONYMOUS;
  const { subject, roles = [], client } = identity;
  const name = subject.startsWith('env:') ? env[subject.slice(4)] : subject;
  if (name === undefined || name === '') {
    throw new Error(
      `identity.stdio.subject names ${subject}, which is not set; set that variable, or write a name.`,
    );
  }
  return { subject: name, roles, ...(client !== undefined && { client }), claims: {}, method: 'process' };
}

import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

interface NatsOperator {
  /** For the server. */
  readonly config: string;
  /** The text of a credentials file of a user of the account. */
  readonly credentials: string;
  /** Of a user that another operator's account signed. */
  readonly strangers: string;
}

const NO_LIMIT = { subs: -1, data: -1, payload: -1 };
const ACCOUNT_LIMITS = {
  ...NO_LIMIT,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
};

/** An operator with one account and one user: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt */
export function natsOperator(): NatsOperator {
  const operator = nkeys.createOperator();
  const system = nkeys.createAccount();
  const account = nkeys.createAccount();
  const accountToken = (key: KeyPair, limits: object): string =>
    token(operator, key, { type: 'account', limits, default_permissions: {} });
  return {
    config: `operator: ${token(operator, operator, { type: 'operator' })}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: {
  ${system.getPublicKey()}: ${accountToken(system, { ...ACCOUNT_LIMITS, disk_storage: 0, mem_storage: 0 })}
  ${account.getPublicKey()}: ${accountToken(account, ACCOUNT_LIMITS)}
}`,
    credentials: credentialsOf(account),
    strangers: credentialsOf(nkeys.createAccount()),
  };
}

function credentialsOf(account: KeyPair): string {
  const user = nkeys.createUser();
  const jwt = token(account, user, { type: 'user', ...NO_LIMIT, pub: {}, sub: {} });
  return `-----BEGIN NATS USER JWT-----
${jwt}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${Buffer.from(user.getSeed()).toString()}
------END USER NKEY SEED------
`;
}

function token(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    jti: subject.getPublicKey(),
    iat: 1_700_000_000,
    iss: issuer.getPublicKey(),
    name: 'test',
    sub: subject.getPublicKey(),
    nats: { ...nats, version: 2 },
  };
  const signed = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode(claims)}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}

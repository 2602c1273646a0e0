import { isNkeySeed } from '../../checksums/nkey.ts';
import { isBech32 } from '../../checksums/bech32.ts';
import type { Form, Matcher, Rule } from '../../rule.ts';
import { ASSIGNMENT_REACH } from './assignment.ts';
import { named } from './kinds/named.ts';
import { token } from './kinds/token.ts';
import { findArmor, findPuttyLines } from './matchers/armor.ts';
import {
  CURL_REACH,
  findAfterScheme,
  findBasic,
  findCurlLogin,
  findNetrcPassword,
  findOtherScheme,
  loginOf,
  NETRC_REACH,
} from './matchers/headers.ts';
import { findJwt, isJwt } from './matchers/jwt.ts';
import { isPlaceholder, isPlaceholderAt, isReference } from './placeholder.ts';
import { looksRandom } from './strength.ts';

const PEM_NG: readonly string[] = [
  '-----BEGIN PUBLIC KEY-----\n‹[A-Za-z0-9+/]{64}›\n-----END PUBLIC KEY-----',
  '-----BEGIN CERTIFICATE-----\n‹[A-Za-z0-9+/]{64}›\n-----END CERTIFICATE-----',
];

/** A private key between lines of dashes. The scan stops before the word `KEY`: it stands in too many names. */
function armor(id: string, label: string, source: string, severity: Rule['severity'] = 'critical'): Rule {
  const body = '‹[A-Za-z0-9+/]{64}›';
  const beginning = label.slice(0, label.indexOf(' KEY'));
  return {
    id,
    entity: 'PRIVATE_KEY',
    ...(severity === undefined ? {} : { severity }),
    source,
    forms: [
      {
        on: 'word',
        words: [`BEGIN ${beginning}`],
        open: true,
        exact: true,
        inner: true,
        edges: 'open',
        find: findArmor(label.slice(beginning.length)),
        reach: 320,
      },
    ],
    scores: { alone: 0.99 },
    examples: {
      ok: [
        `⟦-----BEGIN ${label}-----\n${body}\n${body}\n‹[A-Za-z0-9+/]{22}›==\n-----END ${label}-----⟧\n`,
        `{"key":"⟦-----BEGIN ${label}-----\\n${body}\\n${body}\\n-----END ${label}-----⟧\\n"}`,
        `KEY = "⟦-----BEGIN ${label}-----\n  ${body}⟧`,
      ],
      ng: [
        `-----BEGIN ${label}-----\n...\n-----END ${label}-----`,
        `A file that begins with -----BEGIN ${label}----- is secret, and whoever reads it knows the key.`,
        `grep -l "BEGIN ${label}" *`,
        ...PEM_NG,
      ],
    },
  };
}

function header(words: readonly string[], find: Matcher): readonly Form[] {
  return [{ on: 'word', words, inner: true, edges: 'open', find, reach: 40 }];
}

const LOGIN_STAND_INS = /^(?:user(?:name)?|name|login|admin|foo|test):?/i;
const PASSWORD_STAND_INS = /^(?:pass(?:word|wd)?|secret|bar|test|x-oauth-basic|)$/i;

function isRealLogin(value: string): boolean {
  const login = loginOf(value);
  if (login === undefined || isPlaceholder(login.password) || isReference(login.password)) return false;
  return !(PASSWORD_STAND_INS.test(login.password) && LOGIN_STAND_INS.test(login.name));
}

/** Words, as documentation has them, and what stands for a password. */
function isNoPassword(value: string): boolean {
  if (/^[A-Za-z]+[^A-Za-z0-9]{0,3}$/.test(value) || PASSWORD_STAND_INS.test(value)) return true;
  return isPlaceholder(value) || isReference(value);
}

/** What no vendor owns: keys between dashes, tokens with a structure, headers. */
export const STRUCTURE_RULES: readonly Rule[] = [
  armor('private-key-rsa', 'RSA PRIVATE KEY', 'https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2'),
  armor('private-key-pkcs8', 'PRIVATE KEY', 'https://www.rfc-editor.org/rfc/rfc7468#section-10'),
  armor(
    'private-key-pkcs8-encrypted',
    'ENCRYPTED PRIVATE KEY',
    'https://www.rfc-editor.org/rfc/rfc7468#section-11',
    'high',
  ),
  armor('private-key-ec', 'EC PRIVATE KEY', 'https://www.rfc-editor.org/rfc/rfc5915#section-4'),
  armor('private-key-dsa', 'DSA PRIVATE KEY', 'https://docs.openssl.org/master/man1/openssl-dsa/'),
  armor(
    'private-key-openssh',
    'OPENSSH PRIVATE KEY',
    'https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key',
  ),
  armor('private-key-ssh2', 'SSH2 ENCRYPTED PRIVATE KEY', 'https://www.rfc-editor.org/rfc/rfc4716', 'high'),
  armor('private-key-pgp', 'PGP PRIVATE KEY BLOCK', 'https://www.rfc-editor.org/rfc/rfc9580#section-6.2'),
  {
    id: 'private-key-putty',
    entity: 'PRIVATE_KEY',
    severity: 'critical',
    source: 'https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html',
    forms: [
      {
        on: 'word',
        words: ['Private-Lines: '],
        open: true,
        exact: true,
        inner: true,
        edges: 'open',
        find: findPuttyLines,
        reach: 64,
      },
    ],
    scores: { alone: 0.98 },
    examples: {
      ok: [
        'Private-Lines: 1\n⟦‹[A-Za-z0-9+/]{64}›⟧\nPrivate-MAC: 00',
        'Private-Lines: 2\n⟦‹[A-Za-z0-9+/]{64}›\n‹[A-Za-z0-9+/]{40}›⟧\nPrivate-MAC: 00',
        'Private-Lines: 14\r\n⟦‹[A-Za-z0-9+/]{64}›\r\n‹[A-Za-z0-9+/]{64}›⟧\r\n',
      ],
      ng: [
        'Public-Lines: 1\n‹[A-Za-z0-9+/]{64}›\n',
        'Private-Lines: 1\n',
        'Private-Lines: the number of lines',
      ],
    },
  },
  token(
    'age-secret-key',
    'PRIVATE_KEY',
    'critical',
    'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}',
    'https://github.com/C2SP/C2SP/blob/main/age.md',
    { validate: isBech32 },
  ),
  token(
    'nats-seed',
    'PRIVATE_KEY',
    'critical',
    [
      'SUA[A-Z2-7]{55}',
      'SAA[A-Z2-7]{55}',
      'SOA[A-Z2-7]{55}',
      'SNA[A-Z2-7]{55}',
      'SCA[A-Z2-7]{55}',
      'SXA[A-Z2-7]{55}',
    ],
    'https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth',
    { validate: isNkeySeed },
  ),
  named(
    'wireguard-private-key',
    'PRIVATE_KEY',
    'critical',
    ['private key', 'preshared key'],
    '[A-Za-z0-9+/]{43}=',
    'https://www.wireguard.com/quickstart/',
  ),
  named(
    'ethereum-private-key',
    'PRIVATE_KEY',
    'critical',
    ['private key', 'wallet key', 'deployer key', 'mnemonic key'],
    ['0x[a-fA-F0-9]{64}', '[a-f0-9]{64}'],
    'https://ethereum.org/en/developers/docs/accounts/',
  ),
  named(
    'kubeconfig-client-key',
    'PRIVATE_KEY',
    'critical',
    ['client key data'],
    'LS0tLS1[A-Za-z0-9+/]{100,}={0,2}',
    'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/',
    { words: ['client key data'] },
  ),
  {
    id: 'jwt',
    entity: 'JWT',
    severity: 'high',
    source: 'https://www.rfc-editor.org/rfc/rfc7519#section-3',
    forms: [
      {
        on: 'word',
        words: ['eyJ'],
        open: true,
        exact: true,
        inner: true,
        edges: 'open',
        find: findJwt,
        reach: 64,
      },
    ],
    validate: isJwt,
    costly: true,
    except: isPlaceholderAt,
    scores: { alone: 0.99, invalid: 0.6 },
    examples: {
      ok: [
        'token ⟦‹jwt›⟧ here',
        '{"access_token":"⟦‹jwt›⟧"}',
        'Authorization: Bearer ⟦‹jwt›⟧',
        'a header that is no JSON: ⟦eyJ‹[A-Za-z0-9]{20}›.eyJ‹[A-Za-z0-9]{40}›.‹[A-Za-z0-9_-]{43}›⟧',
      ],
      ng: [
        'eyJ is how a token begins',
        'eyJ‹[A-Za-z0-9]{20}›',
        'eyJ‹[A-Za-z0-9]{20}›.eyJ‹[A-Za-z0-9]{40}›',
        'eyJhbGciOi...',
        'Z‹jwt›',
      ],
    },
  },
  {
    id: 'authorization-bearer',
    entity: 'ACCESS_TOKEN',
    severity: 'high',
    source: 'https://www.rfc-editor.org/rfc/rfc6750#section-2.1',
    forms: header(['bearer'], findAfterScheme),
    except: (value) =>
      isPlaceholder(value) || isReference(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value),
    validate: looksRandom,
    before: ['authorization'],
    scores: { alone: 0.93, context: 0.96, contextInvalid: 0.6 },
    examples: {
      ok: [
        'Authorization: Bearer ⟦‹[A-Za-z0-9]{40}›⟧',
        '["--header", "Authorization: Bearer ⟦‹[a-f0-9]{32}›⟧"]',
        '{"Authorization":"bearer ⟦‹[A-Za-z0-9_-]{24}›⟧"}',
        '--header=Authorization:Bearer ⟦‹[A-Za-z0-9]{24}›⟧',
      ],
      ng: [
        'Authorization: Bearer ${TOKEN}',
        'Authorization: Bearer YOUR_TOKEN_1',
        'Bearer authentication and authorization',
        'bearer token1',
        'WWW-Authenticate: Bearer realm="example"',
      ],
    },
  },
  {
    id: 'authorization-basic',
    entity: 'PASSWORD',
    severity: 'high',
    source: 'https://www.rfc-editor.org/rfc/rfc7617#section-2',
    forms: header(['basic'], findBasic),
    validate: isRealLogin,
    before: ['authorization'],
    scores: { alone: 0.95, context: 0.98 },
    examples: {
      ok: [
        'Authorization: Basic ⟦‹login›⟧',
        '{"Authorization":"Basic ⟦‹login›⟧"}',
        "curl -H 'authorization: basic ⟦‹login›⟧' https://example.com",
      ],
      ng: [
        'Authorization: Basic ‹[A-Za-z]{9}›',
        'Basic authentication is used, basic building blocks',
        'Authorization: Basic dXNlcjpwYXNzd29yZA==',
        'Authorization: Basic ${CREDENTIALS}',
      ],
    },
  },
  {
    id: 'authorization-other',
    entity: 'ACCESS_TOKEN',
    severity: 'high',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2',
    forms: [
      {
        on: 'word',
        words: ['authorization'],
        inner: true,
        edges: 'open',
        find: findOtherScheme,
        reach: ASSIGNMENT_REACH + 44,
      },
    ],
    except: (value, codes, from, to) => isPlaceholderAt(value, codes, from, to) || isReference(value),
    validate: looksRandom,
    scores: { alone: 0.93 },
    examples: {
      ok: [
        'Authorization: Token ⟦‹[a-f0-9]{40}›⟧',
        '{"authorization":"ApiKey ⟦‹[A-Za-z0-9]{44}›⟧"}',
        "-H 'Authorization: SSWS ⟦‹[A-Za-z0-9_-]{42}›⟧'",
      ],
      ng: [
        'Authorization: Token ${TOKEN_NUMBER_1}',
        'Authorization: token abc',
        'authorization = policy.authorization_mode_2',
      ],
    },
  },
  {
    id: 'curl-login',
    entity: 'PASSWORD',
    severity: 'high',
    source: 'https://curl.se/docs/manpage.html#-u',
    forms: [
      { on: 'word', words: ['curl'], inner: true, edges: 'open', find: findCurlLogin, reach: CURL_REACH },
    ],
    except: isNoPassword,
    scores: { alone: 0.92 },
    examples: {
      ok: [
        'curl -u admin:⟦‹[A-Za-z0-9]{14}›⟧ https://api.test',
        'curl -s --user "svc:⟦‹[A-Za-z0-9]{14}›⟧" https://api.test',
        "curl -X POST -u 'a@b.test:⟦‹[A-Za-z0-9]{20}›⟧' https://api.test",
      ],
      ng: [
        'curl -u user:password https://api.test',
        'curl -u "$USER:$PASS" https://api.test',
        'curl https://api.test -o a:bcdef',
        'curl\n -u admin:‹[A-Za-z0-9]{14}›',
      ],
    },
  },
  {
    id: 'netrc-password',
    entity: 'PASSWORD',
    severity: 'high',
    source: 'https://everything.curl.dev/usingcurl/netrc.html',
    forms: [
      {
        on: 'word',
        words: ['login'],
        inner: true,
        edges: 'open',
        find: findNetrcPassword,
        reach: NETRC_REACH,
      },
    ],
    except: isNoPassword,
    scores: { alone: 0.92 },
    examples: {
      ok: [
        'machine api.test login svc password ⟦‹[A-Za-z0-9]{14}›⟧',
        'machine api.test\n  login svc\n  password ⟦‹[A-Za-z0-9]{14}›⟧\n',
        'default login anonymous password ⟦‹[a-z]{4}›@‹[a-z]{6}›⟧',
      ],
      ng: ['login name password secret', 'a login and a password for it', 'login svc password ${PASSWORD}'],
    },
  },
];

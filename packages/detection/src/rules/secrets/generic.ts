import type { Matcher, Rule } from '../../rule.ts';
import { ASSIGNMENT_REACH } from './assignment.ts';
import { findAssigned, isStrongPassword, MOST_VALUE } from './matchers/assigned-value.ts';
import { looksRandom } from './strength.ts';

const SOURCE = 'https://cwe.mitre.org/data/definitions/798.html';

const COMMON_NG: readonly string[] = [
  'api_key: ${API_KEY}',
  'password = process.env.DB_PASSWORD',
  'password: "{{ vault_password }}"',
  'secret = os.environ["APP_SECRET_1"]',
  'token: op://vault/item/field1',
  'token = "vault://kv/data/app#token1"',
  'secret: env:APP_SECRET_1',
  'API_KEY=YOUR_API_KEY_123456',
  'password: changeme123',
  'apiKey: "xxxxxxxxxxxxxxxxxxxxxxxx"',
  'token: string; secret?: boolean; password: z.string().min(8)',
  'max_tokens: 4096, nextPageToken: "‹[A-Za-z0-9]{32}›"',
  'api_key_id: "‹[a-f0-9]{32}›"',
  'secret_name = "prod/database/password1"',
  'token = getToken1(request.headers)',
  '"secret": "550e8400-e29b-41d4-a716-446655440000"',
  '"token": "sha512-‹[A-Za-z0-9+/]{86}›=="',
  'the password of 12345678 people',
];

/** Of all that is named a key, what opens something. */
const KEY_NAMES =
  /(?:api|access|secret|private|encryption|encrypt|signing|sign|master|account|service|license|subscription|auth|app|application|admin|deploy|shared|hmac|aes|jwt|cookie|session|root|storage|publish|write|server|bot|ssh|crypto)[-_]?key|secret|credential/i;

const findKey = findAssigned(false, KEY_NAMES);

/** Of `apiKey` the scan finds `Key`, too, and that one is asked. */
const findApiKey: Matcher = (cursor) => {
  const { codes, end } = cursor;
  const asked = codes[end - 3] === 75 && (codes[end - 4] as number) >= 97;
  return !asked && findKey(cursor);
};

/** A name that says what it holds, and a value that could be one. */
export const GENERIC_RULES: readonly Rule[] = [
  {
    id: 'generic-password',
    entity: 'PASSWORD',
    severity: 'high',
    source: SOURCE,
    forms: [
      {
        on: 'word',
        words: [
          'password',
          'passwd',
          'passphrase',
          'pass phrase',
          'pwd',
          'pass',
          'dbpassword',
          'dbpass',
          'pgpassword',
          'passwort',
          'contrasena',
        ],
        inner: true,
        edges: 'open',
        find: findAssigned(true),
        reach: ASSIGNMENT_REACH + MOST_VALUE,
      },
    ],
    validate: isStrongPassword,
    scores: { alone: 0.9, invalid: 0.65 },
    examples: {
      ok: [
        'DB_PASSWORD=⟦‹[A-Za-z0-9]{20}›7d⟧',
        '"password": "⟦tr0ub4dor&3⟧"',
        "password = '⟦‹[A-Za-z0-9!%+]{16}›1a⟧'",
        'spring.datasource.password: ⟦‹[A-Za-z0-9]{14}›7b⟧\n',
        'Server=db;User Id=app;Password=⟦‹[A-Za-z0-9]{18}›⟧;',
        '--db-password ⟦‹[A-Za-z0-9]{18}›⟧',
        '<password>⟦‹[A-Za-z0-9]{18}›⟧</password>',
        'setProperty("password", "⟦‹[A-Za-z0-9]{18}›⟧")',
        'const password: string = "⟦‹[A-Za-z0-9]{18}›⟧";',
        'The password is ⟦‹[A-Za-z0-9]{14}›7b⟧.',
        'if (password == "⟦‹[A-Za-z0-9]{18}›⟧")',
      ],
      ng: ['"password": "Password"', 'password: hunter, 2', 'passwordField = "#login-form1"', ...COMMON_NG],
    },
  },
  {
    id: 'generic-api-key',
    entity: 'API_KEY',
    severity: 'high',
    source: SOURCE,
    forms: [
      {
        on: 'word',
        words: ['key', 'secret', 'credential'],
        inner: true,
        edges: 'open',
        find: findKey,
        reach: ASSIGNMENT_REACH + MOST_VALUE,
      },
      {
        on: 'word',
        words: ['apikey'],
        inner: true,
        edges: 'open',
        find: findApiKey,
        reach: ASSIGNMENT_REACH + MOST_VALUE,
      },
    ],
    validate: looksRandom,
    scores: { alone: 0.9, invalid: 0.55 },
    examples: {
      ok: [
        'X-API-Key: ⟦‹[A-Za-z0-9]{32}›⟧',
        '"apiKey": "⟦‹[a-f0-9]{40}›⟧"',
        'CLIENT_SECRET=⟦‹[A-Za-z0-9_]{40}›⟧',
        '["--api-key", "⟦‹[A-Za-z0-9]{32}›⟧"]',
        '--api-key=⟦‹[A-Za-z0-9]{32}›⟧',
        'https://api.test/v1?api_key=⟦‹[A-Za-z0-9]{32}›⟧&q=1',
        "'secret_key' => '⟦‹[A-Za-z0-9+/]{40}›⟧'",
      ],
      ng: ['encryption key size: 4096', 'keyboard = "‹[A-Za-z0-9]{32}›"', ...COMMON_NG],
    },
  },
  {
    id: 'generic-token',
    entity: 'ACCESS_TOKEN',
    severity: 'high',
    source: SOURCE,
    forms: [
      {
        on: 'word',
        words: ['token', 'auth', 'authorization', 'bearer', 'jwt', 'pat'],
        inner: true,
        edges: 'open',
        find: findAssigned(false),
        reach: ASSIGNMENT_REACH + MOST_VALUE,
      },
    ],
    validate: looksRandom,
    scores: { alone: 0.9, invalid: 0.55 },
    examples: {
      ok: [
        'ACCESS_TOKEN=⟦‹[A-Za-z0-9]{32}›⟧',
        '{"authToken":"⟦‹[A-Za-z0-9_-]{36}›⟧"}',
        '//registry.test/:_authToken=⟦‹[a-f0-9]{40}›⟧',
        '--token ⟦‹[A-Za-z0-9]{32}›⟧ --verbose',
        'https://api.test/feed?token=⟦‹[A-Za-z0-9]{32}›⟧',
        '"SOME_PAT": "⟦‹[A-Za-z0-9]{32}›⟧"',
      ],
      ng: ['"tokenizer": "‹[A-Za-z0-9]{32}›"', 'author: ‹[a-f0-9]{40}›', ...COMMON_NG],
    },
  },
];

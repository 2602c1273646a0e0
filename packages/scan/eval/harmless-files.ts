import { createHash } from 'node:crypto';
import { fileOf, type LabelledFile } from './labelled-file.ts';

/** Digests, drawn from a counter: what lock files and fixtures are full of. */
function digest(seed: string, encoding: 'hex' | 'base64', algorithm = 'sha512'): string {
  return createHash(algorithm).update(seed).digest(encoding);
}

function times(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('');
}

function uuid(seed: string): string {
  const hex = digest(seed, 'hex', 'sha256');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const LINES = 60;

/** Files with nothing to hide, made here: what scanners are known to take for credentials. */
export const HARMLESS_FILES: readonly LabelledFile[] = Object.entries({
  'package-lock.json': `{\n  "lockfileVersion": 3,\n  "packages": {\n${times(LINES, (at) => `    "node_modules/package-${at}": {\n      "version": "1.${at}.0",\n      "resolved": "https://registry.example/package-${at}/-/package-${at}-1.${at}.0.tgz",\n      "integrity": "sha512-${digest(`npm ${at}`, 'base64')}"\n    },\n`)}    "": {}\n  }\n}\n`,
  'pnpm-lock.yaml': `lockfileVersion: '9.0'\npackages:\n${times(LINES, (at) => `  package-${at}@1.${at}.0:\n    resolution: {integrity: sha512-${digest(`pnpm ${at}`, 'base64')}}\n`)}`,
  'yarn.lock': times(
    LINES,
    (at) =>
      `"package-${at}@^1.0.0":\n  version "1.${at}.0"\n  resolved "https://registry.yarnpkg.com/package-${at}/-/package-${at}-1.${at}.0.tgz#${digest(`yarn ${at}`, 'hex', 'sha1')}"\n  integrity sha512-${digest(`yarn ${at}`, 'base64')}\n\n`,
  ),
  'Cargo.lock': times(
    LINES,
    (at) =>
      `[[package]]\nname = "token-${at}"\nversion = "0.${at}.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${digest(`cargo ${at}`, 'hex', 'sha256')}"\n\n`,
  ),
  'go.sum': times(
    LINES,
    (at) => `github.com/example/secret-${at} v1.${at}.0 h1:${digest(`go ${at}`, 'base64', 'sha256')}\n`,
  ),
  'poetry.lock': times(
    LINES,
    (at) =>
      `[[package]]\nname = "passwords-${at}"\nversion = "2.${at}"\nfiles = [\n    {file = "passwords_${at}-2.${at}.tar.gz", hash = "sha256:${digest(`poetry ${at}`, 'hex', 'sha256')}"},\n]\n\n`,
  ),
  'composer.lock': `{"content-hash": "${digest('composer', 'hex', 'md5')}", "packages": [${times(LINES, (at) => `{"name": "a/b${at}", "dist": {"reference": "${digest(`composer ${at}`, 'hex', 'sha1')}", "shasum": ""}},`)}{}]}\n`,
  SHA256SUMS: times(LINES, (at) => `${digest(`sums ${at}`, 'hex', 'sha256')}  release-${at}.tar.gz\n`),
  'fixtures/users.json': `[${times(LINES, (at) => `{"id": "${uuid(`user ${at}`)}", "tenantId": "${uuid(`tenant ${at}`)}", "email": "user${at}@example.com", "password": "changeme"},\n`)}{}]\n`,
  'fixtures/session.csv': `id,etag,revision\n${times(LINES, (at) => `${uuid(`row ${at}`)},"${digest(`etag ${at}`, 'hex', 'md5')}",${digest(`revision ${at}`, 'hex', 'sha1')}\n`)}`,
  'bundle.min.js': times(
    LINES,
    (at) =>
      `function a${at}(t,e){var n=e.token,r=t.password;return n&&r?(t.key="k${at}",e.secret=void 0,n.length>${at}):!1}var s${at}=Symbol("apiKey"),o${at}={accessToken:a${at},keyCode:${at},tokenize:function(t){return t.split(/[\\s,]+/)}};`,
  ),
  'bundle.min.js.map': `{"version":3,"sources":["a.ts"],"names":["token","password"],"mappings":"${times(LINES, (at) => `${['AAAA', 'SAASA', 'IACZC', 'CAAAA', 'OAAOC'][at % 5]},${['gBAAgB', 'QAAQ;EAC', 'MAAM;AAG'][at % 3]};`)}"}\n`,
  'chunk-names.js': times(LINES, (at) => `"${at}":"${digest(`chunk ${at}`, 'hex', 'md5').slice(0, 20)}",`),
  'icon.css': `.a{background:url("data:image/png;base64,iVBORw0KGgo${times(6, (at) => digest(`png ${at}`, 'base64').replaceAll('=', ''))}")}\n`,
  'logo.svg': `<svg xmlns="http://www.w3.org/2000/svg"><path d="M${times(LINES, (at) => `${at}.${at * 7}l-${at * 3}.4c1.2${at} 0 2-.${at}`)}z"/></svg>\n`,
  'index.html': `<script src="https://cdn.example.com/app.js" integrity="sha384-${digest('cdn', 'base64', 'sha384')}" crossorigin="anonymous"></script>\n<input type="password" name="password" placeholder="Password" autocomplete="new-password">\n<meta name="csrf-token" content="{{ csrf_token }}">\n`,
  'messages.en.json':
    '{\n  "password": "Password",\n  "passwordHint": "At least 12 characters",\n  "token": "Access token",\n  "apiKey": "Your API key",\n  "secretExpired": "The secret has expired",\n  "confirmPassword": "Confirm password"\n}\n',
  'messages.de.json':
    '{\n  "password": "Passwort",\n  "passwordForgotten": "Passwort vergessen?",\n  "token": "Zugriffstoken",\n  "apiKey": "API-Schlüssel"\n}\n',
  '.env.example':
    'DATABASE_URL=postgres://user:password@localhost:5432/app\nAPI_KEY=your-api-key-here\nSECRET_KEY=changeme\nSTRIPE_SECRET_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx\nGITHUB_TOKEN=<token>\nJWT_SECRET=\n',
  '.github/workflows/ci.yaml':
    'jobs:\n  test:\n    runs-on: ubuntu-latest\n    env:\n      NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n      API_KEY: ${{ secrets.API_KEY }}\n    steps:\n      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n      - run: curl -H "Authorization: Bearer $API_KEY" https://api.example.com\n',
  'kubernetes/deployment.yaml':
    'env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: { name: db-credentials, key: password }\n  - name: TOKEN_FILE\n    value: /var/run/secrets/token\nimage: registry.example.com/app@sha256:' +
    digest('image', 'hex', 'sha256') +
    '\n',
  'main.tf':
    'provider "aws" {\n  access_key = var.access_key\n  secret_key = var.secret_key\n}\nresource "aws_db_instance" "main" {\n  password = random_password.db.result\n  kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/' +
    uuid('kms') +
    '"\n}\n',
  'docker-compose.yaml':
    'services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}\n      POSTGRES_USER: app\n',
  Dockerfile:
    'FROM node:22-slim\nARG NPM_TOKEN\nRUN --mount=type=secret,id=npm npm ci\nENV KEY_FILE=/run/secrets/key\n',
  'auth.ts':
    "export interface Credentials { readonly username: string; readonly password: string; readonly apiKey?: string }\n\nexport function login({ username, password }: Credentials): Promise<string> {\n  const token = createToken(username);\n  const secretKey = process.env['SECRET_KEY'] ?? '';\n  return post('/login', { username, password, token, secretKey });\n}\n",
  'auth_test.py':
    'def test_login(client):\n    response = client.post("/login", data={"username": "alice", "password": "password"})\n    assert response.json()["token"] is not None\n    assert hash_password("secret") != "secret"\n',
  'settings.py':
    'SECRET_KEY = os.environ["SECRET_KEY"]\nAWS_SECRET_ACCESS_KEY = config("AWS_SECRET_ACCESS_KEY", default="")\nPASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]\nAUTH_PASSWORD_VALIDATORS = []\n',
  'openapi.yaml':
    'components:\n  securitySchemes:\n    apiKey: { type: apiKey, in: header, name: X-API-Key }\n    bearer: { type: http, scheme: bearer, bearerFormat: JWT }\n  schemas:\n    Login:\n      properties:\n        password: { type: string, format: password, minLength: 12, example: correct-horse }\n',
  'README.md':
    '# Client\n\n```sh\nexport API_KEY=YOUR_API_KEY\ncurl -u user:password https://api.example.com/v1/items\ncurl -H "Authorization: Bearer <token>" https://api.example.com/v1/items\n```\n\nKeys begin with `sk_live_`; AWS shows `AKIAIOSFODNN7EXAMPLE` in its documentation.\n',
  'certificate.pem': `-----BEGIN CERTIFICATE-----\n${times(12, (at) => `${digest(`certificate ${at}`, 'base64', 'sha384')}\n`)}-----END CERTIFICATE-----\n`,
  'key.pub': `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${digest('ssh', 'base64', 'sha256').slice(0, 43)} alice@example.com\n-----BEGIN PUBLIC KEY-----\n${digest('public', 'base64', 'sha384')}\n-----END PUBLIC KEY-----\n`,
  known_hosts: times(
    8,
    (at) =>
      `|1|${digest(`salt ${at}`, 'base64', 'sha1')}|${digest(`host ${at}`, 'base64', 'sha1')} ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${digest(`rsa ${at}`, 'base64').slice(0, 80)}\n`,
  ),
  'CHANGELOG.md': times(
    LINES,
    (at) =>
      `- ${digest(`commit ${at}`, 'hex', 'sha1').slice(0, 12)} rotate the token of the service, #${at}\n`,
  ),
  'access.log': times(
    LINES,
    (at) =>
      `10.0.0.${at} - - [01/Mar/2025:10:00:${String(at % 60).padStart(2, '0')} +0000] "GET /items/${uuid(`log ${at}`)}?page_token=${at} HTTP/1.1" 200 ${at * 37} "-" "Mozilla/5.0" trace=${digest(`trace ${at}`, 'hex', 'md5')}\n`,
  ),
  'notebook.ipynb': `{"cells": [{"cell_type": "code", "id": "${digest('cell', 'hex', 'md5').slice(0, 8)}", "outputs": [{"data": {"image/png": "iVBORw0KGgo${times(8, (at) => digest(`plot ${at}`, 'base64').replaceAll('=', ''))}"}}], "source": ["model.fit(tokens, max_tokens=4096)"]}]}\n`,
  'tokenizer.json': `{"vocab": {${times(LINES, (at) => `"to${at}ken": ${at}, "##pass${at}": ${at + 900}, `)}"[SEP]": 102}, "pad_token": "[PAD]", "unk_token": "[UNK]"}\n`,
  'schema.sql':
    "CREATE TABLE accounts (id uuid PRIMARY KEY, password_hash text NOT NULL, api_key_id text, token_expires_at timestamptz);\nINSERT INTO accounts VALUES ('" +
    uuid('sql') +
    "', '', NULL, now());\nALTER ROLE app WITH PASSWORD :'password';\n",
}).map(([name, text]) => fileOf(name, text));

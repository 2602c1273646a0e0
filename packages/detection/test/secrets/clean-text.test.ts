import { expect, it } from 'vitest';
import { createDetector, SECRET_ENTITIES } from '../../src/index.ts';
import { expandExample } from './expand-example.ts';

const detector = createDetector({ entities: SECRET_ENTITIES });

it.each([
  // Source code.
  "const token = await this.tokens.next(request.headers['authorization']);",
  'password: string; token?: string | undefined; readonly apiKey: SecretRef;',
  'const apiKey = process.env.API_KEY_2 ?? config.apiKey1;',
  'context.authSchemes = endpoint.properties?.authSchemes;',
  'if (password.length < 12) throw new TypeError("password has to have 12 characters or more");',
  'SELECT password_hash, token_expires_at FROM users WHERE token_id = $1',
  'import { tokenize } from "./tokenizer.ts"; const secretKeyField = "secret-key-field-1";',
  'api_key = os.environ["OPENAI_API_KEY"]; token = os.getenv("GITHUB_TOKEN_1")',
  'password = input("Password: "); secret = getpass.getpass()',
  'token: ${{ secrets.NPM_TOKEN_1 }}',
  'password: !vault |',
  'password: {{ lookup("env", "DB_PASSWORD_1") }}',
  'String password = System.getProperty("db.password1");',
  'this.password = encoder.encode(password1);',
  'basic auth, bearer tokens and api keys; Basic knowledge, bearer of news',
  'commands.CreateOAuth2TokenCommand = CreateOAuth2TokenCommand;',
  'const FLOW_PASSWORD_REQUIRED_V2 = "FlowPasswordRequiredResultV2";',
  'requestedPassword?: SignUpPasswordAttributesResultV2;',
  'SESSION_TOKEN_PARAM = "X-Amz-S3session-Token";',
  'const isBoundCredential = !!credentialType2Value && other;',
  '/** `curl ... -u name:password`, and `login name password value`, as in a file. */',
  // Lock files and digests.
  '"integrity": "sha512-‹[A-Za-z0-9+/]{86}›=="',
  '    resolution: {integrity: sha512-‹[A-Za-z0-9+/]{86}›==}',
  'token-types@6.0.0: sha256:‹[a-f0-9]{64}›',
  'checksum = "‹[a-f0-9]{64}›"',
  'github.com/a/token v1.2.3 h1:‹[A-Za-z0-9+/]{43}›=',
  'commit ‹[a-f0-9]{40}› Author: someone',
  'etag: W/"‹[a-f0-9]{32}›", x-request-id: ‹[a-f0-9]{32}›',
  '"cacheKey": "‹[a-f0-9]{40}›", "sort_key": "‹[a-f0-9]{40}›", "key": "‹[a-f0-9]{40}›"',
  'id: 550e8400-e29b-41d4-a716-446655440000, secret: 550e8400-e29b-41d4-a716-446655440000',
  // What tools answer.
  '{"next_page_token":"‹[A-Za-z0-9_-]{64}›","items":[]}',
  '{"usage":{"input_tokens":1234,"output_tokens":567,"max_tokens":4096}}',
  '{"cursor":"‹[A-Za-z0-9_-]{40}›","csrfToken":"‹[A-Za-z0-9_-]{40}›"}',
  'data:image/png;base64,‹[A-Za-z0-9+/]{400}›',
  'https://cdn.example.com/a/‹[A-Za-z0-9]{40}›/main.js?v=‹[a-f0-9]{20}›',
  'arn:aws:secretsmanager:us-east-1:123456789012:secret:MySecret1-a1b2c3',
  // Documentation, and what stands for a secret.
  'Set GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx in your shell.',
  'export OPENAI_API_KEY=sk-...',
  'ANTHROPIC_API_KEY="sk-ant-api03-YOUR_KEY_HERE"',
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE',
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'Authorization: Bearer <token>, Authorization: Bearer {{token}}, Authorization: Bearer $TOKEN_1',
  'postgres://user:password@localhost:5432/db and mysql://root:${MYSQL_PASSWORD}@db/app',
  'https://user:pass@example.com/',
  '"DB_PASSWORD": "${input:db-password-1}", "API_KEY": "${env:API_KEY_1}"',
  'token: op://vault/item/credential1, key: vault://kv/data/app#key1, secret: file:/run/secrets/db1',
  'api_key: env:API_KEY_1, password: keystore:db/password1, secret: awssm://prod/db1',
  'password: changeme123, api_key: REPLACE_ME_1234567890abc',
  '-----BEGIN PUBLIC KEY-----\n‹[A-Za-z0-9+/]{64}›\n‹[A-Za-z0-9+/]{64}›\n-----END PUBLIC KEY-----',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI‹[A-Za-z0-9+/]{43}› me@host',
])('finds nothing in "%s"', (template) => {
  expect(detector.scan(expandExample(template))).toEqual([]);
});

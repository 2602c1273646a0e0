import { describe, expect, it, test } from 'vitest';
import { createDetector, ENTITIES, SECRET_ENTITIES, SECRET_RULES } from '../../src/index.ts';
import { expandExample, withCheck } from './expand-example.ts';

const secrets = createDetector({ entities: SECRET_ENTITIES });
const sure = createDetector({ entities: SECRET_ENTITIES, threshold: 0.9 });
const everything = createDetector({ entities: [...ENTITIES, ...SECRET_ENTITIES] });

describe('the usual detector', () => {
  const usual = createDetector();

  test('has no rule of a secret, and finds none', () => {
    expect(SECRET_ENTITIES.some((entity) => usual.entities.has(entity))).toBe(false);
    expect(usual.scan(expandExample('DB_PASSWORD=‹[A-Za-z0-9]{20}› AKIA‹[A-Z2-7]{16}›'))).toEqual([]);
  });

  test('takes no rule of a secret for a rule of a user that bears the name of its entity', () => {
    const detector = createDetector({ rules: [{ id: 'own', entity: 'API_KEY', pattern: 'own-\\d{6}' }] });
    const text = expandExample('own-123456 AKIA‹[A-Z2-7]{16}›');
    expect(detector.scan(text).map((finding) => finding.rule)).toEqual(['own']);
  });

  test('knows the ids of the rules of secrets, so that they can be left out', () => {
    const text = expandExample('AKIA‹[A-Z2-7]{16}›');
    expect(createDetector({ entities: ['API_KEY'] }).scan(text)).toHaveLength(1);
    expect(createDetector({ entities: ['API_KEY'], without: ['aws-access-key-id'] }).scan(text)).toEqual([]);
  });
});

describe('the configuration of an MCP client', () => {
  test.each([
    '{"headers":{"Authorization":"Bearer ⟦‹[A-Za-z0-9]{40}›⟧"}}',
    '{"headers":{"Authorization":"⟦‹[A-Za-z0-9]{40}›⟧"}}',
    '{"headers":{"X-API-Key":"⟦‹[A-Za-z0-9]{24}›⟧"}}',
    '["mcp-remote","https://a.test/sse","--header","Authorization: Bearer ⟦‹[A-Za-z0-9]{32}›⟧"]',
    '["--header","Authorization:Bearer ⟦‹[A-Za-z0-9]{32}›⟧"]',
    '["--header","Authorization: Token ⟦‹[A-Za-z0-9]{32}›⟧"]',
    '["--api-key","⟦‹[A-Za-z0-9]{20}›⟧"]',
    '["--api-key=⟦‹[A-Za-z0-9]{20}›⟧"]',
    'npx server --token ⟦‹[A-Za-z0-9]{20}›⟧',
    '{"url":"https://mcp.test/sse?token=⟦‹[A-Za-z0-9]{32}›⟧"}',
    '{"url":"https://mcp.test/sse?x=1&api_key=⟦‹[A-Za-z0-9]{32}›⟧&y=2"}',
    '{"url":"https://user:⟦‹[A-Za-z0-9]{16}›⟧@mcp.test/sse"}',
    '{"env":{"DATABASE_URL":"⟦postgresql://app:‹[A-Za-z0-9]{14}›@db:5432/app⟧"}}',
    '{"args":["⟦mongodb+srv://app:‹[A-Za-z0-9]{14}›@c0.test/?w=majority⟧"]}',
    '{"args":["⟦redis://:‹[A-Za-z0-9]{14}›@cache:6379⟧"]}',
    '{"env":{"ACME_SERVICE_KEY":"⟦‹[A-Za-z0-9]{32}›⟧"}}',
    '{"env":{"ACME_PAT":"⟦‹[A-Za-z0-9]{32}›⟧"}}',
  ])('gives up its secret: %s', (template) => {
    const marked = expandExample(template);
    const text = marked.replace(/[⟦⟧]/g, '').replace('⟧', '');
    const found = sure.scan(text).map(({ start, end }) => [start, end]);
    expect(found).toEqual([[marked.indexOf('⟦'), marked.indexOf('⟧') - 1]]);
  });
});

describe('a secret', () => {
  const pat = withCheck('github-pat', expandExample('⟦‹ghp_[A-Za-z0-9]{36}›⟧')).slice(1, -1);

  test.each([
    ['in a value that its name tells', `"password": "${pat}"`],
    ['in a header', `Authorization: Bearer ${pat}`],
    ['in a query', `https://api.test/?token=${pat}`],
    ['in the user information of a URL', `https://x-access-token:${pat}@github.com/a/b.git`],
  ])('%s bears the name of its vendor', (_, text) => {
    expect(secrets.scan(text).map((finding) => finding.rule)).toContain('github-pat');
  });

  test('in a URL is found beside the rules of personal data, which take the URL for theirs', () => {
    const hook = expandExample(
      'https://hooks.slack.com/services/T‹[A-Z0-9]{9}›/B‹[A-Z0-9]{9}›/‹[A-Za-z0-9]{24}›',
    );
    expect(everything.scan(`see ${hook} now`)).toEqual([
      { start: 4, end: 4 + hook.length, entity: 'WEBHOOK_URL', score: 0.985, rule: 'slack-webhook' },
    ]);
    const clone = `git clone https://x:${pat}@github.com/a/b.git`;
    expect(everything.scan(clone).map((finding) => finding.entity)).toContain('ACCESS_TOKEN');
  });

  test('is found in the piece of a long text in which it stands, wherever the pieces part', () => {
    for (let offset = 0; offset < 48; offset += 5) {
      const before = 'x '.repeat((65_536 + 512 - offset) >> 1);
      const found = secrets.scan(`${before}key ${pat} ${'y '.repeat(60_000)}`);
      expect(found.map(({ start, end }) => [start, end])).toEqual([
        [before.length + 4, before.length + 4 + pat.length],
      ]);
    }
  });

  test('written in full-width letters or parted by invisible ones is found', () => {
    const wide = [...pat].map((unit) => String.fromCharCode(unit.charCodeAt(0) + 0xfee0)).join('');
    expect(secrets.scan(`key ${wide}`)).toHaveLength(1);
    expect(secrets.scan(`key ${pat.slice(0, 9)}\u200b${pat.slice(9)}`)).toHaveLength(1);
  });
});

it('a private key is covered to its last line, in a file, a string and a JSON text', () => {
  const body = expandExample('‹[A-Za-z0-9+/]{64}›\n‹[A-Za-z0-9+/]{64}›\n‹[A-Za-z0-9+/]{30}›==');
  for (const key of [
    body,
    body.replaceAll('\n', '\\n'),
    body.replaceAll('\n', '\r\n'),
    body.replaceAll('\n', ' '),
  ]) {
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
    expect(secrets.scan(`key: "${pem}"`).map(({ start, end }) => [start, end])).toContainEqual([
      6,
      6 + pem.length,
    ]);
  }
});

it('severities and scores are such as a report can use', () => {
  for (const rule of SECRET_RULES) {
    expect(['critical', 'high', 'medium', 'low'], rule.id).toContain(rule.severity);
    expect(Math.max(rule.scores.alone, rule.scores.context ?? 0), rule.id).toBeGreaterThanOrEqual(0.5);
  }
});

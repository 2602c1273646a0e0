import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkPolicy, runPolicyTests } from '@sallyport/policy';
import { describe, expect, it } from 'vitest';
import { PolicyFolder } from './support/policy-file.ts';

const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'docs/controls.md',
  ...readdirSync('packages').map((folder) => `packages/${folder}/README.md`),
];

/** Code blocks of one language. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  );
}

describe.each(pages)('%s', (page) => {
  it('has no link that leads nowhere', () => {
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(
      /\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g,
    )) {
      expect(existsSync(join(dirname(page), target)), target).toBe(true);
    }
  });

  it('shows only policies that can be used', async () => {
    for (const text of blocks(page, 'yaml')) {
      const folder = new PolicyFolder(text);
      const { problems } = await checkPolicy(folder.path, { readyMade: 'policies' });
      expect(problems).toEqual([]);
      folder.dispose();
    }
  });

  it('fits the screen it promises to fit', () => {
    if (page.startsWith('packages/')) {
      expect(readFileSync(page, 'utf8').split('\n').length).toBeLessThan(60);
    }
  });
});

describe('README.md', () => {
  it('has exactly two commands to set up', () => {
    const [first = ''] = blocks('README.md', 'sh');
    const commands = first
      .trim()
      .split('\n')
      .map((line) => line.replace(/ +#.*$/, ''));
    expect(commands).toEqual(['npx -y pnpm@12 demo', 'npx -y pnpm@12 test']);
  });

  it('names no script that does not exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const page of ['README.md', 'CONTRIBUTING.md']) {
      for (const [, name = ''] of readFileSync(page, 'utf8').matchAll(/pnpm(?:@12)? ([a-z-]+)/g)) {
        expect([...Object.keys(scripts), 'stands'], `${page}: pnpm ${name}`).toContain(name);
      }
    }
  });
});

describe('packages/policy/AUDIT.md', () => {
  it.each(blocks('packages/policy/AUDIT.md', 'yaml').map((policy, index) => [index, policy] as const))(
    'shows a policy that can be used (%i)',
    async (_, policy) => {
      const folder = new PolicyFolder(policy);
      try {
        expect((await checkPolicy(folder.path)).problems).toEqual([]);
      } finally {
        folder.dispose();
      }
    },
  );
});

describe('packages/policy/REDACTION.md', () => {
  const [policy = '', tests = ''] = blocks('packages/policy/REDACTION.md', 'yaml');

  it('shows a policy that can be used, and tests that pass', async () => {
    const folder = new PolicyFolder(policy);
    try {
      expect((await checkPolicy(folder.path)).problems).toEqual([]);
      const outcomes = await runPolicyTests(folder.write('page.test.yaml', tests));
      expect(outcomes.map(({ name, why }) => [name, why])).toEqual(
        outcomes.map(({ name }) => [name, undefined]),
      );
      expect(outcomes).toHaveLength(3);
    } finally {
      folder.dispose();
    }
  });
});

describe('packages/policy/ALERTS.md', () => {
  const [policy = '', rule = ''] = blocks('packages/policy/ALERTS.md', 'yaml');

  it('shows a policy and a rule that can be used, and whose rules are known', async () => {
    const folder = new PolicyFolder(policy);
    try {
      mkdirSync(join(folder.directory, 'rules'));
      folder.write('rules/not-an-admin.yaml', rule);
      const now = (): number => Date.parse('2026-11-21T12:00:00Z');
      expect((await checkPolicy(folder.path, { readyMade: 'policies', now })).problems).toEqual([]);
    } finally {
      folder.dispose();
    }
  });

  it('fits on two screens', () => {
    expect(readFileSync('packages/policy/ALERTS.md', 'utf8').split('\n').length).toBeLessThan(120);
  });
});

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPolicy, runPolicyTests } from '@sallyport/policy';

const names = readdirSync('policies');
const policies = names.filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));

describe.each(policies)('policies/%s', (name) => {
  it('can be used, and lint has nothing to say about it', async () => {
    const { policy, problems } = await checkPolicy(`policies/${name}`);
    expect(problems).toEqual([]);
    expect(policy).toBeDefined();
  });

  it('has decision tests', () => {
    expect(names).toContain(name.replace('.yaml', '.test.yaml'));
  });
});

describe.each(names.filter((name) => name.endsWith('.test.yaml')))('policies/%s', async (name) => {
  it.each((await runPolicyTests(`policies/${name}`)).map((outcome) => [outcome.name, outcome] as const))(
    '%s',
    (_, { passed, why }) => {
      expect(why).toBeUndefined();
      expect(passed).toBe(true);
    },
  );
});

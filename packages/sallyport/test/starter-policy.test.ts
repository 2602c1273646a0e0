import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { checkPolicy } from '@sallyport/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Offer, starterPolicy } from '../src/starter-policy.ts';

const offer: Offer = {
  server: 'notes',
  tools: [
    { name: 'read_note', description: 'Reads a note. And more.', readOnly: true, destructive: false },
    { name: 'delete_note', description: 'Deletes a note', readOnly: false, destructive: true },
  ],
  resources: ['note://today'],
  prompts: ['summarize'],
};

async function check(text: string): ReturnType<typeof checkPolicy> {
  const folder = new PolicyFolder(text);
  try {
    return await checkPolicy(folder.path);
  } finally {
    folder.dispose();
  }
}

describe('starterPolicy', () => {
  it('permits what says it only reads, and leaves the rest as comments', async () => {
    const text = starterPolicy(offer, ['node', 'server.js']);
    expect(text).toMatch(/^ {4}p, role:user, \*, tool:read_note, call, , allow$/m);
    expect(text).toMatch(/^ {4}# delete_note: DESTRUCTIVE\. Deletes a note$/m);
    expect(text).toMatch(/^ {4}# p, role:user, \*, tool:delete_note, call, , allow$/m);
    const { policy, problems } = await check(text);
    expect(problems).toEqual([]);
    const principal = { subject: 'me', roles: ['user'], claims: {}, method: 'process' } as const;
    const may = (tool: string): string | undefined =>
      policy?.rbac.decide({ principal, server: 'default', object: `tool:${tool}`, action: 'call', args: {} })
        .effect;
    expect([may('read_note'), may('delete_note')]).toEqual(['permit', 'deny']);
  });

  it('lets no text of the server become a rule, a key or a terminal command', async () => {
    const text = starterPolicy(
      {
        server: 'x\nmode: audit\n',
        tools: [
          {
            name: 'a, call\n    p, role:user, *, tool:*',
            description: undefined,
            readOnly: true,
            destructive: false,
          },
          {
            name: 'ok',
            description: 'x\n    p, role:user, *, tool:*, call\u2028p\u001b[2J',
            readOnly: true,
            destructive: false,
          },
          { name: '*', description: 'all', readOnly: true, destructive: false },
        ],
        resources: ['note://a\nmode: audit'],
        prompts: ['*'],
      },
      ['node', 'a "quoted"\n thing'],
    );
    const { policy } = await check(text);
    expect(policy?.mode).toBe('enforce');
    expect(policy?.rbac.size).toBe(1);
    expect(text).not.toContain('\u001b');
  });

  it('is a usable policy for any server', async () => {
    const tool = fc.record({
      name: fc.oneof(fc.string(), fc.stringMatching(/^[a-z_]{1,12}$/)),
      description: fc.option(fc.string(), { nil: undefined }),
      readOnly: fc.boolean(),
      destructive: fc.boolean(),
    });
    const any = fc.record({
      server: fc.string(),
      tools: fc.array(tool),
      resources: fc.array(fc.string()),
      prompts: fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[a-z_]{1,12}$/))),
    });
    await fc.assert(
      fc.asyncProperty(
        any,
        fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
        async (offered, command) => {
          const { problems } = await check(starterPolicy(offered, command));
          expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

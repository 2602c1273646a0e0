import { checkPolicy, loadPolicy } from '@sallyport/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

let folder: PolicyFolder | undefined;
afterEach(() => folder?.dispose());

const RULES = `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
`;

async function problems(scan: string): Promise<readonly string[]> {
  folder = new PolicyFolder(`${RULES}${scan}`);
  const { problems: found } = await checkPolicy(folder.path);
  return found.map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`);
}

describe('scan in a policy', () => {
  it.each([
    'scan: {}',
    'scan: { maxFileMegabytes: 0.5, without: [generic-password, mcp-config-env] }',
    `scan:
  allow:
    - { reason: made up, paths: ['test/fixtures/', '!test/fixtures/real.env'] }
    - { reason: of the sandbox, rules: [stripe-secret-key, mcp-config-url], pattern: 'sk_test_[0-9a-zA-Z]{24}' }`,
  ])('is taken as it is: %#', async (scan) => {
    expect(await problems(scan)).toEqual([]);
  });

  it.each([
    ['scan: { allow: [{ paths: [a/] }] }', /^error 3:\d+ .*lacks "reason"/],
    ['scan: { allow: [{ reason: " ", paths: [a/] }] }', /^error 3:27 say why, such as/],
    ['scan: { allow: [{ reason: x }] }', /^error 3:17 this would allow everything/],
    ['scan: { allow: [{ reason: x, paths: ["./a"] }] }', /^error 3:38 "\.\/a" agrees with nothing/],
    ['scan: { allow: [{ reason: x, paths: ["a\\\\b"] }] }', /write \/ between folders/],
    ['scan: { allow: [{ reason: x, pattern: "(a+)+$" }] }', /^error 3:39 /],
    ['scan: { allow: [{ reason: x, pattern: "(" }] }', /^error 3:39 /],
    [
      'scan: { allow: [{ reason: x, rules: [github-pta] }] }',
      /^error 3:38 there is no rule "github-pta"; did you mean "github-pat"\?/,
    ],
    [
      'scan: { without: [nothing-like-it] }',
      /^error 3:19 there is no rule "nothing-like-it"; SECRETS\.md lists them/,
    ],
    ['scan: { alow: [] }', /unknown key "alow"; did you mean "allow"\?/],
    ['scan: { maxFileMegabytes: 0 }', /must be > 0/],
  ])('says of %s what to write instead', async (scan, expected) => {
    expect(await problems(scan)).toEqual([expect.stringMatching(expected)]);
  });

  it('adds what a policy allows to what the extended one does, and shows where each comes from', async () => {
    folder = new PolicyFolder(`${RULES}extends: ./base.yaml
scan: { allow: [{ reason: here, paths: [here/] }], without: [jwt] }
`);
    folder.write(
      'base.yaml',
      'version: 1\nscan: { allow: [{ reason: there, paths: [there/] }], maxFileMegabytes: 2 }\n',
    );
    const { scan, origins } = await loadPolicy(folder.path);
    expect(scan?.allow.map(({ reason }) => reason)).toEqual(['here', 'there']);
    expect(scan).toMatchObject({ without: ['jwt'], maxFileMegabytes: 2 });
    expect(origins.filter(({ setting }) => setting === 'scan.allow').map(({ value }) => value)).toEqual([
      'here',
      'there',
    ]);
  });
});

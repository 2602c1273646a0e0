import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPolicy, loadPolicy, PolicyError } from '@sallyport/policy';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

describe('checkPolicy', () => {
  let folder: PolicyFolder;
  beforeEach(() => {
    folder = new PolicyFolder();
  });
  afterEach(() => folder.dispose());

  /** Problems as `line:column message`, without the folder. */
  const problemsOf = async (text: string): Promise<string[]> => {
    folder.write('sallyport.yaml', text);
    const { problems } = await checkPolicy(folder.path);
    return problems.map(({ line, column, message, severity }) => `${line}:${column} ${severity}: ${message}`);
  };

  it('takes a whole policy without a word', async () => {
    folder.write('rules.csv', 'p, role:reader, *, tool:get_*, call, , allow\n');
    const problems = await problemsOf(`version: 1
mode: audit
servers:
  files: { command: [node, server.js], env: { KEY: 'env:KEY' }, restart: on-crash }
identity:
  stdio: { subject: ann, roles: [reader], client: ide }
authorization: { policy: rules.csv }
schema: { arguments: schema, results: audit, tools: [{ tool: get_x, arguments: { type: object } }] }
audit: { file: ./audit.jsonl, arguments: none }
bounds: { gateSeconds: 5 }
`);
    expect(problems).toEqual([]);
  });

  it('says of an empty policy that it denies everything', async () => {
    for (const text of ['', 'version: 1\n', '# nothing yet\n']) {
      const [problem, ...more] = await problemsOf(text);
      expect(problem).toMatch(/^1:1 warning: this policy has no rules and denies everything; add/);
      expect(more).toEqual([]);
    }
  });

  it('never shows what stands in a file that is not valid YAML', async () => {
    const texts = [
      'a: *hunter2',
      'a: !hunter2 x',
      'a: "x" hunter2',
      'a: |x hunter2\n b',
      '- a\nb: hunter2',
      'a: b: hunter2',
      'a: [hunter2, {b: [}',
      'a: @hunter2',
    ];
    for (const text of texts) {
      const problems = await problemsOf(text);
      expect(problems.length, text).toBeGreaterThan(0);
      expect(problems.join('\n'), text).toMatch(/not valid YAML/);
      expect(problems.join('\n'), text).not.toContain('hunter2');
    }
    expect(await problemsOf('version: 1\nidentity: *hunter2')).toEqual([
      expect.stringMatching(/^2:11 error: not valid YAML: a value that begins with \*/),
    ]);
  });

  it('says what to write where YAML reads something else than was meant', async () => {
    const env = async (value: string): Promise<string> =>
      (await problemsOf(`version: 1\nservers: { a: { command: [x], env: { KEY: ${value} } } }`)).join('\n');
    expect(await env('12345')).toMatch(/put it in quotes/);
    expect(await env('')).toMatch(/nothing stands after its colon/);
    expect(await env('[]')).toMatch(/write at least one entry/);
    expect(await problemsOf('version: 1\nservers: { a: { command: [x], onRotate: restart } }')).toEqual(
      expect.arrayContaining([expect.stringMatching(/did you mean "onRotation"/)]),
    );
  });

  it('reports everything wrong at once, each at its place, with what to write', async () => {
    const problems = await problemsOf(`version: 2
mode: enforced
shcema: {}
authorization:
  polcy: rules.csv
  model: missing.conf
schema:
  arguments: yes
  tools:
    - tool: x
      arguments: { type: objekt }
bounds: { gateSeconds: 0 }
`);
    const text = problems.join('\n');
    expect(text).toMatch(/^1:10 error: "version" must be 1, a number without quotes$/m);
    expect(text).toMatch(/^2:7 error: "mode" must be one of: enforce, audit/m);
    expect(text).toMatch(/^3:1 error: unknown key "shcema"; did you mean "schema"\?$/m);
    expect(text).toMatch(/^5:3 error: unknown key "polcy"; did you mean "policy"\?$/m);
    expect(text).toMatch(/^8:14 error: "schema.arguments" must be one of: strict, schema, off/m);
    expect(text).toMatch(/^12:24 error: "bounds.gateSeconds" must be > 0/m);
  });

  it('reports references that lead nowhere, rules that do not parse and schemas that do not compile together', async () => {
    folder.write(
      'rules.csv',
      '# rules\np, reader, *, tool:x, call, , allow\np, role:a, *, tool:[x], call, , allow\n',
    );
    const problems = await problemsOf(`version: 1
authorization:
  policy: rules.csv
  rules: |
    p, role:a, *, tool:x, call, args.n <, allow
  model: missing.conf
schema:
  tools:
    - { tool: x, arguments: { type: objekt } }
`);
    const text = problems.join('\n');
    expect(text).toMatch(/^6:10 error: .*missing\.conf cannot be read \(ENOENT\)/m);
    expect(text).toMatch(/^2:4 error: /m);
    expect(text).toMatch(/^3:\d+ error: /m);
    expect(text).toMatch(/^5:\d+ error: /m);
    expect(text).toMatch(/^9:\d+ error: not a usable JSON Schema/m);
  });

  it('points at the line of the policy file for a rule that is written in it', async () => {
    const { problems } = await (async () => {
      folder.write(
        'sallyport.yaml',
        'version: 1\nauthorization:\n  rules: |\n    # fine\n    p, nobody, *, tool:x, call\n',
      );
      return checkPolicy(folder.path);
    })();
    expect(problems[0]).toMatchObject({ line: 5, severity: 'error' });
    expect(problems[0]?.file).toContain('sallyport.yaml');
  });

  it.each([
    [
      'folded',
      'version: 1\nauthorization:\n  rules: >\n    p, role:a, *, tool:**, call\n    # no\n    p, role:a, *, tool:x, call, , deny\n',
    ],
    [
      'plain',
      'version: 1\nauthorization:\n  rules:\n    p, role:a, *, tool:**, call\n    p, role:a, *, tool:x, call, , deny\n',
    ],
    [
      'quoted',
      'version: 1\nauthorization:\n  rules: "p, role:a, *, tool:**, call\n    p, role:a, *, tool:x, call, , deny"\n',
    ],
  ])('refuses rules whose lines YAML would join: %s', async (_, text) => {
    expect((await problemsOf(text)).join()).toMatch(
      /error: YAML joins these lines to one.*write "rules: \|"/,
    );
  });

  it.each([
    ['a tab for indentation', 'version: 1\naudit:\n\tfile: x\n'],
    ['a key twice', 'version: 1\nmode: audit\nmode: enforce\n'],
    ['two documents', 'version: 1\n---\nversion: 1\n'],
    ['an unclosed quote', 'version: 1\nmode: "enforce\n'],
    [
      'an alias bomb',
      `version: 1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n`,
    ],
  ])('reports %s as invalid YAML', async (_, text) => {
    expect((await problemsOf(text)).join('\n')).toMatch(/error: not valid YAML/);
  });

  it('is not taken in by a list, a text or a number where a policy should be', async () => {
    for (const text of ['- a\n', 'hello\n', '7\n', 'null\nx: 1\n']) {
      expect((await problemsOf(text)).some((problem) => problem.includes('error'))).toBe(true);
    }
  });

  it('reports a policy that is not there', async () => {
    const { policy, problems } = await checkPolicy(join(folder.directory, 'none.yaml'));
    expect(policy).toBeUndefined();
    expect(problems[0]?.message).toMatch(/cannot be read \(ENOENT\); write the path of a policy file/);
  });

  it('never throws, whatever the file holds, and never gives a policy with errors', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'version: 1',
        'mode: audit',
        'authorization:',
        '  rules: |',
        '    p, role:a, *, tool:b, call',
        'schema: {}',
        '  - x',
        '{',
        '}',
        '&a',
        '*a',
        '!!js x',
        'servers: { a: { command: [x] } }',
      ),
      fc.string({ maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 10 }), async (lines) => {
        folder.write('sallyport.yaml', lines.join('\n'));
        const { policy, problems } = await checkPolicy(folder.path);
        const errors = problems.filter(({ severity }) => severity === 'error');
        expect(policy === undefined).toBe(errors.length > 0);
      }),
      { numRuns: 300 },
    );
  });

  describe('extends', () => {
    it('lets later keys win and adds rules', async () => {
      folder.write(
        'base.yaml',
        'version: 1\nmode: audit\nschema: { arguments: off }\nauthorization: { rules: "p, role:a, *, tool:x, call" }\n',
      );
      folder.write(
        'sallyport.yaml',
        'version: 1\nextends: ./base.yaml\nmode: enforce\nauthorization: { rules: "p, role:a, *, tool:y, call" }\n',
      );
      const policy = await loadPolicy(folder.path);
      expect(policy.mode).toBe('enforce');
      expect(policy.schema.arguments).toBe('off');
      expect(policy.rbac.size).toBe(2);
      expect(policy.files).toHaveLength(2);
    });

    it('says where each setting comes from', async () => {
      folder.write('base.yaml', 'version: 1\nschema: { arguments: off }\n');
      folder.write('sallyport.yaml', 'version: 1\nextends: ./base.yaml\nmode: audit\n');
      const { origins } = await loadPolicy(folder.path);
      const at = (setting: string): string | undefined =>
        origins.find((origin) => origin.setting === setting)?.at;
      expect(at('mode')).toMatch(/sallyport\.yaml:3$/);
      expect(at('schema.arguments')).toMatch(/base\.yaml:2$/);
      expect(at('schema.results')).toBe('default');
    });

    it('refuses a circle', async () => {
      folder.write('base.yaml', 'version: 1\nextends: ./sallyport.yaml\n');
      expect(await problemsOf('version: 1\nextends: ./base.yaml\n')).toEqual(
        expect.arrayContaining([expect.stringMatching(/"extends" leads back to this policy/)]),
      );
    });

    it('refuses a ready-made policy that does not exist, and any path out of their folder', async () => {
      for (const name of ['sallyport/policies/none.yaml', 'sallyport/policies/../secrets.yaml']) {
        expect((await problemsOf(`version: 1\nextends: ${name}\n`)).join()).toMatch(
          /not a ready-made policy here/,
        );
      }
    });
  });

  describe('the digest', () => {
    it('is the same for the same files and another after any change', async () => {
      folder.write('rules.csv', 'p, role:a, *, tool:x, call\n');
      folder.write('sallyport.yaml', 'version: 1\nauthorization: { policy: rules.csv }\n');
      const first = (await loadPolicy(folder.path)).digest;
      expect((await loadPolicy(folder.path)).digest).toBe(first);
      folder.write('rules.csv', 'p, role:a, *, tool:x, call\n\n');
      expect((await loadPolicy(folder.path)).digest).not.toBe(first);
    });
  });

  it('throws every problem together from loadPolicy', async () => {
    writeFileSync(folder.path, 'version: 2\nmode: x\n');
    const error = await loadPolicy(folder.path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PolicyError);
    expect((error as PolicyError).problems).toHaveLength(2);
    expect((error as PolicyError).message).toMatch(/sallyport\.yaml:1:10 .*\n.*sallyport\.yaml:2:7 /);
  });
});

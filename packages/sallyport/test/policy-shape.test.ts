import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { checkPolicy, formatProblem } from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');

/** One fault of each kind that a schema can name. */
const FAULTS: Readonly<Record<string, string>> = {
  'unknown keys': 'audit: { stder: true }\nbound: {}',
  'wrong types': 'servers: { files: { command: node } }\nbounds: { gateSeconds: "x" }',
  'numbers out of bounds': 'bounds: { gateSeconds: 0 }\nsecrets: { freshSeconds: 100000 }',
  'words that are none': 'mode: loud\naudit: { arguments: all }',
  'empty lists': 'servers: { files: { command: [] } }',
  'missing members': 'redaction: { detection: { rules: [{ id: x }] } }\naudit: { journal: {} }',
  'names that are none':
    'servers: { "a b": { command: [node] } }\naudit: { sinks: { A: { type: file, file: x } } }',
  'wrong addresses': 'secrets: { providers: { vault: { address: ftp://x, auth: { method: token } } } }',
};

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder();
});
afterEach(() => folder.dispose());

describe('the schema that the command was built with says the same of a policy as the one that is compiled at run time', () => {
  test.each(Object.keys(FAULTS))('about %s', async (kind) => {
    const path = folder.write('sallyport.yaml', `version: 1\n${FAULTS[kind]}\n`);
    const { problems } = await checkPolicy(path);
    const { status, stderr, stdout } = spawnSync(process.execPath, [CLI, 'policy', 'lint', path], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    });

    expect(status).toBe(1);
    const said = `${stdout}${stderr}`;
    for (const problem of problems) expect(said).toContain(formatProblem(problem));
    expect(problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    expect(said).toContain(`${problems.filter(({ severity }) => severity === 'error').length} error`);
  });
});

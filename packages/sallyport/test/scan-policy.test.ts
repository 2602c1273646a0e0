import { rulesById } from '@sallyport/scan';
import { checkPolicy } from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUpToken, ScanFolder } from './scan-folder.ts';

let folder: ScanFolder;
beforeEach(() => {
  folder = new ScanFolder();
});
afterEach(() => folder.dispose());

describe('a scan with a policy', () => {
  it('reports what the policy does not allow, and counts what it does', async () => {
    folder.write('test/a.env', `TOKEN=${madeUpToken()}\n`);
    folder.write('src/b.env', `TOKEN=${madeUpToken()}\n`);
    folder.write(
      'policy.yaml',
      'version: 1\nscan: { allow: [{ reason: made up, paths: [test/], rules: [github-pat] }] }\n',
    );
    const without = await folder.run(['scan']);
    expect([without.code, without.out.match(/TOKEN=/g)?.length]).toEqual([1, 2]);
    const { code, out } = await folder.run(['scan', '-p', 'policy.yaml']);
    expect(code).toBe(1);
    expect(out).not.toContain('test/a.env');
    expect(out).toContain('not reported: 1 by the allow list');
  });

  it('leaves out its rules and those of the command, and reads no longer files than it says', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    folder.write('big.txt', 'x'.repeat(5000));
    folder.write(
      'policy.yaml',
      'version: 1\nscan: { without: [github-pat, generic-token], maxFileMegabytes: 0.004 }\n',
    );
    const { code, out } = await folder.run(['scan', '-p', 'policy.yaml', '--without', 'jwt']);
    expect(code).toBe(0);
    expect(out).toContain('big.txt: It has 5000 bytes and was not scanned');
    expect((await folder.run(['scan', '-p', 'policy.yaml', '--max-file', '1m'])).out).not.toContain(
      'big.txt',
    );
  });

  it('says with its place what is wrong with the policy, and ends with 2', async () => {
    folder.write('policy.yaml', 'version: 1\nscan: { allow: [{ reason: made up }] }\n');
    const { code, err } = await folder.run(['scan', '-p', 'policy.yaml']);
    expect(code).toBe(2);
    expect(err).toMatch(/policy\.yaml:2:17 .*this would allow everything/);
    folder.write('policy.yaml', 'version: 1\n');
    expect((await folder.run(['scan', '-p', 'policy.yaml'])).err).toMatch(
      /says nothing about scans; add "scan: /,
    );
    expect((await folder.run(['scan', '-p', 'gone.yaml'])).code).toBe(2);
  });

  it('may name every rule that there is', async () => {
    const rules = [...rulesById().keys()];
    const path = folder.write('policy.yaml', `version: 1\nscan: { without: ${JSON.stringify(rules)} }\n`);
    const { problems } = await checkPolicy(path);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

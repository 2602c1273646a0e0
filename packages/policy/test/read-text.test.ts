import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPolicy, LiveGuard, loadPolicy } from '@sallyport/policy';
import { MemorySink } from '../../../test/support/memory-sink.ts';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { readText } from '../src/read-text.ts';
import { withinTime } from '../src/within-time.ts';

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder();
});
afterEach(() => folder.dispose());

const at = (name: string): string => join(folder.directory, name);
const pipe = (name: string): unknown => execFileSync('mkfifo', [at(name)]);

describe('a text of a policy', () => {
  test('is what a regular file says, also behind a link, and also an empty one', async () => {
    folder.write('a.yaml', 'ä: 1\n');
    folder.write('empty.yaml', '');
    symlinkSync('a.yaml', at('link.yaml'));
    expect(await readText(at('link.yaml'))).toBe('ä: 1\n');
    expect(await readText(at('empty.yaml'))).toBe('');
  });

  test('is there in whole where the system makes it up as it is read', async () => {
    expect(await readText('/proc/self/limits')).toBe(readFileSync('/proc/self/limits', 'utf8'));
  });

  test('is none where nobody would ever end it, and nobody waits', async () => {
    pipe('pipe');
    symlinkSync('/dev/zero', at('zero'));
    for (const name of ['pipe', 'zero'])
      expect(await readText(at(name))).toEqual({ code: 'no regular file' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    expect(await readText(at('socket'))).toEqual({ code: 'no regular file' });
    server.close();
  });

  test('is not read where it is too large, or a folder', async () => {
    folder.write('large', '');
    truncateSync(at('large'), 2 ** 30);
    mkdirSync(at('folder'));
    expect(await readText(at('large'))).toEqual({ code: 'more than 16 MiB' });
    expect(await readText(at('large'), 2 ** 20)).toEqual({ code: 'more than 1 MiB' });
    expect(await readText(at('folder'))).toEqual({ code: 'EISDIR' });
    expect(await readText(at('none'))).toEqual({ code: 'ENOENT' });
  });

  test('is not waited for longer than a disk may take', async () => {
    expect(await withinTime(new Promise(() => undefined), 1)).toBeUndefined();
    expect(await withinTime(Promise.resolve('x'), 1000)).toBe('x');
    await expect(withinTime(Promise.reject(new Error('gone')), 1000)).rejects.toThrow('gone');
  });
});

describe('a pipe', () => {
  const RULES = (tools: string): string => `version: 1
authorization: { rules: 'p, role:user, *, tool:${tools}, call' }
alerts: { folder: ./alerts, rules: [./rules], sinks: { here: { type: stderr } } }
`;
  const RULE = `title: A tool ran
id: 5a1f6b0e-3d0c-4a52-9a2e-1d5f0c7b8a90
logsource: { product: sallyport, service: audit }
detection: { selection: { type: outcome }, condition: selection }
level: low
`;

  test('in the place of a policy is told, in words', async () => {
    pipe('sallyport.yaml');
    await expect(loadPolicy(folder.path)).rejects.toThrow(
      /cannot be read \(no regular file\); write the path/,
    );
  });

  test('in a folder of rules is told by its name, with where the policy names the folder', async () => {
    folder.write('sallyport.yaml', RULES('look'));
    mkdirSync(at('rules'));
    folder.write('rules/a.yaml', RULE);
    pipe('rules/x.yaml');
    const { problems } = await checkPolicy(folder.path);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        line: 3,
        message: expect.stringMatching(/rules\/x\.yaml is no regular file; name a file with rules$/),
      },
    ]);
  });

  test('that comes while a guard runs holds up no later change of the policy', async () => {
    folder.write('sallyport.yaml', RULES('reset'));
    mkdirSync(at('rules'));
    folder.write('rules/a.yaml', RULE);
    const guard = await LiveGuard.start({ path: folder.path, sink: new MemorySink() });
    try {
      pipe('rules/x.yaml');
      expect(await guard.reload()).toBe(false);
      execFileSync('rm', [at('rules/x.yaml')]);
      const { digest } = guard.policy;
      folder.write('sallyport.yaml', RULES('look'));
      expect(await guard.reload()).toBe(true);
      expect(guard.policy.digest).not.toBe(digest);
    } finally {
      await guard.close();
    }
  });
});

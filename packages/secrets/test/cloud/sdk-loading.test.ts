import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
// Where tsx is found.
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const sources = fileURLToPath(new URL('../../src', import.meta.url));

/** Everything that a program prints, on both streams. */
async function printed(program: string, argument: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { AWS_PROFILE: _, AZURE_CLIENT_ID: __, ...inherited } = process.env;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', join(here, program), argument],
    { cwd: root, env: { ...inherited, GOOGLE_SDK_NODE_LOGGING: '', ...env }, maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout + stderr;
}

describe('the SDKs of the clouds', () => {
  it('are asked for with the command that installs them, and only when something is read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-no-sdk-'));
    await cp(sources, join(directory, 'src'), { recursive: true });
    await writeFile(join(directory, 'package.json'), '{"type":"module"}');
    const text = await printed('without-sdks-program.ts', join(directory, 'src'), {});
    await rm(directory, { recursive: true });
    const lines = text.split('\n');
    const expected = [
      ['awssm', '@aws-sdk/client-secrets-manager'],
      ['azkv', '@azure/keyvault-secrets @azure/identity'],
      ['gcpsm', '@google-cloud/secret-manager'],
    ];
    for (const [index, [scheme = '', packages = '']] of expected.entries()) {
      expect(lines[index]).toContain(`not_configured ${scheme}://app:`);
      expect(lines[index]?.endsWith(`run: npm install ${packages}`)).toBe(true);
    }
  });

  it.each([
    ['', 'found'],
    ['all', 'not_configured'],
  ])('print no value and no token, whatever they are told to log (%s)', async (google, outcome) => {
    const value = 'hunter2-in-the-cloud';
    const text = await printed('quiet-program.ts', value, {
      AWS_ACCESS_KEY_ID: 'AKIDFORTESTS',
      AWS_SECRET_ACCESS_KEY: 'aws-key-for-tests',
      AZURE_LOG_LEVEL: 'verbose',
      DEBUG: '*',
      GOOGLE_SDK_NODE_LOGGING: google,
      GRPC_TRACE: 'all',
      GRPC_VERBOSITY: 'DEBUG',
    });
    for (const line of [
      'awssm app found',
      'awssm missing not_found',
      'awssm app unavailable',
      'azkv app found',
      'azkv missing not_found',
      'azkv app unavailable',
      `gcpsm app ${outcome}`,
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    for (const secret of [
      value,
      btoa(value),
      'aws-key-for-tests',
      'azure-access-token',
      'PRIVATE KEY',
      'eyJ',
    ]) {
      expect(text).not.toContain(secret);
    }
    // The Azure SDK did log, so the silence above is not that of a log that was off.
    expect(text).toContain('azure:');
  });
});

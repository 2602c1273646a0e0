import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RevealedSecrets } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKeystorePassphrase } from '../../src/keystore/find-keystore-passphrase.ts';
import { failureOf, KeystoreFolder } from './keystore-rig.ts';

describe('the passphrase of a keystore', () => {
  let rig: KeystoreFolder;
  let file: string;
  let env: Record<string, string>;
  beforeEach(() => {
    rig = new KeystoreFolder();
    file = join(rig.folder, 'passphrase');
    writeFileSync(file, '', { mode: 0o600 });
    const credentials = join(rig.folder, 'credentials');
    mkdirSync(credentials);
    writeFileSync(join(credentials, 'sallyport-keystore-passphrase'), 'from systemd\n');
    env = { SALLYPORT_KEYSTORE_PASSPHRASE: 'from the environment', CREDENTIALS_DIRECTORY: credentials };
  });
  afterEach(() => rig.dispose());

  const found = async (options: Parameters<typeof findKeystorePassphrase>[0]): Promise<string | undefined> =>
    (await findKeystorePassphrase(options))?.reveal();

  it('comes from the file, then the environment, then systemd', async () => {
    writeFileSync(file, 'from the file\n');
    expect(await found({ file, env })).toBe('from the file');
    expect(await found({ env })).toBe('from the environment');
    expect(await found({ env: { ...env, SALLYPORT_KEYSTORE_PASSPHRASE: '' } })).toBe('from systemd');
    expect(await found({ env: { CREDENTIALS_DIRECTORY: rig.folder } })).toBeUndefined();
    expect(await found({ env: {} })).toBeUndefined();
  });

  it('loses one line break at the end of a file, and nothing else', async () => {
    for (const [text, passphrase] of [
      [' spaces \n', ' spaces '],
      ['windows\r\n', 'windows'],
      ['bare', 'bare'],
    ] as const) {
      writeFileSync(file, text);
      expect(await found({ file, env })).toBe(passphrase);
    }
  });

  it('is warned of when its file can be used by others, unless systemd says who may', async () => {
    writeFileSync(file, 'from the file');
    const warnings: string[] = [];
    const onWarning = (text: string): void => void warnings.push(text);
    for (const mode of [0o400, 0o600, 0o644, 0o620]) {
      chmodSync(file, mode);
      expect(await found({ file, env, onWarning })).toBe('from the file');
    }
    expect(warnings).toEqual([
      `${file} has the passphrase and can be used by others (mode 644); run: chmod 600 ${file}`,
      `${file} has the passphrase and can be used by others (mode 620); run: chmod 600 ${file}`,
    ]);
    const credential = join(rig.folder, 'credentials', 'sallyport-keystore-passphrase');
    chmodSync(credential, 0o440);
    await found({ env: { ...env, SALLYPORT_KEYSTORE_PASSPHRASE: '' }, onWarning });
    expect(warnings).toHaveLength(2);
  });

  it('is never looked for elsewhere when its file is wrong, nor shown', async () => {
    const missing = await failureOf(findKeystorePassphrase({ file: `${file}.other`, env }));
    expect(missing.code).toBe('not_configured');
    expect(missing.message).toContain('ENOENT');
    for (const [text, why] of [
      ['', 'is empty'],
      ['\n', 'is empty'],
      ['hunter2\nhunter3\n', 'more than one line'],
      [Buffer.from([0xff, 0xfe]), 'no UTF-8'],
    ] as const) {
      writeFileSync(file, text);
      const error = await failureOf(findKeystorePassphrase({ file, env }));
      expect(error.message).toContain(why);
      expect(error.message).not.toContain('hunter');
    }
  });

  it('is remembered as revealed once it is used', async () => {
    const revealed = new RevealedSecrets();
    const passphrase = await findKeystorePassphrase({ env, revealed });
    expect(revealed.size).toBe(0);
    passphrase?.reveal();
    expect(revealed.conceal('it was from the environment')).toBe('it was [secret]');
  });
});

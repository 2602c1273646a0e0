import { findKeystorePassphrase, Keystore, SecretError } from '@sallyport/secrets';
import { complain } from '../complain.ts';
import { print, style } from '../terminal.ts';
import { type KeystoreChoice, newPassphrase, withKeystore } from '../with-keystore.ts';
import { isGenerateRight, type ValueChoice, valueFor } from './secrets-set.ts';

export interface RotateOptions extends KeystoreChoice, Omit<ValueChoice, 'name'> {
  /** The passphrase of the file, and no entry. */
  readonly passphrase?: boolean;
  /** Where the new one is. Default: it is asked for. */
  readonly newPassphraseFile?: string;
}

/** Gives a secret a new value, or the file a new passphrase. Returns the exit code. */
export async function secretsRotate(options: RotateOptions): Promise<number> {
  const { name, passphrase = false } = options;
  if ((name === undefined) !== passphrase) {
    complain(
      'write which secret is rotated, or --passphrase for that of the file: sallyport secrets rotate NAME',
    );
    return 2;
  }
  if (name === undefined) return rotatePassphrase(options);
  if (!isGenerateRight(options)) return 2;
  return withKeystore(options, {}, async (keystore, terminal) => {
    // Before anybody is asked for a value.
    await keystore.get(name);
    const value = await valueFor({ ...options, name }, terminal);
    const { version, versions } = await keystore.rotate(name, value);
    print(`${style.green('Rotated')} ${name} to version ${version}.`);
    print(`The value before is ${Keystore.referenceTo(name)}?version=${versions[1] ?? version}`);
    return 0;
  });
}

function rotatePassphrase(options: RotateOptions): Promise<number> {
  const { keystore: file, newPassphraseFile } = options;
  return withKeystore(options, {}, async (keystore, terminal) => {
    const next =
      newPassphraseFile === undefined
        ? await newPassphrase(file, terminal, '--new-passphrase-file')
        : await findKeystorePassphrase({ file: newPassphraseFile, onWarning: complain });
    if (next === undefined) throw new SecretError('not_configured', 'keystore', 'there is no new passphrase');
    await keystore.changePassphrase(next);
    print(`${style.green('Changed')} the passphrase of ${file}.`);
    print('Older copies of the file still open with the old one: delete them, or rotate what is in them.');
    return 0;
  });
}

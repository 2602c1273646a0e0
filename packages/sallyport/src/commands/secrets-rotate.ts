import { randomBytes } from 'node:crypto';
import { findKeystorePassphrase, Keystore, SecretError } from '@sallyport/secrets';
import { complain } from '../complain.ts';
import { print, style } from '../terminal.ts';
import { type KeystoreChoice, newPassphrase, withKeystore } from '../with-keystore.ts';
import { valueFor } from './secrets-set.ts';

export interface RotateOptions extends KeystoreChoice {
  readonly base64?: boolean;
  /** A random value of so many bytes, as base64url; true: 32. */
  readonly generate?: true | string;
  /** The passphrase of the file, and no entry. */
  readonly passphrase?: boolean;
  /** Where the new one is. Default: it is asked for. */
  readonly newPassphraseFile?: string;
}

const [FEWEST_BYTES, DEFAULT_BYTES, MOST_BYTES] = [16, 32, 1024];

/** Gives a secret a new value, or the file a new passphrase. Returns the exit code. */
export async function secretsRotate(options: RotateOptions): Promise<number> {
  const { name, passphrase = false, generate } = options;
  if ((name === undefined) !== passphrase) {
    complain(
      'write which secret is rotated, or --passphrase for that of the file: sallyport secrets rotate NAME',
    );
    return 2;
  }
  if (name === undefined) return rotatePassphrase(options);
  const bytes = generate === undefined ? undefined : generate === true ? DEFAULT_BYTES : Number(generate);
  if (bytes !== undefined && !(Number.isInteger(bytes) && bytes >= FEWEST_BYTES && bytes <= MOST_BYTES)) {
    complain(
      `--generate takes a number of bytes, ${FEWEST_BYTES} to ${MOST_BYTES}, or nothing for ${DEFAULT_BYTES}`,
    );
    return 2;
  }
  return withKeystore(options, {}, async (keystore, terminal) => {
    // Before anybody is asked for a value.
    await keystore.get(name);
    const value =
      bytes === undefined
        ? await valueFor({ ...options, name }, terminal)
        : randomBytes(bytes).toString('base64url');
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
        ? await newPassphrase(file, terminal)
        : await findKeystorePassphrase({ file: newPassphraseFile });
    if (next === undefined) throw new SecretError('not_configured', 'keystore', 'there is no new passphrase');
    await keystore.changePassphrase(next);
    print(`${style.green('Changed')} the passphrase of ${file}.`);
    print('Older copies of the file still open with the old one: delete them, or rotate what is in them.');
    return 0;
  });
}

import { readFile } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { type RevealedSecrets, Secret } from '@sallyport/core';
import { SecretError } from '../secret-error.ts';

const VARIABLE = 'SALLYPORT_KEYSTORE_PASSPHRASE';
/** For `LoadCredential=` and `SetCredentialEncrypted=` of systemd. */
const CREDENTIAL = 'sallyport-keystore-passphrase';

export interface FindKeystorePassphraseOptions {
  /** Read first, and must be there when it is named; a pipe will do. One line break at the end is not part of it. */
  readonly file?: string | undefined;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Remembers the passphrase, so that nothing that is guarded repeats it. */
  readonly revealed?: RevealedSecrets;
}

/**
 * The passphrase from the file that is named, `SALLYPORT_KEYSTORE_PASSPHRASE`, or the systemd credential, in this order;
 * undefined when there is none of them, and so somebody has to be asked. A variable that is empty counts as none.
 *
 * @throws SecretError `not_configured` when a file cannot be read, or has no text in it
 */
export async function findKeystorePassphrase(
  options: FindKeystorePassphraseOptions = {},
): Promise<Secret | undefined> {
  const { file, env = process.env, revealed } = options;
  if (file !== undefined) return new Secret(await lineIn(file, true), revealed);
  const variable = env[VARIABLE];
  if (variable !== undefined && variable !== '') return new Secret(variable, revealed);
  const credentials = env['CREDENTIALS_DIRECTORY'];
  if (credentials === undefined || credentials === '') return undefined;
  const line = await lineIn(join(credentials, CREDENTIAL), false);
  return line === undefined ? undefined : new Secret(line, revealed);
}

function lineIn(file: string, required: true): Promise<string>;
function lineIn(file: string, required: false): Promise<string | undefined>;
async function lineIn(file: string, required: boolean): Promise<string | undefined> {
  const wrong = (why: string): SecretError =>
    new SecretError('not_configured', 'keystore', `the passphrase file ${file} ${why}`);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return undefined;
    throw wrong(`cannot be read (${code}); name a file that has the passphrase in one line`);
  }
  if (!isUtf8(bytes)) throw wrong('is no UTF-8 text; name a file that has the passphrase in one line');
  const line = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (line === '') throw wrong('is empty; write the passphrase into it');
  if (/[\r\n]/.test(line))
    throw wrong('has more than one line; write the passphrase into it, and nothing else');
  return line;
}

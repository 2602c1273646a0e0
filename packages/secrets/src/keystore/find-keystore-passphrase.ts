import { type FileHandle, open } from 'node:fs/promises';
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
  /** Told of a named file that others can use. Default: `process.emitWarning`. */
  readonly onWarning?: (text: string) => void;
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
  const { file, env = process.env, revealed, onWarning = (text) => process.emitWarning(text) } = options;
  if (file !== undefined) return new Secret(await lineIn(file, onWarning), revealed);
  const variable = env[VARIABLE];
  if (variable !== undefined && variable !== '') return new Secret(variable, revealed);
  const credentials = env['CREDENTIALS_DIRECTORY'];
  if (credentials === undefined || credentials === '') return undefined;
  // Who may read this one is up to systemd.
  const line = await lineIn(join(credentials, CREDENTIAL), undefined);
  return line === undefined ? undefined : new Secret(line, revealed);
}

type Warn = (text: string) => void;

/** Without somebody to warn, the file need not be there. */
function lineIn(file: string, onWarning: Warn): Promise<string>;
function lineIn(file: string, onWarning: undefined): Promise<string | undefined>;
async function lineIn(file: string, onWarning: Warn | undefined): Promise<string | undefined> {
  const wrong = (why: string): SecretError =>
    new SecretError('not_configured', 'keystore', `the passphrase file ${file} ${why}`);
  let bytes: Buffer;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    if (onWarning !== undefined) await warnWhenOpen(handle, file, onWarning);
    bytes = await handle.readFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && onWarning === undefined) return undefined;
    throw wrong(`cannot be read (${code}); name a file that has the passphrase in one line`);
  } finally {
    await handle?.close();
  }
  if (!isUtf8(bytes)) throw wrong('is no UTF-8 text; name a file that has the passphrase in one line');
  const line = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (line === '') throw wrong('is empty; write the passphrase into it');
  if (/[\r\n]/.test(line))
    throw wrong('has more than one line; write the passphrase into it, and nothing else');
  return line;
}

async function warnWhenOpen(handle: FileHandle, file: string, onWarning: Warn): Promise<void> {
  const found = await handle.stat();
  const mode = found.mode & 0o777;
  if (process.platform === 'win32' || !found.isFile() || (mode & 0o077) === 0) return;
  onWarning(
    `${file} has the passphrase and can be used by others (mode ${mode.toString(8)}); run: chmod 600 ${file}`,
  );
}

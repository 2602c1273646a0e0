import { existsSync } from 'node:fs';
import { Secret } from '@sallyport/core';
import { findKeystorePassphrase, Keystore, SecretError } from '@sallyport/secrets';
import { AskSecret, Interrupted } from './ask-secret.ts';
import { complain } from './complain.ts';

/** Which file, and how it is opened. */
export interface KeystoreChoice {
  readonly keystore: string;
  /** Default: the environment, systemd, or whoever sits at the terminal. */
  readonly passphraseFile?: string;
  /** The entry that this is about. */
  readonly name?: string;
  /** What else stood on the command line: refused, since a value there shows in the process list and the history. */
  readonly rest?: readonly string[];
}

/**
 * Opens a keystore, asking for its passphrase where nothing else has it. Returns the exit code: what `use` says, 1 when the
 * passphrase or the name is another, 2 when it could not be tried, 130 after Ctrl-C.
 */
export async function withKeystore(
  { keystore: file, passphraseFile, name, rest = [] }: KeystoreChoice,
  { create = false }: { readonly create?: boolean },
  use: (keystore: Keystore, terminal: AskSecret) => Promise<number>,
): Promise<number> {
  const terminal = new AskSecret();
  try {
    // Before anybody is asked for anything.
    if (name !== undefined) refuseArguments(Keystore.referenceTo(name), rest);
    const isNew = !existsSync(file);
    if (isNew && !create) {
      complain(`there is no keystore ${file}; "sallyport secrets set NAME --keystore ${file}" makes one`);
      return 2;
    }
    const found = await findKeystorePassphrase({ file: passphraseFile });
    const passphrase =
      found ?? (isNew ? await newPassphrase(file, terminal) : await knownPassphrase(file, terminal));
    const keystore = await Keystore.open(file, passphrase, { create, onWarning: complain });
    return await use(keystore, terminal);
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    if (!(error instanceof SecretError)) throw error;
    complain(error.message);
    return error.code === 'not_found' || error.code === 'denied' || error.code === 'unavailable' ? 1 : 2;
  } finally {
    terminal.close();
  }
}

function refuseArguments(reference: string, rest: readonly string[]): void {
  if (rest.length === 0) return;
  const why =
    'a value is never taken from the command line, where others and the history of the shell see it; ' +
    'take another value than this one, and pipe it in, or leave it out and type it when asked';
  throw new SecretError('invalid_value', reference, why);
}

async function knownPassphrase(file: string, terminal: AskSecret): Promise<Secret> {
  const typed = await terminal.ask(`Passphrase of ${file}: `);
  if (typed === undefined) throw nobodyToAsk(`the passphrase of ${file}`);
  return new Secret(typed);
}

/** Asked for twice, since what was mistyped could never be opened again. */
export async function newPassphrase(file: string, terminal: AskSecret): Promise<Secret> {
  const typed = await terminal.ask(`New passphrase of ${file}: `);
  if (typed === undefined) throw nobodyToAsk(`the passphrase of ${file}`);
  const passphrase = new Secret(typed);
  const problem = Keystore.passphraseProblem(passphrase);
  if (problem !== undefined) throw new SecretError('invalid_value', 'keystore', problem);
  if ((await terminal.ask('The same again: ')) !== typed) throw unlike('keystore');
  return passphrase;
}

export function unlike(reference: string): SecretError {
  const why = 'the two are not the same, and nothing was changed; what has several lines has to be piped in';
  return new SecretError('invalid_value', reference, why);
}

export function nobodyToAsk(what: string): SecretError {
  const why =
    `there is no terminal to ask for ${what}; ` +
    `set SALLYPORT_KEYSTORE_PASSPHRASE, or name a file with --passphrase-file`;
  return new SecretError('not_configured', 'keystore', why);
}

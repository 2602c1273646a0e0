import { accessSync, constants, existsSync } from 'node:fs';
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
  /**
   * For commands that store a value: what else stood on the command line. Refused, since a value there shows in the process
   * list and the history. Default: the command stores none.
   */
  readonly rest?: readonly string[];
}

/**
 * Opens a keystore, asking for its passphrase where nothing else has it. Returns the exit code: what `use` says, 1 when the
 * passphrase or the name is another, 2 when it could not be tried, 130 after Ctrl-C.
 */
export async function withKeystore(
  choice: KeystoreChoice,
  { create = false }: { readonly create?: boolean },
  use: (keystore: Keystore, terminal: AskSecret) => Promise<number>,
): Promise<number> {
  const terminal = new AskSecret();
  try {
    // Before anybody is asked for anything.
    refuseArguments(choice);
    const keystore = await open(choice, create, terminal);
    return await use(keystore, terminal);
  } catch (error) {
    const code = exitCodeFor(error);
    await terminal.discard();
    return code;
  } finally {
    terminal.close();
  }
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupted) return 130;
  if (!(error instanceof SecretError)) throw error;
  complain(error.message);
  return error.code === 'not_found' || error.code === 'denied' || error.code === 'unavailable' ? 1 : 2;
}

async function open(choice: KeystoreChoice, create: boolean, terminal: AskSecret): Promise<Keystore> {
  const { keystore: file, passphraseFile, name } = choice;
  const isNew = !existsSync(file);
  if (isNew && !create) throw Keystore.absent(file, name);
  const warned = new Set<string>();
  const onWarning = (text: string): void => {
    if (!warned.has(text)) complain(text);
    warned.add(text);
  };
  const openWith = (passphrase: Secret): Promise<Keystore> =>
    Keystore.open(file, passphrase, { create, onWarning });
  const found = await findKeystorePassphrase({ file: passphraseFile, onWarning });
  if (isNew) {
    if (found !== undefined) refuseWeak(found);
    return openWith(found ?? (await newPassphrase(file, terminal)));
  }
  if (found !== undefined) return openWith(found);
  const attempt = async (): Promise<Keystore> => openWith(await knownPassphrase(file, terminal));
  // When it is the file system that refuses, another passphrase changes nothing.
  return askAgain(terminal, attempt, ({ code }) => code === 'denied' && canRead(file));
}

function refuseArguments({ name, rest }: KeystoreChoice): void {
  if (name === undefined) return;
  const seen = 'and take another value than this one, which others and the history of the shell have seen';
  if (rest !== undefined && name.includes('=')) {
    // What follows may be the value, and is not shown.
    const why = `the value does not belong here; type it when asked, or pipe it in, ${seen}`;
    throw new SecretError('invalid_value', 'keystore', why);
  }
  if (name.startsWith('keystore:')) {
    const why = 'leave out "keystore:", which is for policies; write the name alone, such as api-key';
    throw new SecretError('invalid_reference', 'keystore', why);
  }
  const reference = Keystore.referenceTo(name);
  if (rest === undefined || rest.length === 0) return;
  const why = `a value is never taken from the command line; type it when asked, or pipe it in, ${seen}`;
  throw new SecretError('invalid_value', reference, why);
}

function refuseWeak(passphrase: Secret): void {
  const problem = Keystore.passphraseProblem(passphrase);
  if (problem !== undefined) throw new SecretError('invalid_value', 'keystore', problem);
}

function canRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

const TRIES = 3;

/**
 * Asks up to three times, as long as what was typed cannot be taken: who types without seeing it goes on to the next line,
 * and that must not be for the shell.
 *
 * @throws SecretError the last one, or the first that is about something else than what was typed
 */
export async function askAgain<Answer>(
  terminal: AskSecret,
  attempt: () => Promise<Answer>,
  isMistyped: (error: SecretError) => boolean = ({ code }) => code === 'invalid_value',
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SecretError) || !isMistyped(error)) throw error;
      const why = error.message.slice(`${error.reference}: `.length);
      if (tries === TRIES) {
        const end = `${why}; gave up after ${TRIES} tries, and changed nothing`;
        throw new SecretError(error.code, error.reference, end);
      }
      terminal.tell(`${why}.`);
      await terminal.discard();
    }
  }
}

async function knownPassphrase(file: string, terminal: AskSecret): Promise<Secret> {
  const typed = await terminal.ask(`Passphrase of ${file}: `);
  if (typed === undefined) throw noPassphrase(file, '--passphrase-file');
  if (typed === '') throw new SecretError('denied', 'keystore', 'nothing was typed');
  return new Secret(typed);
}

/**
 * Asked for twice, since what was mistyped could never be opened again.
 *
 * @param option where a file with it can be named
 */
export function newPassphrase(
  file: string,
  terminal: AskSecret,
  option: '--passphrase-file' | '--new-passphrase-file' = '--passphrase-file',
): Promise<Secret> {
  const rule = `${Keystore.minPassphraseLength} characters or more`;
  return askAgain(terminal, async () => {
    const typed = await terminal.ask(`New passphrase of ${file} (${rule}): `);
    if (typed === undefined) throw noPassphrase(file, option);
    const passphrase = new Secret(typed);
    refuseWeak(passphrase);
    if ((await terminal.ask('The same again: ')) === typed) return passphrase;
    throw new SecretError('invalid_value', 'keystore', 'the two are not the same');
  });
}

function noPassphrase(file: string, option: '--passphrase-file' | '--new-passphrase-file'): SecretError {
  const why = (what: string): SecretError =>
    new SecretError('not_configured', 'keystore', `there is no terminal to ask for ${what}`);
  if (option === '--new-passphrase-file') {
    return why(`the new passphrase of ${file}; name a file with ${option}`);
  }
  return why(
    process.env['SALLYPORT_KEYSTORE_PASSPHRASE'] === ''
      ? `the passphrase of ${file}, and SALLYPORT_KEYSTORE_PASSPHRASE is set but empty; set it to the passphrase, or name a file with ${option}`
      : `the passphrase of ${file}; set SALLYPORT_KEYSTORE_PASSPHRASE, or name a file with ${option}`,
  );
}

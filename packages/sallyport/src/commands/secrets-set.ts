import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Keystore, MAX_SECRET_BYTES, SecretError } from '@sallyport/secrets';
import type { AskSecret } from '../ask-secret.ts';
import { complain } from '../complain.ts';
import { print, style } from '../terminal.ts';
import { askAgain, type KeystoreChoice, withKeystore } from '../with-keystore.ts';

/** Where a value comes from. */
export interface ValueChoice {
  readonly name: string;
  /** The value is given as base64 of its bytes. */
  readonly base64?: boolean;
  /** A random value of so many bytes, as base64url; true: 32. Default: none, and it is asked for. */
  readonly generate?: true | string;
}

export interface SetOptions extends KeystoreChoice, ValueChoice {
  readonly name: string;
}

/** Stores a value from standard input, from the terminal, or from nowhere. Returns the exit code. */
export async function secretsSet(options: SetOptions): Promise<number> {
  const { name, keystore: file } = options;
  if (!isGenerateRight(options)) return 2;
  const isNew = !existsSync(file);
  return withKeystore(options, { create: true }, async (keystore, terminal) => {
    const { version, versions } = await keystore.set(name, await valueFor(options, terminal));
    if (isNew)
      print(`${style.green('Made')} ${file}. Keep its passphrase: without it, nobody can open the file.`);
    print(`${style.green('Stored')} ${name}, version ${version}, in ${file}.`);
    const before = versions[1];
    print(
      before === undefined
        ? `A policy refers to it as ${Keystore.referenceTo(name)}`
        : `The value before is ${Keystore.referenceTo(name)}?version=${before}`,
    );
    return 0;
  });
}

const [FEWEST_BYTES, DEFAULT_BYTES, MOST_BYTES] = [16, 32, 1024];

/** Whether as many bytes are generated as can be; says so if not. */
export function isGenerateRight({ generate }: Pick<ValueChoice, 'generate'>): boolean {
  if (generate === undefined || generate === true) return true;
  const bytes = Number(generate);
  if (Number.isInteger(bytes) && bytes >= FEWEST_BYTES && bytes <= MOST_BYTES) return true;
  const range = `${FEWEST_BYTES} to ${MOST_BYTES}`;
  complain(`--generate takes a number of bytes, ${range}, or nothing for ${DEFAULT_BYTES}`);
  return false;
}

/**
 * The value of an entry: generated; or from standard input when that is no terminal, without one line break at the end of
 * text; else asked for twice.
 *
 * @throws SecretError `invalid_value`, `too_large`
 */
export async function valueFor(
  { name, base64 = false, generate }: ValueChoice,
  terminal: AskSecret,
): Promise<Uint8Array> {
  if (generate !== undefined) {
    return Buffer.from(
      randomBytes(generate === true ? DEFAULT_BYTES : Number(generate)).toString('base64url'),
    );
  }
  const reference = Keystore.referenceTo(name);
  if (!process.stdin.isTTY) {
    const piped = await readPiped(reference);
    return base64 ? decoded(piped.toString('latin1'), reference) : withoutLineBreak(piped);
  }
  return askAgain(terminal, () => typedValue(name, base64, reference, terminal));
}

async function typedValue(
  name: string,
  base64: boolean,
  reference: string,
  terminal: AskSecret,
): Promise<Uint8Array> {
  const typed = await terminal.ask(`Value of ${name}: `);
  if (typed === undefined) {
    const why = 'there is no terminal to ask for the value; pipe it in, such as with < file';
    throw new SecretError('not_configured', reference, why);
  }
  if (typed === '') throw new SecretError('invalid_value', reference, 'nothing was typed');
  if ((await terminal.ask('The same again: ')) !== typed) {
    const why = 'the two are not the same; what has several lines has to be piped in, such as with < file';
    throw new SecretError('invalid_value', reference, why);
  }
  return base64 ? decoded(typed, reference) : Buffer.from(typed);
}

/** Base64 of the longest value, in lines. */
const MOST_PIPED = MAX_SECRET_BYTES * 1.5;

async function readPiped(reference: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MOST_PIPED) {
      throw new SecretError('too_large', reference, `the value is more than ${MAX_SECRET_BYTES} bytes`);
    }
  }
  if (size === 0) {
    const why =
      'there is nothing on standard input; pipe the value in, such as with < file, ' +
      'or start this on a terminal to be asked';
    throw new SecretError('invalid_value', reference, why);
  }
  return Buffer.concat(chunks);
}

/** What is no text is kept to the byte. */
function withoutLineBreak(bytes: Buffer): Buffer {
  if (!isUtf8(bytes) || bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}

function decoded(text: string, reference: string): Buffer {
  const digits = text.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') === digits) return bytes;
  throw new SecretError(
    'invalid_value',
    reference,
    'the value is no base64; leave out --base64 for plain text',
  );
}

import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { Keystore, MAX_SECRET_BYTES, SecretError } from '@sallyport/secrets';
import type { AskSecret } from '../ask-secret.ts';
import { print, style } from '../terminal.ts';
import { type KeystoreChoice, nobodyToAsk, unlike, withKeystore } from '../with-keystore.ts';

export interface SetOptions extends KeystoreChoice {
  readonly name: string;
  /** The value is given as base64 of its bytes. */
  readonly base64?: boolean;
}

/** Stores a value from standard input, or from the terminal. Returns the exit code. */
export function secretsSet(options: SetOptions): Promise<number> {
  const { name, keystore: file } = options;
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

/**
 * The value of an entry: from standard input when that is no terminal, without one line break at the end of text; else asked
 * for twice.
 *
 * @throws SecretError `invalid_value`, `too_large`
 */
export async function valueFor(
  { name, base64 = false }: Pick<SetOptions, 'name' | 'base64'>,
  terminal: AskSecret,
): Promise<Uint8Array> {
  const reference = Keystore.referenceTo(name);
  if (!process.stdin.isTTY) {
    const piped = await readPiped(reference);
    return base64 ? decoded(piped.toString('latin1'), reference) : withoutLineBreak(piped);
  }
  const typed = await terminal.ask(`Value of ${name}: `);
  if (typed === undefined) throw nobodyToAsk(`the value of ${name}`);
  if (typed === '') throw empty(reference);
  if ((await terminal.ask('The same again: ')) !== typed) throw unlike(reference);
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
  if (size === 0) throw empty(reference);
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

function empty(reference: string): SecretError {
  const why = 'there is no value; pipe one in, such as with < file, or start this on a terminal to be asked';
  return new SecretError('invalid_value', reference, why);
}

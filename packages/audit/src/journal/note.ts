import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { JournalError } from './journal-error.ts';

/** Signature type of Ed25519 in https://c2sp.org/signed-note. */
const ED25519 = 1;
/** The fixed beginning of an Ed25519 key as SubjectPublicKeyInfo: RFC 8410, section 4. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const MAX_SIGNATURES = 100;

/** A key that notes are checked with. */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes of the SHA-256 of name, newline, type and key; hexadecimal. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Who signs notes. */
export interface Signer {
  /** Stands in every signature; no spaces, no plus. */
  readonly name: string;
  /** `name+id+key`, which anyone checks the notes with. Public. */
  readonly verifierKey: string;
  /** The 64 bytes of an Ed25519 signature (RFC 8032) of the bytes. */
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The verifier key string of a public Ed25519 key (C2SP signed-note). @throws JournalError for other keys and names */
export function verifierKeyOf(name: string, publicKey: KeyObject): string {
  if (publicKey.asymmetricKeyType !== 'ed25519')
    throw new JournalError(
      'malformed',
      'The key must be an Ed25519 key: openssl genpkey -algorithm ed25519.',
    );
  if (!isKeyName(name))
    throw new JournalError(
      'malformed',
      'The name of a key has neither spaces nor a plus: example.com/audit.',
    );
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  const typed = Buffer.concat([Buffer.of(ED25519), raw]);
  return `${name}+${keyId(name, typed)}+${typed.toString('base64')}`;
}

/** @throws JournalError when it is not `name+id+key` of an Ed25519 key */
export function parseVerifierKey(text: string): VerifierKey {
  const [name = '', id = '', ...rest] = text.trim().split('+');
  const typed = Buffer.from(rest.join('+'), 'base64');
  if (!isKeyName(name) || typed.length !== 33 || typed[0] !== ED25519 || id !== keyId(name, typed))
    throw new JournalError(
      'malformed',
      'A verifier key reads name+id+key, as in example.com/audit+1a2b3c4d+AQ...=.',
    );
  const key = createPublicKey({
    key: Buffer.concat([SPKI, typed.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return { name, id, key };
}

/** @param text ends with a newline. @returns the note: text, blank line, signature line */
export async function signNote(text: string, signer: Signer): Promise<string> {
  const [name = '', id = ''] = signer.verifierKey.split('+');
  const signature = await signer.sign(Buffer.from(text));
  const line = Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64');
  return `${text}\n— ${name} ${line}\n`;
}

export type OpenedNote =
  | { readonly status: 'ok'; readonly text: string; readonly key: string }
  /** None of the keys signed it. */
  | { readonly status: 'unknown_key' }
  /** One of the keys is said to have signed it, and has not; or it is no note. */
  | { readonly status: 'bad' };

/** Checks a note against keys that are trusted; one good signature is enough, a wrong one of them is too much. */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const parsed = parseNote(note);
  if (parsed === undefined) return { status: 'bad' };
  let signedBy: string | undefined;
  for (const { name, id, signature } of parsed.signatures) {
    const known = keys.find((key) => key.name === name && key.id === id);
    if (known === undefined) continue;
    if (!verify(null, Buffer.from(parsed.text), known.key, signature)) return { status: 'bad' };
    signedBy ??= `${name}+${id}`;
  }
  return signedBy === undefined
    ? { status: 'unknown_key' }
    : { status: 'ok', text: parsed.text, key: signedBy };
}

interface ParsedNote {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly signature: Buffer }[];
}

function parseNote(note: string): ParsedNote | undefined {
  // Everything below a space but newline is forbidden, so that no terminal is played with.
  const plain = Buffer.from(note).every((byte) => byte >= 0x20 || byte === 0x0a);
  const end = note.lastIndexOf('\n\n');
  if (!plain || end < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    // A second spelling of the same bytes would be a change that nobody notices.
    const whole = isKeyName(name) && bytes.length > 4 && bytes.toString('base64') === encoded;
    return whole ? { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) } : undefined;
  });
  const good = signatures.filter((signature) => signature !== undefined);
  return good.length === lines.length ? { text: note.slice(0, end + 1), signatures: good } : undefined;
}

function keyId(name: string, typed: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'hex').slice(0, 8);
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}

import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { SecretError } from '../secret-error.ts';
import { type Fail, type KeyParameters, parametersAreBounded, SALT_BYTES } from './derive-key.ts';

/**
 * The file, version 1:
 *
 *     {
 *       "format": "sallyport-keystore",
 *       "version": 1,
 *       "kdf": { "name": "scrypt", "N": 131072, "r": 8, "p": 1, "salt": "<32 bytes, base64>" },
 *       "cipher": { "name": "aes-256-gcm", "nonce": "<12 bytes>", "tag": "<16 bytes>" },
 *       "payload": "<base64>"
 *     }
 *
 * All entries are one payload (`encodeEntries`), encrypted as a whole, under a nonce that is new with every write. So
 * names are hidden, and no entry can be swapped, renamed, removed, added or set back by itself. Everything before the
 * cipher is authenticated with it (AAD). What remains to be seen is about how many bytes are kept, and what cannot be found
 * is that the whole file was replaced by an older one of the same passphrase.
 */
export interface SealedFile {
  readonly parameters: KeyParameters;
  readonly nonce: Buffer;
  readonly tag: Buffer;
  readonly payload: Buffer;
}

/** Longest file, in bytes; it is read and decrypted as a whole. */
export const MAX_FILE_BYTES = 16_777_216;

const FORMAT = 'sallyport-keystore';
const VERSION = 1;
const KDF = 'scrypt';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function seal(plain: Buffer, key: KeyObject, parameters: KeyParameters): SealedFile {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(headerOf(parameters));
  const payload = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { parameters, nonce, tag: cipher.getAuthTag(), payload };
}

/** The plain payload; undefined when the key is another one, or any byte is. */
export function unseal({ parameters, nonce, tag, payload }: SealedFile, key: KeyObject): Buffer | undefined {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(headerOf(parameters));
  decipher.setAuthTag(tag);
  const plain = decipher.update(payload);
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    // Node says "unable to authenticate data" and nothing else.
    return undefined;
  }
}

function headerOf({ N, r, p, salt }: KeyParameters): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, VERSION, CIPHER, KDF, N, r, p, salt.toString('base64')]));
}

export function formatSealed({ parameters, nonce, tag, payload }: SealedFile): string {
  const { N, r, p, salt } = parameters;
  const document = {
    format: FORMAT,
    version: VERSION,
    kdf: { name: KDF, N, r, p, salt: salt.toString('base64') },
    cipher: { name: CIPHER, nonce: nonce.toString('base64'), tag: tag.toString('base64') },
    payload: payload.toString('base64'),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Reads the outside of a file. It is nobody's word until `unseal` has checked it, so everything is bounded.
 *
 * @throws SecretError `invalid_value`
 */
export function parseSealed(text: string, cheap: boolean, fail: Fail): SealedFile {
  const broken = (): SecretError =>
    fail('invalid_value', 'the file is no keystore, or it was altered; restore a backup of it');
  const file = objectOf(parsed(text), broken);
  if (file['format'] !== FORMAT) throw broken();
  if (file['version'] !== VERSION) {
    throw fail('invalid_value', 'the file was not written in version 1 of the format; use a newer Sallyport');
  }
  only(file, ['format', 'version', 'kdf', 'cipher', 'payload'], broken);
  const kdf = only(objectOf(file['kdf'], broken), ['name', 'N', 'r', 'p', 'salt'], broken);
  const cipher = only(objectOf(file['cipher'], broken), ['name', 'nonce', 'tag'], broken);
  if (kdf['name'] !== KDF || cipher['name'] !== CIPHER) throw broken();
  const parameters: KeyParameters = {
    N: numberOf(kdf['N'], broken),
    r: numberOf(kdf['r'], broken),
    p: numberOf(kdf['p'], broken),
    salt: bytesOf(kdf['salt'], SALT_BYTES, broken),
  };
  if (!parametersAreBounded(parameters, cheap)) {
    throw fail(
      'invalid_value',
      'the file asks for a key that is too cheap or too dear; restore a backup of it',
    );
  }
  return {
    parameters,
    nonce: bytesOf(cipher['nonce'], NONCE_BYTES, broken),
    tag: bytesOf(cipher['tag'], TAG_BYTES, broken),
    payload: bytesOf(file['payload'], undefined, broken),
  };
}

type Broken = () => SecretError;
type Members = Readonly<Record<string, unknown>>;

/** Undefined for what is no JSON: the parser's own message would quote it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown, broken: Broken): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken();
  return value as Members;
}

function only(members: Members, names: readonly string[], broken: Broken): Members {
  if (Object.keys(members).some((name) => !names.includes(name))) throw broken();
  return members;
}

function numberOf(value: unknown, broken: Broken): number {
  if (typeof value !== 'number') throw broken();
  return value;
}

/** Strict, since Node's own decoder passes over whatever is no base64. */
function bytesOf(value: unknown, length: number | undefined, broken: Broken): Buffer {
  if (typeof value !== 'string') throw broken();
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value) throw broken();
  if (length !== undefined && bytes.length !== length) throw broken();
  return bytes;
}

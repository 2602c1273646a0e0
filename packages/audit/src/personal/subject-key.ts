import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Digest } from '../audit-record.ts';
import { expandedKey } from './master-key.ts';
import { type NameHider, nameHider } from './name-hider.ts';
import { decrypt, encrypt, NONCE_BYTES, type Seal, type SealPlace } from './seal.ts';

export interface SubjectKeyParts {
  readonly pseudonym: string;
  readonly name: string;
  /** 32 random bytes. */
  readonly key: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly random: (bytes: number) => Uint8Array;
}

/** One person's pseudonym, and what can be done with the key behind it. */
export class SubjectKey {
  readonly pseudonym: string;
  readonly name: string;
  /** When the pseudonym was made; milliseconds since the epoch. */
  readonly since: number;
  readonly #sealing: KeyObject;
  readonly #digesting: KeyObject;
  readonly #random: (bytes: number) => Uint8Array;
  #hider: NameHider | undefined;

  constructor({ pseudonym, name, key, since, random }: SubjectKeyParts) {
    const secret = createSecretKey(key);
    this.pseudonym = pseudonym;
    this.name = name;
    this.since = since;
    this.#sealing = expandedKey(secret, 'seal');
    this.#digesting = expandedKey(secret, 'digest');
    this.#random = random;
  }

  /** Replaces the name in a text by the pseudonym. */
  hide(text: string, where: keyof NameHider): string {
    this.#hider ??= nameHider(this.name, this.pseudonym);
    return this.#hider[where](text);
  }

  /** HMAC-SHA-256: who guesses the text cannot check the guess, unless the key is still there. */
  digest(text: string): Digest {
    const bytes = Buffer.from(text);
    return {
      sha256: createHmac('sha256', this.#digesting).update(bytes).digest('hex'),
      bytes: bytes.length,
    };
  }

  seal(plain: string, place: SealPlace): Seal {
    const nonce = this.#random(NONCE_BYTES);
    const data = encrypt(Buffer.from(plain), this.#sealing, nonce, boundTo(place));
    return {
      v: 1,
      key: this.pseudonym,
      nonce: Buffer.from(nonce).toString('base64url'),
      data: data.toString('base64url'),
    };
  }

  /** Undefined when it is not what was sealed, there, with this key. */
  open(seal: Seal, place: SealPlace): string | undefined {
    const nonce = Buffer.from(seal.nonce, 'base64url');
    return decrypt(Buffer.from(seal.data, 'base64url'), this.#sealing, nonce, boundTo(place))?.toString();
  }
}

function boundTo({ record, member }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify(['sallyport/v1 seal', record, member]));
}

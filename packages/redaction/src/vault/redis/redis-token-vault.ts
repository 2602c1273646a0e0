import { createHmac, type KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isToken, newToken, TOKEN_BYTES } from '../../token-shape.ts';
import type { Erasure, TokenRequest, TokenScope, TokenVault } from '../../token-vault.ts';
import { Fingerprints } from '../fingerprints.ts';
import { Sealer } from '../sealer.ts';
import { TokenVaultError } from '../token-vault-error.ts';
import { valueBytes, valueOfBytes } from '../value-bytes.ts';
import { derivedKey, masterKey, type VaultKey } from '../vault-key.ts';
import {
  MAX_VALUE_BYTES,
  positive,
  settingsOf,
  type VaultOptions,
  type VaultSettings,
} from '../vault-options.ts';
import type { RedisClient } from './redis-client.ts';
import { RedisCommands } from './redis-commands.ts';
import { ERASE, TOKENS } from './redis-scripts.ts';

export interface RedisTokenVaultOptions extends VaultOptions {
  readonly client: RedisClient;
  /** The same for every process that shares the tokens. Asked once, when the vault is opened. */
  readonly key: VaultKey;
  /**
   * In front of every name; in a cluster its braces keep all of them on one node. Default:
   * `{sallyport:tokens}:`.
   */
  readonly prefix?: string;
  /** How long to wait for one answer, in milliseconds. Default: 1000. */
  readonly timeoutMs?: number;
  /** Whether a Redis will do that drops tokens before their time when its memory is full. Default: false. */
  readonly dangerouslyAllowEviction?: boolean;
}

/** How much goes into one command, so that Redis, which does one thing at a time, stays free for others. */
const PAGE = 128;
const PAGE_BYTES = 2 ** 18;
/** Others have a turn after this many values. */
const SLICE = 1024;
/** An id is taken already once in 2^60 / (tokens there are): more than this is no accident. */
const ROUNDS = 3;
const LOOK = ['', '', ''] as const;

/**
 * A vault that several processes share. Values and tokens are sealed before they leave this one, and named by
 * HMAC.
 *
 * @throws TypeError for an option that is out of bounds; TokenVaultError `weak_key`, `wrong_key`, `evicts`,
 *   `unavailable`, `timeout`; whatever `key` throws
 */
export async function redisTokenVault(options: RedisTokenVaultOptions): Promise<TokenVault> {
  const settings = settingsOf(options);
  const { client, prefix = '{sallyport:tokens}:', timeoutMs = 1_000 } = options;
  const commands = new RedisCommands(client, settings.clock, positive('timeoutMs', timeoutMs, 600_000));
  const master = await masterKey(options.key);
  if (options.dangerouslyAllowEviction !== true) await checkEviction(commands);
  await checkKey(commands, master, prefix);
  return new RedisVault({ commands, master, prefix, settings });
}

async function checkEviction(commands: RedisCommands): Promise<void> {
  // Who may not ask cannot know.
  const info = await commands.run('INFO', 'memory').catch((error: unknown) => {
    if (error instanceof TokenVaultError && error.code === 'timeout') throw error;
    return '';
  });
  const policy = /^maxmemory_policy:(\w+)/m.exec(typeof info === 'string' ? info : '')?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return;
  throw new TokenVaultError(
    'evicts',
    'Redis would drop tokens before their time when its memory is full; set its maxmemory-policy to noeviction, ' +
      'or give the vault a Redis of its own, or pass dangerouslyAllowEviction: true.',
  );
}

/** Two processes with different keys would not see each other's tokens, and nobody would say why. */
async function checkKey(commands: RedisCommands, master: KeyObject, prefix: string): Promise<void> {
  const ours = createHmac('sha256', derivedKey(master, 'redis key check', Buffer.from(prefix))).digest(
    'base64url',
  );
  const made = await commands.run('SET', `${prefix}key`, ours, 'NX');
  const there = made === 'OK' ? ours : await commands.run('GET', `${prefix}key`);
  if (there === ours) return;
  throw new TokenVaultError(
    'wrong_key',
    `The tokens under "${prefix}" in Redis were made with another key; ` +
      'give that one, or write another prefix.',
  );
}

interface RedisVaultParts {
  readonly commands: RedisCommands;
  readonly master: KeyObject;
  readonly prefix: string;
  readonly settings: VaultSettings;
}

/** A value on its way to a token. */
interface Wanted {
  readonly request: TokenRequest;
  readonly lookup: string;
  readonly about: string;
  readonly bytes: number;
}

class RedisVault implements TokenVault {
  readonly #commands: RedisCommands;
  readonly #prefix: string;
  readonly #settings: VaultSettings;
  readonly #fingerprints: Fingerprints;
  readonly #sealer: Sealer;

  constructor({ commands, master, prefix, settings }: RedisVaultParts) {
    const salt = Buffer.from(prefix);
    this.#commands = commands;
    this.#prefix = prefix;
    this.#settings = settings;
    this.#fingerprints = new Fingerprints(derivedKey(master, 'redis fingerprints', salt));
    this.#sealer = new Sealer(derivedKey(master, 'redis values', salt), settings.random);
  }

  async tokensFor(scope: TokenScope, values: readonly TokenRequest[]): Promise<readonly string[]> {
    this.#commands.check();
    const name = this.#fingerprints.scope(scope);
    const wanted: Wanted[] = [];
    for (const request of values) {
      if (wanted.length % SLICE === SLICE - 1) await nextTurn();
      wanted.push(this.#wanted(name, request));
    }
    const tokens = new Map<string, string>();
    for (const page of pagesOf(wanted, () => 0)) await this.#ask(name, page, tokens, () => LOOK);
    for (let round = 0; round < ROUNDS; round += 1) {
      const missing = left(wanted, tokens);
      for (const page of pagesOf(missing, ({ bytes }) => bytes)) {
        await this.#ask(name, page, tokens, (one) => this.#sealed(name, one));
      }
    }
    return wanted.map(({ lookup }) => tokens.get(lookup) ?? throwStrange());
  }

  async valuesOf(scope: TokenScope, tokens: readonly string[]): Promise<readonly (string | undefined)[]> {
    this.#commands.check();
    const name = this.#fingerprints.scope(scope);
    const ids = new Map<string, string>();
    for (const token of tokens) if (isToken(token)) ids.set(token, this.#fingerprints.token(name, token));
    const values = new Map<string, string>();
    for (const page of pagesOf([...ids], () => 0)) {
      const answers = await this.#commands.run('MGET', ...page.map(([, id]) => `${this.#prefix}t:${id}`));
      for (const [index, [token, id]] of page.entries()) {
        const sealed = listOf(answers)[index];
        if (typeof sealed === 'string') values.set(token, valueOfBytes(this.#open(sealed, `value ${id}`)));
      }
    }
    return tokens.map((token) => values.get(token));
  }

  async erase({ scope, about }: Erasure): Promise<number> {
    this.#commands.check();
    if (scope === undefined && about === undefined) return 0;
    const name = scope && this.#fingerprints.scope(scope);
    const set = about === undefined ? `s:${name ?? ''}` : `a:${this.#fingerprints.about(about)}`;
    let erased = 0;
    for (let from = 0; ;) {
      const args = [set, name ?? '', String(from), String(PAGE)];
      const [seen, gone, kept] = listOf(await this.#commands.script(ERASE, this.#prefix, args)).map(Number);
      erased += gone ?? 0;
      from += kept ?? 0;
      if ((seen ?? 0) < PAGE) return erased;
    }
  }

  close(): Promise<void> {
    this.#commands.close();
    return Promise.resolve();
  }

  #wanted(scope: string, request: TokenRequest): Wanted {
    const bytes = request.value.length > MAX_VALUE_BYTES ? undefined : valueBytes(request.value);
    if (bytes === undefined || bytes.length - 1 > MAX_VALUE_BYTES) throw tooLarge();
    const about = request.about === undefined ? '' : this.#fingerprints.about(request.about);
    const lookup = this.#fingerprints.lookup(scope, request.entity, bytes);
    return { request, lookup, about, bytes: bytes.length };
  }

  /** What is sent for a value that has no token yet: another random one each time. */
  #sealed(scope: string, { request, lookup }: Wanted): readonly [string, string, string] {
    const token = newToken(request.entity, this.#settings.random(TOKEN_BYTES));
    const id = this.#fingerprints.token(scope, token);
    const sealedToken = this.#seal(Buffer.from(token), boundToken(lookup, id));
    return [id, sealedToken, this.#seal(valueBytes(request.value), `value ${id}`)];
  }

  async #ask(
    scope: string,
    page: readonly Wanted[],
    tokens: Map<string, string>,
    offer: (one: Wanted) => readonly string[],
  ): Promise<void> {
    const args = [String(this.#settings.ttlMs), scope];
    for (const one of page) args.push(one.lookup, one.about, ...offer(one));
    const answers = listOf(await this.#commands.script(TOKENS, this.#prefix, args));
    for (const [index, { lookup }] of page.entries()) {
      const answer = answers[index];
      const [id, sealed] = typeof answer === 'string' ? answer.split('.') : [];
      if (sealed !== undefined) tokens.set(lookup, this.#open(sealed, boundToken(lookup, id)).toString());
    }
  }

  #seal(plain: Buffer, bound: string): string {
    return this.#sealer.seal(plain, Buffer.from(bound)).toString('base64url');
  }

  #open(sealed: string, bound: string): Buffer {
    const plain = this.#sealer.open(Buffer.from(sealed, 'base64url'), Buffer.from(bound));
    if (plain !== undefined) return plain;
    throw new TokenVaultError(
      'altered',
      `Something under "${this.#prefix}" in Redis is not what was written; ` +
        'find out who writes there, and erase it.',
    );
  }
}

/** A token stands for one value alone: what is under one lookup cannot be put under another. */
function boundToken(lookup: string, id: string | undefined): string {
  return `token ${lookup} ${id}`;
}

/** Those without a token yet. */
function left(wanted: readonly Wanted[], tokens: ReadonlyMap<string, string>): readonly Wanted[] {
  return wanted.filter(({ lookup }) => !tokens.has(lookup));
}

function* pagesOf<Item>(items: readonly Item[], bytesOf: (item: Item) => number): Generator<readonly Item[]> {
  let page: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    page.push(item);
    bytes += bytesOf(item);
    if (page.length < PAGE && bytes < PAGE_BYTES) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

function listOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  return throwStrange();
}

function throwStrange(): never {
  throw new TokenVaultError(
    'unavailable',
    'Redis gave an answer that was not asked for; see what the client calls.',
  );
}

function tooLarge(): TokenVaultError {
  return new TokenVaultError(
    'too_large',
    `A value of more than ${MAX_VALUE_BYTES} bytes gets no token; drop or mask it.`,
  );
}

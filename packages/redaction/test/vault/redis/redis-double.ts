import type { RedisClient } from '../../../src/vault/redis/redis-client.ts';
import { ERASE, TOKENS } from '../../../src/vault/redis/redis-scripts.ts';

/**
 * Not Redis: a double of it in this process, with the few commands of the vault and its two scripts written
 * down again. What only Redis can show (that the scripts run, that keys expire, that two connections agree)
 * is in the suite for a real one.
 */
export class RedisDouble implements RedisClient {
  readonly texts = new Map<string, { text: string; expires: number }>();
  readonly sets = new Map<string, Map<string, number>>();
  readonly commands: string[] = [];
  /** What happens instead of the next commands. */
  readonly instead: (() => Promise<unknown>)[] = [];
  info = '# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n';
  readonly #loaded = new Set<string>();
  #now = 0;

  advance(ms: number): void {
    this.#now += ms;
  }

  /** As after a restart. */
  forgetScripts(): void {
    this.#loaded.clear();
  }

  async call(command: string, ...args: string[]): Promise<unknown> {
    this.commands.push(command);
    await Promise.resolve();
    const instead = this.instead.shift();
    if (instead !== undefined) return instead();
    const [first = '', second = ''] = args;
    switch (command) {
      case 'SET':
        if (this.#get(first) !== null) return null;
        this.#set(first, second, Infinity);
        return 'OK';
      case 'GET':
        return this.#get(first);
      case 'INFO':
        return this.info;
      case 'MGET':
        return args.map((key) => this.#get(key));
      case 'EVAL':
        this.#loaded.add(first);
        return this.#run(first, args.slice(2));
      case 'EVALSHA': {
        const script = [TOKENS, ERASE].find(({ sha1 }) => sha1 === first);
        if (script === undefined || !this.#loaded.has(script.text))
          throw new Error('NOSCRIPT No matching script.');
        return this.#run(script.text, args.slice(2));
      }
      default:
        throw new Error(`ERR unknown command ${command}`);
    }
  }

  #run(script: string, [prefix = '', ...args]: readonly string[]): unknown {
    return script === TOKENS.text ? this.#tokens(prefix, args) : this.#erase(prefix, args);
  }

  #tokens(prefix: string, [ttl = '', scope = '', ...args]: readonly string[]): readonly string[] {
    const answers: string[] = [];
    const expires = this.#now + Number(ttl);
    for (let at = 0; at < args.length; at += 5) {
      const [lookup = '', about = '', offered = '', token = '', value = ''] = args.slice(at, at + 5);
      const key = `${prefix}l:${lookup}`;
      const held = this.#get(key);
      const heldId = held?.split('.')[0] ?? '';
      const heldValue = this.#get(`${prefix}t:${heldId}`);
      const isNew = held === null || heldValue === null;
      const id = isNew ? offered : heldId;
      if (isNew && (id === '' || this.#get(`${prefix}t:${id}`) !== null)) {
        answers.push(id === '' ? '' : 'taken');
        continue;
      }
      const answer = isNew ? `${id}.${token}` : held;
      this.#set(key, answer, expires);
      this.#set(`${prefix}t:${id}`, isNew ? value : heldValue, expires);
      this.#index(`${prefix}s:${scope}`, `${id}.${lookup}.${scope}`);
      if (about !== '') this.#index(`${prefix}a:${about}`, `${id}.${lookup}.${scope}`);
      answers.push(answer);
    }
    return answers;
  }

  #erase(prefix: string, [set = '', only = '', from = '', count = '']: readonly string[]): readonly number[] {
    const members = this.sets.get(prefix + set) ?? new Map<string, number>();
    const page = [...members.keys()].slice(Number(from), Number(from) + Number(count));
    let erased = 0;
    let kept = 0;
    for (const member of page) {
      const [id = '', lookup = '', scope = ''] = member.split('.');
      if (only !== '' && only !== scope) {
        kept += 1;
        continue;
      }
      members.delete(member);
      this.sets.get(`${prefix}s:${scope}`)?.delete(member);
      if (this.#get(`${prefix}t:${id}`) !== null) erased += 1;
      this.texts.delete(`${prefix}t:${id}`);
      if (this.#get(`${prefix}l:${lookup}`)?.startsWith(`${id}.`) === true)
        this.texts.delete(`${prefix}l:${lookup}`);
    }
    return [page.length, erased, kept];
  }

  #index(set: string, member: string): void {
    const members = this.sets.get(set) ?? new Map<string, number>();
    this.sets.set(set, members.set(member, this.#now));
  }

  #get(key: string): string | null {
    const found = this.texts.get(key);
    return found === undefined || found.expires <= this.#now ? null : found.text;
  }

  #set(key: string, text: string, expires: number): void {
    this.texts.set(key, { text, expires });
  }
}

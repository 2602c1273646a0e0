import { Refusal, type RevealedSecrets } from '@sallyport/core';
import type { Detector } from '@sallyport/detection';

import { findInText, type Found, joinFound } from './find-in-text.ts';
import { KnownValues } from './known-values.ts';
import type { Operator } from './operators/make-operator.ts';
import type { Owner, Rewriting } from './operators/operator.ts';
import type { Demand } from './output-shape.ts';
import { type MintSlot, type Pending, Pieces, type RestoreSlot, type Slot } from './pending.ts';
import { findTokens, type TokenPlace } from './token-shape.ts';

/** What one message is rewritten by. */
export interface Pass {
  readonly direction: 'arguments' | 'results';
  /** The operator for an entity, or undefined where it stays. */
  operatorOf(entity: string): Operator | undefined;
  readonly owner: Owner;
  /** Whether the token of an entity becomes its value again, in the arguments of a tool. */
  readonly restores: ((entity: string) => boolean) | undefined;
  /** Nothing is refused and the vault is not asked: only counted. */
  readonly dry: boolean;
}

export interface TextTools {
  readonly detector: Detector;
  /** For where a schema asks for a form, or a number stands where a token should. */
  readonly fallback: Rewriting;
  readonly revealed: RevealedSecrets | undefined;
  readonly maxTokens: number;
}

/** The shortest text that can have a token in it. */
const SHORTEST_TOKEN = 17;
const SOMETHING = /[\p{L}\p{N}]/u;
const MOST_CLEAN = 1024;
const LONGEST_VALUE = 4096;
const NOTHING: readonly Found[] = Object.freeze([]);
const NO_DEMAND = (): Demand => 'none';
const NO_TOKENS: readonly TokenPlace[] = Object.freeze([]);
/** What a revealed secret is called in the counts. */
const SECRET = 'SECRET';

/** Finds and rewrites in single texts, and remembers for one message what stands for what. */
export class TextRewriter {
  readonly slots: Slot[] = [];
  /** How often, by operator and entity. */
  readonly counts: Map<string, Map<string, number>> = new Map();
  /** What a blocking operator would have refused. */
  readonly blocked: Set<string> = new Set();
  /** Names and numbers that a key or title gave away. */
  readonly #learned = new KnownValues();
  /** Every text that was read, and what was found in some of them. */
  readonly #read: string[] = [];
  readonly #found = new Map<number, readonly Found[]>();
  /** The same by text, for a second walk. */
  #byText: Map<string, readonly Found[]> | undefined;
  /** Short texts without a finding: states, codes and units come again and again. */
  readonly #clean = new Set<string>();
  readonly #earlier: TextRewriter | undefined;
  readonly #tools: TextTools;
  readonly #pass: Pass;
  /** By operator and value: the same value has the same replacement wherever it stands in one message. */
  readonly #memo = new Map<string, string | MintSlot>();
  /** By value: what a schema forced, so that the texts beside say the same. */
  readonly #forced = new Map<string, string>();

  /** @param earlier of the same message, whose findings are taken over, and whose names are looked for everywhere */
  constructor(tools: TextTools, pass: Pass, earlier?: TextRewriter) {
    this.#tools = tools;
    this.#pass = pass;
    this.#earlier = earlier;
  }

  /** Whether a value that was learned late stands in a text that was read before. */
  get needsAnotherLook(): boolean {
    const learned = this.#learned;
    if (learned.size === 0) return false;
    return this.#read.some((text, index) =>
      learned
        .find(text)
        .some(
          ({ start, end }) => !this.#found.get(index)?.some((one) => one.start <= start && one.end >= end),
        ),
    );
  }

  operatorOf(entity: string): Operator | undefined {
    return this.#pass.operatorOf(entity);
  }

  /** A text of which nothing is known but its words. */
  rewrite(source: string, demand: () => Demand): string | Pending {
    const text = this.#withoutSecrets(source);
    const isShort = text.length < SHORTEST_TOKEN;
    if (isShort && this.#clean.has(text)) return text;
    const found = this.#find(text);
    if (found.length === 0 && (isShort || this.#pass.restores === undefined)) {
      if (isShort && this.#clean.size < MOST_CLEAN) this.#clean.add(text);
      return text;
    }
    const tokens = text.length < SHORTEST_TOKEN ? NO_TOKENS : findTokens(text);
    if (found.length === 0 && tokens.length === 0) return text;
    return this.#splice(text, found, tokens, demand);
  }

  /** A text that is to stay as it is, but for secrets and the tokens that a tool gets values for. */
  rewriteKept(source: string): string | Pending {
    const text = this.#withoutSecrets(source);
    if (this.#pass.restores === undefined || text.length < SHORTEST_TOKEN) return text;
    const tokens = findTokens(text);
    return tokens.length === 0 ? text : this.#splice(text, NOTHING, tokens, NO_DEMAND);
  }

  /** A text that as a whole is one of these; tokens in it stay. */
  rewriteWhole(source: string, entity: string, demand: () => Demand): string | Pending {
    const text = this.#withoutSecrets(source);
    this.#learned.add(text, entity);
    const tokens = text.length < SHORTEST_TOKEN ? NO_TOKENS : findTokens(text);
    return this.#splice(text, [{ start: 0, end: text.length, entity }], tokens, demand);
  }

  /** A number that is one of these. */
  rewriteNumber(value: number, entity: string, operator: Operator): number {
    this.#count(operator.name, entity);
    switch (operator.kind) {
      case 'block':
        this.#block(entity);
        return value;
      case 'token':
        return this.#tools.fallback.number(value, entity, this.#pass.owner);
      case 'rewrite':
        return operator.rewriting.number(value, entity, this.#pass.owner);
    }
  }

  /** What a text of digits would be found to be, if all of it is one thing. */
  findWhole(text: string): { readonly entity: string; readonly operator: Operator } | undefined {
    const [found] = this.#tools.detector.scan(text);
    if (found === undefined || found.start > 0 || found.end < text.length) return undefined;
    const operator = this.#pass.operatorOf(found.entity);
    return operator === undefined ? undefined : { entity: found.entity, operator };
  }

  /** Counts a token that became its value again. */
  countRestored(entity: string): void {
    this.#count('restore', entity);
  }

  #find(text: string): readonly Found[] {
    const earlier = this.#earlier;
    if (earlier !== undefined) {
      const found = earlier.#reading(text) ?? findInText(text, this.#tools.detector);
      return joinFound(found, earlier.#learned.find(text));
    }
    const index = this.#read.push(text) - 1;
    const found = findInText(text, this.#tools.detector);
    if (found.length === 0) return found;
    this.#found.set(index, found);
    for (const { entity, start, end } of found)
      if (entity === 'PERSON') this.#learnName(text.slice(start, end));
    return found;
  }

  /** What was found in a text in this walk; undefined for one that was not read. */
  #reading(text: string): readonly Found[] | undefined {
    if (this.#byText === undefined) {
      this.#byText = new Map(this.#read.map((one, index) => [one, this.#found.get(index) ?? NOTHING]));
    }
    return this.#byText.get(text);
  }

  /** A name in prose is looked for elsewhere when it is more than one word: alone, a word may be another's. */
  #learnName(name: string): void {
    if (name.includes(' ') && this.#pass.operatorOf('PERSON') !== undefined)
      this.#learned.add(name, 'PERSON');
  }

  #splice(
    text: string,
    found: readonly Found[],
    tokens: readonly TokenPlace[],
    demand: () => Demand,
  ): string | Pending {
    if (tokens.length === 0) return this.#spliceFound(text, found, demand);
    const pieces = new Pieces(text);
    let next = 0;
    const passTokens = (until: number): number => {
      let end = -1;
      for (let token = tokens[next]; token !== undefined && token.start < until; token = tokens[next]) {
        this.#restore(pieces, token);
        end = token.end;
        next += 1;
      }
      return end;
    };
    for (const one of found) {
      const operator = this.#pass.operatorOf(one.entity);
      if (operator === undefined) continue;
      let { start } = one;
      // What a token stands for is found already, and what is around it in a finding is not.
      start = Math.max(start, passTokens(start + 1));
      for (let token = tokens[next]; token !== undefined && token.start < one.end; token = tokens[next]) {
        this.#put(pieces, text, start, token.start, one.entity, operator, demand);
        start = passTokens(token.start + 1);
      }
      if (start === one.start && one.value !== undefined) {
        pieces.put(start, one.end, this.#replacement(one.value, one.entity, operator, demand));
      } else this.#put(pieces, text, start, one.end, one.entity, operator, demand);
    }
    passTokens(text.length);
    return pieces.finish();
  }

  /** The usual case: there are no tokens in it. */
  #spliceFound(text: string, found: readonly Found[], demand: () => Demand): string | Pending {
    let pieces: Pieces | undefined;
    for (const { start, end, entity, value } of found) {
      const operator = this.#pass.operatorOf(entity);
      if (operator === undefined) continue;
      const replacement = this.#replacement(value ?? text.slice(start, end), entity, operator, demand);
      if (typeof replacement === 'string' && start === 0 && end === text.length) return replacement;
      (pieces ??= new Pieces(text)).put(start, end, replacement);
    }
    return pieces === undefined ? text : pieces.finish();
  }

  #put(
    pieces: Pieces,
    text: string,
    start: number,
    end: number,
    entity: string,
    operator: Operator,
    demand: () => Demand,
  ): void {
    if (start >= end) return;
    const value = text.slice(start, end);
    const isRest = start > 0 || end < text.length;
    if (isRest && !SOMETHING.test(value)) return;
    pieces.put(start, end, this.#replacement(value, entity, operator, demand));
  }

  #restore(pieces: Pieces, token: TokenPlace): void {
    if (this.#pass.restores?.(token.entity) !== true) return;
    if (this.#pass.dry) {
      this.countRestored(token.entity);
      return;
    }
    const slot: RestoreSlot = {
      kind: 'restore',
      token: token.token,
      entity: token.entity,
      filled: undefined,
    };
    this.#addSlot(slot);
    pieces.put(token.start, token.end, slot);
  }

  #replacement(value: string, entity: string, operator: Operator, demand: () => Demand): string | Slot {
    this.#count(operator.name, entity);
    if (operator.kind === 'block') {
      this.#block(entity);
      return value;
    }
    // Nothing that one thing is named by is so long; what it is, the other side made up.
    if (value.length > LONGEST_VALUE) return `[${entity}]`;
    const forced = this.#forced.size > 0 ? this.#forced.get(value) : undefined;
    if (forced !== undefined) return forced;
    const asked = demand();
    const fits =
      asked === 'none' || (asked === 'form' && operator.kind === 'rewrite' && operator.rewriting.keepsShape);
    if (!fits) return this.#force(value, entity, asked);
    if (operator.kind === 'rewrite' && operator.rewriting.cheap)
      return this.#apply(operator.rewriting, value, entity);
    const key = `${operator.name} ${value}`;
    const before = this.#memo.get(key);
    if (before !== undefined) return before;
    const replacement =
      operator.kind === 'token' ? this.#mint(value, entity) : this.#apply(operator.rewriting, value, entity);
    this.#memo.set(key, replacement);
    return replacement;
  }

  #apply(rewriting: Rewriting, value: string, entity: string): string {
    return rewriting.text(value, entity, this.#pass.owner);
  }

  #mint(value: string, entity: string): string | MintSlot {
    if (this.#pass.dry) return `[${entity}]`;
    const { about } = this.#pass.owner;
    const request = about === undefined ? { entity, value } : { entity, value, about };
    const slot: MintSlot = { kind: 'mint', request, filled: undefined };
    this.#addSlot(slot);
    return slot;
  }

  /** The schema asks for a form that a label or a token has not. */
  #force(value: string, entity: string, asked: Exclude<Demand, 'none'>): string {
    // What the definition of the tool itself lists is no secret of this result.
    if (asked !== 'form' && asked.values.includes(value)) return value;
    const replacement = this.#apply(this.#tools.fallback, value, entity);
    this.#forced.set(value, replacement);
    return replacement;
  }

  #withoutSecrets(text: string): string {
    const { revealed } = this.#tools;
    if (revealed === undefined || revealed.size === 0 || !revealed.occursIn(text)) return text;
    this.#count('label', SECRET);
    return revealed.conceal(text);
  }

  #addSlot(slot: Slot): void {
    this.slots.push(slot);
    if (this.slots.length > this.#tools.maxTokens) {
      throw new Refusal('too_large', `A call has at most ${this.#tools.maxTokens} tokens.`);
    }
  }

  #block(entity: string): void {
    if (!this.#pass.dry) throw blockedRefusal(entity, this.#pass.direction);
    this.blocked.add(entity);
  }

  #count(operator: string, entity: string): void {
    let counts = this.counts.get(operator);
    if (counts === undefined) this.counts.set(operator, (counts = new Map<string, number>()));
    counts.set(entity, (counts.get(entity) ?? 0) + 1);
  }
}

/** Says what was found and not where: with the place, a value could be found out by trying. */
export function blockedRefusal(entity: string, direction: Pass['direction']): Refusal {
  return new Refusal('permission_denied', `Policy does not let ${entity} pass in ${direction}.`, {
    data: { entity },
  });
}

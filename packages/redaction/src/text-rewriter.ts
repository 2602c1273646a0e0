import { Refusal } from '@sallyport/core';
import { HAS_ANYTHING } from '@sallyport/detection';

import { CleanTexts } from './clean-texts.ts';
import { type Found, joinFound, withEscaped } from './find-in-text.ts';
import { KnownValues } from './known-values.ts';
import type { Operator } from './operators/make-operator.ts';
import type { Rewriting } from './operators/operator.ts';
import type { Demand } from './output-shape.ts';
import { blockedRefusal, type Pass, type TextTools } from './pass.ts';
import { type MintSlot, type Pending, Pieces, type RestoreSlot, type Slot } from './pending.ts';
import { REVEALED } from './stream/stream-reader.ts';
import type { StreamEdit } from './stream/text-stream.ts';
import { findTokens, type TokenPlace } from './token-shape.ts';

interface Use {
  readonly entity: string;
  /** Undefined where a finding stays. */
  readonly operator: Operator | undefined;
  /** What stands for every value, where all have the same. */
  readonly everywhere: string | undefined;
  count: number;
}

/** How often an operator did something to one entity. */
export interface Count {
  readonly operator: string;
  readonly entity: string;
  readonly count: number;
}

/** The shortest text that can have a token in it. */
const SHORTEST_TOKEN = 17;
/** Longer texts are looked through for marks first: with those, they are often read as something else. */
const LONGEST_AHEAD = 4096;
const SOMETHING = /[\p{L}\p{N}]/u;
const LONGEST_VALUE = 4096;
/** What is what it is wherever it stands: no code and no medical word looks like it. */
const TOLD_BY_FORM: ReadonlySet<string> = new Set([
  'EMAIL',
  'PHONE',
  'FAX',
  'SSN',
  'ITIN',
  'MRN',
  'MBI',
  'CREDIT_CARD',
  'IBAN',
  'STREET',
]);
const NOTHING: readonly Found[] = Object.freeze([]);
const NO_DEMAND = (): Demand => 'none';
const NONE_KNOWN: ReadonlyMap<string, string> = new Map();
const NO_TOKENS: readonly TokenPlace[] = Object.freeze([]);
/** What a revealed secret is called in the counts. */
const SECRET = 'SECRET';
/** As `RevealedSecrets` writes it. */
const CONCEALED = '[secret]';

/** Finds and rewrites in single texts, and remembers for one message what stands for what. */
export class TextRewriter {
  readonly slots: Slot[] = [];
  /** What a blocking operator would have refused. */
  readonly blocked: Set<string> = new Set();
  /** Names and numbers that a key or title gave away. */
  readonly #learned = new KnownValues();
  /** Every text that was read, and what was found in some of them. */
  readonly #read: string[] = [];
  /** What kinds of units they have. */
  readonly #kinds: number[] = [];
  /** The text that was scanned last, and not yet read. */
  #ahead = '';
  #aheadFound: readonly Found[] = NOTHING;
  #aheadKinds = HAS_ANYTHING;
  readonly #found = new Map<number, readonly Found[]>();
  /** The same by text, for a second walk that reads other texts, or in another order. */
  #byText: Map<string, readonly Found[]> | undefined;
  /** How many texts a second walk has read. */
  #readAgain = 0;
  readonly #clean = new CleanTexts();
  readonly #earlier: TextRewriter | undefined;
  readonly #tools: TextTools;
  readonly #pass: Pass;
  /** By operator and value: the same value has the same replacement wherever it stands in one message. */
  readonly #memo = new Map<string, string | MintSlot>();
  /** By value: what a schema forced, so that the texts beside say the same. */
  readonly #forced = new Map<string, string>();
  /** By entity: what the policy says of it, and how often it did. */
  readonly #uses = new Map<string, Use>();
  #secrets = 0;
  readonly #restored = new Map<string, number>();

  /** @param earlier of the same message, whose findings are taken over, and whose names are looked for everywhere */
  constructor(tools: TextTools, pass: Pass, earlier?: TextRewriter) {
    this.#tools = tools;
    this.#pass = pass;
    this.#earlier = earlier;
    for (const [value, entity] of pass.known ?? NONE_KNOWN) this.#learned.addAlways(value, entity);
  }

  /** Whether a value that was learned late stands in a text that was read before. */
  get needsAnotherLook(): boolean {
    const learned = this.#learned;
    if (learned.size === 0) return false;
    for (const index of learned.suspects(this.#read, this.#kinds)) {
      for (const { start, end } of learned.find(this.#read[index] as string)) {
        const known = this.#found.get(index);
        if (!known?.some((one) => one.start <= start && one.end >= end)) return true;
      }
    }
    return false;
  }

  get counts(): readonly Count[] {
    const counts: Count[] = [];
    for (const { operator, entity, count } of this.#uses.values()) {
      if (operator !== undefined && count > 0) counts.push({ operator: operator.name, entity, count });
    }
    for (const [entity, count] of this.#restored) counts.push({ operator: 'restore', entity, count });
    if (this.#secrets > 0) counts.push({ operator: 'label', entity: SECRET, count: this.#secrets });
    return counts;
  }

  /** What tokens became, once the vault has answered. */
  get restored(): readonly { readonly value: string; readonly entity: string }[] {
    return this.slots.flatMap((slot) =>
      slot.kind === 'restore' && slot.filled !== undefined
        ? [{ value: slot.filled, entity: slot.entity }]
        : [],
    );
  }

  /** Whether a text was read before, and has nothing in it. */
  isClean(text: string): boolean {
    return text.length < SHORTEST_TOKEN && this.#clean.has(text);
  }

  /**
   * What kinds of units a text has: the `HAS_` bits; undefined where the detector does not tell. To be told, the text is
   * scanned, and `rewrite` of it does not scan it again.
   */
  kindsOf(text: string): number | undefined {
    const kinds = this.#earlier === undefined ? this.#scanAhead(text) : this.#earlier.#kindsOfNext(text);
    return kinds === HAS_ANYTHING ? undefined : kinds;
  }

  #scanAhead(text: string): number {
    const { detector } = this.#tools;
    if (text.length > LONGEST_AHEAD || detector.kindsOfLast === undefined) return HAS_ANYTHING;
    this.#ahead = text;
    this.#aheadFound = detector.scan(text);
    this.#aheadKinds = detector.kindsOfLast();
    return this.#aheadKinds;
  }

  /** The same in a second walk, of the text that is read there next. */
  #kindsOfNext(text: string): number {
    const index = this.#readAgain;
    return this.#read[index] === text ? (this.#kinds[index] as number) : HAS_ANYTHING;
  }

  /**
   * A text of which nothing is known but its words.
   *
   * @param isMarked what `hasMarks` says of it, where that is known
   */
  rewrite(source: string, demand: () => Demand, isMarked = true): string | Pending {
    const text = this.#withoutSecrets(source);
    const isShort = text.length < SHORTEST_TOKEN;
    const found = this.#find(text, isMarked);
    if (found.length === 0 && (isShort || this.#pass.restores === undefined)) {
      if (isShort) this.#clean.add(text);
      return text;
    }
    const tokens = text.length < SHORTEST_TOKEN ? NO_TOKENS : findTokens(text);
    if (found.length === 0 && tokens.length === 0) return text;
    return this.#splice(text, found, tokens, demand);
  }

  /**
   * A text that is to stay as it is: a code, or what a code means. But for secrets and the tokens that a tool gets values
   * for, and, since people write notes where a meaning belongs, for what is told by its form or known in this message.
   */
  rewriteKept(source: string): string | Pending {
    const text = this.#withoutSecrets(source);
    const found = text.includes(' ') ? this.#find(text, true, isToldByForm) : NOTHING;
    const hasTokens = this.#pass.restores !== undefined && text.length >= SHORTEST_TOKEN;
    const tokens = hasTokens || found.length > 0 ? findTokens(text) : NO_TOKENS;
    return tokens.length === 0 && found.length === 0 ? text : this.#splice(text, found, tokens, NO_DEMAND);
  }

  /** What a number is known to be, whatever its key says: it was written elsewhere in the message, or a tool was given it. */
  knownNumber(digits: string): string | undefined {
    const learned = (this.#earlier ?? this).#learned;
    if (learned.size === 0) return undefined;
    const [found] = learned.find(digits);
    return found?.start === 0 && found.end === digits.length ? found.entity : undefined;
  }

  /** A text that as a whole is one of these; tokens in it stay. Undefined where the policy leaves the entity alone. */
  rewriteWhole(source: string, entity: string, demand: () => Demand): string | Pending | undefined {
    const use = this.#use(entity);
    if (use.operator === undefined) return undefined;
    const text = this.#withoutSecrets(source);
    this.#learned.add(text, entity);
    const tokens = text.length < SHORTEST_TOKEN ? NO_TOKENS : findTokens(text);
    if (tokens.length > 0)
      return this.#splice(text, [{ start: 0, end: text.length, entity }], tokens, demand);
    const replacement = this.#replacement(text, use, use.operator, demand);
    if (typeof replacement === 'string') return replacement;
    const pieces = new Pieces(text);
    pieces.put(0, text.length, replacement);
    return pieces.finish();
  }

  /** What stands in one text for its part of what was found over several; undefined where it stays. */
  rewriteEdit(edit: StreamEdit): string | Pending | undefined {
    if (edit.entity === REVEALED) {
      if (this.#tools.revealed === undefined) return undefined;
      if (edit.part === 'cut') return '';
      this.#secrets += 1;
      return CONCEALED;
    }
    const use = this.#use(edit.entity);
    if (use.operator === undefined) return undefined;
    if (edit.part === 'value') return this.rewriteWhole(edit.value, edit.entity, NO_DEMAND);
    if (use.operator.kind === 'block') this.#block(edit.entity);
    if (edit.part === 'cut') return '';
    // Half of the value was shown: no more of it may be, however little the operator would show.
    use.count += 1;
    return `[${edit.entity}]`;
  }

  /** A number that is one of these; the number itself where the policy leaves the entity alone. */
  rewriteNumber(value: number, entity: string): number {
    const use = this.#use(entity);
    if (use.operator === undefined) return value;
    use.count += 1;
    this.#learned.add(String(value), entity);
    switch (use.operator.kind) {
      case 'block':
        this.#block(entity);
        return value;
      case 'token':
        return this.#tools.fallback.number(value, entity, this.#pass.owner);
      case 'rewrite':
        return use.operator.rewriting.number(value, entity, this.#pass.owner);
    }
  }

  /** What a text of digits would be found to be, if all of it is one thing. */
  findWhole(text: string): string | undefined {
    const [found] = this.#tools.detector.scan(text);
    return found === undefined || found.start > 0 || found.end < text.length ? undefined : found.entity;
  }

  /** Counts a token that became its value again. */
  countRestored(entity: string): void {
    this.#restored.set(entity, (this.#restored.get(entity) ?? 0) + 1);
  }

  #scan(text: string, isMarked: boolean, isMeant?: (found: Found) => boolean): readonly Found[] {
    const { detector } = this.#tools;
    const plain = text === this.#ahead ? this.#aheadFound : detector.scan(text);
    const found = isMarked ? withEscaped(text, plain, detector) : plain;
    return isMeant === undefined || found.length === 0 ? found : found.filter(isMeant);
  }

  #find(text: string, isMarked: boolean, isMeant?: (found: Found) => boolean): readonly Found[] {
    const earlier = this.#earlier;
    if (earlier !== undefined) {
      const found = earlier.#reading(text) ?? this.#scan(text, isMarked, isMeant);
      return joinFound(found, earlier.#learned.find(text));
    }
    const index = this.#read.push(text) - 1;
    this.#kinds.push(text === this.#ahead ? this.#aheadKinds : HAS_ANYTHING);
    const found = this.#scan(text, isMarked, isMeant);
    if (found.length === 0) return found;
    this.#found.set(index, found);
    for (const { entity, start, end } of found) {
      if (entity === 'PERSON') this.#learnName(text.slice(start, end));
      else if (entity === 'CITY' && this.#use(entity).operator !== undefined)
        this.#learned.add(text.slice(start, end), entity);
    }
    return found;
  }

  /** What was found in a text in this walk; undefined for one that was not read. */
  #reading(text: string): readonly Found[] | undefined {
    const index = this.#readAgain;
    if (this.#read[index] === text) {
      this.#readAgain += 1;
      return this.#found.get(index) ?? NOTHING;
    }
    if (this.#byText === undefined) {
      this.#byText = new Map(this.#read.map((one, index) => [one, this.#found.get(index) ?? NOTHING]));
    }
    return this.#byText.get(text);
  }

  /** A name in prose is looked for elsewhere when it is more than one word: alone, a word may be another's. */
  #learnName(name: string): void {
    if (name.includes(' ') && this.#use('PERSON').operator !== undefined) this.#learned.add(name, 'PERSON');
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
      const use = this.#use(one.entity);
      if (use.operator === undefined) continue;
      let { start } = one;
      // What a token stands for is found already, and what is around it in a finding is not.
      start = Math.max(start, passTokens(start + 1));
      for (let token = tokens[next]; token !== undefined && token.start < one.end; token = tokens[next]) {
        this.#putRest(pieces, text.slice(start, token.start), start, use, demand);
        start = passTokens(token.start + 1);
      }
      if (start === one.start && one.value !== undefined) {
        pieces.put(start, one.end, this.#replacement(one.value, use, use.operator, demand));
      } else if (start === 0 && one.end === text.length) {
        pieces.put(start, one.end, this.#replacement(text, use, use.operator, demand));
      } else this.#putRest(pieces, text.slice(start, one.end), start, use, demand);
    }
    passTokens(text.length);
    return pieces.finish();
  }

  /** The usual case: there are no tokens in it. */
  #spliceFound(text: string, found: readonly Found[], demand: () => Demand): string | Pending {
    let pieces: Pieces | undefined;
    for (const { start, end, entity, value } of found) {
      const use = this.#use(entity);
      if (use.operator === undefined) continue;
      const replacement = this.#replacement(value ?? text.slice(start, end), use, use.operator, demand);
      if (typeof replacement === 'string' && start === 0 && end === text.length) return replacement;
      (pieces ??= new Pieces(text)).put(start, end, replacement);
    }
    return pieces === undefined ? text : pieces.finish();
  }

  /** What is around tokens; marks alone stay. */
  #putRest(pieces: Pieces, value: string, start: number, use: Use, demand: () => Demand): void {
    if (use.operator === undefined || !SOMETHING.test(value)) return;
    pieces.put(start, start + value.length, this.#replacement(value, use, use.operator, demand));
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

  #replacement(value: string, use: Use, operator: Operator, demand: () => Demand): string | Slot {
    const { entity } = use;
    use.count += 1;
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
    if (use.everywhere !== undefined) return use.everywhere;
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
    this.#secrets += 1;
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

  #use(entity: string): Use {
    let use = this.#uses.get(entity);
    if (use === undefined) {
      const operator = this.#pass.operatorOf(entity);
      const isSame = operator?.kind === 'rewrite' && operator.rewriting.isByEntity === true;
      const everywhere = isSame ? this.#apply(operator.rewriting, '', entity) : undefined;
      use = { entity, operator, everywhere, count: 0 };
      this.#uses.set(entity, use);
    }
    return use;
  }
}

function isToldByForm({ entity }: Found): boolean {
  return TOLD_BY_FORM.has(entity);
}

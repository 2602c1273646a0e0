const SHOWN = '[secret]';
/** What is shorter cannot be told from ordinary text. */
const SHORTEST = 4;
/** In other encodings a short value would look like much else. */
const SHORTEST_ENCODED = 8;
/** A line of a key, or a member of a JSON value. */
const SHORTEST_PART = 8;
const HASHES = 65_536;

/**
 * Every secret value that somebody asked for, in the one place where redaction and the logs look, so that a tool, an error
 * or a record that repeats one is caught. It finds a value as it is, in JSON, percent-encoded, and in base64 at any
 * offset; of a value with several lines also a line, of one that is JSON also a member. A text without a value costs one
 * pass, however many values there are.
 */
export class RevealedSecrets {
  readonly #capacity: number;
  /** Oldest first; each with the forms that it may be met in. */
  readonly #forms = new Map<string, readonly string[]>();
  /** The forms by the hash of their first four characters. */
  #byHash = new Map<number, string[]>();
  #present = new Uint8Array(HASHES);

  /** @param capacity how many values are remembered; the one that was revealed longest ago is forgotten first */
  constructor(capacity = 4096) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#forms.size;
  }

  /** Remembers a value, unless it is shorter than four characters. */
  add(value: string): void {
    if (value.length < SHORTEST) return;
    const known = this.#forms.get(value);
    if (known !== undefined) {
      // Again the newest.
      this.#forms.delete(value);
      this.#forms.set(value, known);
      return;
    }
    const forms = formsOf(value);
    this.#forms.set(value, forms);
    for (const form of forms) this.#index(form);
    const oldest = this.#forms.size > this.#capacity ? this.#forms.keys().next().value : undefined;
    if (oldest !== undefined) this.#forget(oldest);
  }

  /** The text with every value in it replaced by `[secret]`; where values overlap, all of it is. */
  conceal(text: string): string {
    let shown: string | undefined;
    let from = 0;
    let hidden = -1;
    let start = -1;
    for (const [at, end] of this.#hits(text)) {
      if (at > hidden) {
        if (hidden > 0) {
          shown = (shown ?? '') + text.slice(from, start) + SHOWN;
          from = hidden;
        }
        start = at;
        hidden = end;
      } else if (end > hidden) hidden = end;
    }
    if (start < 0) return text;
    return (shown ?? '') + text.slice(from, start) + SHOWN + text.slice(hidden);
  }

  /** Whether a text has one of the values in it. */
  occursIn(text: string): boolean {
    return this.#hits(text).next().done !== true;
  }

  *#hits(text: string): Generator<readonly [at: number, end: number]> {
    if (this.#forms.size === 0) return;
    const last = text.length - SHORTEST;
    const present = this.#present;
    for (let at = 0; at <= last; at += 1) {
      const hash = hashAt(text, at);
      if (present[hash] === 0) continue;
      let longest = 0;
      for (const form of this.#byHash.get(hash) ?? []) {
        if (form.length > longest && text.startsWith(form, at)) longest = form.length;
      }
      if (longest > 0) yield [at, at + longest];
    }
  }

  #index(form: string): void {
    const hash = hashAt(form, 0);
    this.#present[hash] = 1;
    const others = this.#byHash.get(hash);
    if (others === undefined) this.#byHash.set(hash, [form]);
    else if (!others.includes(form)) others.push(form);
  }

  /** Rare, and so simply made anew. */
  #forget(value: string): void {
    this.#forms.delete(value);
    this.#byHash = new Map();
    this.#present = new Uint8Array(HASHES);
    for (const forms of this.#forms.values()) for (const form of forms) this.#index(form);
  }
}

function hashAt(text: string, at: number): number {
  let hash = text.charCodeAt(at);
  hash = hash * 33 + text.charCodeAt(at + 1);
  hash = hash * 33 + text.charCodeAt(at + 2);
  return (hash * 33 + text.charCodeAt(at + 3)) & (HASHES - 1);
}

/** A value as it may stand in text, and the parts of it that are secret by themselves. */
function formsOf(value: string): readonly string[] {
  const forms = new Set(encodingsOf(value));
  for (const part of [...value.split(/\r?\n/), ...leavesOf(value)]) {
    if (part.length >= SHORTEST_PART && part !== value) for (const form of encodingsOf(part)) forms.add(form);
  }
  return [...forms];
}

/** The texts in a value that is JSON: whoever is given it takes it apart. */
function leavesOf(value: string): readonly string[] {
  if (!/^\s*[{[]/.test(value)) return [];
  const leaves: string[] = [];
  try {
    JSON.parse(value, (_, leaf: unknown) => {
      if (typeof leaf === 'string') leaves.push(leaf);
      return undefined;
    });
  } catch {
    // It only looks like JSON: the whole is all there is.
  }
  return leaves;
}

/** A value as it may stand in text, JSON, a URL, or base64. */
function encodingsOf(value: string): readonly string[] {
  const forms = new Set([value, JSON.stringify(value).slice(1, -1), percentEncoded(value)]);
  if (value.length >= SHORTEST_ENCODED) {
    const bytes = Buffer.from(value);
    for (const offset of [0, 1, 2]) {
      const base64 = base64At(bytes, offset);
      forms.add(base64);
      forms.add(base64.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return [...forms].filter(({ length }) => length >= SHORTEST);
}

function percentEncoded(value: string): string {
  // A lone surrogate has no encoding.
  return encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}

/** The characters of base64 that bytes alone decide, when `offset` bytes (modulo 3) come before them and any after. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(first, last);
}

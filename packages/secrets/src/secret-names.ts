import type { ProviderSet } from './provider-source.ts';
import { parseReference } from './reference.ts';
import { SecretError } from './secret-error.ts';

const SHOWN_NAMES = 10;

/** The names that a policy gives to references. */
export class SecretNames {
  readonly #lists: ReadonlyMap<string, readonly string[]>;

  /** @throws TypeError for a name whose references are none, or have no provider */
  constructor(names: Readonly<Record<string, string | readonly string[]>>, providers: ProviderSet) {
    this.#lists = new Map(
      Object.entries(names).map(([name, value]) => [name, typeof value === 'string' ? [value] : [...value]]),
    );
    for (const [name, texts] of this.#lists) {
      try {
        checkList(texts);
        for (const text of texts) {
          const missing = providers.missing(parseReference(text));
          if (missing !== undefined) throw missing;
        }
      } catch (error) {
        throw new TypeError(`names: "${name}": ${(error as SecretError).message}.`, { cause: error });
      }
    }
  }

  /** A reference, a name, or a list of both as references in order. @throws SecretError `invalid_reference` */
  expand(reference: string | readonly string[]): readonly string[] {
    const given: readonly unknown[] = Array.isArray(reference) ? reference : [reference];
    const texts = given.flatMap((text) => {
      if (typeof text !== 'string') throw invalid('is no text; write one such as env:API_KEY');
      return text.includes(':') ? [text] : this.#named(text);
    });
    checkList(texts);
    return texts;
  }

  #named(name: string): readonly string[] {
    const list = this.#lists.get(name);
    if (list !== undefined) return list;
    const names = [...this.#lists.keys()].slice(0, SHOWN_NAMES).join(', ');
    const known = names === '' ? 'no names are given' : `the names are ${names}`;
    throw invalid(`is neither a reference, such as env:API_KEY, nor a name; ${known}`);
  }
}

/** A literal is always there, so that nothing after it would ever be asked. */
function checkList(texts: readonly string[]): void {
  if (texts.length === 0) throw new SecretError('invalid_reference', 'an empty list', 'write a reference');
  const literal = texts.findIndex((text) => text.startsWith('literal:'));
  if (literal >= 0 && literal < texts.length - 1) {
    throw new SecretError('invalid_reference', 'literal:...', 'is the default; write it last');
  }
}

function invalid(why: string): SecretError {
  // What was given may be a secret in the wrong place.
  return new SecretError('invalid_reference', 'a value that is not shown', why);
}

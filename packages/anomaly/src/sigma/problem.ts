/** Where a value stands in a document: keys and indexes from its root. */
export type Path = readonly (string | number)[];

/** One document of a YAML file, parsed. */
export interface SigmaDocument {
  /** The name that problems show. */
  readonly file: string;
  readonly value: unknown;
  /** Where the value at a path stands in the text, from 1. Default: problems have no line. */
  readonly place?: (path: Path) => { readonly line: number; readonly column: number };
}

/** Something wrong, or odd, in a rule: where it stands, what it is, and what to write instead. */
export interface SigmaProblem {
  readonly file: string;
  /** As `detection.selection.target|contains[1]`; empty for the document itself. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** An `error` keeps the rule from being used, a `warning` does not. */
  readonly severity: 'error' | 'warning';
}

/** Collects all that is wrong with one document. */
export class Problems {
  readonly #document: SigmaDocument;
  readonly #into: SigmaProblem[];
  #errors = 0;

  constructor(document: SigmaDocument, into: SigmaProblem[]) {
    this.#document = document;
    this.#into = into;
  }

  /** How many of them keep the rule from being used. */
  get errors(): number {
    return this.#errors;
  }

  error(path: Path, message: string): undefined {
    this.#errors += 1;
    this.#add(path, message, 'error');
  }

  warning(path: Path, message: string): void {
    this.#add(path, message, 'warning');
  }

  #add(path: Path, message: string, severity: SigmaProblem['severity']): void {
    const { file, place } = this.#document;
    this.#into.push({ file, path: written(path), ...place?.(path), message, severity });
  }
}

function written(path: Path): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join('');
}

import type { LookoutTrouble } from './service-options.ts';

type What = Extract<LookoutTrouble, { readonly type: 'failed' }>['what'];

/** Tells what goes wrong once, and again when it is something else or went well in between. */
export class TroubleTeller {
  readonly #tell: (trouble: LookoutTrouble) => void;
  readonly #failing = new Map<string, string>();

  constructor(tell: (trouble: LookoutTrouble) => void) {
    this.#tell = tell;
  }

  tell(trouble: LookoutTrouble): void {
    this.#tell(trouble);
  }

  failed(what: What, error: unknown): void {
    const code = codeOf(error);
    if (this.#failing.get(what) === code) return;
    this.#failing.set(what, code);
    this.#tell({ type: 'failed', what, code });
  }

  refused(what: 'alert' | 'notice' | 'restriction', error: unknown): void {
    const code = codeOf(error);
    if (this.#failing.get(`refused ${what}`) === code) return;
    this.#failing.set(`refused ${what}`, code);
    this.#tell({ type: 'refused', what, code });
  }

  /** It is not tried again. Told each time that it happens after something else did. */
  gaveUp(what: 'restriction', code: string): void {
    if (this.#failing.get(`gave up ${what}`) === code) return;
    this.#failing.set(`gave up ${what}`, code);
    this.#tell({ type: 'refused', what, code, isFinal: true });
  }

  went(what: What): void {
    this.#failing.delete(what);
  }

  took(what: 'alert' | 'notice' | 'restriction'): void {
    this.#failing.delete(`refused ${what}`);
    this.#failing.delete(`gave up ${what}`);
  }
}

/** Never the message: it could name a value of a call. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}

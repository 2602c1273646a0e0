import type { TokenRequest } from './token-vault.ts';

/** A place in a text that the vault has to fill. */
export type Slot = MintSlot | RestoreSlot;

export interface MintSlot {
  readonly kind: 'mint';
  readonly request: TokenRequest;
  filled: string | undefined;
}

export interface RestoreSlot {
  readonly kind: 'restore';
  readonly token: string;
  readonly entity: string;
  filled: string | undefined;
}

/** A value that is known once the vault has answered; it stands in a copy until then. */
export class Pending {
  readonly settle: () => unknown;

  constructor(settle: () => unknown) {
    this.settle = settle;
  }
}

/** A text that is put together from left to right. */
export class Pieces {
  readonly #text: string;
  #done = 0;
  #written = '';
  #parts: (string | { readonly slot: Slot; readonly otherwise: string })[] | undefined;
  #changed = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Puts something in the place of what stands from `start` to `end`. */
  put(start: number, end: number, replacement: string | Slot): void {
    this.#changed = true;
    this.#written += this.#text.slice(this.#done, start);
    this.#done = end;
    if (typeof replacement === 'string') this.#written += replacement;
    else {
      (this.#parts ??= []).push(this.#written, {
        slot: replacement,
        otherwise: this.#text.slice(start, end),
      });
      this.#written = '';
    }
  }

  /** The text itself where nothing was put. */
  finish(): string | Pending {
    if (!this.#changed) return this.#text;
    const rest = this.#written + this.#text.slice(this.#done);
    const parts = this.#parts;
    if (parts === undefined) return rest;
    return new Pending(() => parts.map(textOf).join('') + rest);
  }
}

/** A token without a value stays; a value without a token cannot be, since the vault has then failed. */
function textOf(part: string | { readonly slot: Slot; readonly otherwise: string }): string {
  if (typeof part === 'string') return part;
  const { slot, otherwise } = part;
  if (slot.filled !== undefined) return slot.filled;
  return slot.kind === 'restore' ? otherwise : `[${slot.request.entity}]`;
}

/** Parts in a row, with a gap between them. */
export function joinPieces(parts: readonly (string | Pending)[], gap: string): string | Pending {
  const settle = (): string =>
    parts.map((part) => (typeof part === 'string' ? part : String(part.settle()))).join(gap);
  return parts.every((part) => typeof part === 'string') ? settle() : new Pending(settle);
}

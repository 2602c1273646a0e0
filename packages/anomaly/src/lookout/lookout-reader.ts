import { joinPart } from './cut-lists.ts';
import { LOOKOUT_FORMAT, LOOKOUT_VERSION, LookoutStateError } from './saved-lookout.ts';

/** What takes the parts of each. All of them may throw. */
export interface LookoutTakers {
  readonly watch: { take(part: readonly [kind: unknown, saved: unknown]): void; end(): void };
  readonly rule: (saved: unknown) => void;
  readonly triage: (saved: unknown) => void;
  readonly tellSince: (time: number) => void;
}

interface Open {
  readonly kind: 'rule' | 'triage';
  readonly value: unknown;
}

/** Reads what `Lookout.save` gave, part by part. */
export class LookoutReader {
  readonly #takers: LookoutTakers;
  #cursor: unknown;
  #hasHead = false;
  #hasEnd = false;
  /** What may still go on. */
  #open: Open | undefined;

  constructor(takers: LookoutTakers) {
    this.#takers = takers;
  }

  /** @throws LookoutStateError for what is no part, or not in its place */
  take(part: unknown): void {
    if (!this.#hasHead) this.#head(part);
    else if (!Array.isArray(part) || this.#hasEnd) throw new LookoutStateError('a part of it is damaged');
    else this.#part(part);
  }

  /** @returns the cursor that it was saved with. @throws LookoutStateError when not all of it was taken */
  end(): unknown {
    if (!this.#hasEnd) throw new LookoutStateError('not all of it is there');
    unlessDamaged(() => this.#takers.watch.end());
    return this.#cursor;
  }

  #head(part: unknown): void {
    // Version 1 was one object.
    const head: unknown = Array.isArray(part) && part[0] === 'lookout' ? part[1] : part;
    const { format, version, cursor, tellSince } = (head ?? {}) as Readonly<Record<string, unknown>>;
    if (format !== LOOKOUT_FORMAT) throw new LookoutStateError('it is not the state of a watch');
    if (version !== LOOKOUT_VERSION)
      throw new LookoutStateError(
        `it was written by another version of this program, not version ${String(LOOKOUT_VERSION)}`,
      );
    if (typeof tellSince !== 'number')
      throw new LookoutStateError('it does not say since when alerts are told');
    this.#hasHead = true;
    this.#cursor = cursor;
    this.#takers.tellSince(tellSince);
  }

  #part([kind, saved, more]: readonly unknown[]): void {
    unlessDamaged(() => {
      if (kind === 'more') {
        if (!joinPart(this.#open?.value, saved, more)) throw new TypeError('It belongs nowhere.');
        return;
      }
      this.#close();
      if (kind === 'rule' || kind === 'triage') this.#open = { kind, value: saved };
      else if (kind === 'end') this.#hasEnd = true;
      else this.#takers.watch.take([kind, saved]);
    });
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) this.#takers[open.kind](open.value);
  }
}

function unlessDamaged(read: () => void): void {
  try {
    read();
  } catch (cause) {
    throw new LookoutStateError('a part of it is damaged', { cause });
  }
}

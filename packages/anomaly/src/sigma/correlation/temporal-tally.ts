import { isTexts, MOST_EVIDENCE, type Sign, type Tally, type TallyKind } from './tally.ts';

/** When a rule last matched; in an ordered tally, when the latest chain up to it began. */
interface Step {
  readonly time: number;
  readonly ids: readonly string[];
}

type Steps = (Step | null)[];

/** Counts how many of the rules matched within the timespan; `ordered`: one after the other. */
export function temporalTallies(spanMs: number, rules: number, ordered: boolean): TallyKind {
  const make = (steps: Steps): Tally => new TemporalTally(spanMs, ordered, steps);
  return {
    create: () => make(Array.from({ length: rules }, () => null)),
    load: (saved) =>
      Array.isArray(saved) && saved.length === rules && saved.every(isStep) ? make([...saved]) : undefined,
  };
}

function isStep(value: unknown): value is Step | null {
  if (value === null) return true;
  const { time, ids } = (value ?? {}) as { readonly time?: unknown; readonly ids?: unknown };
  return typeof time === 'number' && isTexts(ids) && ids.length <= MOST_EVIDENCE;
}

class TemporalTally implements Tally {
  readonly #spanMs: number;
  readonly #ordered: boolean;
  readonly #steps: Steps;

  constructor(spanMs: number, ordered: boolean, steps: Steps) {
    this.#spanMs = spanMs;
    this.#ordered = ordered;
    this.#steps = steps;
  }

  get size(): number {
    return this.#steps.reduce((sum, step) => sum + (step === null ? 1 : 1 + step.ids.length), 0);
  }

  add(sign: Sign): number {
    const steps = this.#steps;
    for (const [at, step] of steps.entries())
      if (step !== null && step.time < sign.time - this.#spanMs) steps[at] = null;
    if (this.#ordered) return this.#follow(sign);
    steps[sign.position] = { time: sign.time, ids: sign.evidence };
    return steps.filter((step) => step !== null).length;
  }

  /** Of all chains up to a rule only the one that began last can still be completed when another can. */
  #follow({ id, time, position, evidence }: Sign): number {
    const steps = this.#steps;
    const before = position === 0 ? { time, ids: [] } : steps[position - 1];
    // One record is one step, even if two of the rules match it.
    if (before === null || before === undefined || before.ids.at(-1) === id) return 0;
    steps[position] = { time: before.time, ids: [...before.ids, ...evidence].slice(-MOST_EVIDENCE) };
    return position === steps.length - 1 ? steps.length : 0;
  }

  evidence(): readonly string[] {
    const ids = this.#ordered ? (this.#steps.at(-1)?.ids ?? []) : this.#oldestFirst();
    return [...new Set(ids)].slice(-MOST_EVIDENCE);
  }

  #oldestFirst(): readonly string[] {
    return this.#steps
      .flatMap((step) => step ?? [])
      .toSorted((a, b) => a.time - b.time)
      .flatMap(({ ids }) => ids);
  }

  save(): unknown {
    return this.#steps;
  }
}

import { DAY, MINUTE } from '../../src/durations.ts';
import { Chance } from './chance.ts';
import { Agent, Job } from './machine.ts';
import type { MadeCall } from './made-call.ts';
import { Person } from './person.ts';

/** A Monday. */
export const BEGIN: number = Date.UTC(2026, 0, 5);

/** One server and twenty who use it: thirteen people, of whom two administer it and one is seldom there, jobs and agents. */
export class Office {
  readonly people: readonly Person[];
  readonly quiet: Person;
  readonly administrator: Person;
  readonly agents: readonly Agent[];
  readonly jobs: readonly Job[];
  readonly #chance: Chance;
  /** Calls of each day, in their order. */
  readonly days: MadeCall[][] = [];
  /** When the server failed for all: beginnings and ends. */
  readonly outages: (readonly [number, number])[] = [];

  constructor(seed: number, days: number) {
    this.#chance = new Chance(seed);
    const own = (): Chance => new Chance(this.#chance.whole(1, 2 ** 31));
    this.people = Array.from({ length: 10 }, (_, n) => new Person(`person-${String(n)}`, own()));
    this.administrator = new Person('administrator', own(), { administers: true });
    this.quiet = new Person('quiet', own(), { quiet: true });
    const onCall = new Person('on-call', own(), { administers: true, onCall: true });
    this.agents = Array.from({ length: 4 }, (_, n) => new Agent(`agent-${String(n)}`, own()));
    this.jobs = Array.from({ length: 3 }, (_, n) => new Job(`job-${String(n)}`, own()));
    const all = [...this.people, this.administrator, this.quiet, onCall, ...this.agents, ...this.jobs];
    for (let day = 0; day < days; day++) {
      const start = BEGIN + day * DAY;
      const calls = all.flatMap((one) => one.day(start, (day + 1) % 7, day));
      this.days.push(this.#withOutage(calls, start).toSorted((a, b) => a.time - b.time));
    }
  }

  /** How many principals it has. */
  get size(): number {
    return this.people.length + 3 + this.agents.length + this.jobs.length;
  }

  /** About every twentieth day the server fails for all for some minutes. */
  #withOutage(calls: readonly MadeCall[], start: number): readonly MadeCall[] {
    const chance = this.#chance;
    if (!chance.happens(0.05)) return calls;
    const from = start + chance.between(0, DAY);
    const until = from + chance.between(5, 25) * MINUTE;
    this.outages.push([from, until]);
    return calls.map((call) =>
      call.end === 'ok' && call.time >= from && call.time < until && chance.happens(0.7)
        ? { ...call, end: 'error', resultBytes: 90 }
        : call,
    );
  }
}

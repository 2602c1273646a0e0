import { HOUR } from '../../src/durations.ts';
import type { Chance } from './chance.ts';
import { type End, type MadeCall, usualCall, type Who } from './made-call.ts';
import { BULK, HIDDEN, type MadeTool, PLAIN, SENDING, SENSITIVE } from './tools.ts';

/** A job that does the same every hour, or every night, and asks whether it is done. */
export class Job {
  readonly subject: string;
  readonly tools: readonly MadeTool[] = BULK;
  readonly #chance: Chance;
  readonly #hourly: boolean;
  readonly #minute: number;
  readonly #calls: number;
  readonly #polls: number;

  constructor(subject: string, chance: Chance) {
    this.subject = subject;
    this.#chance = chance;
    this.#hourly = chance.happens(0.6);
    this.#minute = chance.whole(0, 59);
    this.#calls = this.#hourly ? chance.whole(4, 10) : chance.whole(80, 250);
    this.#polls = chance.whole(3, 15);
  }

  get who(): Who {
    return { subject: this.subject, client: 'scheduler' };
  }

  day(start: number): MadeCall[] {
    const calls: MadeCall[] = [];
    for (let hour = this.#hourly ? 0 : 2; hour < (this.#hourly ? 24 : 3); hour++)
      this.#run(calls, start + hour * HOUR + this.#minute * 60_000);
    return calls;
  }

  #run(calls: MadeCall[], from: number): void {
    const chance = this.#chance;
    const [report, sync, status] = BULK as readonly [MadeTool, MadeTool, MadeTool];
    // Now and then there is more to do than usual, or what failed is done again.
    const more = chance.happens(this.#hourly ? 0.002 : 0.02) ? chance.between(1.5, 3) : 1;
    let time = from + chance.between(0, 20_000);
    const length = Math.round(chance.around(this.#calls, 0.1) * more);
    for (let n = 0; n < length; n++) {
      const end: End = chance.happens(0.004) ? 'error' : 'ok';
      calls.push(usualCall(chance, this.who, chance.happens(0.2) ? report : sync, time, end));
      time += chance.around(3000, 0.3);
    }
    const polled = usualCall(chance, this.who, status, time);
    for (let n = Math.round(chance.around(this.#polls, 0.4)); n > 0; n--) {
      calls.push({ ...polled, time });
      time += 5000;
    }
  }
}

/** An agent that works on tasks around the clock, more of them by day, and makes mistakes and tries again. */
export class Agent {
  readonly subject: string;
  readonly tools: readonly MadeTool[];
  readonly #chance: Chance;
  readonly #tasks: number;

  constructor(subject: string, chance: Chance) {
    this.subject = subject;
    this.#chance = chance;
    this.#tasks = chance.between(4, 10);
    this.tools = [
      ...chance.some(PLAIN, chance.whole(5, 9)),
      ...(chance.happens(0.5) ? chance.some(SENSITIVE, 1) : []),
      ...(chance.happens(0.4) ? chance.some(SENDING, 1) : []),
    ];
  }

  get who(): Who {
    return { subject: this.subject, client: 'agent-runtime', actor: `agent-of-${this.subject}` };
  }

  day(start: number, weekday: number): MadeCall[] {
    const chance = this.#chance;
    const calls: MadeCall[] = [];
    const tasks = chance.poisson(this.#tasks * (weekday === 0 || weekday === 6 ? 0.5 : 1));
    for (let n = 0; n < tasks; n++) {
      const hour = chance.happens(0.7) ? 7 + chance.between(0, 11) : chance.between(0, 24);
      this.#task(calls, start + hour * HOUR);
    }
    return calls;
  }

  #task(calls: MadeCall[], from: number): void {
    const chance = this.#chance;
    let time = from;
    for (let n = Math.min(150, 2 + Math.round(chance.around(18, 0.8))); n > 0; n--) {
      const end = this.#end();
      const hidden: MadeTool = { name: chance.favourite(HIDDEN), bytes: 90, argumentBytes: 90 };
      const call = usualCall(
        chance,
        this.who,
        end === 'denied' ? hidden : chance.favourite(this.tools),
        time,
        end,
      );
      calls.push(call);
      time += chance.around(2500, 0.7);
      for (let again = end === 'ok' ? 0 : chance.whole(0, 4); again > 0; again--) {
        calls.push({ ...call, time });
        time += chance.around(1500, 0.5);
      }
    }
  }

  #end(): End {
    const at = this.#chance.next();
    if (at < 0.006) return 'denied';
    if (at < 0.036) return 'invalid';
    return at < 0.06 ? 'error' : 'ok';
  }
}

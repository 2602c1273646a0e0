import { HOUR, MINUTE } from '../../src/durations.ts';
import type { Chance } from './chance.ts';
import { type MadeCall, type End, usualCall, type Who } from './made-call.ts';
import { ADMINISTRATIVE, HIDDEN, type MadeTool, PLAIN, SEARCH, SENDING, SENSITIVE } from './tools.ts';

export interface PersonHabits {
  /** Administrative tools are among those used. */
  readonly administers?: boolean;
  /** Called at night, about every fourth night. */
  readonly onCall?: boolean;
  /** A few calls on some days. */
  readonly quiet?: boolean;
}

/** Somebody who works office hours, in sessions, with tools they like more and less. */
export class Person {
  readonly subject: string;
  readonly tools: MadeTool[];
  readonly habits: PersonHabits;
  readonly #chance: Chance;
  readonly #clients: string[];
  readonly #from: number;
  readonly #sessions: number;
  #awayUntil = -1;

  constructor(subject: string, chance: Chance, habits: PersonHabits = {}) {
    this.subject = subject;
    this.habits = habits;
    this.#chance = chance;
    this.tools = [
      ...chance.some(PLAIN, chance.whole(6, 11)),
      ...(chance.happens(0.4) ? chance.some(SENSITIVE, chance.whole(1, 2)) : []),
      ...(chance.happens(0.35) ? chance.some(SENDING, 1) : []),
      ...(habits.administers === true ? ADMINISTRATIVE : []),
    ];
    this.#clients = chance.some(['ide', 'desktop', 'web'], chance.happens(0.25) ? 2 : 1);
    this.#from = chance.pick([7, 8, 8, 9, 9, 10, 14]) + chance.between(-0.5, 0.5);
    this.#sessions = chance.between(3, 7);
  }

  /** The hour of the day, UTC, in the middle of the work. */
  get noon(): number {
    return this.#from + 4;
  }

  get who(): Who {
    return this.#with(this.#clients[0] ?? 'ide');
  }

  #with(client: string): Who {
    return { subject: this.subject, client, ...(this.habits.administers === true && { roles: ['admin'] }) };
  }

  day(start: number, weekday: number, dayNumber: number): MadeCall[] {
    const chance = this.#chance;
    const weekend = weekday === 0 || weekday === 6;
    const calls: MadeCall[] = [];
    if (dayNumber < this.#awayUntil) return calls;
    if (chance.happens(0.008)) this.#awayUntil = dayNumber + chance.whole(3, 10);
    if (this.habits.onCall === true && chance.happens(0.25)) this.#night(start, calls);
    if (chance.happens(weekend ? 0.98 : 0.07)) return calls;
    if (this.habits.quiet === true) {
      if (chance.happens(0.5)) this.#session(calls, start + this.#hour(8), chance.whole(1, 3));
      return calls;
    }
    this.#adopt();
    const intensity = chance.around(1, 0.4) * (weekend ? 0.4 : 1);
    const sessions = Math.max(1, chance.poisson(this.#sessions * intensity));
    for (let n = 0; n < sessions; n++)
      this.#session(calls, start + this.#hour(8), 1 + Math.round(chance.around(9, 0.8)));
    if (chance.happens(0.02))
      this.#session(calls, start + (this.#from + 9 + chance.between(0, 3)) * HOUR, chance.whole(5, 30));
    if (chance.happens(0.01)) this.#session(calls, start + this.#hour(6), chance.whole(80, 200));
    return calls;
  }

  #hour(length: number): number {
    return (this.#from + this.#chance.between(0, length)) * HOUR;
  }

  #night(start: number, calls: MadeCall[]): void {
    this.#session(
      calls,
      start + this.#chance.between(0, 5) * HOUR,
      this.#chance.whole(3, 15),
      ADMINISTRATIVE,
    );
  }

  /** New tools and clients come into use. */
  #adopt(): void {
    const chance = this.#chance;
    if (chance.happens(0.02)) this.tools.push(chance.pick(PLAIN));
    if (chance.happens(0.001)) this.tools.push(chance.pick([...SENSITIVE, ...SENDING]));
    if (chance.happens(0.002)) this.#clients.push(chance.pick(['ide', 'desktop', 'web']));
  }

  #session(calls: MadeCall[], from: number, length: number, tools: readonly MadeTool[] = this.tools): void {
    const chance = this.#chance;
    const who = this.#with(chance.favourite(this.#clients));
    let time = from;
    for (let n = 0; n < length; n++) {
      const tool = chance.favourite(tools);
      const end = this.#end();
      calls.push(
        end === 'denied' && chance.happens(0.5)
          ? usualCall(
              chance,
              who,
              { name: chance.favourite(HIDDEN), bytes: 90, argumentBytes: 90 },
              time,
              end,
            )
          : usualCall(chance, who, tool, time, end),
      );
      time += Math.min(20 * MINUTE, chance.around(15_000, 1));
    }
    if (chance.happens(0.05))
      for (let n = chance.whole(1, 4); n > 0; n--)
        calls.push({
          ...usualCall(
            chance,
            { subject: 'anonymous', client: who.client },
            SEARCH,
            from - n * 1500,
            'unauthenticated',
          ),
        });
  }

  #end(): End {
    const at = this.#chance.next();
    if (at < 0.006) return 'denied';
    if (at < 0.018) return 'invalid';
    return at < 0.035 ? 'error' : 'ok';
  }
}

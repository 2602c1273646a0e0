import type { DetectorId } from '../../src/detector-id.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/durations.ts';
import type { Chance } from './chance.ts';
import { type MadeCall, usualCall, type Who } from './made-call.ts';
import { BEGIN, type Office } from './office.ts';
import type { Person } from './person.ts';
import { ADMINISTRATIVE, HIDDEN, type MadeTool, PLAIN, SEARCH, SENDING, SENSITIVE } from './tools.ts';

/** An attack on one principal, in an office that is not attacked otherwise. */
interface Attack {
  /** Whom alerts have to be about; undefined: nobody in particular. */
  readonly subject: string | undefined;
  readonly calls: readonly MadeCall[];
}

export interface Scenario {
  readonly name: string;
  /** What it does, for the page. */
  readonly says: string;
  /** Alerts of these detectors count as found. */
  readonly foundBy: readonly DetectorId[];
  /** On which day it begins, and how many it takes. */
  readonly from: number;
  readonly days: number;
  readonly make: (office: Office, chance: Chance, start: number) => Attack;
}

const STRANGER = 'cli';

/** Somebody who works on a day, and when they work most. */
function worker(office: Office, chance: Chance, start: number): { person: Person; time: number } {
  const calls = office.days[Math.round((start - BEGIN) / DAY)] ?? [];
  const person = chance.pick(
    office.people.filter(({ subject }) => calls.filter((call) => call.subject === subject).length >= 10),
  );
  const theirs = calls.filter(({ subject }) => subject === person.subject).map(({ time }) => time);
  const near = (time: number): number =>
    theirs.filter((other) => Math.abs(other - time) < 10 * MINUTE).length;
  const time = theirs.toSorted((a, b) => near(b) - near(a))[0] ?? start + person.noon * HOUR;
  return { person, time: time - 5 * MINUTE };
}

function series(
  count: number,
  from: number,
  gap: () => number,
  make: (time: number, n: number) => MadeCall,
): MadeCall[] {
  let time = from;
  return Array.from({ length: count }, (_, n) => {
    const call = make(time, n);
    time += gap();
    return call;
  });
}

const hidden = (name: string): MadeTool => ({ name, bytes: 90, argumentBytes: 90 });

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'burst exfiltration',
    says: '150 to 600 reads in 5 to 15 minutes, 4 to 40 KB each, with tools that the person uses',
    foundBy: ['call-rate', 'bytes-out', 'enumeration'],
    from: 21,
    days: 1,
    make(office, chance, start) {
      const { person, time } = worker(office, chance, start);
      const count = chance.whole(150, 600);
      const gap = chance.between(5, 15) * (MINUTE / count);
      const size = chance.between(4000, 40_000);
      const tool = chance.pick(person.tools);
      const calls = series(
        count,
        time,
        () => gap,
        (at) => ({
          ...usualCall(chance, person.who, tool, at),
          resultBytes: Math.round(chance.around(size, 0.5)),
        }),
      );
      return { subject: person.subject, calls };
    },
  },
  {
    name: 'slow drip',
    says: 'one read every 4 to 9 minutes, day and night, for two days, 10 to 40 KB each',
    foundBy: ['unusual-hour', 'call-rate', 'bytes-out', 'enumeration'],
    from: 22,
    days: 2,
    make(office, chance, start) {
      const { person } = worker(office, chance, start);
      const gap = chance.between(4, 9) * MINUTE;
      const calls = series(
        Math.floor((2 * DAY) / gap) - 2,
        start,
        () => gap * chance.between(0.7, 1.3),
        (at) => ({
          ...usualCall(chance, person.who, chance.pick(person.tools), at),
          resultBytes: chance.whole(10_000, 40_000),
        }),
      );
      return { subject: person.subject, calls: calls.filter(({ time }) => time < start + 2 * DAY) };
    },
  },
  {
    name: 'tool enumeration',
    says: '25 to 60 tools tried in 2 to 20 minutes, 60 to 90 % of them denied',
    foundBy: ['enumeration', 'denials'],
    from: 21,
    days: 1,
    make(office, chance, start) {
      const { person, time } = worker(office, chance, start);
      const count = chance.whole(25, 60);
      const share = chance.between(0.6, 0.9);
      const names = chance.some(HIDDEN, count);
      const gap = (chance.between(2, 20) * MINUTE) / count;
      const calls = series(
        count,
        time,
        () => gap,
        (at, n) =>
          chance.happens(share)
            ? usualCall(chance, person.who, hidden(names[n] ?? 'x'), at, 'denied')
            : usualCall(chance, person.who, chance.pick(PLAIN), at),
      );
      return { subject: person.subject, calls };
    },
  },
  {
    name: 'credential stuffing',
    says: '60 to 600 failed authentications in 10 to 60 minutes',
    foundBy: ['authentication-failures'],
    from: 21,
    days: 1,
    make(_, chance, start) {
      const count = chance.whole(60, 600);
      const gap = (chance.between(10, 60) * MINUTE) / count;
      const who: Who = { subject: 'anonymous', client: STRANGER };
      const calls = series(
        count,
        start + chance.between(0, 22) * HOUR,
        () => gap,
        (at) => usualCall(chance, who, SEARCH, at, 'unauthenticated'),
      );
      return { subject: undefined, calls };
    },
  },
  {
    name: 'token reuse',
    says: '15 to 40 calls in 20 to 60 minutes with another client or for another agent, while the person works',
    foundBy: ['token-reuse', 'first-use'],
    from: 21,
    days: 1,
    make(office, chance, start) {
      const { person, time } = worker(office, chance, start);
      const count = chance.whole(15, 40);
      const gap = (chance.between(20, 60) * MINUTE) / count;
      const who = chance.happens(0.5)
        ? { ...person.who, client: STRANGER }
        : { ...person.who, actor: 'other-agent' };
      const calls = series(
        count,
        time,
        () => gap * chance.between(0.5, 1.5),
        (at) => usualCall(chance, who, chance.pick(person.tools), at),
      );
      return { subject: person.subject, calls };
    },
  },
  {
    name: 'off-hours admin',
    says: '3 to 10 administrative calls at night by an administrator who works by day',
    foundBy: ['unusual-hour'],
    from: 22,
    days: 1,
    make({ administrator }, chance, start) {
      const night = start + (administrator.noon + 12 + chance.between(-3, 3)) * HOUR - DAY;
      const calls = series(
        chance.whole(3, 10),
        night + (night < start ? DAY : 0),
        () => chance.between(10, 120) * SECOND,
        (at) => usualCall(chance, administrator.who, chance.pick(ADMINISTRATIVE), at),
      );
      return { subject: administrator.subject, calls };
    },
  },
  {
    name: 'privilege probing',
    says: '10 to 25 denied tools, one after another, over 1 to 5 hours of a working day',
    foundBy: ['enumeration', 'denials'],
    from: 21,
    days: 1,
    make(office, chance, start) {
      const { person, time } = worker(office, chance, start);
      const count = chance.whole(10, 25);
      const names = chance.some(HIDDEN, count);
      const gap = (chance.between(1, 5) * HOUR) / count;
      const calls = series(
        count,
        time,
        () => gap * chance.between(0.5, 1.5),
        (at, n) => usualCall(chance, person.who, hidden(names[n] ?? 'x'), at, 'denied'),
      );
      return { subject: person.subject, calls };
    },
  },
  {
    name: 'run-away loop',
    says: 'an agent makes one call 300 to 2,000 times, every 0.5 to 3 seconds',
    foundBy: ['run-away-loop', 'call-rate'],
    from: 21,
    days: 1,
    make({ agents }, chance, start) {
      const agent = chance.pick(agents);
      const gap = chance.between(0.5, 3) * SECOND;
      const call = usualCall(chance, agent.who, chance.pick(agent.tools), start);
      const calls = series(
        chance.whole(300, 2000),
        start + chance.between(0, 20) * HOUR,
        () => gap,
        (time) => ({
          ...call,
          time,
        }),
      );
      return { subject: agent.subject, calls };
    },
  },
  {
    name: 'large export',
    says: 'one to three results of 5 to 50 MB',
    foundBy: ['large-transfer', 'bytes-out'],
    from: 21,
    days: 1,
    make(office, chance, start) {
      const { person, time } = worker(office, chance, start);
      const tool = chance.pick(person.tools);
      const calls = series(
        chance.whole(1, 3),
        time,
        () => chance.between(5, 60) * SECOND,
        (at) => ({
          ...usualCall(chance, person.who, tool, at),
          resultBytes: Math.round(chance.between(5e6, 5e7)),
        }),
      );
      return { subject: person.subject, calls };
    },
  },
  {
    name: 'read then send',
    says: 'one to four times a sensitive read and, 5 to 300 seconds later, a send, by a person or an agent that does not have both tools',
    foundBy: ['read-then-send'],
    from: 21,
    days: 1,
    make(office, chance, start) {
      const { person, time } = worker(office, chance, start);
      const both = ({ tools }: { readonly tools: readonly MadeTool[] }): boolean =>
        SENSITIVE.some((tool) => tools.includes(tool)) && SENDING.some((tool) => tools.includes(tool));
      const victim = chance.pick(
        [person, ...office.agents].filter((one) => !both(one)).concat(both(person) ? [] : person),
      );
      const at = victim === person ? time : start + chance.between(8, 16) * HOUR;
      const read = chance.pick(SENSITIVE);
      const send = chance.pick(SENDING);
      const calls = series(
        chance.whole(1, 4),
        at,
        () => 6 * MINUTE,
        (when) => usualCall(chance, victim.who, read, when),
      ).flatMap((call) => [
        call,
        usualCall(chance, victim.who, send, call.time + chance.between(5, 300) * SECOND),
      ]);
      return { subject: victim.subject, calls };
    },
  },
  {
    name: 'poisoned baseline',
    says: 'a person reads 12 to 20 % more on each working day for four weeks, and then 800 to 2,000 results on one day',
    foundBy: ['call-rate', 'bytes-out', 'enumeration'],
    from: 7,
    days: 28,
    make(office, chance, start) {
      const { person } = worker(office, chance, start);
      const growth = chance.between(1.12, 1.2);
      const calls: MadeCall[] = [];
      for (let day = 0; day < 26; day++) {
        if (day % 7 >= 5) continue;
        const last = day === 25;
        const workday = day - 2 * Math.floor(day / 7);
        const count = last ? chance.whole(800, 2000) : Math.round(50 * (growth ** workday - 1));
        const from = start + day * DAY + (person.noon - 4) * HOUR;
        calls.push(
          ...series(
            count,
            from,
            () => (8 * HOUR) / count,
            (at) => usualCall(chance, person.who, chance.pick(person.tools), at),
          ),
        );
      }
      return { subject: person.subject, calls };
    },
  },
  {
    name: 'quiet then loud',
    says: 'somebody with one to three calls on every other day makes 400 to 1,500 in one to two hours',
    foundBy: ['call-rate', 'bytes-out', 'enumeration'],
    from: 21,
    days: 1,
    make({ quiet }, chance, start) {
      const count = chance.whole(400, 1500);
      const gap = (chance.between(1, 2) * HOUR) / count;
      const calls = series(
        count,
        start + quiet.noon * HOUR,
        () => gap * chance.between(0.5, 1.5),
        (at) => usualCall(chance, quiet.who, chance.pick(quiet.tools), at),
      );
      return { subject: quiet.subject, calls };
    },
  },
];

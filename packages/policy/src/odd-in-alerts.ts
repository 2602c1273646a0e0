import type { ResponseEntry } from '@sallyport/anomaly';
import type { AlertsSection, AllowEntry, SuppressEntry, WeeklyEntry } from './alerts-section.ts';
import type { Odd } from './check-sink.ts';
import { nearest } from './nearest.ts';

const KINDS = ['sensitive', 'sending', 'administrative'] as const;
const ABOUT = ['rule', 'server', 'subject', 'target'] as const;
/** RFC 3339, section 5.6: without its offset nobody knows when it is. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/i;
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** A kind of tools without a pattern: that no tool is one is easily not what is meant. */
export function oddKinds({ tools = {} }: AlertsSection): readonly Odd[] {
  return KINDS.filter((kind) => tools[kind]?.length === 0).map((kind) => ({
    at: ['tools', kind],
    message: `no tool is ${kind} then, and the words that it is known by otherwise are not looked for; leave it out to have these`,
    severity: 'warning',
  }));
}

export function oddAllowance({ detector, server, subject, target, client }: AllowEntry): readonly Odd[] {
  const patterns = [server, subject, target, client].filter((pattern) => pattern !== undefined);
  if (detector === undefined && patterns.length === 0)
    return [{ at: [], message: 'names nothing; add a detector, server, subject, target or client' }];
  if (!patterns.every(meansAll)) return [];
  return [
    {
      at: [],
      message:
        detector === undefined
          ? 'allows everything, so that detectors tell nothing; name a detector, subject or target'
          : `allows all that this detector tells; write "detectors: { ${detector}: off }", or name a subject or target`,
      severity: 'warning',
    },
  ];
}

/** @param now milliseconds since the epoch */
export function oddSuppression(entry: SuppressEntry, now: number): readonly Odd[] {
  const { from, until, weekly, reason } = entry;
  const odd: Odd[] = [];
  const moments = { from: momentOf(from), until: momentOf(until) };
  for (const member of ['from', 'until'] as const) {
    if (Number.isNaN(moments[member]))
      odd.push({
        at: [member],
        message: `"${member}" is a date and a time with its offset; write 2026-11-21T22:00:00Z, or +01:00 in the place of Z`,
      });
  }
  if (moments.from !== undefined && moments.until !== undefined && moments.until <= moments.from)
    odd.push({ at: ['until'], message: '"until" is before "from", so that this is never; exchange them' });
  else if (moments.until !== undefined && moments.until <= now)
    odd.push({
      at: ['until'],
      message: 'this is over; remove it, or write a later "until"',
      severity: 'warning',
    });
  if (weekly !== undefined) odd.push(...oddWeekly(weekly));
  if (reason.trim() === '')
    odd.push({ at: ['reason'], message: 'says nothing; write why, for whoever asks why nobody was told' });
  const isForAll = ABOUT.every((member) => entry[member] === undefined || meansAll(entry[member]));
  if (isForAll && until === undefined && weekly === undefined)
    odd.push({
      at: [],
      message:
        'keeps back every alert for ever; name a rule, server, subject or target, or add "until" or "weekly"',
    });
  return odd;
}

function momentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return MOMENT.test(text) ? Date.parse(text) : Number.NaN;
}

function oddWeekly({ from, to, zone }: WeeklyEntry): readonly Odd[] {
  const odd: Odd[] = [];
  for (const [member, time] of Object.entries({ from, to })) {
    if (!CLOCK.test(time))
      odd.push({
        at: ['weekly', member],
        message: `"${member}" is a time of the day, from 00:00 to 23:59; write '22:00', in quotes`,
      });
  }
  if (zone !== undefined && !isZone(zone))
    odd.push({
      at: ['weekly', 'zone'],
      message: `"${zone}" is no time zone; write the name of one, such as Europe/Berlin or UTC`,
    });
  return odd;
}

/** IANA names, as far as this Node knows them; an offset such as +01:00 knows no summer time. */
function isZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

export function oddResponse(entry: ResponseEntry): readonly Odd[] {
  const { rule, severity, quarantine, approval, alertOnly, anonymous, minutes } = entry;
  const odd: Odd[] = [];
  if ([quarantine, approval, alertOnly].filter((one) => one !== undefined).length !== 1)
    odd.push({
      at: [],
      message:
        'a response is one thing; write "quarantine: subject", "approval: subject", or "alertOnly: true" for an exception from those below it',
    });
  if (rule === undefined && severity === undefined)
    odd.push({
      at: [],
      message: 'would answer every alert; add "rule: read-then-send", or "severity: low" if that is meant',
    });
  if (anonymous !== undefined && (quarantine ?? approval) !== 'subject')
    odd.push({
      at: ['anonymous'],
      message: '"anonymous" is for responses to a subject; remove it',
    });
  if (alertOnly !== undefined && minutes !== undefined)
    odd.push({ at: ['minutes'], message: 'nothing is done, for however long; remove it' });
  if ((quarantine ?? approval) === 'server' && (severity === 'low' || severity === 'medium'))
    odd.push({
      at: [quarantine === undefined ? 'approval' : 'quarantine'],
      message: `alerts of severity ${severity} are easily caused, and whoever causes one stops the server for everybody; write subject or target, or a higher severity`,
      severity: 'warning',
    });
  return odd;
}

/** @param servers that the policy names; empty where it names none */
export function oddNever(pattern: string, servers: readonly string[]): readonly Odd[] {
  if (meansAll(pattern))
    return [
      {
        at: [],
        message: 'this is everything, and no response ever touches anything; write a name such as svc-*',
        severity: 'warning',
      },
    ];
  const slash = pattern.indexOf('/');
  if (slash < 1 || servers.length === 0) return [];
  const server = pattern.slice(0, slash);
  if (servers.some(patternOf(server))) return [];
  const near = nearest(server, servers) ?? servers[0] ?? '';
  return [
    {
      at: [],
      message: `no server of this policy is called "${server}"; write ${near}${pattern.slice(slash)}`,
      severity: 'warning',
    },
  ];
}

/** `*` stands for any characters, case does not matter; what watches has the same, and is loaded later. */
function patternOf(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*').map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return (text) => new RegExp(`^${pieces.join('.*')}$`, 'is').test(text);
}

function meansAll(pattern: string | undefined): boolean {
  return pattern !== undefined && /^\*+$/.test(pattern);
}

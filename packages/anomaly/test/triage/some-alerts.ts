import type { AlertFacts } from '@sallyport/audit';
import fc from 'fast-check';
import { MINUTE } from '../../src/durations.ts';
import { SEVERITIES } from '../../src/triage/severity.ts';

/** A Monday at eight, UTC. */
export const MONDAY: number = Date.UTC(2026, 0, 5, 8);

/** An alert of `alice` at `files`, so many minutes after Monday at eight. */
export function alert(minutes: number, over: Partial<AlertFacts> = {}): AlertFacts {
  return {
    id: `alert-${String(minutes)}-${over.rule?.id ?? 'call-rate'}-${over.subject ?? 'alice'}-${over.target ?? ''}`,
    time: at(minutes),
    server: 'files',
    title: 'alice made 412 calls in a minute, where 30 are usual.',
    severity: 'medium',
    rule: { id: 'call-rate', name: 'Unusual rate of calls' },
    method: 'statistical',
    subject: 'alice',
    records: ['record-1'],
    quarantined: false,
    ...over,
  };
}

/** An alert of another rule. */
export function other(minutes: number, rule: string, over: Partial<AlertFacts> = {}): AlertFacts {
  return alert(minutes, { rule: { id: rule, name: `The rule ${rule}` }, ...over });
}

export function at(minutes: number): string {
  return new Date(MONDAY + minutes * MINUTE).toISOString();
}

/** What happens to a triage: alerts, and a look at the clock between them. */
export type Step = { readonly take: AlertFacts } | { readonly due: number };

const someAlert = fc.record({
  minutes: fc.integer({ min: -5, max: 40 }),
  severity: fc.constantFrom(...SEVERITIES),
  rule: fc.constantFrom('a', 'b', 'c'),
  subject: fc.constantFrom('alice', 'bob', 'carol', undefined),
  target: fc.constantFrom('read', 'send', undefined),
  server: fc.constantFrom('files', 'crm'),
});

/** Steps in which time mostly goes on, each alert with an id of its own. */
export const someSteps: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.oneof({ weight: 5, arbitrary: someAlert }, fc.integer({ min: -200, max: 40 })), {
    maxLength: 120,
  })
  .map((steps) => {
    let clock = 0;
    return steps.map((step, n): Step => {
      const minutes = typeof step === 'number' ? step : step.minutes;
      clock += Math.max(minutes, -5) / 4;
      if (typeof step === 'number') return { due: MONDAY + (clock + Math.min(0, step)) * MINUTE };
      const { severity, rule, subject, target, server } = step;
      const { subject: _, ...one } = other(clock, rule, { severity, server });
      return {
        take: {
          ...one,
          id: `alert-${String(n)}`,
          ...(subject !== undefined && { subject }),
          ...(target !== undefined && { target }),
        },
      };
    });
  });

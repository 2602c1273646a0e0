import type { Field } from './fields.ts';
import type { TextTest } from './text-test.ts';

/** How many of ten thousand records of an ordinary day have these values. A guess only makes the index slower. */
const COMMON: Readonly<Record<string, number>> = {
  'type outcome': 5000,
  'type attempt': 4800,
  'type event': 200,
  'status ok': 4500,
  'status error': 200,
  'status refused': 100,
  'direction inbound': 9500,
  'kind request': 9500,
  'method tools/call': 8000,
  'decision.effect permit': 4500,
  'decision.effect deny': 100,
  'principal.method token': 5000,
  'principal.method process': 5000,
  'redacted.operator token': 500,
  'redacted.direction results': 800,
  'redacted.direction arguments': 800,
};
const OF_ANY_VALUE = 50;
const OF_ANY_SERVER = 2000;
const OF_A_PATTERN = 300;

/** How many of ten thousand records pass a test. */
export function likelihood(field: Field, test: TextTest): number {
  if (test.exact === undefined) return test.matches('', '') ? 10_000 : OF_A_PATTERN;
  return COMMON[`${field.name} ${test.exact}`] ?? (field.name === 'server' ? OF_ANY_SERVER : OF_ANY_VALUE);
}

import type { Detector } from '../detector.ts';
import { MINUTE } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { span } from './in-words.ts';
import { remember } from './known.ts';
import { BUDGET_LENGTH, isRare } from './novelty-budget.ts';
import type { Tuning } from './tuning.ts';

const WINDOW = 10 * MINUTE;
/** Own: when and what was read last, then the pairs that are known. */
const READ_AT = 0;
const READ = 1;
const PAIRS = 2;
const OWN_PAIRS = 24;
/** More than a server can have. */
const TOOLS = 65_536;
/** Group: a budget, then pairs, each with how many principals do it. */
const GROUP_PAIRS = 128;
/** A few new habits of others must not hide an attack. */
const TOLD_AT_LEAST = 2;

/**
 * A sensitive tool and then, within ten minutes, one that sends, by somebody who does not do that: what an injected prompt
 * makes an agent do. Which tools are sensitive or send, options say.
 */
export function readThenSend({ tolerance }: Tuning): Detector {
  const window = WINDOW / tolerance;
  return {
    id: 'read-then-send',
    name: 'Sensitive read, then send',
    severity: 'high',
    concerns: TRAITS.sensitive | TRAITS.sending,
    lengths: {
      own: { least: PAIRS, most: PAIRS + OWN_PAIRS },
      group: { least: BUDGET_LENGTH, most: BUDGET_LENGTH + 2 * GROUP_PAIRS },
    },
    observe(seen, { own, group }) {
      const { tool, time, traits, principals } = seen;
      if (tool === undefined || (traits & TRAITS.ok) === 0) return undefined;
      const read = own[READ] ?? 0;
      const ago = time - (own[READ_AT] ?? 0);
      const sends = (traits & TRAITS.sending) !== 0;
      if ((traits & TRAITS.sensitive) !== 0 && !sends) {
        own[READ_AT] = time;
        own[READ] = tool.id + 1;
      }
      if (!sends || read === 0 || ago > window || ago < 0) return undefined;
      const pair = read * TOOLS + tool.id;
      const sent = hasSent(own, tool.id);
      if (remember(own, PAIRS, OWN_PAIRS, pair)) return undefined;
      const others = countUser(group, pair);
      if (sent || !seen.settled || others > Math.max(1, 0.1 * principals)) return undefined;
      if (!isRare(group, 0, time, principals, TOLD_AT_LEAST)) return undefined;
      return {
        title: `A sensitive read, and ${span(Math.max(MINUTE, ago))} later a send, which this principal never did before, and ${String(others)} of ${String(principals)} principals did.`,
        measure: { name: 'principals that did this', observed: others + 1, baseline: others },
        windowMs: window,
        aboutTarget: true,
      };
    },
  };
}

/** Whether this principal sent with this tool after some sensitive read before. */
function hasSent(own: readonly number[], send: number): boolean {
  for (let at = PAIRS; at < own.length; at++) if ((own[at] ?? 0) % TOOLS === send) return true;
  return false;
}

/** @returns how many others did it before */
function countUser(group: number[], pair: number): number {
  for (let at = BUDGET_LENGTH; at < group.length; at += 2) {
    if (group[at] !== pair) continue;
    const users = group[at + 1] ?? 0;
    group[at + 1] = users + 1;
    return users;
  }
  if (group.length >= BUDGET_LENGTH + 2 * GROUP_PAIRS) group.splice(BUDGET_LENGTH, 2);
  group.push(pair, 1);
  return 0;
}

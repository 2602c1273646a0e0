import type { Detector, Oddity } from '../detector.ts';
import type { Sighting } from '../sighting.ts';
import { TRAITS } from '../traits.ts';
import { remember } from './known.ts';
import { BUDGET_LENGTH, isRare } from './novelty-budget.ts';
import type { Tuning } from './tuning.ts';

const OWN = 96;
const HOSTS = 256;
const CLIENTS = 64;
const RISKY: number = TRAITS.sending | TRAITS.administrative;
/** A tool that at most this share of all principals uses is for few. */
const FEW = 0.05;

/** Group: three budgets, then clients and hosts. */
const TOOL_BUDGET = 0;
const HOST_BUDGET = TOOL_BUDGET + BUDGET_LENGTH;
const CLIENT_BUDGET = HOST_BUDGET + BUDGET_LENGTH;
const SHARED = CLIENT_BUDGET + BUDGET_LENGTH;

/**
 * The first use of a tool that is for few and can do harm, of a host, or of a client. Most first uses are nothing: they
 * are told only where they are rare.
 */
export function firstUse({ tolerance }: Tuning): Detector {
  const few = FEW / tolerance;
  return {
    id: 'first-use',
    name: 'First use',
    severity: 'low',
    concerns: TRAITS.ok,
    lengths: {
      own: { least: 0, most: OWN },
      group: { least: SHARED, most: SHARED + CLIENTS + HOSTS },
    },
    observe(seen, { own, group }) {
      return ofTool(seen, own, group, few) ?? ofOthers(seen, group);
    },
  };
}

function ofTool(seen: Sighting, own: number[], group: number[], few: number): Oddity | undefined {
  const { tool, time, principals } = seen;
  if (tool === undefined || remember(own, 0, OWN, tool.id)) return undefined;
  const usersBefore = tool.users;
  tool.users += 1;
  if (!seen.ripe || (tool.traits & RISKY) === 0 || usersBefore > few * principals) return undefined;
  if (!isRare(group, TOOL_BUDGET, time, principals)) return undefined;
  return {
    title: `First use of a ${riskOf(tool.traits)} tool that ${String(usersBefore)} of ${String(principals)} principals used before.`,
    measure: { name: 'principals that used this tool', observed: usersBefore + 1, baseline: usersBefore },
    windowMs: 0,
    aboutTarget: true,
  };
}

function ofOthers(seen: Sighting, group: number[]): Oddity | undefined {
  const { host, client, time, principals, tenantRipe } = seen;
  const newClient = client !== 0 && !remember(group, SHARED, CLIENTS + HOSTS, client);
  const newHost = host !== 0 && !remember(group, SHARED, CLIENTS + HOSTS, host);
  if (!tenantRipe) return undefined;
  if (newClient && isRare(group, CLIENT_BUDGET, time, principals))
    return {
      title: `First use of a client that none of ${String(principals)} principals used before.`,
      measure: { name: 'principals that used this client', observed: 1, baseline: 0 },
      windowMs: 0,
    };
  if (newHost && isRare(group, HOST_BUDGET, time, principals))
    return {
      title: `First use of a host that none of ${String(principals)} principals used before.`,
      measure: { name: 'principals that used this host', observed: 1, baseline: 0 },
      windowMs: 0,
      aboutTarget: true,
    };
  return undefined;
}

function riskOf(traits: number): string {
  return (traits & TRAITS.administrative) === 0 ? 'sending' : 'administrative';
}

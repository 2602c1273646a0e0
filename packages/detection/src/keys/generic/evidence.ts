import type { ClassifyKey } from './key-class.ts';
import { CONTEXT, EVIDENCE } from './look.ts';

/** How many members of an object are looked at to learn whose it is. */
const MOST_SIBLINGS = 64;

/** What the members of an object say it is about: bits of `EVIDENCE`. */
export function evidenceIn(container: Readonly<Record<string, unknown>>, classify: ClassifyKey): number {
  let evidence = 0;
  let seen = 0;
  for (const key in container) {
    evidence |= classify(key).evidence;
    if (++seen === MOST_SIBLINGS) break;
  }
  return evidence;
}

export function isPersonContext(context: number): boolean {
  return context === CONTEXT.person || context === CONTEXT.patient;
}

/** Weighs the object around and the members beside. An e-mail address alone makes a person; with a version it does not. */
export function isPerson(context: number, evidence: number): boolean {
  let weight = 0;
  if (isPersonContext(context)) weight += 6;
  else if (context === CONTEXT.party) weight += 2;
  else if (context === CONTEXT.organisation || context === CONTEXT.thing) weight -= 4;
  if ((evidence & EVIDENCE.person) !== 0) weight += 4;
  if ((evidence & EVIDENCE.contact) !== 0) weight += 2;
  if ((evidence & EVIDENCE.thing) !== 0) weight -= 2;
  if ((evidence & EVIDENCE.organisation) !== 0) weight -= 2;
  return weight >= 2;
}

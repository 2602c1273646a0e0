/**
 * A place: in the low bits what its own text or number says, above them how the members of its object are read.
 * One number, because a bundle has ten thousand of them and the walk is to cost less than a third of writing the JSON.
 */
const VERDICT_BITS = 8;
const VERDICT_MASK = (1 << VERDICT_BITS) - 1;

export function placeOf(context: number, verdict: number): number {
  return (context << VERDICT_BITS) | verdict;
}

export function contextOf(place: number): number {
  return place >>> VERDICT_BITS;
}

export function verdictOf(place: number): number {
  return place & VERDICT_MASK;
}

/**
 * Looks for a number in a list that begins at `from`, and adds it when it is new; the oldest is given up when there are
 * `most`.
 *
 * @returns whether it was there
 */
export function remember(state: number[], from: number, most: number, value: number): boolean {
  for (let at = from; at < state.length; at++) if (state[at] === value) return true;
  if (state.length - from >= most) state.splice(from, 1);
  state.push(value);
  return false;
}

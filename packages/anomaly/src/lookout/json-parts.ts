/** Elements of a long list that are written in one go. */
const TOGETHER = 64;
/** Deeper values are written in one go. */
const DEPTH = 6;

/** The text of `JSON.stringify`, in parts: the text of a large value would keep the event loop for as long as it takes. */
export function* jsonInParts(value: unknown, depth = 0): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null || depth >= DEPTH) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value) && value.length > TOGETHER) {
    for (let at = 0; at < value.length; at += TOGETHER)
      yield `${at === 0 ? '[' : ','}${JSON.stringify(value.slice(at, at + TOGETHER)).slice(1, -1)}`;
    yield ']';
  } else if (Array.isArray(value)) {
    let before = '[';
    for (const one of value as readonly unknown[]) {
      yield before;
      yield* jsonInParts(one, depth + 1);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else {
    let before = '{';
    for (const [name, one] of Object.entries(value)) {
      if (one === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* jsonInParts(one, depth + 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  }
}

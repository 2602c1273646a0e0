import type { Detector } from '@sallyport/detection';

import { unescape } from './escaped-text.ts';

/** Something found in a text, with the value it stands for where that was escaped. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  /** Undefined: what stands from `start` to `end`. */
  readonly value?: string;
}

/** Everything that is found in a text, as it is and with its escapes decoded; sorted, none over another. */
export function findInText(text: string, detector: Detector): readonly Found[] {
  return withEscaped(text, detector.scan(text), detector);
}

/** The same where the text was scanned as it is. */
export function withEscaped(text: string, findings: readonly Found[], detector: Detector): readonly Found[] {
  const unescaped = unescape(text);
  if (unescaped === undefined) return findings;
  const decoded = detector.scan(unescaped.text).map(({ start, end, entity }) => ({
    start: unescaped.from(start),
    end: unescaped.endFrom(end),
    entity,
    value: unescaped.text.slice(start, end),
  }));
  return joinFound(findings, decoded);
}

/** Overlapping ones become one over all of their places, named for the longest. */
export function joinFound(some: readonly Found[], more: readonly Found[]): readonly Found[] {
  if (more.length === 0) return some;
  const sorted = [...some, ...more].toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: Found[] = [];
  for (const next of sorted) {
    const last = result.at(-1);
    if (last === undefined || next.start >= last.end) result.push(next);
    else if (next.end > last.end) {
      const longer = next.end - next.start > last.end - last.start ? next : last;
      result[result.length - 1] = { start: last.start, end: next.end, entity: longer.entity };
    }
  }
  return result;
}

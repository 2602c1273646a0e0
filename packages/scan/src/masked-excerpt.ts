import type { RawFinding } from './scan-finding.ts';

const MOST = 120;
const MASK = '••••••';
/** What stands before the credential says most. */
const BEFORE = 70;

/** The line with every credential in it replaced, and controls, which a terminal would act upon, made visible. */
export function maskedExcerpt({ lineText, start, end, hidden }: RawFinding): string {
  const places = [...hidden, [start, end] as const].toSorted((a, b) => a[0] - b[0] || b[1] - a[1]);
  let masked = '';
  let at = 0;
  let own = 0;
  for (const [from, to] of places) {
    if (to <= at) continue;
    if (from >= at) {
      masked += lineText.slice(at, from);
      if (from <= start) own = masked.length;
      masked += MASK;
    }
    at = Math.max(at, to);
  }
  masked += lineText.slice(at);
  const from = Math.max(0, Math.min(own - BEFORE, masked.length - MOST));
  const part = masked.slice(from, from + MOST);
  // Half of a character is none.
  return part
    .replaceAll(/\p{Surrogate}/gu, '')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
}

import type { Finding } from './finding.ts';

/** Finds what patterns cannot, such as names in prose. It is asked about texts with two words in a row only. */
export interface ProseDetector {
  /** Offsets are UTF-16 code units of `text`. It must not throw and must take time linear in its length. */
  find(text: string): readonly Finding[];
}

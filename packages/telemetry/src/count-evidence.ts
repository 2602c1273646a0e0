import type { Evidence } from '@sallyport/core';
import type { Meters } from './meters.ts';

/** Counts what the layers left on the trail of a call. */
export function countEvidence(entries: readonly Evidence[], meters: Meters): void {
  for (const entry of entries) {
    switch (entry.kind) {
      case 'decision':
        meters.count('decisions', [entry.effect, entry.layer]);
        break;
      case 'would_refuse':
        meters.count('refusals', [entry.code, 'audit']);
        break;
      case 'filtered':
        meters.count('filtered', [entry.layer], entry.removed);
        break;
      case 'redacted':
      case 'would_redact': {
        const { entity, operator, direction, count } = entry;
        const mode = entry.kind === 'redacted' ? 'enforce' : 'audit';
        meters.count('redactions', [entity, operator, direction, mode], count);
        break;
      }
    }
  }
}

import type { SigmaLevel } from '@sallyport/anomaly';
import { style } from '../terminal.ts';

/** How a severity is painted on a terminal. */
export function severityStyle(level: SigmaLevel): (text: string) => string {
  switch (level) {
    case 'critical':
      return (text) => style.bold(style.magenta(text));
    case 'high':
      return style.red;
    case 'medium':
      return style.yellow;
    case 'low':
      return style.cyan;
    case 'informational':
      return style.dim;
  }
}

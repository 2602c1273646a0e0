import type { ReportStyle } from '../../src/report/human-report.ts';

const same = (text: string): string => text;

/** No colours. */
export const PLAIN: ReportStyle = { bold: same, dim: same, red: same, yellow: same, cyan: same, green: same };

import {
  githubReport,
  humanReport,
  jsonReport,
  junitReport,
  type Report,
  type ReportInput,
  sarifReport,
  type ScanFinding,
} from '@sallyport/scan';
import { type Output, outputTo, standardOutput } from '../redact/output.ts';
import { style } from '../terminal.ts';

export type ReportFormat = 'human' | 'json' | 'sarif' | 'github' | 'junit';

export interface ReportOptions {
  readonly format: ReportFormat;
  /** Default: standard output. */
  readonly output?: string;
  /** The credential itself, for the report for people. */
  readonly secretOf?: (finding: ScanFinding) => string | undefined;
}

/** So many units are gathered before they are written. */
const PART = 65_536;

/** @throws UnusableFile, or the error of the system where nobody reads any more */
export async function writeReport(input: ReportInput, options: ReportOptions): Promise<void> {
  const { output } = options;
  const sink: Output = output === undefined ? standardOutput() : await outputTo(output, 0o666);
  try {
    let part = '';
    for (const text of reportOf(input, options)) {
      part += text;
      if (part.length < PART) continue;
      await sink.write(part);
      part = '';
    }
    await sink.write(part);
    await sink.finish();
  } catch (error) {
    sink.discard();
    throw error;
  }
}

function reportOf(input: ReportInput, { format, output, secretOf }: ReportOptions): Report {
  switch (format) {
    case 'human': {
      const same = (text: string): string => text;
      const plain = { bold: same, dim: same, red: same, yellow: same, cyan: same, green: same };
      // A file has no colours.
      return humanReport(input, {
        style: output === undefined ? style : plain,
        ...(secretOf !== undefined && { secretOf }),
      });
    }
    case 'json':
      return jsonReport(input);
    case 'sarif':
      return sarifReport(input);
    case 'github':
      return githubReport(input);
    case 'junit':
      return junitReport(input);
  }
}

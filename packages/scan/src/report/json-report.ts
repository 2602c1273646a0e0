import type { Report, ReportInput } from './report-input.ts';

/** One JSON object; `findings` one in each line, so that a large report can be read line by line. */
export function* jsonReport(input: ReportInput): Report {
  const { findings, problems, summary, suppressed, baseline, fixes, version } = input;
  const head = { format: 'sallyport-scan/v1', version, summary, suppressed, baseline, problems };
  yield `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "findings": [`;
  let mark = '\n    ';
  for (const finding of findings) {
    const fix = fixes?.get(finding);
    yield `${mark}${JSON.stringify(fix === undefined ? finding : { ...finding, fix })}`;
    mark = ',\n    ';
  }
  yield findings.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
}

import { Refusal } from '@sallyport/core';
import type { RedactTexts } from '@sallyport/policy';
import { keepFrame } from './keep-frame.ts';
import type { Output } from './output.ts';
import { Progress } from './progress.ts';
import { readTexts, type TextSource } from './read-texts.ts';
import { type FileReport, sumCounts } from './redaction-report.ts';

/**
 * Rewrites one source after the other.
 *
 * @param bar whether progress may be shown
 */
export async function rewriteFiles(
  sources: readonly TextSource[],
  texts: RedactTexts,
  output: Output,
  bar: boolean,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = [];
  for (const source of sources) {
    const progress = new Progress(bar ? process.stderr : undefined);
    const counts: FileReport['redacted'][number][] = [];
    let bytes = 0;
    try {
      for await (const { text, line, bytesRead } of readTexts(source)) {
        bytes = bytesRead;
        progress.show(source.name, bytesRead, source.size);
        const rewritten = await rewriteOrSayWhere(texts, text, source, line);
        counts.push(...rewritten.counts);
        await output.write(rewritten.text);
      }
    } finally {
      progress.clear();
    }
    reports.push({ name: source.name, bytes, redacted: sumCounts(counts) });
  }
  return reports;
}

async function rewriteOrSayWhere(
  texts: RedactTexts,
  text: string,
  { name }: TextSource,
  line: number,
): ReturnType<RedactTexts['rewrite']> {
  try {
    return await keepFrame(text, (framed) => texts.rewrite(framed));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const why = error.code === 'internal' ? (error.detail ?? error.message) : error.message;
    const split = /at most \d+ values/.test(why)
      ? " Give one value in each line: jq -c '.[]' big.json | sallyport redact --format lines"
      : '';
    throw new Refusal(error.code, `${name}, from line ${line}: ${why}${split}`, { cause: error });
  }
}

import { type ExplainedFinding, ExplainTexts } from '@sallyport/policy';
import { style } from '../terminal.ts';
import type { ChosenPlan } from './choose-plan.ts';
import type { Output } from './output.ts';
import { readTexts, type TextSource } from './read-texts.ts';

/** Lists what is found, with the rule, the score and what becomes of it; no key is read and no vault opened. */
export async function explainFiles(
  sources: readonly TextSource[],
  choice: ChosenPlan & { readonly direction: 'arguments' | 'results' },
  output: Output,
): Promise<void> {
  const explainer = await ExplainTexts.open(choice);
  for (const source of sources) {
    const prefix = sources.length > 1 ? `${source.name}:` : '';
    for await (const { text, line } of readTexts(source)) {
      const found = explainer.explain(text, line);
      const width = Math.max(...found.map(({ at }) => at.length)) + prefix.length;
      if (found.length > 0) await output.write(found.map((finding) => row(finding, prefix, width)).join(''));
    }
  }
}

function row(
  { at, length, entity, rule, score, operator }: ExplainedFinding,
  prefix: string,
  width: number,
): string {
  const becomes = operator === 'keep' ? style.dim('keep') : style.green(operator);
  const place = `${prefix}${at}`.padEnd(width);
  const what = `${style.bold(entity.padEnd(16))} ${score.toFixed(2)}  ${rule.padEnd(24)}`;
  return `${place} ${what} ${becomes} ${style.dim(`(${length} characters)`)}\n`;
}

/**
 * Measures the scan on the labelled data of the repository and writes `EVAL.md`.
 *
 *   node --conditions=@sallyport/source --import tsx packages/scan/eval/evaluate.ts [--errors [set]]
 *
 * With `--errors` it writes nothing and prints what was missed or too much; all of it is made up or public.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measure } from './measure.ts';
import { evaluationPage } from './page.ts';
import { madeSets, publishedSet } from './sets.ts';

const { values, positionals } = parseArgs({
  options: { errors: { type: 'boolean' } },
  allowPositionals: true,
});
const measured = measure([...madeSets(), publishedSet()]);

if (values.errors === true) {
  for (const { name, missed, alarms } of measured.filter((set) => set.name.includes(positionals[0] ?? ''))) {
    for (const { file, planted } of missed)
      console.log(
        `${name} | missed ${planted.rule ?? ''} | ${file.name} |`,
        lineAt(file.text, planted.start),
      );
    for (const { file, line, rule } of alarms) console.log(`${name} | false alarm ${rule} | ${file}:${line}`);
  }
} else {
  const page = evaluationPage(measured);
  writeFileSync(new URL('../EVAL.md', import.meta.url), page);
  process.stdout.write(page);
}

function lineAt(text: string, at: number): string {
  const from = text.lastIndexOf('\n', at) + 1;
  return text.slice(from, Math.min(from + 160, (text.indexOf('\n', at) + 1 || text.length + 1) - 1));
}

/**
 * Measures the detector on the labelled data of the repository and writes `EVAL.md`: `pnpm eval`.
 *
 *   tsx --conditions=@sallyport/source packages/detection/eval/evaluate.ts [--errors LABEL [corpus]]
 *
 * With `--errors` it writes nothing and prints what was missed or too much; the data is public or made up.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Miss } from './measure.ts';
import { evaluationPage } from './page.ts';
import { evaluate } from './sets.ts';

const { values, positionals } = parseArgs({
  options: { errors: { type: 'boolean' } },
  allowPositionals: true,
});

if (values.errors === true) {
  const [label = '', corpus = ''] = positionals;
  evaluate({
    report: (name, miss) => {
      if ((label === 'ALL' || miss.label === label) && name.includes(corpus)) print(name, miss);
    },
  });
} else {
  const page = evaluationPage(evaluate());
  writeFileSync(new URL('../EVAL.md', import.meta.url), page);
  process.stdout.write(page);
}

function print(corpus: string, { what, label, document, start, end, rule }: Miss): void {
  const { text, id } = document;
  const around = `${text.slice(Math.max(0, start - 30), start)}⟦${text.slice(start, end)}⟧${text.slice(end, end + 15)}`;
  console.log(`${corpus} | ${what} ${label} | ${id} | ${rule} |`, JSON.stringify(around));
}

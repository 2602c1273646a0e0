import type { Measured } from './measure.ts';

const FOREWORD = `# Evaluation

Written by \`eval/evaluate.ts\` from the data in this package; the same code, data and lock file give the same page. Files are scanned as
\`sallyport scan\` does it, with all rules and the default threshold. Every credential in them is made up.

- **found**: of what is planted, what a finding covers from end to end, whatever rule it is by. **by its rule**: by the one whose kind it is of.
- **precision**: of the findings, the share that has a part of what is planted. **false alarms**: the others.

How far to believe it:

- The examples were written with the rules: that they are found shows that rules do not get in each other's way, and no more.
- The values under their names are made from the shapes of the rules, in 14 forms that were not looked at for any single rule: of \`stripe-test-key\`
  \`STRIPE_TEST_KEY=...\`, \`stripeTestKey = "..."\` and so on. They measure the forms, not whether the shapes are right.
- A counterexample is about one rule, which has to be silent about it. Where another calls it a key, since a name says so, that counts here.
- The harmless files that are made are what scanners are known to stumble over; those of published packages are what their authors ship.
- It says nothing about code of others with labelled leaks in it: there is none here that a licence would allow to be kept.
`;

const MOST_LISTED = 20;

/** `EVAL.md`. */
export function evaluationPage(sets: readonly Measured[]): string {
  const labelled = sets.filter(({ planted }) => planted > 0);
  const harmless = sets.filter(({ planted }) => planted === 0);
  const parts = [
    FOREWORD,
    '## What is found\n',
    table(
      ['set', 'files', 'planted', 'found', 'recall', 'by its rule', 'precision'],
      labelled.map(({ name, files, planted, found, byItsRule, findings, alarms }) => [
        name,
        String(files),
        String(planted),
        String(found),
        share(found, planted),
        byItsRule === 0 ? '' : share(byItsRule, planted),
        share(findings - alarms.length, findings),
      ]),
    ),
    '## What is reported and should not be\n',
    table(
      ['set', 'files', 'megabytes', 'files with a false alarm', 'false alarms'],
      harmless.map(({ name, files, bytes, alarmed, alarms }) => [
        name,
        String(files),
        (bytes / 1e6).toFixed(2),
        String(alarmed),
        String(alarms.length),
      ]),
    ),
    listing(
      'Missed, by kind of file',
      sets.flatMap((set) => missedBy(set, ({ file }) => file.name.replace(/^.*\//, ''))),
    ),
    listing(
      'Missed, by rule',
      sets.flatMap((set) => missedBy(set, ({ planted }) => planted.rule ?? 'a config')),
    ),
    listing('False alarms, by rule', harmless.flatMap(alarmsBy)),
  ];
  return parts.join('\n');
}

type Missed = Measured['missed'][number];

function missedBy({ name, missed }: Measured, kindOf: (one: Missed) => string): readonly string[] {
  return counted(missed.map(kindOf)).map(([kind, count]) => `${name}: \`${kind}\` ${count}`);
}

function alarmsBy({ name, alarms }: Measured): readonly string[] {
  return counted(alarms.map(({ rule }) => rule)).map(([rule, count]) => `${name}: \`${rule}\` ${count}`);
}

function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function listing(title: string, lines: readonly string[]): string {
  const shown = lines.slice(0, MOST_LISTED).map((line) => `- ${line}\n`);
  const rest = lines.length > MOST_LISTED ? `- and ${lines.length - MOST_LISTED} more\n` : '';
  return `## ${title}\n\n${shown.join('')}${rest}${lines.length === 0 ? 'None.\n' : ''}`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : (part / whole).toFixed(3);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('');
}

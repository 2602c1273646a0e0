import { generalize } from '../../src/operators/generalize.ts';
import { type Pack, type PackRow, PACKS } from '../../src/packs/index.ts';

const OWNER = { tenant: '', subject: '', about: undefined };

/** The page of all packs. */
export function packsPage(): string {
  return [
    '# Packs',
    '',
    'Written by `scripts/packs-page.ts` from `src/packs`; a test fails when it is out of date. A pack is a rule or a standard',
    'as data: what it names, what a detector finds of that, and what becomes of it.',
    '',
    '```ts',
    "const pack = findPack('hipaa-safe-harbor');",
    "redact({ detector, vault, rules: expandPack(pack, { direction: 'results', operator: 'token' }) });",
    '```',
    '',
    '`operator` stands in place of `label` only, so that dates and ZIP codes are still generalized and nothing that is dropped',
    'becomes a token; `block` stands in place of everything but `keep`. `operators` of single entities win over both. Of packs',
    'that are put together (`mergePacks`), the stricter row has an entity: `block`, then `drop`, then `label`, `token` and',
    '`hash`, then `mask`, then `generalize`, `shift` and `surrogate`, then `keep`. What a row keeps has no rule: it stays unless',
    'a rule that follows takes it out. A pack with rules for the detector needs them there: `createDetector({ rules:',
    'pack.detectorRules })`. No pack makes anybody compliant: it does what its table says.',
    '',
    ...[...PACKS.values()].flatMap(section),
    ...sparse(),
  ].join('\n');
}

function section(pack: Pack): string[] {
  return [
    `## ${pack.name}`,
    '',
    `${pack.title}: <${pack.source}>`,
    '',
    '| clause | identifier | entities | operator | note |',
    '| --- | --- | --- | --- | --- |',
    ...pack.rows.map(
      (row) =>
        `| ${row.clause ?? ''} | ${row.identifier} | ${row.entities.join(' ')} | ${operatorOf(row)} | ${row.note ?? ''} |`,
    ),
    '',
    'What it does not do:',
    '',
    ...pack.limits.map((limit) => `- ${limit}`),
    '',
    ...(pack.detectorRules === undefined
      ? []
      : [
          `Rules for the detector: ${pack.detectorRules.map(({ id, entity }) => `${id} (${entity})`).join(', ')}.`,
          '',
        ]),
  ];
}

function operatorOf({ entities, operator, keepLast, maxDays }: PackRow): string {
  if (entities.length === 0) return 'none';
  if (keepLast !== undefined) return `${operator}, last ${keepLast} shown`;
  return maxDays === undefined ? operator : `${operator}, ${maxDays} days at most`;
}

/** Asked of the operator itself, so that the page says what it does. */
function sparse(): string[] {
  const operator = generalize(() => 0);
  const prefixes = Array.from({ length: 1000 }, (_, index) => String(index).padStart(3, '0'));
  const hidden = prefixes.filter((prefix) => operator.text(`${prefix}01`, 'ZIP', OWNER) !== prefix);
  return [
    '## Sparse ZIP prefixes',
    '',
    '45 CFR 164.514(b)(2)(i)(B) lets the first three digits of a ZIP code stay where more than 20,000 people live under them,',
    'and makes them 000 elsewhere. `generalize` writes 000 for these:',
    '',
    hidden.join(' '),
    '',
    'They are the union of lists, so that none of them is missed:',
    '',
    '- census of 2000, 17 prefixes: HHS, <https://www.hhs.gov/hipaa/for-professionals/special-topics/de-identification/index.html>;',
    '- census of 2010, 14 prefixes: <https://github.com/microsoft/Tools-for-Health-Data-Anonymization>;',
    '- census of 2010, 202, 204, 753 and 772 besides: in other lists for that census; kept, because a longer list hides more.',
    '',
    'The rule asks for the current census; a list for that of 2020 is not part of this.',
    '',
  ];
}

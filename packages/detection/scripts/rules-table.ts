import { ENTITIES, RULES } from '../src/index.ts';

/** The page of all rules, by entity. */
export function rulesPage(): string {
  const rows = ENTITIES.flatMap((entity) =>
    RULES.filter((rule) => rule.entity === entity).map(
      (rule) =>
        `| ${entity} | ${rule.id} | ${rule.locale ?? ''} | ${rule.scores.alone} | ${rule.scores.context ?? ''} | <${rule.source}> |`,
    ),
  );
  return [
    '# Rules',
    '',
    'Written by `scripts/rules-page.ts` from `src/rules`; a test fails when it is out of date. `alone` is the score of the',
    'shape (its check digits right, where it has some), `near` the score with one of its context words before it.',
    '',
    '| entity | rule | pack | alone | near | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

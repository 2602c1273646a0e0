import { SECRET_GROUPS, SECRET_RULES } from '../src/index.ts';

/** The page of all rules of secrets, by group. */
export function secretsPage(): string {
  const tables = SECRET_GROUPS.map(([name, rules]) =>
    [
      `## ${name[0]?.toUpperCase()}${name.slice(1)} (${rules.length})`,
      '',
      '| rule | entity | severity | score | check wrong | source |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rules.map(
        ({ id, entity, severity, scores, source }) =>
          `| ${id} | ${entity} | ${severity} | ${scores.context ?? scores.alone} | ${scores.invalid ?? ''} | <${source}> |`,
      ),
      '',
    ].join('\n'),
  );
  return [
    '# Secrets',
    '',
    `Written by \`scripts/secrets-page.ts\` from \`src/rules/secrets\`, ${SECRET_RULES.length} rules; a test fails when it is out of`,
    'date. The entity says what a secret is, the id of the rule says whose. `score` is how sure a finding is: 0.9 and more',
    'is a shape that hardly anything else has, or a random value under a name that asks for a secret; below that people',
    'should look. `check wrong` is the score where a checksum or structure does not hold: less, and still a finding.',
    '',
    ...tables,
  ].join('\n');
}

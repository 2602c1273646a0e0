import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rulesPage } from '../scripts/rules-table.ts';

it('RULES.md lists the rules as they are', () => {
  expect(readFileSync(new URL('../RULES.md', import.meta.url), 'utf8').replaceAll(/[ -]+/g, ' ')).toBe(
    rulesPage().replaceAll(/[ -]+/g, ' '),
  );
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { secretsPage } from '../../scripts/secrets-table.ts';

it('SECRETS.md lists the rules as they are', () => {
  expect(readFileSync(new URL('../../SECRETS.md', import.meta.url), 'utf8').replaceAll(/[ -]+/g, ' ')).toBe(
    secretsPage().replaceAll(/[ -]+/g, ' '),
  );
});

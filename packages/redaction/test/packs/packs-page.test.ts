import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { packsPage } from './packs-table.ts';

it('PACKS.md lists the packs as they are', () => {
  const page = readFileSync(new URL('../../PACKS.md', import.meta.url), 'utf8');
  expect(page.replaceAll(/[ -]+/g, ' ')).toBe(packsPage().replaceAll(/[ -]+/g, ' '));
});

import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Every file that one loads, and every package. */
function loadedBy(path: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  // What is only a type is not there any more when it runs.
  for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)(?! type)[^;]*? from '([^']+)';$/gm,
  ))
    if (from.startsWith('.')) loadedBy(join(dirname(path), from), found);
    else found.add(from);
  return found;
}

test('what stands before every call loads neither detectors nor rules, and no more of the journal than its lock', () => {
  const loaded = [
    ...loadedBy(join(SRC, 'response/restrict.ts')),
    ...loadedBy(join(SRC, 'response/restriction-book.ts')),
  ];
  const files = loaded.filter((one) => one.startsWith(SRC));
  expect(files.map((path) => relative(SRC, dirname(path)))).toEqual(files.map(() => 'response'));
  expect(files.map((path) => basename(path))).toContain('standing-index.ts');
  const packages = new Set(loaded.filter((one) => !one.startsWith(SRC) && !one.startsWith('node:')));
  expect([...packages].sort()).toEqual(['@sallyport/audit/recording', '@sallyport/core']);
});

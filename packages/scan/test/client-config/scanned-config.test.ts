import { expect, test } from 'vitest';
import { runScan } from '../support/run-scan.ts';
import { temporaryFolder } from '../support/temporary-repository.ts';
import { labelledConfigs } from './labelled-configs.ts';

/** A value that no rule knows, in the variable of a server. */
const { text: config } = labelledConfigs('ng').find(({ name }) => name === 'token-of-letters-alone.json') ?? {
  text: '',
};

test('a value that no rule knows is found in the config of a client, by its place', async () => {
  using folder = temporaryFolder();
  folder.write('.cursor/mcp.json', config);
  const { findings } = await runScan({ target: { kind: 'tree', root: folder.path } });
  expect(findings.map(({ rule, path, severity }) => [rule, path, severity])).toEqual([
    ['mcp-config-env', '.cursor/mcp.json', 'high'],
  ]);
});

test('it is found in a long config with text in any language, too', async () => {
  using folder = temporaryFolder();
  const long = config.replace(
    '{',
    `{\n"about": "${'größe '.repeat(30)}",\n"lines": "${'abc '.repeat(20_000)}",`,
  );
  folder.write('mcp.json', long);
  const { findings } = await runScan({ target: { kind: 'tree', root: folder.path } });
  expect(findings.map(({ rule }) => rule)).toEqual(['mcp-config-env']);
});

test('it is left out with its rule, and where a finding has to be surer', async () => {
  using folder = temporaryFolder();
  folder.write('mcp.json', config);
  const target = { kind: 'tree', root: folder.path } as const;
  expect((await runScan({ target, without: ['mcp-config-env'] })).findings).toEqual([]);
  expect((await runScan({ target, threshold: 0.95 })).findings).toEqual([]);
});

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { composeGuard } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RIGS, type Seen } from '../../core/test/rigs.ts';
import { CompiledSchema } from '../src/compile-schema.ts';
import { validate } from '../src/index.ts';
import { VALUE_BOUNDS } from '../src/limits.ts';
import { measure } from '../src/measure.ts';

type Definitions = ReadonlyMap<
  string,
  { readonly inputSchema: object; readonly outputSchema?: object | undefined }
>;

async function definitionsOf(server: string, ...args: string[]): Promise<Definitions> {
  const manifest = createRequire(import.meta.url).resolve(`@modelcontextprotocol/${server}/package.json`);
  const program = join(dirname(manifest), 'dist', 'index.js');
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [program, ...args], stderr: 'ignore' }),
  );
  const { tools } = await client.listTools();
  await client.close();
  return new Map(tools.map((tool) => [tool.name, tool]));
}

/** Which rule refuses arguments under the strict setting. */
function strictly(definitions: Definitions, name: string, args: object): string | undefined {
  const schema = new CompiledSchema(definitions.get(name)?.inputSchema, { formats: true });
  const { size = 0 } = measure(args, VALUE_BOUNDS);
  return (schema.check(args, size) ?? schema.undeclared(args, size))?.rule;
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-schema-')));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the definitions of server-filesystem', () => {
  let definitions: Definitions;
  beforeAll(async () => void (definitions = await definitionsOf('server-filesystem', folder)));

  test('all compile', () => {
    expect(definitions.size).toBeGreaterThan(10);
    for (const { inputSchema, outputSchema } of definitions.values()) {
      expect(new CompiledSchema(inputSchema, { formats: true })).toBeDefined();
      if (outputSchema !== undefined)
        expect(new CompiledSchema(outputSchema, { formats: false })).toBeDefined();
    }
  });

  test.each([
    ['read_text_file', { path: 'a.txt', head: 3 }],
    ['list_allowed_directories', {}],
    ['edit_file', { path: 'a.txt', edits: [{ oldText: 'a', newText: 'b' }], dryRun: true }],
    ['search_files', { path: '.', pattern: '*.ts', excludePatterns: ['node_modules'] }],
  ])('take what clients send: %s', (name, args) => {
    expect(strictly(definitions, name, args)).toBeUndefined();
  });

  test.each([
    ['read_text_file', { path: 'a.txt', encoding: 'utf8' }],
    ['read_text_file', { path: 7 }],
    ['list_allowed_directories', { path: '/' }],
    ['edit_file', { path: 'a.txt', edits: [{ oldText: 'a', newText: 'b', regex: true }] }],
  ])('refuse what they do not declare: %s', (name, args) => {
    expect(strictly(definitions, name, args)).toBeDefined();
  });
});

describe('the definitions of server-everything', () => {
  let definitions: Definitions;
  beforeAll(async () => void (definitions = await definitionsOf('server-everything')));

  test('all compile', () => {
    expect(definitions.size).toBeGreaterThan(5);
    for (const { inputSchema, outputSchema } of definitions.values()) {
      expect(new CompiledSchema(inputSchema, { formats: true })).toBeDefined();
      if (outputSchema !== undefined)
        expect(new CompiledSchema(outputSchema, { formats: false })).toBeDefined();
    }
  });

  test('take what clients send, and refuse what they do not declare', () => {
    expect(strictly(definitions, 'echo', { message: 'hello' })).toBeUndefined();
    expect(strictly(definitions, 'echo', { message: 'hello', loud: true })).toBeDefined();
    expect(strictly(definitions, 'get-sum', { a: 1, b: 2 })).toBeUndefined();
    expect(strictly(definitions, 'get-sum', { a: 1, b: '2' })).toBe('type');
  });
});

describe.each(RIGS)('%s', (_name, start) => {
  test('is checked from the first call on', async () => {
    const seen: Seen = { executed: [], cancelled: [] };
    const rig = await start(composeGuard({ interceptors: [validate()] }), seen);
    try {
      expect(await rig.call('echo', { text: 'hello' })).not.toHaveProperty('isError', true);
      const refused = await rig.call('echo', { text: 'hello', extra: 1 });
      expect(refused.isError).toBe(true);
      expect(refused.content?.[0]?.text).toContain('the arguments must not have');
      await expect(rig.call('no-such-tool', {})).rejects.toThrow('Not permitted by policy, or unknown.');
      expect(seen.executed).toEqual(['hello']);
    } finally {
      await rig.close();
    }
  });
});

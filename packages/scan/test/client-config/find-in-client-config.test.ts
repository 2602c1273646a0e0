import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDetector, SECRET_ENTITIES } from '@sallyport/detection';
import { CLIENT_CONFIG_RULES } from '../../src/client-config/client-config-rules.ts';
import { findInClientConfig } from '../../src/client-config/find-in-client-config.ts';
import { clientConfigFixes } from '../../src/client-config/fix-entry.ts';
import { isClientConfigRule, withClientConfigs } from '../../src/client-config/with-client-configs.ts';
import { labelledConfigs } from './labelled-configs.ts';

const ok = labelledConfigs('ok');
const ng = labelledConfigs('ng');
/** The same leaks with ten other values each. */
const many = Array.from({ length: 10 }, (_, seed) => labelledConfigs('ng', seed)).flat();
const detector = createDetector({ entities: SECRET_ENTITIES });

interface Span {
  readonly start: number;
  readonly end: number;
}

function covers(found: readonly Span[], [start, end]: readonly [number, number]): boolean {
  return found.some((span) => span.start <= start && span.end >= end);
}

describe('the labelled configs', () => {
  it('are enough to say something: 48 harmless ones, 60 with a credential', () => {
    expect(ok.length).toBeGreaterThanOrEqual(48);
    expect(ng.length).toBeGreaterThanOrEqual(60);
    expect(ng.filter(({ planted }) => planted.length === 0)).toEqual([]);
    expect(ok.filter(({ planted }) => planted.length > 0)).toEqual([]);
  });

  it('of what is planted, 95 in 100 are found as a whole, by this search alone', () => {
    const all = many.flatMap(({ name, text, planted }) => {
      const found = findInClientConfig(text);
      return planted.map((span) => ({ name, isFound: covers(found, span) }));
    });
    const missed = all.filter(({ isFound }) => !isFound).map(({ name }) => name);
    expect(all.length).toBeGreaterThan(600);
    expect(1 - missed.length / all.length, missed.join(', ')).toBeGreaterThanOrEqual(0.95);
  });

  it('of those that are harmless, at most one in 48 gives an alarm, by this search alone or with all rules', () => {
    const alarms = ok.filter(({ text }) => findInClientConfig(text).length > 0);
    const withRules = ok.filter(
      ({ text }) => findInClientConfig(text).length + detector.scan(text).length > 0,
    );
    expect(alarms.map(({ name }) => name)).toEqual([]);
    expect(withRules.length / ok.length, withRules.map(({ name }) => name).join(', ')).toBeLessThanOrEqual(
      1 / 48,
    );
  });

  it('nothing beside what is planted is reported in the others', () => {
    const beside = many.flatMap(({ name, text, planted }) =>
      findInClientConfig(text)
        .filter(({ start, end }) => !planted.some(([from, to]) => start < to && from < end))
        .map(({ start, end }) => `${name}: ${text.slice(start, end)}`),
    );
    expect(beside).toEqual([]);
  });
});

describe('each rule', () => {
  it('finds something in three of them at least', () => {
    const files = ng.flatMap(({ text }) => [...new Set(findInClientConfig(text).map(({ rule }) => rule.id))]);
    const few = Object.values(CLIENT_CONFIG_RULES).filter(
      ({ id }) => files.filter((found) => found === id).length < 3,
    );
    expect(few.map(({ id }) => id)).toEqual([]);
  });
});

describe('a fix', () => {
  it('is shown for each entry with a leak, and holds no part of any value', () => {
    let without = 0;
    for (const { name, text, planted } of many) {
      const fixes = clientConfigFixes(name, text).map((fix) => fix.text);
      if (fixes.length === 0) without += 1;
      for (const [start, end] of planted) {
        for (let at = start; at + 8 <= end; at++) {
          const part = text.slice(at, at + 8);
          expect(
            fixes.some((fix) => fix.includes(part)),
            `${name} at ${at - start}`,
          ).toBe(false);
        }
      }
    }
    expect(without / many.length).toBeLessThanOrEqual(0.05);
  });

  it('starts a program by sallyport run, which gives it the secret as a variable', () => {
    const config = {
      mcpServers: { files: { command: 'npx', args: ['-y', 'acme-mcp'], env: { ACME_TOKEN: random } } },
    };
    const [fix] = clientConfigFixes('mcp.json', JSON.stringify(config));
    expect(JSON.parse(`{${fix?.text.split('\nsallyport')[0]}}`)).toEqual({
      files: {
        command: 'npx',
        args: [
          '-y',
          'sallyport',
          'run',
          '--env',
          'ACME_TOKEN=keystore:acme-token',
          '--',
          'npx',
          '-y',
          'acme-mcp',
        ],
      },
    });
    expect(fix?.text).toContain('sallyport secrets set acme-token');
  });

  it('gives a server that is reached by URL a variable of the client that reads the file', () => {
    const config = {
      servers: { acme: { url: 'https://acme.test/mcp', headers: { Authorization: `Bearer ${random}` } } },
    };
    const fixOf = (path: string): string => clientConfigFixes(path, JSON.stringify(config))[0]?.text ?? '';
    expect(fixOf('.vscode/mcp.json')).toContain('"Authorization": "Bearer ${input:server-token}"');
    expect(fixOf('.cursor/mcp.json')).toContain('"Authorization": "Bearer ${env:SERVER_TOKEN}"');
    expect(fixOf('.mcp.json')).toContain('"Authorization": "Bearer ${SERVER_TOKEN}"');
  });
});

/** Made here, so that it stands nowhere. */
const random = Buffer.from('a value of the tests alone').toString('base64url');

describe('a detector with client configs', () => {
  it('finds both, sorted, and none over another', () => {
    const both = withClientConfigs(detector);
    let missed = 0;
    for (const { text, planted } of many) {
      const found = both.scan(text);
      missed += planted.filter(
        (span) => !found.some(({ start, end }) => start < span[1] && span[0] < end),
      ).length;
      for (const [at, { start }] of found.entries())
        expect(found[at - 1]?.end ?? 0).toBeLessThanOrEqual(start);
    }
    expect(missed / many.flatMap(({ planted }) => planted).length).toBeLessThanOrEqual(0.01);
  });

  it('leaves out the rules that are named', () => {
    const text = JSON.stringify({ mcpServers: { a: { command: 'x', env: { ACME: random } } } });
    expect(
      withClientConfigs(detector)
        .scan(text)
        .map(({ rule }) => rule),
    ).toEqual(['mcp-config-env']);
    expect(withClientConfigs(detector, { without: ['mcp-config-env'] }).scan(text)).toEqual([]);
    expect([isClientConfigRule('mcp-config-env'), isClientConfigRule('jwt')]).toEqual([true, false]);
  });

  it('leaves what is no config to the detector', () => {
    const text = `ACME_TOKEN=${random}`;
    expect(withClientConfigs(detector).scan(text)).toEqual(detector.scan(text));
  });
});

describe('whatever stands in a file', () => {
  it('is read without an error', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"mcpServers":',
      '"servers":',
      '"a":',
      '"command":"x"',
      ',',
      '"',
      '\\',
      '/*',
      '//',
      '\n',
      '"env":{"TOKEN":"',
      '\\u00',
      '\uD800',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = `{"mcpServers":{${parts.join('')}`;
        for (const { start, end } of findInClientConfig(text)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        clientConfigFixes('mcp.json', text);
      }),
    );
  });

  it.each([
    ['objects in objects', `{"mcpServers":${'{"a":'.repeat(100_000)}`, 0],
    ['lists in lists', `{"mcpServers":{"a":{"command":"x","args":${'['.repeat(100_000)}`, 0],
    ['a list of pairs', `{"mcpServers":{"a":{"command":"x","args":["${'token=a '.repeat(2000)}"]}}}`, 0],
    [
      'a hundred such lists',
      `{"mcpServers":{"a":{"command":"x","args":[${'"key=key=key=key=key=key=key=key=", '.repeat(10_000)}]}}}`,
      10_000,
    ],
    ['one long value', `{"mcpServers":{"a":{"command":"x","env":{"TOKEN":"${'aB3'.repeat(300_000)}"}}}}`, 0],
  ])('takes no stack and no time: %s', (_, text, count) => {
    expect(findInClientConfig(text).length).toBe(count);
  });

  it('is given back by its places in the text, behind escapes, too', () => {
    const headers = JSON.stringify(JSON.stringify({ note: 'ü\t"', 'X-Api-Key': random }));
    const text = `{"mcpServers":{"a":{"command":"x","env":{"HEADERS":${headers}}}}}`;
    expect(findInClientConfig(text).map(({ start, end }) => text.slice(start, end))).toEqual([random]);
  });
});

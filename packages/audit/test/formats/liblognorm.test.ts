import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import { hostileAlert, hostileRecord } from './hostile-records.ts';
import { ALERTS, SAMPLES } from './some-records.ts';
import { parseCef, withoutMarks } from './text-parsers.ts';

const installed = spawnSync('lognormalizer', ['-V']).error === undefined;
if (!installed) {
  process.stderr.write('\nSKIPPED: CEF against liblognorm. Install it: apt-get install liblognorm-utils\n\n');
}

/** What liblognorm makes of a CEF line. */
interface Normalized {
  readonly f?: Readonly<Record<string, string>> & { readonly Extensions: Readonly<Record<string, string>> };
}

describe.skipIf(!installed)('CEF, read by liblognorm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cef-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const cef = createFormatter('cef', { productVersion: '1.2|3' });

  function normalized(lines: readonly string[]): Normalized[] {
    const rules = join(folder, 'cef.rulebase');
    writeFileSync(rules, 'version=2\nrule=:%f:cef%\n');
    const input = `${lines.join('\n')}\n`;
    const { stdout, status } = spawnSync('lognormalizer', ['-r', rules, '-e', 'json'], {
      input,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Normalized);
  }

  function expectSame(lines: readonly string[]): void {
    const events = normalized(lines);
    expect(events).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) {
      const { header, fields } = parseCef(line);
      const { Extensions: extensions, ...theirs } = events[index]?.f ?? { Extensions: {} };
      expect(Object.values(theirs).map(withoutMarks)).toEqual(header.slice(1));
      const texts = Object.entries(extensions).map(([key, value]) => [key, withoutMarks(value)]);
      expect(Object.fromEntries(texts)).toEqual(Object.fromEntries(fields));
    }
  }

  test('every record and every alert has the fields that it was given', () => {
    expectSame([...SAMPLES.map((record) => cef.record(record)), ...ALERTS.map((facts) => cef.alert(facts))]);
  });

  test('hostile texts stay in their fields', () => {
    expectSame([
      ...fc.sample(hostileRecord, { numRuns: 500, seed: 1 }).map((record) => cef.record(record)),
      ...fc.sample(hostileAlert, { numRuns: 200, seed: 2 }).map((facts) => cef.alert(facts)),
    ]);
  });
});

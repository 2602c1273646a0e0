import { createDetector, createKeyReader } from '@sallyport/detection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RedactOptions } from '@sallyport/redaction';
import { deliver, FakeVault, run } from './rig.ts';

const OPTIONS: Partial<RedactOptions> = { detector: createDetector(), keyReader: createKeyReader() };
const SSN = '219-09-9999';

async function textAfter(text: string, options: Partial<RedactOptions> = OPTIONS): Promise<string> {
  const result = await deliver(options, { content: [{ type: 'text', text }] });
  return (result['content'] as { text: string }[])[0]?.text ?? '';
}

function wrap(base64: string, width: number, gap = '\n'): string {
  return (base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(gap);
}

function unwrapped(text: string): string {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'base64').toString('utf8');
}

describe('base64 in lines', () => {
  const letter = `Dear colleague, this is about the patient whose number is ${SSN}, seen on Monday. ${'He is well. '.repeat(12)}`;
  const encoded = Buffer.from(letter).toString('base64');

  it.each([
    ['of 76', wrap(encoded, 76)],
    ['of 76 with CR LF', wrap(encoded, 76, '\r\n')],
    ['of 64', wrap(encoded, 64)],
    ['of 20', wrap(encoded, 20)],
    ['with an indentation', `  ${wrap(encoded, 76, '\n  ')}`],
    ['parted by blanks', wrap(encoded, 76, ' ')],
    ['at any width', wrap(encoded, 79)],
  ])('is read as one: %s', async (_, text) => {
    const after = await textAfter(text);
    expect(unwrapped(after)).toBe(letter.replace(SSN, '[SSN]'));
    expect(after.trim().slice(0, -2)).not.toContain('=');
    expect(after.trim().split(/[\r\n ]+/)[0]).toHaveLength(text.trim().split(/[\r\n ]+/)[0]?.length ?? 0);
  });

  it('is read between other lines', async () => {
    const after = await textAfter(`Content\n\n${wrap(encoded, 76)}\nRegards\nthe clinic`);
    const [, , ...lines] = after.split('\n');
    expect(after.startsWith('Content\n\n')).toBe(true);
    expect(after.endsWith('\nRegards\nthe clinic')).toBe(true);
    expect(unwrapped(lines.slice(0, -2).join(''))).toContain('[SSN]');
  });

  it('hides nothing, whatever the width', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: 120 }), fc.nat(40), async (width, shift) => {
        const text = wrap(
          Buffer.from(`${'x '.repeat(shift)}ask ${SSN} about it, please`).toString('base64'),
          width,
        );
        expect(unwrapped(await textAfter(text))).not.toContain(SSN);
      }),
      { numRuns: 40 },
    );
  });
});

describe('JSON between words', () => {
  it.each([
    ['behind a title', 'Found 1:\n{"last_name":"Zybiskie"}', 'Found 1:\n{"last_name":"[PERSON]"}'],
    ['in a fence', '```json\n{"last_name":"Zybiskie"}\n```', '```json\n{"last_name":"[PERSON]"}\n```'],
    [
      'in server-sent events',
      'event: message\ndata: {"last_name":"Zybiskie"}\n\ndata: {"mrn":"8812345"}\n\n',
      'event: message\ndata: {"last_name":"[PERSON]"}\n\ndata: {"mrn":"[MRN]"}\n\n',
    ],
    [
      'in a row',
      '{"last_name":"Zybiskie"}{"last_name":"Quorbel"} {"a":1}',
      '{"last_name":"[PERSON]"}{"last_name":"[PERSON]"} {"a":1}',
    ],
    ['before a comma', '{"last_name":"Zybiskie"},', '{"last_name":"[PERSON]"},'],
    ['before a sentence', '{"last_name":"Zybiskie"} was found.', '{"last_name":"[PERSON]"} was found.'],
    ['with a comma too many', 'Is {"a":1,"last_name":"Zybiskie",}', 'Is {"a":1,"last_name":"[PERSON]",}'],
    [
      'cut off',
      '{"total":1,"last_name":"Zybiskie","notes":"se',
      '{"total":1,"last_name":"[PERSON]","notes":"se',
    ],
    [
      'cut off inside',
      '{"patients":[{"last_name":"Zybiskie"},{"last_name":"Quorbel","mr',
      '{"patients":[{"last_name":"[PERSON]"},{"last_name":"[PERSON]","mr',
    ],
    ['in a list', 'rows: [{"last_name":"Zybiskie"}]', 'rows: [{"last_name":"[PERSON]"}]'],
    [
      'behind a mark too many',
      'say {"oops and then {"last_name":"Zybiskie"}',
      'say {"oops and then {"last_name":"[PERSON]"}',
    ],
  ])('is read by its keys: %s', async (_, text, after) => {
    expect(await textAfter(text)).toBe(after);
  });

  it('stays as it was written where nothing is in it', async () => {
    const text = 'Found:\n{ "dose": 4.0,  "unit": "mg" } and [ "a", [1.50] ], [x] {y} [[z';
    expect(await textAfter(text)).toBe(text);
  });

  it('has its words around it read', async () => {
    expect(await textAfter(`number ${SSN}: {"a":1} and ${SSN}`)).toBe('number [SSN]: {"a":1} and [SSN]');
  });

  it('gets tokens from the vault', async () => {
    const options = {
      ...OPTIONS,
      vault: new FakeVault(),
      rules: [{ direction: 'both', entities: '*', operator: 'token' }],
    } as const;
    expect(await textAfter('Found: {"last_name":"Zybiskie",} and', options)).toMatch(
      /^Found: \{"last_name":"\[PERSON_[a-z0-9]+\]",\} and$/,
    );
  });

  it('is found behind whatever stands before it', async () => {
    const noise = fc.string({
      unit: fc.constantFrom('{', '[', '"', '\\', ',', ':', ' ', 'a', '1', ']', '\n', 'u', '\f'),
    });
    await fc.assert(
      fc.asyncProperty(noise, async (before) => {
        const after = await textAfter(`${before}\n{"last_name":"Zybiskie"}`);
        expect(after).not.toContain('Zybiskie');
      }),
      { numRuns: 300 },
    );
  });
});

describe('rows with a header', () => {
  it.each([
    ['commas', 'last_name,mrn,dose\nZybiskie,8812345,4.0\nQuorbel,8812346,5.0'],
    ['semicolons', 'last_name;mrn;dose\r\nZybiskie;8812345;4.0\r\nQuorbel;8812346;5.0\r\n'],
    ['tabs', 'last_name\tmrn\tdose\nZybiskie\t8812345\t4.0\nQuorbel\t8812346\t5.0'],
    ['quotation marks', '"last_name","mrn","dose"\n"Zybiskie","8812345","4.0"\n"Quorbel","8812346","5.0"'],
    [
      'a title',
      'Two patients:\n\nlast_name,mrn,dose\nZybiskie,8812345,4.0\nQuorbel,8812346,5.0\n\nThat is all.',
    ],
    ['a fence', '```csv\nlast_name,mrn,dose\nZybiskie,8812345,4.0\nQuorbel,8812346,5.0\n```'],
    [
      'Markdown',
      '| last_name | mrn | dose |\n|---|:--:|---|\n| Zybiskie | 8812345 | 4.0 |\n| Quorbel | 8812346 | 5.0 |',
    ],
    [
      'bars',
      ' last_name |   mrn   | dose\n-----------+---------+-----\n Zybiskie  | 8812345 | 4.0\n Quorbel   | 8812346 | 5.0',
    ],
  ])('are read by it: %s', async (_, text) => {
    expect(await textAfter(text)).toBe(
      text.replaceAll(/Zybiskie|Quorbel/g, '[PERSON]').replaceAll(/881234[56]/g, '[MRN]'),
    );
  });

  it('keep their cells apart', async () => {
    const text = 'last_name,note\n"Zybiskie, ""Zyb""\nthe elder",fine\nQuorbel,well';
    expect(await textAfter(text)).toBe('last_name,note\n"[PERSON]",fine\n[PERSON],well');
  });

  it('are read where a name stands twice', async () => {
    expect(await textAfter('last_name,last_name\nZybiskie,Quorbel')).toBe(
      'last_name,last_name\n[PERSON],[PERSON]',
    );
  });

  it('are read in a table in a table, at the cost of the levels and not of their power', async () => {
    let text = 'last_name,mrn\nZybiskie,8812345';
    for (let level = 0; level < 30; level += 1) text = `left,right\n?q=${encodeURIComponent(text)},${level}`;
    let after = await textAfter(text);
    for (let level = 0; level < 30; level += 1) after = decodeURIComponent(after);
    expect(after).not.toMatch(/Zybiskie|8812345/);
  });

  it('leave sentences with commas alone', async () => {
    const text = 'Hello, all of you,\nthis is fine, and so is that,\nbest regards, the team';
    expect(await textAfter(text)).toBe(text);
  });
});

describe('blobs', () => {
  const blobOf = async (bytes: Buffer, mimeType?: string): Promise<Buffer> => {
    const blob = bytes.toString('base64');
    const ran = await run(
      OPTIONS,
      { method: 'resources/read' },
      {
        result: { contents: [{ uri: 'x:/y', ...(mimeType === undefined ? {} : { mimeType }), blob }] },
      },
    );
    if (ran.result?.result === undefined) throw ran.refusal ?? new Error('an error was answered');
    const [contents] = ran.result.result['contents'] as { blob: string }[];
    return Buffer.from(contents?.blob ?? '', 'base64');
  };
  const text = `call about ${SSN} today`;
  const clean = 'call about [SSN] today';

  it.each([
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.from(`\uFEFF${clean}`, 'utf16le')],
    ['UTF-16 without', Buffer.from(text, 'utf16le'), Buffer.from(clean, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(text, 'utf16le').swap16(), Buffer.from(clean, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(`café ${text}`, 'latin1'), Buffer.from(`café ${clean}`, 'latin1')],
    ['MLLP', Buffer.from(`\u000b${text}\u001c\r`), Buffer.from(`\u000b${clean}\u001c\r`)],
    ['a NUL at the end', Buffer.from(`${text}\0`), Buffer.from(`${clean}\0`)],
  ])('are read in %s', async (_, bytes, expected) => {
    expect(await blobOf(bytes)).toEqual(expected);
    expect(Buffer.from(await textAfter(bytes.toString('base64')), 'base64')).toEqual(expected);
  });

  const packed = Buffer.from([
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0xc8, 0, 0x86, 0xa6, 0x10, 1, 2, 3, 4,
  ]);

  it.each([
    'text/plain',
    'application/fhir+json',
    'text/csv',
    'application/rtf',
    'application/hl7-v2',
    'application/xml',
  ])('refuse the call where they say %s and are not', async (type) => {
    await expect(blobOf(packed, type)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it.each([undefined, 'application/gzip', 'image/png', 'application/pdf', 'application/dicom'])(
    'pass as %s',
    async (type) => {
      expect(await blobOf(packed, type)).toEqual(packed);
    },
  );
});

describe('URIs', () => {
  const uriAfter = async (uri: string): Promise<unknown> => {
    const ran = await deliver(OPTIONS, { content: [{ type: 'resource_link', name: 'x', uri }] });
    return (ran['content'] as { uri: string }[])[0]?.uri;
  };

  it('have a query that says what its values are', async () => {
    expect(await uriAfter('https://ehr.example/p?mrn=8812345&last_name=Zybiskie&page=2')).toBe(
      'https://ehr.example/p?mrn=MRN&last_name=PERSON&page=2',
    );
  });

  it('have names of files that are read as words', async () => {
    expect(await uriAfter('file:///Jane_Roe_SSN_123-45-6789.txt')).toBe('file:///Jane_Roe_SSN_SSN.txt');
    expect(await uriAfter('file:///quarterly_report-final_v2.txt')).toBe(
      'file:///quarterly_report-final_v2.txt',
    );
  });

  it('have a query wherever they stand', async () => {
    expect(await textAfter('see /p?mrn=8812345&last_name=Zybiskie for it')).not.toMatch(/8812345|Zybiskie/);
  });
});

describe('structured content', () => {
  const contentAfter = async (structuredContent: Record<string, unknown>): Promise<unknown> =>
    (await deliver(OPTIONS, { content: [], structuredContent }))['structuredContent'];

  it('may have rows beside the names of their columns', async () => {
    const rows = [
      ['Zybiskie', 8_812_345, 4],
      ['Quorbel', 8_812_346, 5],
    ];
    const after = await contentAfter({ columns: ['last_name', 'mrn', 'dose'], rows });
    expect(JSON.stringify(after)).not.toMatch(/Zybiskie|Quorbel|881234/);
    expect((after as { rows: unknown[][] }).rows.map((row) => row[2])).toEqual([4, 5]);
    const fields = [{ name: 'last_name', type: 'text' }, { name: 'dose' }];
    expect(await contentAfter({ fields, data: [['Zybiskie', 4]] })).toEqual({
      fields,
      data: [['[PERSON]', 4]],
    });
  });

  it('may have rows beside their names in a text', async () => {
    expect(await textAfter('Got {"columns":["last_name"],"rows":[["Zybiskie"]]}')).toBe(
      'Got {"columns":["last_name"],"rows":[["[PERSON]"]]}',
    );
  });

  it('may have base64 beside its media type, as FHIR has', async () => {
    const attachment = (text: string | Buffer): Record<string, unknown> => ({
      contentType: 'text/plain',
      data: Buffer.from(text).toString('base64'),
    });
    const reference = (one: Record<string, unknown>): Record<string, unknown> => ({
      resourceType: 'DocumentReference',
      content: [{ attachment: one }],
    });
    expect(await contentAfter(reference(attachment(SSN)))).toEqual(reference(attachment('[SSN]')));
    const packed = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0xc8, 0, 0x86, 0xa6, 0x10, 1, 2]);
    await expect(contentAfter(reference(attachment(packed)))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const words = { contentType: 'text/plain', data: 'what you see are words and nothing else' };
    expect(await contentAfter(words)).toBe(words);
  });
});

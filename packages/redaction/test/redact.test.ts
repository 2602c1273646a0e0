import { type Call, Refusal, RevealedSecrets } from '@sallyport/core';
import { createDetector, createKeyReader } from '@sallyport/detection';
import { redact, type RedactOptions } from '@sallyport/redaction';
import { describe, expect, it } from 'vitest';

import { deliver, is, keysAre, run, withDefaults } from './rig.ts';

const MAIL = 'jane.roe@clinic.com';
const SSN = '219-09-9999';
const LABEL_ALL: Partial<RedactOptions> = {};

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

describe('the way out', () => {
  it('answers with the very object that it was given where nothing is found', async () => {
    const result = {
      content: [{ type: 'text', text: '{"a": [1, 2.50, "x"]}' }],
      structuredContent: { a: [1, 2.5, { b: null, c: true, d: { e: 1 } }] },
      _meta: { 'example.com/trace': 'abc' },
    };
    expect(await deliver(LABEL_ALL, result)).toBe(result);
  });

  it('hands the call itself on where the arguments have nothing in them', async () => {
    const params = { name: 'echo', arguments: { text: 'hello', deep: [{ a: 1 }] } };
    expect((await run(LABEL_ALL, { params })).given).toBe(params);
  });

  it.each([
    ['a text block', { content: [{ type: 'text', text: `to ${MAIL}` }] }],
    ['a block of an unknown type', { content: [{ type: 'hologram', data: { text: MAIL } }] }],
    ['a type that is no word', { content: [{ type: MAIL, text: 'x' }] }],
    ['a media type that is none', { content: [{ type: 'image', data: '', mimeType: MAIL }] }],
    ['an embedded text', { content: [{ type: 'resource', resource: { uri: 'x:/y', text: MAIL } }] }],
    [
      'the name of a link',
      { content: [{ type: 'resource_link', uri: 'x:/y', name: MAIL, description: MAIL }] },
    ],
    [
      'the URI of a link',
      { content: [{ type: 'resource_link', uri: `https://example.org/u/${MAIL}`, name: 'x' }] },
    ],
    [
      'a URI that is percent-encoded',
      { content: [{ type: 'resource_link', uri: 'x:/jane.roe%40clinic.com', name: 'x' }] },
    ],
    [
      'annotations',
      { content: [{ type: 'text', text: 'x', annotations: { audience: [MAIL], note: MAIL } }] },
    ],
    ['structured content', { content: [], structuredContent: { a: { b: [{ c: MAIL }] } } }],
    ['structured content that is a text', { content: [], structuredContent: MAIL }],
    ['structured content that is a list', { content: [], structuredContent: [[MAIL]] }],
    ['an object key', { content: [], structuredContent: { [MAIL]: 1 } }],
    [
      '_meta',
      { content: [], _meta: { 'example.com/who': MAIL, 'io.modelcontextprotocol/new': { x: { y: MAIL } } } },
    ],
    ['a member that MCP does not define', { content: [], more: { [MAIL]: MAIL } }],
    [
      'a tool result in a message',
      { content: [{ type: 'tool_result', toolUseId: '1', content: [{ type: 'text', text: MAIL }] }] },
    ],
    ['questions back', { inputRequests: { q: { method: 'elicitation/create', params: { message: MAIL } } } }],
    ['JSON in a text', { content: [{ type: 'text', text: JSON.stringify({ a: { b: `\n${MAIL}` } }) }] }],
    [
      'JSON in JSON in a text',
      { content: [{ type: 'text', text: JSON.stringify({ a: JSON.stringify([MAIL]) }) }] },
    ],
    ['escaped JSON in a text', { content: [{ type: 'text', text: '{"a":"jane.roe\\u0040clinic.com"}' }] }],
    ['JSON that is cut off', { content: [{ type: 'text', text: '{"a":"x\\njane.roe\\u0040clinic.com"' }] }],
    ['lines of JSON', { content: [{ type: 'text', text: '{"a":1}\n{"a":"jane.roe\\u0040clinic.com"}\n' }] }],
    [
      'a blob of text',
      { content: [{ type: 'resource', resource: { uri: 'x:/y', blob: btoa(`hello ${MAIL}`) } }] },
    ],
    [
      'a blob that says it is an image',
      { content: [{ type: 'image', mimeType: 'image/png', data: btoa(MAIL) }] },
    ],
    ['base64 in a text', { content: [{ type: 'text', text: btoa(`{"who": "${MAIL}"}`) }] }],
    ['a data URI', { content: [], structuredContent: { a: `data:text/plain;base64,${btoa(MAIL)}` } }],
    ['an HTML reference', { content: [{ type: 'text', text: '<b>jane.roe&#64;clinic.com</b>' }] }],
  ])('rewrites %s', async (_, result) => {
    const rewritten = await deliver(LABEL_ALL, result);
    const decoded = decodeAll(textOf(rewritten));
    expect(decoded).not.toContain(MAIL);
    expect(decoded).toMatch(/\[?EMAIL\]?/);
  });

  it('never delivers the first of two members of one name, which no reader would see', async () => {
    const text = '{"a": "jane.roe\\u0040clinic.com", "a": "x"}';
    expect(await deliver(LABEL_ALL, { content: [{ type: 'text', text }] })).toEqual({
      content: [{ type: 'text', text: '{"a":"x"}' }],
    });
  });

  it('reads blobs in UTF-16 and in no encoding at all', async () => {
    const utf16 = Buffer.from(`\uFEFFto ${MAIL}`, 'utf16le').toString('base64');
    const broken = Buffer.concat([Buffer.from([0xe4, 0xff, 0x20]), Buffer.from(`${MAIL} `)]).toString(
      'base64',
    );
    const blob = async (data: string): Promise<string> => {
      const resource = { uri: 'x:/y', mimeType: 'text/plain', blob: data };
      return textOf(await deliver(LABEL_ALL, { contents: [], content: [{ type: 'resource', resource }] }));
    };
    expect(
      Buffer.from(/"blob":"([^"]*)"/.exec(await blob(utf16))?.[1] ?? '', 'base64').toString('utf16le'),
    ).toBe('\uFEFFto [EMAIL]');
    expect(
      Buffer.from(/"blob":"([^"]*)"/.exec(await blob(broken))?.[1] ?? '', 'base64').toString('latin1'),
    ).toBe('\u00e4\u00ff [EMAIL] ');
  });

  it('leaves an image as it is', async () => {
    const data = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).toString(
      'base64',
    );
    const result = { content: [{ type: 'image', data, mimeType: 'image/png' }] };
    expect(await deliver(LABEL_ALL, result)).toBe(result);
  });

  it('keeps what the protocol needs: names, cursors, handles, words', async () => {
    const result = {
      tools: [{ name: 'mail_jane@clinic.com', description: `asks ${MAIL}`, inputSchema: { type: 'object' } }],
      nextCursor: `after ${MAIL}`,
      ttlMs: 219099999,
      cacheScope: 'private',
      resultType: 'complete',
    };
    const ran = await run(LABEL_ALL, { method: 'tools/list', params: {} }, { result });
    expect(ran.result?.result).toEqual({
      ...result,
      tools: [{ ...result.tools[0], description: 'asks [EMAIL]' }],
    });
  });

  it('reads what a schema says to people and keeps what it says to machines', async () => {
    const inputSchema = {
      type: 'object',
      description: `Ask ${MAIL}`,
      properties: { 'a@b.org': { type: 'string', default: MAIL, examples: [MAIL], enum: ['c@d.org'] } },
      required: ['a@b.org'],
    };
    const result = { tools: [{ name: 'x', inputSchema }] };
    const ran = await run(LABEL_ALL, { method: 'tools/list', params: {} }, { result });
    expect(ran.result?.result).toEqual({
      tools: [
        {
          name: 'x',
          inputSchema: {
            ...inputSchema,
            description: 'Ask [EMAIL]',
            properties: {
              'a@b.org': { type: 'string', default: '[EMAIL]', examples: ['[EMAIL]'], enum: ['c@d.org'] },
            },
          },
        },
      ],
    });
  });

  it.each([
    [
      'prompts/get',
      { description: MAIL, messages: [{ role: 'user', content: { type: 'text', text: MAIL } }] },
    ],
    [
      'prompts/list',
      { prompts: [{ name: 'p', description: MAIL, arguments: [{ name: 'a', description: MAIL }] }] },
    ],
    ['resources/read', { contents: [{ uri: 'x:/y', mimeType: 'text/plain', text: MAIL }] }],
    ['resources/list', { resources: [{ uri: `mailto:${MAIL}`, name: MAIL, title: MAIL }] }],
    ['resources/templates/list', { resourceTemplates: [{ uriTemplate: 'x:/{y}', name: MAIL }] }],
    ['completion/complete', { completion: { values: [MAIL], total: 1 } }],
    ['initialize', { serverInfo: { name: 'x', version: '1' }, instructions: MAIL }],
    ['server/discover', { instructions: MAIL }],
    ['tasks/get', { taskId: 't', status: 'failed', statusMessage: MAIL }],
    ['tasks/result', { content: [{ type: 'text', text: MAIL }] }],
    ['vendor/method', { anything: [MAIL] }],
  ])('rewrites the result of %s', async (method, result) => {
    const ran = await run(LABEL_ALL, { method, params: {} }, { result });
    expect(ran.text).not.toContain('clinic.com');
    expect(ran.text).toContain('EMAIL');
  });

  it('rewrites the error of a server: its message and its data', async () => {
    const error = { code: -32_602, message: `no patient ${MAIL}`, data: { ssn: SSN, [MAIL]: [MAIL] } };
    const { result } = await run(LABEL_ALL, {}, { error });
    expect(result).toEqual({
      error: { code: -32_602, message: 'no patient [EMAIL]', data: { ssn: '[SSN]', '[EMAIL]': ['[EMAIL]'] } },
    });
  });

  it('leaves a client the revisions of the protocol that a server offers, and nothing else that looks like them', async () => {
    const detector = createDetector({ entities: ['DATE', 'EMAIL'] });
    const data = {
      supported: ['2025-11-25', '2026-07-28', '1980-01-30', MAIL],
      requested: '2027-01-01',
      at: '2026-02-03',
    };
    for (const code of [-32_022, -32_602]) {
      const { result } = await run(
        { detector },
        {},
        { error: { code, message: 'Not supported: 2027-01-01', data } },
      );
      expect(result?.error?.data).toEqual({
        supported: ['2025-11-25', '2026-07-28', '[DATE]', '[EMAIL]'],
        requested: '2027-01-01',
        at: '[DATE]',
      });
    }
    const other = await run({ detector }, {}, { error: { code: -32_000, message: 'x', data } });
    expect(other.text).not.toContain('2025');
  });

  it('keeps a number a number', async () => {
    const keyReader = keysAre({ ssn: is('SSN') });
    const result = { content: [], structuredContent: { ssn: 219099999, card: 4111111111111111, year: 2026 } };
    const { structuredContent } = await deliver({ keyReader }, result);
    expect(structuredContent).toEqual({ ssn: 0, card: 0, year: 2026 });
  });

  it('keeps the digits of numbers that JavaScript cannot tell, and still finds cards in them', async () => {
    const text = '{"id": 1234567890123456789, "card":4111111111111111, "who":"jane.roe@clinic.com"}';
    const { content } = await deliver(LABEL_ALL, { content: [{ type: 'text', text }] });
    expect(content).toEqual([{ type: 'text', text: '{"id":1234567890123456789,"card":0,"who":"[EMAIL]"}' }]);
  });

  it('writes JSON with the indentation that it had', async () => {
    const text = JSON.stringify({ a: [MAIL], b: 1 }, undefined, 4);
    const { content } = await deliver(LABEL_ALL, { content: [{ type: 'text', text }] });
    expect(content).toEqual([{ type: 'text', text: JSON.stringify({ a: ['[EMAIL]'], b: 1 }, undefined, 4) }]);
  });

  it('believes a key: what it names is rewritten, and what it calls a code is not', async () => {
    const keyReader = keysAre({ patientName: is('PERSON'), code: 'keep' });
    const structuredContent = { patientName: 'Jane Roe', code: MAIL, other: MAIL };
    const rewritten = await deliver({ keyReader }, { content: [], structuredContent });
    expect(rewritten['structuredContent']).toEqual({ patientName: '[PERSON]', code: MAIL, other: '[EMAIL]' });
  });

  it('finds a name that a key gave away in all other texts of the result, also in earlier ones', async () => {
    const keyReader = keysAre({ patientName: is('PERSON') });
    const result = {
      content: [{ type: 'text', text: 'Jane Roe was seen. Roe Jane too; Jane Roebuck was not.' }],
      structuredContent: { note: 'for Jane Roe', patientName: 'Jane Roe' },
    };
    expect(await deliver({ keyReader }, result)).toEqual({
      content: [{ type: 'text', text: '[PERSON] was seen. Roe Jane too; Jane Roebuck was not.' }],
      structuredContent: { note: 'for [PERSON]', patientName: '[PERSON]' },
    });
  });

  it('finds a short name everywhere, however often it was passed by before', async () => {
    const keyReader = keysAre({ family: is('PERSON') });
    const structuredContent = {
      seen: ['Roe', 'x', 'Roe', 'Roe was here, a longer text'],
      family: 'Roe',
      after: ['Roe'],
    };
    const rewritten = await deliver({ keyReader }, { content: [], structuredContent });
    expect(textOf(rewritten)).not.toContain('Roe');
  });

  it('tells keys apart that become the same', async () => {
    const structuredContent = { 'a@b.org': 1, 'c@d.org': 2, '[EMAIL]': 3 };
    const rewritten = await deliver(LABEL_ALL, { content: [], structuredContent });
    expect(Object.values(rewritten['structuredContent'] as object)).toEqual([1, 2, 3]);
    expect(textOf(rewritten)).not.toContain('@');
  });

  it('takes a member named __proto__ for what it is', async () => {
    const structuredContent = JSON.parse(
      `{"__proto__": {"a": "${MAIL}"}, "b": {"__proto__": "${MAIL}"}}`,
    ) as object;
    const rewritten = await deliver(LABEL_ALL, { content: [], structuredContent });
    expect(textOf(rewritten)).toBe(
      '{"content":[],"structuredContent":{"__proto__":{"a":"[EMAIL]"},"b":{"__proto__":"[EMAIL]"}}}',
    );
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length', '0'])(
    'takes members named %s for members, in data, in JSON and in what a schema says',
    async (name) => {
      const inner = `{"${name}": "${MAIL}", "x": {"${name}": {"${name}": ["${MAIL}"]}}}`;
      const result = {
        content: [{ type: 'text', text: inner }],
        structuredContent: JSON.parse(inner) as object,
      };
      const schema: unknown = JSON.parse(`{"properties": {"${name}": {"format": "email"}}}`);
      const rewritten = await deliver({ keyReader: createKeyReader(), schemaOf: () => schema }, result);
      expect(textOf(rewritten)).not.toContain(MAIL);
      const { structuredContent } = rewritten as { structuredContent: object };
      expect(Object.keys(structuredContent)).toEqual(Object.keys(result.structuredContent));
      expect(Object.getPrototypeOf(structuredContent)).toBe(Object.prototype);
    },
  );

  it('reads every name, also where objects in a row have others in the same places', async () => {
    const structuredContent = [
      { a: 1, b: 2 },
      { a: 1, [MAIL]: 2 },
      { a: 1, b: 2 },
      { [MAIL]: 1, b: 2 },
    ];
    expect((await deliver(LABEL_ALL, { content: [], structuredContent }))['structuredContent']).toEqual([
      { a: 1, b: 2 },
      { a: 1, '[EMAIL]': 2 },
      { a: 1, b: 2 },
      { '[EMAIL]': 1, b: 2 },
    ]);
  });

  it.each([
    ['{"a" : "jane.roe\\u0040clinic.com", "a":"x", "t": "10:20"}', '{"a":"x","t":"10:20"}'],
    ['{"a":{"b":"jane.roe\\u0040clinic.com"},"a":":x"}', '{"a":":x"}'],
    ['{ "t": "x\\":y", "u": ":" }', '{ "t": "x\\":y", "u": ":" }'],
    ['[12345678901234567890,1e0000000000000001]', '[12345678901234567890,1e0000000000000001]'],
  ])(
    'writes JSON with two members of one name, odd colons or long numbers as it is read: %s',
    async (text, written) => {
      expect(await deliver(LABEL_ALL, { content: [{ type: 'text', text }] })).toEqual({
        content: [{ type: 'text', text: written }],
      });
    },
  );

  it('rewrites what will stand on the wire for objects that are more than data', async () => {
    class Patient {
      toJSON(): unknown {
        return { mail: MAIL };
      }
    }
    // eslint-disable-next-line no-new-wrappers
    const boxed: unknown = Object(MAIL);
    const structuredContent = { a: new Patient(), b: { x: 1, toJSON: () => MAIL }, boxed, at: new Date(0) };
    expect(textOf(await deliver(LABEL_ALL, { content: [], structuredContent }))).not.toContain(MAIL);
  });

  it('conceals a secret that was opened, whatever the rules say', async () => {
    const revealed = new RevealedSecrets();
    revealed.add('hunter2-hunter2');
    const result = { content: [{ type: 'text', text: 'token hunter2-hunter2' }] };
    expect(await deliver({ rules: [], revealed }, result)).toEqual({
      content: [{ type: 'text', text: 'token [secret]' }],
    });
  });
});

describe('the way in', () => {
  const arguments_: RedactOptions['rules'] = [{ direction: 'arguments', entities: '*', operator: 'label' }];

  it.each([
    ['tools/call', { name: 'x', arguments: { q: [MAIL], [MAIL]: 1 } }],
    [
      'tools/call',
      { name: 'x', inputResponses: { a: { action: 'accept', content: { id: MAIL, type: MAIL } } } },
    ],
    [
      'tools/call',
      {
        name: 'x',
        inputResponses: { a: { role: 'user', model: 'm', content: { type: 'text', text: MAIL } } },
      },
    ],
    ['prompts/get', { name: 'x', arguments: { q: MAIL } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'q', value: MAIL } }],
    ['notifications/cancelled', { requestId: 1, reason: MAIL }],
  ])('rewrites what goes to the server with %s', async (method, params) => {
    const { given } = await run({ rules: arguments_ }, { method, params });
    expect(textOf(given)).not.toContain('clinic.com');
    expect(textOf(given)).toContain('[EMAIL]');
  });

  it('leaves the revision of the protocol that every call of 2026-07-28 brings, and what else MCP keeps in _meta', async () => {
    const detector = createDetector({ entities: ['DATE', 'EMAIL'] });
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/logLevel': 'info',
      'io.modelcontextprotocol/subscriptionId': 'a@b.org',
      'io.modelcontextprotocol/clientInfo': { name: 'Client', version: '2026-07-28' },
      progressToken: '2026-07-28',
    };
    const _meta = { ...meta, 'io.modelcontextprotocol/other': MAIL, 'example.com/at': '2026-07-28' };
    const params = { name: 'x', arguments: { at: '2026-07-28' }, _meta };
    expect((await run({ detector, rules: arguments_ }, { params })).given).toEqual({
      name: 'x',
      arguments: { at: '[DATE]' },
      _meta: { ...meta, 'io.modelcontextprotocol/other': '[EMAIL]', 'example.com/at': '[DATE]' },
    });
  });

  it('leaves what names a thing: tools, resources, cursors, sealed state', async () => {
    const params = { name: 'a@b.org', uri: 'x:/a@b.org', cursor: 'a@b.org', requestState: 'a@b.org' };
    const { given } = await run(
      { rules: arguments_ },
      { method: 'resources/subscribe', params: { ...params, name: 'x' } },
    );
    expect(given).toEqual({ ...params, name: 'x' });
  });

  it('rewrites what a server sends on its own, by the rules for results', async () => {
    const rules: RedactOptions['rules'] = [{ direction: 'results', entities: '*', operator: 'label' }];
    const outbound = (method: string, params: Call['params']): Promise<string> =>
      run(
        { rules },
        {
          direction: 'outbound',
          method,
          params,
          ...(method.startsWith('notif') && { kind: 'notification' }),
        },
      ).then(({ given }) => textOf(given));
    const texts = await Promise.all([
      outbound('notifications/message', { level: 'info', logger: 'x', data: { who: MAIL } }),
      outbound('notifications/progress', { progressToken: MAIL, progress: 219099999, message: `for ${SSN}` }),
      outbound('sampling/createMessage', {
        systemPrompt: SSN,
        messages: [{ role: 'user', content: { type: 'text', text: SSN } }],
      }),
      outbound('elicitation/create', {
        message: SSN,
        requestedSchema: { properties: { a: { title: SSN } } },
      }),
    ]);
    expect(texts.join('')).not.toContain(SSN);
    expect(texts[0]).toContain('[EMAIL]');
    expect(texts[1]).toBe(`{"progressToken":"${MAIL}","progress":219099999,"message":"for [SSN]"}`);
  });

  it('takes the answer of a client for arguments', async () => {
    const answer = { result: { role: 'assistant', model: 'm', content: { type: 'text', text: MAIL } } };
    const call: Partial<Call> = {
      direction: 'outbound',
      method: 'sampling/createMessage',
      params: { messages: [] },
    };
    expect((await run({ rules: arguments_ }, call, answer)).text).toContain('[EMAIL]');
    const results: RedactOptions['rules'] = [{ direction: 'results', entities: '*', operator: 'label' }];
    expect((await run({ rules: results }, call, answer)).text).toContain(MAIL);
  });

  it('does not wait where no vault is asked', () => {
    let isNext = false;
    void redact(withDefaults({})).intercept(
      {
        method: 'tools/call',
        direction: 'inbound',
        params: { name: 'x', arguments: { a: MAIL } },
        principal: { roles: [] },
        trail: { add: () => undefined },
      } as unknown as Call,
      () => {
        isNext = true;
        return Promise.resolve({ result: {} });
      },
    );
    expect(isNext).toBe(true);
  });
});

describe('what cannot be read', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}"${MAIL}"${']'.repeat(levels)}`;

  it.each([
    [
      'structured content 10,000 levels deep',
      { content: [], structuredContent: JSON.parse(nested(10_000)) as unknown },
    ],
    ['JSON text 10,000 levels deep', { content: [{ type: 'text', text: nested(10_000) }] }],
    ['base64 in base64, two hundred times', { content: [{ type: 'text', text: wrapped(20) }] }],
  ])('refuses %s', async (_, result) => {
    const ran = await run({ maxDepth: 16 }, {}, { result });
    expect(ran.refusal?.code).toBe('too_large');
    expect(ran.text).not.toContain(MAIL);
  });

  it('refuses a circle', async () => {
    const circle: Record<string, unknown> = { mail: MAIL };
    circle['self'] = circle;
    const ran = await run({}, {}, { result: { content: [], structuredContent: circle } });
    expect(ran.refusal?.code).toBe('too_large');
  });

  it('refuses a circle in what is more than data, and a list that only says that it is long', async () => {
    class Patient {
      readonly mail = MAIL;
      readonly self = this;
    }
    const circle = await run({}, {}, { result: { content: [], structuredContent: { a: new Patient() } } });
    expect(circle.refusal).toBeInstanceOf(Refusal);
    expect(circle.text).not.toContain(MAIL);
    const sparse: unknown[] = [MAIL];
    sparse.length = 2 ** 31;
    const ran = await run({}, {}, { result: { content: [], structuredContent: sparse } });
    expect(ran.refusal?.code).toBe('too_large');
  });

  it('refuses more values, or more encoded bytes, than it may read', async () => {
    const values = { content: [], structuredContent: Array.from({ length: 200 }, () => 1) };
    expect((await run({ maxValues: 100 }, {}, { result: values })).refusal?.code).toBe('too_large');
    const bytes = {
      content: [{ type: 'resource', resource: { uri: 'x:/y', blob: btoa('x'.repeat(1000)) } }],
    };
    expect((await run({ maxDecodedBytes: 999 }, {}, { result: bytes })).refusal?.code).toBe('too_large');
  });

  it('labels a value of a length that no value has, whatever the operator', async () => {
    const keyReader = keysAre({ ssn: is('SSN') });
    const rules: RedactOptions['rules'] = [{ direction: 'both', entities: '*', operator: 'mask' }];
    const structuredContent = { ssn: '219-09-9999 '.repeat(1000) };
    expect(
      (await deliver({ keyReader, rules }, { content: [], structuredContent }))['structuredContent'],
    ).toEqual({
      ssn: '[SSN]',
    });
  });

  it('refuses where a member cannot even be read, and tells nothing of it', async () => {
    const structuredContent = {
      get mail(): string {
        throw new Error(MAIL);
      },
    };
    const ran = await run({}, {}, { result: { content: [], structuredContent } });
    expect(ran.refusal).toBeInstanceOf(Refusal);
    expect(ran.text).not.toContain(MAIL);
  });

  it('reads ten megabytes, half a surrogate pair and text without an end', async () => {
    const text = `${'\uD800 lorem ipsum '.repeat(700_000)}${MAIL} \uDC00`;
    const { content } = await deliver({}, { content: [{ type: 'text', text }] });
    const delivered = (content as { text: string }[])[0]?.text ?? '';
    expect(delivered.endsWith('[EMAIL] \uDC00')).toBe(true);
    expect(delivered.length).toBe(text.length - MAIL.length + '[EMAIL]'.length);
  });
});

function wrapped(times: number): string {
  let text = `padding so that it is long enough: ${MAIL}`;
  for (let count = 0; count < times; count += 1) text = btoa(text);
  return text;
}

/** Undoes what a reader could undo. */
function decodeAll(text: string): string {
  const parts = text.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? [];
  const decoded = parts.map((part) => Buffer.from(part, 'base64').toString('utf8')).join('\n');
  return `${text}\n${decoded}\n${decodeURIComponent(text.replaceAll(/%(?![0-9A-F]{2})/gi, '%25'))}`;
}

import type { JsonObject } from '@sallyport/core';
import { OPERATORS, type RedactOptions } from '@sallyport/redaction';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { deliver, FakeVault, is, keysAre } from './rig.ts';

const MAIL = 'jane.roe@clinic.com';

const SCHEMA = {
  type: 'object',
  required: ['email', 'ssn', 'card', 'born', 'active', 'kind', 'contacts'],
  additionalProperties: false,
  properties: {
    email: { $ref: '#/$defs/mail' },
    ssn: { type: 'integer', minimum: 0 },
    card: { type: 'string', pattern: '^\\d{4}-\\d{4}-\\d{4}-\\d{4}$' },
    born: { type: 'string', format: 'date' },
    active: { type: 'boolean' },
    kind: { enum: ['a@b.org', 'c@d.org'] },
    note: { type: 'string' },
    contacts: {
      type: 'array',
      items: {
        anyOf: [
          { type: 'null' },
          { type: 'object', additionalProperties: { type: 'string', maxLength: 12 } },
        ],
      },
    },
  },
  $defs: { mail: { type: 'string', format: 'email', maxLength: 40 } },
};

const PATIENT = {
  email: MAIL,
  ssn: 219099999,
  card: '4111-1111-1111-1111',
  born: '1985-03-05',
  active: true,
  kind: 'a@b.org',
  note: `write to ${MAIL}`,
  contacts: [null, { phone: '212-555-0142' }],
};

const ajv = new Ajv2020({ strict: false });
// The formats of RFC 3339 and RFC 5321, as far as they matter here.
ajv.addFormat('date', /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/);
ajv.addFormat('email', /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/);
const satisfies = ajv.compile(SCHEMA);

function options(operator: RedactOptions['rules'][number]['operator']): Partial<RedactOptions> {
  return {
    vault: new FakeVault(),
    keyReader: keysAre({ ssn: is('SSN'), born: is('DOB'), active: is('ACCOUNT') }),
    rules: [{ direction: 'both', entities: '*', operator }],
    schemaOf: (server, tool) => (server === 'default' && tool === 'echo' ? SCHEMA : undefined),
  };
}

describe('a result with an outputSchema', () => {
  it('satisfies it before', () => {
    expect(satisfies(PATIENT)).toBe(true);
  });

  it.each(OPERATORS.filter((operator) => operator !== 'keep' && operator !== 'block'))(
    'still satisfies it after %s, and has none of the values',
    async (operator) => {
      const result = {
        content: [{ type: 'text', text: JSON.stringify(PATIENT) }],
        structuredContent: PATIENT,
      };
      const rewritten = await deliver(options(operator), result);
      expect(satisfies(rewritten['structuredContent'])).toBe(true);
      const text = JSON.stringify(rewritten);
      for (const value of [MAIL, '219099999', '4111-1111', '1985-03-05', '212-555-0142']) {
        expect(text).not.toContain(value);
      }
    },
  );

  it('has the same replacements in the text that repeats it', async () => {
    const text = `${MAIL}: ${JSON.stringify(PATIENT)}`;
    const rewritten = await deliver(options('token'), {
      content: [
        { type: 'text', text: JSON.stringify(PATIENT, undefined, 2) },
        { type: 'text', text: MAIL },
      ],
      structuredContent: PATIENT,
    });
    const structured = rewritten['structuredContent'] as JsonObject;
    const [first, second] = rewritten['content'] as { text: string }[];
    expect(JSON.parse(first?.text ?? '')).toEqual(structured);
    expect(second?.text).toBe(structured['email']);
    expect(text).toContain(MAIL);
  });

  it('keeps a value that the schema itself lists, and gives the others the form it asks for', async () => {
    const { structuredContent } = await deliver(options('label'), {
      content: [],
      structuredContent: PATIENT,
    });
    expect(structuredContent).toMatchObject({
      email: expect.stringMatching(/@example\.org$/) as string,
      kind: 'a@b.org',
      active: true,
      ssn: 0,
    });
  });

  it('follows references in circles to their end', async () => {
    const schema = {
      $ref: '#/$defs/a',
      $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#' }, { $ref: '#/none' }] } },
    };
    const more = { ...options('label'), schemaOf: () => schema };
    expect(await deliver(more, { content: [], structuredContent: { a: MAIL } })).toEqual({
      content: [],
      structuredContent: { a: '[EMAIL]' },
    });
  });
});

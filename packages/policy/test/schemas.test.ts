import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

describe.each(['schema.json', 'test.schema.json'])('packages/policy/%s', (file) => {
  it('is a JSON Schema 2020-12 without slips, which nobody checks at run time', () => {
    const schema = JSON.parse(readFileSync(`packages/policy/${file}`, 'utf8')) as object;
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  });
});

import { createDetector, createKeyReader } from '@sallyport/detection';
import type { RedactOptions } from '@sallyport/redaction';
import { describe, expect, it } from 'vitest';

import { deliver, FakeVault, run } from './rig.ts';

const OPTIONS: Partial<RedactOptions> = { detector: createDetector(), keyReader: createKeyReader() };

async function dataAs(structuredContent: Record<string, unknown>, options = OPTIONS): Promise<unknown> {
  return (await deliver(options, { content: [], structuredContent }))['structuredContent'];
}

describe('what stands where a code belongs', () => {
  const condition = (text: string): Record<string, unknown> => ({
    resourceType: 'Condition',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '44054006', display: text }], text },
  });

  it.each([
    'Diabetes mellitus type 2',
    'Hemoglobin A1c/Hemoglobin.total in Blood',
    'metformin hydrochloride 500 MG Extended Release Oral Tablet',
  ])('stays: %s', async (text) => {
    expect(await dataAs(condition(text))).toEqual(condition(text));
  });

  it('is read for what its form tells, and for names that the message knows', async () => {
    const data = {
      ...condition('Injury by spouse Quon Zybiskie, call 217-555-0123, SSN 219-09-9999'),
      contained: [{ resourceType: 'Patient', name: [{ family: 'Zybiskie', given: ['Quon'] }] }],
    };
    const written = JSON.stringify(await dataAs(data));
    for (const value of ['Zybiskie', '217-555-0123', '219-09-9999']) expect(written).not.toContain(value);
    expect(written).toContain('44054006');
  });
});

it('reads what the protocol does not know by its key, in results and in `_meta`', async () => {
  const result = await deliver(OPTIONS, {
    content: [],
    mrn: 'A8812XY',
    _meta: { lastName: 'Zybiskie', 'com.example/ssn': '219099999' },
  });
  expect(result).toEqual({
    content: [],
    mrn: '[MRN]',
    _meta: { lastName: '[PERSON]', 'com.example/ssn': '[SSN]' },
  });
});

it('a number that a tool was given for a token does not come back as a number', async () => {
  const options: Partial<RedactOptions> = {
    ...OPTIONS,
    vault: new FakeVault(),
    rules: [{ direction: 'results', entities: '*', operator: 'token' }],
    restoreFor: [{ tools: ['get_*'] }],
  };
  const { mrn } = (await dataAs({ mrn: '8812345' }, options)) as { mrn: string };
  const ran = await run(
    options,
    { params: { name: 'get_any', arguments: { patient: mrn } } },
    { result: { content: [], structuredContent: { id: 8_812_345, count: 37 } } },
  );
  expect(ran.given?.['arguments']).toEqual({ patient: '8812345' });
  const answered = ran.result?.result?.['structuredContent'] as { id: number; count: number };
  expect(answered.id).not.toBe(8_812_345);
  expect(answered.count).toBe(37);
});

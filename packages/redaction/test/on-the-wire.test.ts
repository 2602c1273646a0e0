import { composeGuard } from '@sallyport/core';
import { createDetector, createKeyReader } from '@sallyport/detection';
import { redact } from '@sallyport/redaction';
import { describe, expect, it } from 'vitest';

import { RIGS, type Seen } from '../../core/test/rigs.ts';
import { FakeVault, withDefaults } from './rig.ts';

const MAIL = 'jane.roe@clinic.com';

describe.each(RIGS)('with %s', (_, start) => {
  it('the model sees a token, and the tool that may have it the value', async () => {
    const seen: Seen = { executed: [], cancelled: [] };
    const redaction = redact(
      withDefaults({
        vault: new FakeVault(),
        rules: [{ direction: 'both', entities: ['EMAIL'], operator: 'token' }],
        restoreFor: [{ tools: ['echo'] }],
      }),
    );
    const rig = await start(composeGuard({ interceptors: [redaction] }), seen);
    try {
      const first = await rig.call('echo', { text: `mail ${MAIL}` });
      const text = first.content?.[0]?.text ?? '';
      expect(text).toMatch(/^mail \[EMAIL_\w{15}\]$/);
      const second = await rig.call('echo', { text });
      expect(second.content?.[0]?.text).toBe(text);
      // What was sent as a value became a token for the server; what was sent as a token became the value.
      expect(seen.executed).toEqual([text, `mail ${MAIL}`]);
    } finally {
      await rig.close();
    }
  });

  it('everything that can be found is looked for, and the protocol goes on; progress comes in order', async () => {
    const seen: Seen = { executed: [], cancelled: [] };
    const redaction = redact(
      withDefaults({
        detector: createDetector(),
        keyReader: createKeyReader(),
        rules: [{ direction: 'both', entities: '*', operator: 'label' }],
      }),
    );
    const rig = await start(composeGuard({ interceptors: [redaction] }), seen);
    try {
      expect(await rig.toolNames()).toContain('echo');
      await expect(rig.unknownMethod()).rejects.toThrow();
      const steps: number[] = [];
      const result = await rig.call('progress', {}, { onprogress: ({ progress }) => steps.push(progress) });
      expect(result.content?.[0]?.text).toBe('done');
      expect(steps).toEqual([1, 2, 3]);
    } finally {
      await rig.close();
    }
  });
});

import {
  composeGuard,
  guardTransport,
  type Interceptor,
  type JsonObject,
  RevealedSecrets,
} from '@sallyport/core';
import { createDetector } from '@sallyport/detection';
import { redact, type RedactOptions } from '@sallyport/redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FakeTransport } from '../../core/test/fake-transport.ts';
import { FakeVault, withDefaults } from './rig.ts';
import { FakeClock } from './vault/fake-clock.ts';

const DETECTOR = createDetector({
  entities: ['EMAIL', 'SSN', 'CREDIT_CARD', 'PHONE', 'IPV4', 'IBAN', 'URL'],
});
const PLANTED: readonly (readonly [entity: string, value: string])[] = [
  ['EMAIL', 'jane.roe@clinic.com'],
  ['SSN', '219-09-9999'],
  ['CREDIT_CARD', '4111 1111 1111 1111'],
  ['PHONE', '(212) 555-0142'],
  ['IPV4', '203.0.113.77'],
  ['IBAN', 'DE89 3704 0044 0532 0130 00'],
];

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A server behind a guard, and what its client gets. */
class Line {
  readonly clock = new FakeClock();
  readonly real = new FakeTransport();
  readonly #guarded: FakeTransport;

  constructor(options: Partial<RedactOptions> = {}, share?: { readonly interceptor: Interceptor }) {
    const interceptor = share?.interceptor ?? redaction(this.clock, options);
    this.#guarded = guardTransport(this.real, composeGuard({ interceptors: [interceptor] }));
    this.#guarded.onmessage = () => undefined;
    this.#guarded.onclose = () => undefined;
  }

  notify(method: string, params: JsonObject): Promise<void> {
    return this.#guarded.send({ jsonrpc: '2.0', method: `notifications/${method}`, params });
  }

  progress(message: string | undefined, progressToken: string | number = 1, progress = 0): Promise<void> {
    return this.notify('progress', { progressToken, progress, ...(message !== undefined && { message }) });
  }

  log(data: unknown, logger?: string): Promise<void> {
    return this.notify('message', { level: 'info', data, ...(logger !== undefined && { logger }) });
  }

  ask(id: number, progressToken: string | number): void {
    const params = { name: 'x', arguments: {}, _meta: { progressToken } };
    this.real.receive({ jsonrpc: '2.0', id, method: 'tools/call', params });
  }

  answer(id: number): Promise<void> {
    return this.#guarded.send({ jsonrpc: '2.0', id, result: { content: [] } });
  }

  /** The texts that the client has so far. */
  get texts(): readonly unknown[] {
    return this.real.sent.map(({ method, params }) => {
      const { message, data, statusMessage } = (params ?? {}) as Record<string, unknown>;
      return method === undefined ? 'ANSWER' : (message ?? data ?? statusMessage);
    });
  }

  async settled(): Promise<readonly unknown[]> {
    await tick();
    this.clock.advance(100);
    await tick();
    return this.texts;
  }
}

function redaction(clock: FakeClock, options: Partial<RedactOptions> = {}): Interceptor {
  return redact(
    withDefaults({
      detector: DETECTOR,
      clock: () => clock.now(),
      after: (ms, action) => clock.after(ms, action),
      ...options,
    }),
  );
}

describe('a value that is split over the progress messages of one token', () => {
  it.each(PLANTED)(
    'is found wherever an %s is cut in two, and nothing else is changed',
    async (entity, value) => {
      const text = `written to ${value} today`;
      for (let cut = 1; cut < text.length; cut += 1) {
        const line = new Line();
        void line.progress(text.slice(0, cut));
        void line.progress(text.slice(cut));
        const texts = await line.settled();
        expect(texts).toHaveLength(2);
        expect(texts.join('')).toBe(`written to [${entity}] today`);
      }
    },
  );

  it.each(PLANTED)('is found wherever an %s is cut in three', async (entity, value) => {
    const text = `to ${value}, now`;
    for (let first = 1; first < text.length - 1; first += 1) {
      for (let second = first + 1; second < text.length; second += 1) {
        const line = new Line();
        for (const part of [text.slice(0, first), text.slice(first, second), text.slice(second)]) {
          void line.progress(part);
        }
        const texts = await line.settled();
        expect(texts).toHaveLength(3);
        expect(texts.join('')).toBe(`to [${entity}], now`);
      }
    }
  });

  it('is found when every unit of it comes alone', async () => {
    const line = new Line();
    const text = 'write to jane.roe@clinic.com or not';
    for (const unit of text) void line.progress(unit);
    const texts = await line.settled();
    expect(texts).toHaveLength(text.length);
    expect(texts.join('')).toBe('write to [EMAIL] or not');
  });

  it('is found where the server waits for each one to leave before it sends the next', async () => {
    const line = new Line();
    const sent = (async () => {
      await line.progress('write to jane.ro');
      await line.progress('e@clinic.com or not.');
    })();
    await tick();
    await line.settled();
    await sent;
    expect(line.texts.join('')).toBe('write to [EMAIL] or not.');
  });

  it('is found by a word that came before it', async () => {
    const line = new Line();
    void line.progress('SSN: ');
    void line.progress('219099999 is on file.');
    expect(await line.settled()).toEqual(['SSN: ', '[SSN] is on file.']);
  });

  it('is found with steps between that bring no text, which keep their place', async () => {
    const line = new Line();
    void line.progress('to jane.roe@cli', 1, 1);
    void line.progress(undefined, 1, 2);
    void line.progress('nic.com, done.', 1, 3);
    await line.settled();
    const steps = line.real.sent.map(({ params }) => (params as { progress: number }).progress);
    expect(steps).toEqual([1, 2, 3]);
    expect(line.texts).toEqual(['to [EMAIL]', undefined, ', done.']);
  });

  it('has one token, which stands where it began', async () => {
    const vault = new FakeVault();
    const line = new Line({ vault, rules: [{ direction: 'both', entities: '*', operator: 'token' }] });
    void line.progress('to jane.roe@cli');
    void line.progress('nic.com, and to 219-09-9999, today.');
    await tick();
    const texts = await line.settled();
    expect(texts.join('')).toMatch(/^to \[EMAIL_\w{15}\], and to \[SSN_\w{15}\], today\.$/);
    expect(vault.asked).toEqual(['tokens 1', 'tokens 1']);
  });

  it('is not let through in parts where the policy blocks it', async () => {
    const line = new Line({ rules: [{ direction: 'both', entities: ['EMAIL'], operator: 'block' }] });
    void line.progress('to jane.roe@cli');
    void line.progress('nic.com, today.');
    void line.progress('All is well.');
    expect(await line.settled()).toEqual(['All is well.']);
  });

  it('is concealed where it is a secret that was opened, whatever the rules say', async () => {
    const revealed = new RevealedSecrets();
    revealed.add('hunter2 hunter2');
    const text = 'with hunter2 hunter2 in it.';
    for (let cut = 1; cut < text.length; cut += 1) {
      const line = new Line({ rules: [], revealed });
      void line.progress(text.slice(0, cut));
      void line.progress(text.slice(cut));
      expect((await line.settled()).join('')).toBe('with [secret] in it.');
    }
  });

  it('stays where no rule names it', async () => {
    const line = new Line({ rules: [{ direction: 'both', entities: ['SSN'], operator: 'label' }] });
    void line.progress('to jane.roe@cli');
    void line.progress('nic.com, today.');
    expect(await line.settled()).toEqual(['to jane.roe@cli', 'nic.com, today.']);
  });
});

describe('other streams', () => {
  it('are the log messages of one logger, and the states of one task', async () => {
    const line = new Line();
    void line.log('to jane.roe@cli', 'a');
    void line.log('to 219-09-', 'b');
    void line.log('nic.com, sent.', 'a');
    void line.log('9999, sent.', 'b');
    void line.notify('tasks/status', { taskId: 't', status: 'working', statusMessage: 'for 219-' });
    void line.notify('tasks/status', { taskId: 't', status: 'working', statusMessage: '09-9999.' });
    const texts = await line.settled();
    expect(texts.map(String).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      ', sent.',
      ', sent.',
      '.',
      'for [SSN]',
      'to [EMAIL]',
      'to [SSN]',
    ]);
  });

  it('are not joined: two tokens, two loggers, two connections, the number 1 and the text "1"', async () => {
    const clock = new FakeClock();
    const shared = { interceptor: redaction(clock) };
    const [one, other] = [new Line({}, shared), new Line({}, shared)];
    void one.progress('219-09-', 1);
    void one.progress('9999', '1');
    void other.progress('9999', 1);
    void other.log('219-09-', 'a');
    void other.log('9999', 'b');
    clock.advance(100);
    await tick();
    expect(one.texts).toEqual(['219-09-', '9999']);
    expect(other.texts).toEqual(['9999', '219-09-', '9999']);
  });

  it('keep their order where a log is data and no text, which ends what was before it', async () => {
    const line = new Line();
    void line.log('219-09-');
    void line.log({ mail: 'jane.roe@clinic.com' });
    void line.log('9999');
    expect(await line.settled()).toEqual(['219-09-', { mail: '[EMAIL]' }, '9999']);
  });
});

describe('what is held back', () => {
  it('is only what may go on: whole sentences, marks and blanks pass in the tick in which they came', () => {
    const line = new Line();
    for (const text of ['Loading...', 'Done!', 'Step 1 of 3: ', 'half way (50%)', 'Reading…', 'line\n', '']) {
      void line.progress(text);
    }
    expect(line.real.sent).toHaveLength(7);
    void line.progress('goes on');
    expect(line.real.sent).toHaveLength(7);
  });

  it('is not joined with what is a message of its own', async () => {
    const line = new Line();
    void line.progress('Sent to jane.roe@clinic.com');
    void line.progress('Done');
    void line.progress('Now 219-09-9999.');
    void line.progress('Next');
    expect(await line.settled()).toEqual(['Sent to [EMAIL]', 'Done', 'Now [SSN].', 'Next']);
  });

  it('leaves when its time is over, whole', async () => {
    const line = new Line({ holdMs: 40 });
    void line.progress('reading file');
    line.clock.advance(39);
    await tick();
    expect(line.texts).toEqual([]);
    line.clock.advance(1);
    await tick();
    expect(line.texts).toEqual(['reading file']);
  });

  it('leaves before the answer to its request, and the answer does not wait for the time', async () => {
    const line = new Line();
    line.ask(7, 'p');
    await tick();
    void line.progress('reading file', 'p');
    void line.log('a word');
    await tick();
    expect(line.texts).toEqual([]);
    void line.answer(7);
    await tick();
    expect(line.texts).toEqual(['reading file', 'a word', 'ANSWER']);
  });

  it('is nothing where holdMs is 0; then no more than the beginning of a value is ever shown', async () => {
    const line = new Line({ holdMs: 0 });
    void line.progress('to jane.roe@cli');
    expect(line.texts).toEqual(['to jane.roe@cli']);
    void line.progress('nic.com, and 219-09-9999');
    void line.progress('9 or so.');
    await tick();
    expect(line.texts).toEqual(['to jane.roe@cli', '[EMAIL], and [SSN]', '9 or so.']);
  });

  it('never shows the end of a value of which the beginning was shown, whatever the operator shows', async () => {
    const rules: RedactOptions['rules'] = [
      { direction: 'both', entities: '*', operator: 'mask', keepLast: 4 },
    ];
    const line = new Line({ holdMs: 0, rules });
    void line.progress('card 4111 1111 1111 ');
    void line.progress('1111, thank you.');
    await tick();
    expect(line.texts[1]).toBe('[CREDIT_CARD], thank you.');
  });

  it('gets rare where the next one only comes when this one has left', async () => {
    const line = new Line();
    let waits = 0;
    for (let step = 0; step < 200; step += 1) {
      const sent = line.progress(`step ${step} of the work`);
      await tick();
      if (line.clock.waiting > 0) {
        waits += 1;
        line.clock.advance(100);
      }
      await sent;
    }
    expect(line.texts).toHaveLength(200);
    expect(waits).toBeGreaterThan(0);
    expect(waits).toBeLessThan(8);
  });

  it('keeps the order of its stream, also where the first one waits for the vault', async () => {
    const vault = new FakeVault();
    const open: (() => void)[] = [];
    const slow: RedactOptions['vault'] = Object.assign(Object.create(vault) as FakeVault, {
      tokensFor: async (...asked: Parameters<FakeVault['tokensFor']>) => {
        await new Promise<void>((resolve) => open.push(resolve));
        return await vault.tokensFor(...asked);
      },
    });
    const line = new Line({ vault: slow, rules: [{ direction: 'both', entities: '*', operator: 'token' }] });
    void line.progress('mail jane.roe@clinic.com.');
    void line.progress('Nothing here.');
    void line.progress('Nothing more.');
    await tick();
    expect(line.texts).toEqual([]);
    line.clock.advance(100);
    await tick();
    expect(line.texts).toEqual([]);
    for (const go of open) go();
    await tick();
    expect(line.texts).toEqual([expect.stringMatching(/^mail \[EMAIL_/), 'Nothing here.', 'Nothing more.']);
  });

  it('changes and delays nothing in audit mode', async () => {
    const line = new Line({ mode: 'audit' });
    void line.progress('to jane.roe@cli');
    void line.progress('nic.com');
    await tick();
    expect(line.texts).toEqual(['to jane.roe@cli', 'nic.com']);
  });

  it('ends with the connection: nothing is sent on a closed one, and nothing is thrown', async () => {
    const line = new Line();
    const sent = line.progress('goes on');
    await line.real.close();
    await sent;
    expect(await line.settled()).toEqual([]);
  });

  it('is bounded: a flood of pieces that all may go on is delivered whole, in order', async () => {
    const line = new Line();
    for (let index = 0; index < 3000; index += 1) void line.progress(`7${'1'.repeat(300)} `);
    expect(line.clock.waiting).toBeLessThan(100);
    for (let token = 0; token < 3000; token += 1) void line.progress('7', token + 10);
    expect(line.clock.waiting).toBeLessThan(1100);
    expect(await line.settled()).toHaveLength(6000);
  });
});

describe('whatever the pieces', () => {
  const text = fc
    .array(
      fc.constantFrom('lorem', 'ipsum.', '7', 'Dolor', '\n', 'sit…', ...PLANTED.map(([, value]) => value)),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(', and '));

  it('nothing is lost, nothing is found that is not there, and no value gets through', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (whole, sizes) => {
          const line = new Line();
          for (let at = 0, turn = 0; at < whole.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            void line.progress(whole.slice(at, at + size));
            at += size;
          }
          const joined = (await line.settled()).join('');
          const expected = PLANTED.reduce(
            (left, [entity, value]) => left.replaceAll(value, `[${entity}]`),
            whole,
          );
          expect(joined).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { ANONYMOUS, composeGuard, type Interceptor, Refusal } from '@sallyport/core';
import { type StartOptions, TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
const start = (options: StartOptions = {}): TestGateway => (gateway = new TestGateway(options));
afterEach(() => gateway.close());

const LIMIT = 10_000;

describe('what the client sends', () => {
  it('reaches the server, and the answer comes back', async () => {
    start();
    expect(await gateway.outcome(gateway.call('echo', { value: 'hello' }))).toBe('hello');
  });

  it('is answered with -32700 and a null id where it is no JSON, and the stream goes on', async () => {
    start();
    gateway.send('{"jsonrpc":"2.0","id":9,"method":');
    const { error } = await gateway.find((message) => message['id'] === null);
    expect(error).toMatchObject({ code: -32700 });
    expect(await gateway.outcome(gateway.call('echo', { value: 'still here' }))).toBe('still here');
  });

  it('is answered with -32700 where it is no UTF-8', async () => {
    start();
    const [head, tail] = '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"echo?"}}\n'.split(
      '?',
    );
    gateway.input.write(
      Buffer.concat([Buffer.from(head ?? ''), Buffer.from([0xc3, 0x28]), Buffer.from(tail ?? '')]),
    );
    const { error } = await gateway.find((message) => message['id'] === null);
    expect(error).toMatchObject({ code: -32700 });
  });

  it('is answered with -32600 where it is JSON, and no message of MCP', async () => {
    start();
    gateway.send({ id: 9, method: 'tools/call', params: [] as never });
    expect((await gateway.answer(9))['error']).toMatchObject({ code: -32600 });
  });

  it('is answered with 413 and its id where it is too large, and the stream goes on', async () => {
    start({ maxMessageBytes: LIMIT });
    expect(await gateway.outcome(gateway.call('echo', { value: 'x'.repeat(3 * LIMIT) }))).toBe(413);
    gateway.send(`[${'1,'.repeat(LIMIT)}1]`);
    expect((await gateway.find((message) => message['id'] === null))['error']).toMatchObject({ code: 413 });
    expect(await gateway.outcome(gateway.call('echo', { value: 'fits' }))).toBe('fits');
  });

  it('is answered with 413 and its id where it is nested too deeply, and the stream goes on', async () => {
    start();
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    gateway.send(
      `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"echo","arguments":${deep}}}`,
    );
    expect(await gateway.outcome(9)).toBe(413);
    expect(await gateway.outcome(gateway.call('echo', { value: 'flat' }))).toBe('flat');
  });

  it('answers the server in its place where its answer is too large', async () => {
    start({ maxMessageBytes: LIMIT });
    const id = gateway.call('ask');
    const { id: question } = await gateway.find(({ method }) => method === 'roots/list');
    gateway.send({ id: question, result: { roots: ['x'.repeat(LIMIT)] } });
    expect(await gateway.outcome(id)).toBe('413');
  });

  it('never reaches the server as other bytes than the guard has judged', async () => {
    const judged: unknown[] = [];
    const judge: Interceptor = {
      name: 'judge',
      intercept(call, next) {
        if (call.method === 'tools/call') judged.push(call.params['arguments']);
        return next(call);
      },
    };
    start({ interceptors: [judge] });
    const twice = '"arguments":{"path":"/etc/shadow"},"arguments":{"path":"/tmp","path":"/srv"}';
    gateway.send(`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"arguments",${twice}}}`);
    expect(await gateway.outcome(9)).toBe('{"path":"/srv"}');
    expect(judged).toEqual([{ path: '/srv' }]);
  });

  it('keeps a member named __proto__ as the plain member that it is', async () => {
    const copy: Interceptor = {
      name: 'copy',
      intercept: (call, next) =>
        next({ ...call, params: { ...call.params, arguments: { ...(call.params['arguments'] as object) } } }),
    };
    start({ interceptors: [copy] });
    const params =
      '{"name":"arguments","arguments":{"__proto__":{"admin":true},"constructor":{"prototype":1}}}';
    gateway.send(`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":${params}}`);
    expect(await gateway.outcome(9)).toBe('{"__proto__":{"admin":true},"constructor":{"prototype":1}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('may end its lines with CRLF, leave lines blank, and leave the last newline away', async () => {
    start();
    gateway.input.write(
      '\r\n\n  \n{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"echo"}}\r\n',
    );
    expect(await gateway.outcome(8)).toBe('undefined');
    gateway.input.end('{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"echo"}}');
    expect(await gateway.outcome(9)).toBe('undefined');
    expect(gateway.messages).toHaveLength(2);
  });
});

describe('what the server sends', () => {
  it('never reaches the client where it is no JSON, and is counted without its content', async () => {
    const reported: Refusal[] = [];
    start({ guard: composeGuard({ interceptors: [], report: (refusal) => reported.push(refusal) }) });
    const waiting = gateway.call('slow', { ms: 50 });
    expect(await gateway.outcome(gateway.call('logs'))).toBe('logged');
    expect(await gateway.outcome(waiting)).toBe('slow');
    expect(gateway.messages).toHaveLength(2);
    expect(gateway.logged('dropped')).toEqual([
      { event: 'dropped', from: 'server', why: 'invalid_json', count: 1 },
      { event: 'dropped', from: 'server', why: 'invalid_json', count: 2 },
      { event: 'dropped', from: 'server', why: 'invalid_utf8', count: 1 },
    ]);
    expect(reported).toHaveLength(3);
    expect(JSON.stringify([gateway.events, reported.map(({ message }) => message)])).not.toContain('secret');
  });

  it('is replaced by a 502 where it is an answer, and no message of MCP', async () => {
    start();
    expect(await gateway.outcome(gateway.call('invalid'))).toBe(502);
    expect(gateway.logged('dropped')).toEqual([
      { event: 'dropped', from: 'server', why: 'not_a_message', count: 1 },
    ]);
  });

  it.each([true, false])(
    'is replaced by a 413 where it is a too large answer (id first: %s)',
    async (idFirst) => {
      start({ maxMessageBytes: LIMIT });
      const id = gateway.call('huge', { bytes: 5 * LIMIT, idFirst });
      expect(await gateway.outcome(id)).toBe(413);
      expect(gateway.messages.filter((message) => message['id'] === id)).toHaveLength(1);
      expect(await gateway.outcome(gateway.call('huge', { bytes: 10, idFirst }))).toContain('xxxxxxxxxx');
    },
  );

  it('is replaced by a 413 where it is a too deeply nested answer', async () => {
    start();
    expect(await gateway.outcome(gateway.call('deep', { levels: 100_000 }))).toBe(413);
    expect((await gateway.answer(gateway.call('deep', { levels: 100 })))['result']).toHaveProperty('a');
  });

  it('is refused with 413 where it is a too large request', async () => {
    start({ maxMessageBytes: LIMIT });
    expect(await gateway.outcome(gateway.call('huge ask', { bytes: LIMIT }))).toBe('413');
  });

  it('may come in single bytes, cut within a character', async () => {
    start();
    expect((await gateway.answer(gateway.call('split')))['result']).toEqual({ text: 'é🙂' });
  });
});

describe('both ways', () => {
  it('passes requests of the server, and their answers', async () => {
    start();
    const id = gateway.call('ask');
    const { id: question } = await gateway.find(({ method }) => method === 'roots/list');
    gateway.send({ id: question, result: { roots: [] } });
    expect(await gateway.outcome(id)).toBe('{"roots":[]}');
  });

  it('drops answers to what the server has not asked', async () => {
    start();
    gateway.send({ id: 0, result: { roots: ['forged'] } });
    expect(await gateway.outcome(gateway.call('echo', { value: 'unharmed' }))).toBe('unharmed');
    const id = gateway.call('ask');
    await gateway.find(({ method }) => method === 'roots/list');
    gateway.send({ id: 0, result: { roots: ['true'] } });
    expect(await gateway.outcome(id)).toBe('{"roots":["true"]}');
  });

  it('passes progress ahead of the result that it belongs to', async () => {
    start();
    await gateway.answer(gateway.call('progress'));
    const methods = gateway.messages.map(({ method }) => method ?? 'result');
    expect(methods).toEqual([...Array(3).fill('notifications/progress'), 'result']);
  });

  it('passes a cancellation, and lets no answer follow it', async () => {
    start();
    await gateway.outcome(gateway.call('echo'));
    const id = gateway.call('slow', { ms: 100 });
    gateway.send({ method: 'notifications/cancelled', params: { requestId: id } });
    await gateway.find(({ method }) => method === 'notifications/message');
    await gateway.outcome(gateway.call('slow', { ms: 150 }));
    expect(gateway.messages.some((message) => message['id'] === id)).toBe(false);
  });

  it('does not wait for the answer to a cancelled request', async () => {
    start({ shutdownGraceMs: 60_000 });
    const id = gateway.call('never');
    gateway.send({ method: 'notifications/cancelled', params: { requestId: id } });
    gateway.input.end();
    expect((await gateway.exit).code).toBe(0);
    expect(gateway.logged('requests_failed')).toEqual([]);
  });

  it('shows the client what a layer changed, and the server nothing that a layer refused', async () => {
    const refuse: Interceptor = {
      name: 'refuse',
      async intercept(call, next) {
        if (call.params['name'] === 'exit') throw Refusal.notPermitted();
        return next(call);
      },
    };
    start({ interceptors: [refuse] });
    expect(await gateway.outcome(gateway.call('exit', { code: 1 }))).toBe(403);
    expect(await gateway.outcome(gateway.call('echo', { value: 'alive' }))).toBe('alive');
  });

  it('refuses where the guard cannot say who is speaking, and goes on', async () => {
    let broken = true;
    const guard = composeGuard({
      interceptors: [],
      identify: () => {
        if (broken) throw new Error('no identity');
        return ANONYMOUS;
      },
    });
    start({ guard });
    expect(await gateway.outcome(gateway.call('echo'))).toBe(500);
    broken = false;
    expect(await gateway.outcome(gateway.call('echo', { value: 'known' }))).toBe('known');
    broken = true;
    gateway.send({ method: 'notifications/initialized' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    broken = false;
    expect(await gateway.outcome(gateway.call('echo', { value: 'still' }))).toBe('still');
  });

  it('answers with an error where a layer made something of a result that is no JSON', async () => {
    const rubbish: Interceptor = {
      name: 'rubbish',
      intercept: async (call, next) => {
        await next(call);
        return { result: { big: 10n } };
      },
    };
    start({ interceptors: [rubbish] });
    expect(await gateway.outcome(gateway.call('echo'))).toBe(500);
    expect(gateway.messages).toHaveLength(1);
  });
});

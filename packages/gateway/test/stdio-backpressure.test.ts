import { Readable, Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { TestGateway, until } from './support/start-gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

/** A client that takes nothing until it is told to, and then everything. */
class SlowClient extends Writable {
  bytes = 0;
  last = '';
  #open = false;
  #taken: (() => void) | undefined;

  constructor() {
    super({ decodeStrings: true });
  }

  override _write(chunk: Buffer, _: string, taken: () => void): void {
    this.bytes += chunk.length;
    this.last = chunk.toString('latin1').slice(-200);
    if (this.#open) setImmediate(taken);
    else this.#taken = taken;
  }

  open(): void {
    this.#open = true;
    this.#taken?.();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a slow client', () => {
  it('makes the server wait, and loses nothing', async () => {
    const client = new SlowClient();
    const input = new Readable({ read: () => undefined });
    gateway = new TestGateway({ client: { input, output: client } });
    const flood = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'flood', arguments: { megabytes: 30 } },
    };
    input.push(`${JSON.stringify(flood)}\n`);
    await until(() => client.writableLength > 2 ** 20);
    const reached = client.writableLength;
    await pause(300);
    // What had been read when the mark was passed may still come.
    expect(client.writableLength).toBeLessThan(reached + 2 ** 20);
    client.open();
    await until(() => client.last.includes('flooded'));
    expect(client.bytes).toBeGreaterThan(30 * 2 ** 20);
    input.push(null);
    expect((await gateway.exit).code).toBe(0);
  });
});

describe('a slow layer', () => {
  it('makes the server wait', async () => {
    let inside = 0;
    let most = 0;
    gateway = new TestGateway({
      interceptors: [
        {
          name: 'slow',
          intercept: async (call, next) => {
            if (call.kind === 'request') return next(call);
            most = Math.max(most, (inside += 1));
            await pause(150);
            inside -= 1;
            return next(call);
          },
        },
      ],
    });
    expect(await gateway.outcome(gateway.call('flood', { megabytes: 10 }))).toBe('flooded');
    // 1 MiB in messages of 1 KB, and what had been read when that was passed.
    expect(most).toBeLessThan(1500);
    expect(gateway.messages.length).toBeGreaterThan(9000);
  });
});

describe('a slow server', () => {
  it('makes the client wait', async () => {
    let pushed = 0;
    let pulling = true;
    const notice = { jsonrpc: '2.0', method: 'notifications/x', params: { text: 'x'.repeat(10_000) } };
    const line = `${JSON.stringify(notice)}\n`;
    const deaf = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'deaf', arguments: {} } };
    const input = new Readable({
      highWaterMark: 16 * 1024,
      read() {
        if (!pulling) return;
        pushed += line.length;
        setImmediate(() => this.push(line));
      },
    });
    const output = new Writable({ write: (_chunk, _encoding, taken) => taken() });
    gateway = new TestGateway({ client: { input, output }, shutdownGraceMs: 50 });
    input.push(`${JSON.stringify(deaf)}\n`);
    let before = -1;
    await until(() => pushed > 2 ** 20);
    while (pushed !== before) {
      before = pushed;
      await pause(100);
    }
    // The mark, what the pipe and both ends' own buffers hold.
    expect(pushed).toBeLessThan(4 * 2 ** 20);
    pulling = false;
    gateway.stop();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'stopped' });
  });
});

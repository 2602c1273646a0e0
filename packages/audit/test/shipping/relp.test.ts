import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Secret } from '@sallyport/core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { relpFrame, type RelpFrame, RelpParser } from '../../src/shipping/relp-frame.ts';
import { RelpReceiver } from '../../src/shipping/relp-receiver.ts';
import { plainRecords } from './hostile-journal.ts';
import { receiverContract } from './receiver-contract.ts';
import { hasRsyslog, Rsyslog } from './rsyslog.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const installed = hasRsyslog();

const PLAIN = (_folder: string, port: number): string => `
module(load="imrelp")
input(type="imrelp" address="127.0.0.1" port="${port}")`;

const TLS = (folder: string, port: number): string => `
module(load="imrelp")
input(type="imrelp" address="127.0.0.1" port="${port}" tls="on" tls.authMode="name" tls.permittedPeer=["client.test"]
  tls.caCert="${folder}/ca.pem" tls.myCert="${folder}/localhost.pem" tls.myPrivKey="${folder}/localhost.key")`;

describe.skipIf(!installed)('RELP to a real rsyslog', () => {
  for (const [name, input] of [
    ['in the clear', PLAIN],
    ['over TLS', TLS],
  ] as const) {
    receiverContract(`RELP ${name}`, async () => {
      const rsyslog = await Rsyslog.begin(input);
      const place = { host: 'localhost', port: rsyslog.port, hostname: 'host.test' };
      const tls = {
        ca: rsyslog.file('ca.pem'),
        certificate: rsyslog.file('client.test.pem'),
        key: new Secret(rsyslog.file('client.test.key')),
      };
      return {
        receiver: () =>
          new RelpReceiver({ ...place, ...(input === TLS ? { tls } : { dangerouslyWithoutTls: true }) }),
        arrived: async () => rsyslog.arrived(),
        goAway: () => rsyslog.kill('SIGKILL'),
        comeBack: () => rsyslog.start(),
        hang: () => rsyslog.signal('SIGSTOP'),
        resume: () => rsyslog.signal('SIGCONT'),
        hugeReason: 'too_large',
        format: 'ecs',
        dispose: () => rsyslog.dispose(),
      };
    });
  }

  test('nothing that was acknowledged is lost, however often the receiver is killed while records arrive', async () => {
    const rsyslog = await Rsyslog.begin(PLAIN);
    const bench = new ShippingBench();
    try {
      const records = plainRecords(5000);
      await bench.write(records);
      await bench.ship(
        new RelpReceiver({
          host: '127.0.0.1',
          port: rsyslog.port,
          hostname: 'host.test',
          dangerouslyWithoutTls: true,
        }),
        { batchRecords: 100 },
      );
      for (const share of [500, 1500, 3000]) {
        await until(() => rsyslog.arrived().length >= share);
        await rsyslog.kill('SIGKILL');
        await rsyslog.start();
      }
      const ids = (): Set<string> => new Set(rsyslog.arrived().map(({ id }) => id));
      await until(() => ids().size >= records.length);
      expect([...ids()].sort()).toEqual(records.map(({ id }) => id));
    } finally {
      await bench.dispose();
      await rsyslog.dispose();
    }
  });
});

describe('RELP frames', () => {
  const frames = fc.array(
    fc.record({
      txnr: fc.integer({ min: 0, max: 999_999_999 }),
      command: fc.constantFrom('rsp', 'serverclose', 'syslog', 'open'),
      data: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    }),
    { maxLength: 8 },
  );

  test('are read as they were written, however the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat({ max: 40 }), { maxLength: 20 }), (all, cuts) => {
        let rest = Buffer.concat(all.map(({ txnr, command, data }) => relpFrame(txnr, command, data)));
        const parser = new RelpParser();
        const read: RelpFrame[] = [];
        for (const cut of cuts) {
          read.push(...parser.push(rest.subarray(0, cut)));
          rest = rest.subarray(cut);
        }
        read.push(...parser.push(rest));
        expect(read).toEqual(all);
      }),
    );
  });

  test('an empty frame may have a space behind its length', () => {
    const parser = new RelpParser();
    expect(parser.push(Buffer.from('0 serverclose 0 \n1 rsp 0\n')).map(({ command }) => command)).toEqual([
      'serverclose',
      'rsp',
    ]);
  });

  test.each([
    'HTTP/1.1 200 OK\r\n',
    '1 rsp 6 200 OKx',
    '1 rsp 6\n',
    '1 rsp 999999999 a',
    '12345678901 rsp 0\n',
  ])('what is no frame is refused: %j', (text) => {
    expect(() => new RelpParser().push(Buffer.from(text))).toThrow(SyntaxError);
  });
});

/** A place that answers as a test says. */
class ScriptedPlace {
  readonly seen: string[] = [];
  readonly #server: Server;

  constructor(answer: (frame: RelpFrame, socket: Socket) => void) {
    this.#server = createServer((socket) => {
      const parser = new RelpParser();
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        for (const frame of parser.push(bytes)) {
          this.seen.push(frame.command);
          answer(frame, socket);
        }
      });
    });
  }

  async receiver(): Promise<RelpReceiver> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as { port: number };
    return new RelpReceiver({ host: '127.0.0.1', port, hostname: 'host.test', dangerouslyWithoutTls: true });
  }

  close(): void {
    this.#server.close();
  }
}

describe('RELP to a scripted receiver (a labelled fixture)', () => {
  let bench: ShippingBench;
  let place: ScriptedPlace;
  afterEach(async () => {
    await bench.dispose();
    place.close();
  });

  test('a record that is answered with an error is sent again, and those that were acknowledged are not', async () => {
    bench = new ShippingBench();
    const refused = new Set<number>();
    const arrived: number[] = [];
    place = new ScriptedPlace(({ txnr, command, data }, socket) => {
      const sequence = Number(/seq="(\d+)"/.exec(data.toString())?.[1] ?? 0);
      const refuse = command === 'syslog' && sequence % 7 === 3 && !refused.has(sequence);
      if (refuse) refused.add(sequence);
      else if (command === 'syslog') arrived.push(sequence);
      socket.write(relpFrame(txnr, 'rsp', Buffer.from(refuse ? '500 error' : '200 OK')));
    });
    await bench.write(plainRecords(40));
    await bench.ship(await place.receiver());
    await until(() => arrived.length === 40);
    expect(arrived.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(refused.size).toBe(6);
  });

  test('a place that does not speak RELP is an error with a code', async () => {
    bench = new ShippingBench();
    place = new ScriptedPlace((_frame, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await bench.write(plainRecords(3));
    await bench.ship(await place.receiver());
    await until(() => bench.told('send_failed').length > 0);
    expect(bench.told('send_failed')[0]?.code).toBe('not_relp');
  });
});

import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import {
  type Outcome,
  type Receiver,
  ReceiverError,
  type ShippedRecord,
  SyslogReceiver,
} from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainRecords } from '../../audit/test/shipping/hostile-journal.ts';
import { makeCertificates } from '../../audit/test/shipping/certificates.ts';
import { LateReceiver } from '../src/late-receiver.ts';
import { openReceiver } from '../src/open-receiver.ts';

const NEVER = new AbortController().signal;

const batchOf = (...numbers: number[]): ShippedRecord[] =>
  numbers.map((sequence) => {
    const [record] = plainRecords(1);
    if (record === undefined) throw new Error('no record');
    const { id, time } = record;
    return { sequence, id, time, line: `line ${sequence}.`, json: false, record };
  });

async function codeOf(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => 'ok',
    (error: unknown) => (error as ReceiverError).code,
  );
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Something that takes connections, and keeps what it reads. */
class Place {
  text = '';
  port = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    const take = (socket: Socket): void => {
      this.#sockets.add(socket);
      socket.on('data', (data: Buffer) => (this.text += data.toString()));
      socket.on('error', () => undefined);
    };
    server.on('connection', take).on('secureConnection', take);
    server.on('tlsClientError', () => undefined);
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** The numbers of the records that arrived, in order. */
  get lines(): number[] {
    return [...this.text.matchAll(/line (\d+)\./g)].map(([, number]) => Number(number));
  }

  die(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** One that does what it is told, and counts how often it was made. */
function told(outcome: () => Promise<readonly Outcome[]>): { made: () => number; late: LateReceiver } {
  let made = 0;
  const make = async (): Promise<Receiver> => {
    made += 1;
    return { send: outcome, close: () => Promise.resolve() };
  };
  return { made: () => made, late: new LateReceiver(make) };
}

describe('a receiver that is made when it is needed', () => {
  it('is made once, and anew when its credentials changed', async () => {
    const { made, late } = told(() => Promise.resolve([]));
    expect(made()).toBe(0);
    await late.prepare();
    expect(made()).toBe(1);
    await late.send([], NEVER);
    await late.send([], NEVER);
    expect(made()).toBe(1);
    late.renew();
    await late.send([], NEVER);
    await late.send([], NEVER);
    expect(made()).toBe(2);
  });

  it.each([
    'http_401',
    'http_403',
    'nats_authorization',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
    'ECONNRESET',
    'connection_closed',
  ])('is made anew after %s', async (code) => {
    const { made, late } = told(() => Promise.reject(new ReceiverError(code, 'no')));
    expect(await codeOf(late.send([], NEVER))).toBe(code);
    expect(await codeOf(late.send([], NEVER))).toBe(code);
    expect(made()).toBe(2);
  });

  it.each(['ECONNREFUSED', 'timeout', 'http_503', 'stopped'])('is not made anew after %s', async (code) => {
    const { made, late } = told(() => Promise.reject(new ReceiverError(code, 'no')));
    await codeOf(late.send([], NEVER));
    await codeOf(late.send([], NEVER));
    expect(made()).toBe(1);
  });

  it('sends nothing when it is made too late', async () => {
    let make: (receiver: Receiver) => void = () => undefined;
    const late = new LateReceiver(() => new Promise((resolve) => (make = resolve)));
    const givenUp = new AbortController();
    const sending = codeOf(late.send(batchOf(1), givenUp.signal));
    givenUp.abort();
    let sent = 0;
    make({
      send: () => {
        sent += 1;
        return Promise.resolve([]);
      },
      close: () => Promise.resolve(),
    });
    expect(await sending).toBe('timeout');
    expect(sent).toBe(0);
  });

  describe('in front of syslog, where records are owed', () => {
    let old: Place;
    let other: Place;
    beforeEach(async () => {
      [old, other] = [await new Place(createServer()).start(), await new Place(createServer()).start()];
    });
    afterEach(() => {
      old.die();
      other.die();
    });

    const syslog = (port: number): Receiver =>
      new SyslogReceiver({
        host: '127.0.0.1',
        port,
        hostname: 'host.test',
        settleMs: 20,
        dangerouslyWithoutTls: true,
      });

    it('uses credentials that changed at once, and the new receiver sends what the old one owes first', async () => {
      let port = old.port;
      const late = new LateReceiver(() => Promise.resolve(syslog(port)));
      await late.send(batchOf(1, 2), NEVER);
      old.die();
      await until(() => late.owes);
      port = other.port;
      late.renew();
      expect(late.unsure).toBe(2);
      await late.send(batchOf(3), NEVER);
      await until(() => other.lines.length === 3);
      expect(other.lines).toEqual([1, 2, 3]);
      expect(late.owes).toBe(false);
      expect(late.unsure).toBe(3);
    });

    it('sends what is owed with credentials that changed, with no record to wait for', async () => {
      let port = old.port;
      const late = new LateReceiver(() => Promise.resolve(syslog(port)));
      await late.send(batchOf(1), NEVER);
      old.die();
      await until(() => late.owes);
      port = other.port;
      late.renew();
      await late.send([], NEVER);
      await until(() => other.lines.length === 1);
    });

    it('owes it still while the new credentials cannot be had', async () => {
      let make = (): Promise<Receiver> => Promise.resolve(syslog(old.port));
      const late = new LateReceiver(() => make());
      await late.send(batchOf(1), NEVER);
      old.die();
      await until(() => late.owes);
      late.renew();
      make = () => Promise.reject(Object.assign(new Error('no'), { name: 'SecretError' }));
      expect(await codeOf(late.send(batchOf(2), NEVER))).toBe('no_credentials');
      expect([late.owes, late.unsure]).toEqual([true, 1]);
      make = () => Promise.resolve(syslog(other.port));
      await late.send(batchOf(2), NEVER);
      await until(() => other.lines.length === 2);
      expect(other.lines).toEqual([1, 2]);
    });

    it('counts what may not have arrived also when it is closed, so that the cursor stays in front of it', async () => {
      const late = new LateReceiver(() => Promise.resolve(syslog(old.port)));
      await late.send(batchOf(1, 2), NEVER);
      old.die();
      await until(() => late.owes);
      await late.close();
      expect(late.unsure).toBe(2);
    });

    it('hands over nothing that the old receiver has read to its end', async () => {
      let port = old.port;
      const late = new LateReceiver(() => Promise.resolve(syslog(port)));
      await late.send(batchOf(1), NEVER);
      port = other.port;
      late.renew();
      await late.send(batchOf(2), NEVER);
      await until(() => other.lines.length > 0);
      expect([old.lines, other.lines]).toEqual([[1], [2]]);
      expect(late.unsure).toBe(1);
    });
  });

  describe('with certificates in files', () => {
    let folder: string;
    let place: Place;
    /** What the policy names. */
    const at = (name: string): string => join(folder, name);
    const put = (from: string): void => {
      copyFileSync(at(`${from}/ca.pem`), at('ca.pem'));
      copyFileSync(at(`${from}/client.test.pem`), at('client.pem'));
      copyFileSync(at(`${from}/client.test.key`), at('client.key'));
    };
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sallyport-late-'));
      for (const name of ['right', 'wrong']) {
        mkdirSync(at(name));
        makeCertificates(at(name));
      }
      const read = (name: string): string => readFileSync(at(`right/${name}`), 'utf8');
      const server = createTlsServer({
        ca: read('ca.pem'),
        cert: read('localhost.pem'),
        key: read('localhost.key'),
        requestCert: true,
        rejectUnauthorized: true,
      });
      place = await new Place(server).start();
    });
    afterEach(() => {
      place.die();
      rmSync(folder, { recursive: true });
    });

    const receiver = (): LateReceiver =>
      new LateReceiver(() =>
        openReceiver(
          {
            type: 'syslog',
            address: `localhost:${place.port}`,
            ca: at('ca.pem'),
            certificate: at('client.pem'),
            key: 'file:client.key',
          } as unknown as Parameters<typeof openReceiver>[0],
          () => Promise.resolve(new Secret(readFileSync(at('client.key'), 'utf8'))),
        ),
      );

    it.each([
      ['the authority that signed the receiver', ['ca.pem'], /^(UNABLE_TO|SELF_SIGNED)/],
      ['our certificate and its key', ['client.test.pem', 'client.test.key'], /./],
      ['our certificate alone, which does not go with the key', ['client.test.pem'], /./],
    ])('reads %s anew when the other side does not take it', async (_, wrong, code) => {
      put('right');
      for (const name of wrong) copyFileSync(at(`wrong/${name}`), at(name.replace('.test', '')));
      const late = receiver();
      expect(await codeOf(late.send(batchOf(1), NEVER))).toMatch(code);
      put('right');
      expect(await codeOf(late.send(batchOf(1), NEVER))).toBe('ok');
      await until(() => place.lines.length === 1);
    });
  });
});

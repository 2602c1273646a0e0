import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { credsAuthenticator, nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NatsReceiver, type NatsReceiverOptions } from '../../src/shipping/nats-receiver.ts';
import { type Receiver, ReceiverError, type ShippedRecord } from '../../src/shipping/receiver.ts';
import { outcome } from '../formats/some-records.ts';
import { hugeRecord, plainRecords } from './hostile-journal.ts';
import { natsOperator } from './nats-credentials.ts';
import { hasNats, NatsServer } from './nats-server.ts';
import { receiverContract } from './receiver-contract.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const KILLS = 6;

function receiverFor(server: NatsServer, options: Partial<NatsReceiverOptions> = {}): Receiver {
  return new NatsReceiver({
    servers: [`nats://127.0.0.1:${server.port}`],
    subject: 'audit.sallyport',
    dangerouslyWithoutTls: true,
    ...options,
  });
}

describe.skipIf(!hasNats())('JetStream of a real nats-server', () => {
  receiverContract('NATS JetStream', async () => {
    const server = await NatsServer.start({ config: () => 'max_payload: 16000' });
    return {
      receiver: () => receiverFor(server),
      arrived: () => server.arrived(),
      goAway: () => server.kill('SIGKILL'),
      comeBack: () => server.start(),
      hang: () => server.signal('SIGSTOP'),
      resume: () => server.signal('SIGCONT'),
      hugeReason: 'too_large',
      format: 'ocsf',
      dispose: () => server.dispose(),
    };
  });

  let bench: ShippingBench;
  let server: NatsServer | undefined;
  beforeEach(() => {
    bench = new ShippingBench();
    server = undefined;
  });
  afterEach(async () => {
    await bench.dispose();
    await server?.dispose();
  });

  async function refusedWith(receiver: Receiver): Promise<string | undefined> {
    await bench.write(plainRecords(5));
    const shipper = await bench.ship(receiver);
    await until(() => bench.told('send_failed').length >= 2);
    expect(await shipper.status()).toMatchObject({ shipped: 0, deadLetters: 0 });
    return bench.told('send_failed').at(-1)?.code;
  }

  test('a server that is killed in the middle of batches, again and again, has every record once', async () => {
    server = await NatsServer.start();
    const records = plainRecords(6000);
    await bench.write(records);
    const shipper = await bench.ship(receiverFor(server), { batchRecords: 200 });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { shipped } = await shipper.status();
      await until(async () => (await shipper.status()).shipped > shipped + 200);
      await pause(randomInt(0, 20));
      await server.kill('SIGKILL');
      await server.start();
    }
    expect((await shipper.status()).shipped).toBeLessThan(records.length);
    await until(async () => (await shipper.status()).shipped === records.length);
    const arrived = await server.arrived();
    expect(new Set(arrived.map(({ id }) => id)).size).toBe(records.length);
    expect(await server.messages()).toBe(records.length);
  }, 60_000);

  test('a batch that was stored and not acknowledged to anybody is stored once', async () => {
    server = await NatsServer.start();
    await bench.write(plainRecords(40));
    await bench.ship(receiverFor(server), { name: 'one' });
    const again = await bench.ship(receiverFor(server), { name: 'two' });
    await until(async () => (await again.status()).shipped === 40);
    expect(await server.messages()).toBe(40);
  });

  test('a subject that no stream takes loses nothing, and is told by a code of its own', async () => {
    server = await NatsServer.start({ stream: null });
    expect(await refusedWith(receiverFor(server))).toBe('no_stream');
    const made = server;
    await made.addStream();
    await until(async () => (await made.messages()) === 5);
  });

  test('another stream than the one that is meant gets nothing', async () => {
    server = await NatsServer.start();
    expect(await refusedWith(receiverFor(server, { stream: 'OTHER' }))).toBe('jetstream_10060');
    expect(await server.messages()).toBe(0);
  });

  test('a stream that is full loses nothing', async () => {
    server = await NatsServer.start({ stream: { max_msgs: 3, discard: 'new' as never } });
    await bench.write(plainRecords(5));
    const shipper = await bench.ship(receiverFor(server), { tries: 3 });
    await until(async () => (await shipper.status()).lastError === 'jetstream_10077');
    expect(await server.messages()).toBe(3);
    expect(bench.told('dead_letter')).toEqual([]);
  });

  test('a record over the limit of the stream goes to the dead letters', async () => {
    server = await NatsServer.start({ stream: { max_msg_size: 15_000 } });
    await bench.write([...plainRecords(3), hugeRecord(), ...plainRecords(3)]);
    await bench.ship(receiverFor(server));
    await until(() => bench.told('dead_letter').length === 1);
    expect(bench.deadLetters()).toMatchObject([{ sequence: 4, reason: 'too_large' }]);
  });

  test('a subject that we may not publish to loses nothing, and is told', async () => {
    server = await NatsServer.start({
      config: () => `authorization { users: [
        { user: test, password: test },
        { user: ship, password: ship, permissions: { publish: "other", subscribe: "_INBOX.>" } } ] }`,
      self: () => ({ user: 'test', pass: 'test' }),
    });
    const auth = { user: 'ship', password: new Secret('ship') };
    expect(await refusedWith(receiverFor(server, { auth, ackMs: 300 }))).toBe('nats_permission_violation');
  });

  describe('the one of a cluster that is there', () => {
    test('is found', async () => {
      const there = await NatsServer.start();
      server = there;
      await bench.write(plainRecords(5));
      const servers = ['nats://127.0.0.1:1', `nats://127.0.0.1:${there.port}`];
      await bench.ship(receiverFor(there, { servers }));
      await until(async () => (await there.messages()) === 5);
      expect(bench.told('send_failed').map(({ code }) => code)).toEqual(['ECONNREFUSED']);
    });
  });

  describe('knows us', () => {
    const key = nkeys.createUser();
    const seed = Buffer.from(key.getSeed());
    const operator = natsOperator();

    test.each([
      [
        'by a token',
        'authorization { token: "t-0-k" }',
        { token: 't-0-k' },
        { token: new Secret('t-0-k') },
        { token: new Secret('wrong') },
      ],
      [
        'by a user and a password',
        'authorization { user: ship, password: "p-w" }',
        { user: 'ship', pass: 'p-w' },
        { user: 'ship', password: new Secret('p-w') },
        { user: 'ship', password: new Secret('wrong') },
      ],
      [
        'by an NKey',
        `authorization { users: [ { nkey: ${key.getPublicKey()} } ] }`,
        { authenticator: nkeyAuthenticator(seed) },
        { nkey: new Secret(`${seed.toString()}\n`) },
        { nkey: new Secret(Buffer.from(nkeys.createUser().getSeed()).toString()) },
      ],
      [
        'by credentials',
        operator.config,
        { authenticator: credsAuthenticator(Buffer.from(operator.credentials)) },
        { credentials: new Secret(operator.credentials) },
        { credentials: new Secret(operator.strangers) },
      ],
    ] as const)('%s, and takes nothing from others', async (_how, config, self, right, wrong) => {
      const there = await NatsServer.start({ config: () => config, self: () => self });
      server = there;
      expect(await refusedWith(receiverFor(there, { auth: wrong }))).toBe('nats_authorization');
      await bench.ship(receiverFor(there, { auth: right }), { name: 'right' });
      await until(async () => (await there.messages()) === 5);
    });
  });

  describe('over TLS', () => {
    const config = (folder: string): string => `tls {
      cert_file: "${folder}/localhost.pem"
      key_file: "${folder}/localhost.key"
      ca_file: "${folder}/ca.pem"
      verify: true
    }`;
    const certificate = (there: NatsServer): NonNullable<NatsReceiverOptions['tls']> => ({
      ca: there.file('ca.pem'),
      certificate: there.file('client.test.pem'),
      key: new Secret(there.file('client.test.key')),
    });
    const overTls = (
      there: NatsServer,
      tls: NatsReceiverOptions['tls'] = certificate(there),
      host = 'localhost',
    ): Receiver =>
      new NatsReceiver({ servers: [`tls://${host}:${there.port}`], subject: 'audit.a', tls: tls ?? {} });

    let there: NatsServer;
    beforeEach(async () => {
      there = await NatsServer.start({
        certificates: true,
        config,
        self: (folder, port) => ({
          servers: `localhost:${port}`,
          tls: {
            caFile: `${folder}/ca.pem`,
            certFile: `${folder}/client.test.pem`,
            keyFile: `${folder}/client.test.key`,
          },
        }),
        stream: null,
      });
      server = there;
    });

    test('a server that is trusted gets the records', async () => {
      await there.addStream();
      await bench.write(plainRecords(5));
      await bench.ship(overTls(there));
      await until(async () => (await there.messages()) === 5);
      expect(bench.told('send_failed')).toEqual([]);
    });

    test('a server whose certificate is signed by nobody that is trusted gets nothing', async () => {
      const { ca: _ca, ...tls } = certificate(there);
      expect(await refusedWith(overTls(there, tls))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    });

    test('a server with a certificate for another name gets nothing', async () => {
      expect(await refusedWith(overTls(there, certificate(there), '127.0.0.1'))).toBe(
        'ERR_TLS_CERT_ALTNAME_INVALID',
      );
    });

    test('a server that refuses our certificate gets nothing', async () => {
      expect(await refusedWith(overTls(there, { ca: there.file('ca.pem') }))).toBeDefined();
    });

    test('a server that has no TLS gets nothing where it is asked for', async () => {
      const plain = await NatsServer.start();
      try {
        expect(await refusedWith(overTls(plain, {}))).toBe('nats_connection');
      } finally {
        await plain.dispose();
      }
    });
  });
});

describe('NATS', () => {
  test('without its packages says what to install, and loses nothing', async () => {
    vi.doMock('@nats-io/transport-node', () => {
      throw new Error('Cannot find package');
    });
    const bench = new ShippingBench();
    try {
      await bench.write(plainRecords(2));
      const receiver = new NatsReceiver({ servers: ['tls://a.test:4222'], subject: 'audit.a' });
      await bench.ship(receiver);
      await until(() => bench.told('send_failed').length > 0);
      expect(bench.told('send_failed')[0]?.code).toBe('nats_not_installed');
      await expect(receiver.send([shippedRecord()], new AbortController().signal)).rejects.toThrow(
        /npm install @nats-io\/transport-node @nats-io\/jetstream/,
      );
      expect(bench.told('dead_letter')).toEqual([]);
    } finally {
      await bench.dispose();
      vi.doUnmock('@nats-io/transport-node');
    }
  });

  test.each(['not credentials', '-----BEGIN NATS USER JWT-----\n'])(
    'credentials that are none are told, and not shown: %#',
    async (text) => {
      const receiver = new NatsReceiver({
        servers: ['nats://127.0.0.1:1'],
        subject: 'audit.a',
        dangerouslyWithoutTls: true,
        auth: { credentials: new Secret(text) },
      });
      const sending = receiver.send([shippedRecord()], new AbortController().signal);
      await expect(sending).rejects.toThrow(ReceiverError);
      await expect(sending).rejects.not.toThrow(text);
    },
  );

  test.each([
    [{ servers: [] }, /tls:\/\/host:4222/],
    [{ servers: ['nats://a:4222'] }, /tls:\/\/host:4222/],
    [{ servers: ['tls://user:pass@a:4222'] }, /as auth/],
    [{ servers: ['wss://a:4222'] }, /tls:\/\/host:4222/],
    [{ servers: ['tls://a:4222/path'] }, /tls:\/\/host:4222/],
    [{ subject: 'audit.*' }, /audit\.sallyport/],
    [{ subject: 'audit..a' }, /audit\.sallyport/],
    [{ subject: '$JS.API' }, /audit\.sallyport/],
    [{ stream: 'a b' }, /AUDIT/],
    [{ ackMs: 0 }, /ackMs/],
    [{ connectMs: -1 }, /connectMs/],
    [{ auth: { user: '', password: new Secret('a') } }, /empty user/],
    [{ tls: { certificate: 'a' } }, /certificate and key/],
  ])('options that cannot be used say what to write: %#', (options, message) => {
    expect(
      () => new NatsReceiver({ servers: ['tls://a.test:4222'], subject: 'audit.a', ...options }),
    ).toThrow(message);
  });
});

function shippedRecord(): ShippedRecord {
  const record = outcome();
  return { sequence: 1, id: record.id, time: record.time, line: '{}', json: true, record };
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ElasticReceiver } from '../../src/shipping/elastic-receiver.ts';
import { NatsReceiver } from '../../src/shipping/nats-receiver.ts';
import { OtlpReceiver } from '../../src/shipping/otlp-receiver.ts';
import type { Receiver } from '../../src/shipping/receiver.ts';
import { RelpReceiver } from '../../src/shipping/relp-receiver.ts';
import { SplunkReceiver } from '../../src/shipping/splunk-receiver.ts';
import { SyslogReceiver } from '../../src/shipping/syslog-receiver.ts';
import { WebhookReceiver } from '../../src/shipping/webhook-receiver.ts';
import { plainRecords } from './hostile-journal.ts';
import { HttpPlace } from './http-place.ts';
import { MemoryReceiver } from './memory-receiver.ts';
import { ShippingBench, until } from './shipping-bench.ts';

let server: Server;
let port: number;
let bench: ShippingBench;
const sockets = new Set<Socket>();

/** Takes connections, and neither reads nor says anything. */
beforeEach(async () => {
  bench = new ShippingBench();
  server = createServer((socket) => {
    sockets.add(socket);
    socket.pause();
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  await bench.dispose();
  for (const socket of sockets) socket.destroy();
  server.close();
});

const secret = new Secret('token');
const plain = { dangerouslyWithoutTls: true };
const RECEIVERS: readonly (readonly [string, 'json' | 'ocsf', () => Receiver])[] = [
  ['RELP', 'ocsf', () => new RelpReceiver({ host: '127.0.0.1', port, hostname: 'h', ...plain })],
  ['RELP over TLS', 'ocsf', () => new RelpReceiver({ host: '127.0.0.1', port, hostname: 'h' })],
  ['syslog over TLS', 'ocsf', () => new SyslogReceiver({ host: '127.0.0.1', port, hostname: 'h' })],
  [
    'a webhook',
    'json',
    () => new WebhookReceiver({ url: `http://127.0.0.1:${port}`, secret: hook, ...plain }),
  ],
  [
    'a webhook over TLS',
    'json',
    () => new WebhookReceiver({ url: `https://127.0.0.1:${port}`, secret: hook }),
  ],
  [
    'Splunk',
    'json',
    () => new SplunkReceiver({ url: `https://127.0.0.1:${port}`, token: secret, host: 'h' }),
  ],
  ['Elasticsearch', 'json', () => new ElasticReceiver({ url: `https://127.0.0.1:${port}`, index: 'logs-a' })],
  ['OTLP', 'json', () => new OtlpReceiver({ url: `https://127.0.0.1:${port}`, serviceVersion: '1.0.0' })],
  ['NATS', 'json', () => new NatsReceiver({ servers: [`nats://127.0.0.1:${port}`], subject: 'a', ...plain })],
];
const hook = new Secret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);

test.each(RECEIVERS)('a port that says nothing does not hold up the end: %s', async (_, format, make) => {
  await bench.write(plainRecords(30));
  const shipper = await bench.ship(make(), { format, sendMs: 3_600_000, stopMs: 20 });
  await until(() => sockets.size > 0);
  await shipper.stop();
  expect(bench.told('send_failed').map(({ code }) => code)).toEqual(['stopped']);
  // Nothing of it is left open.
  for (const socket of sockets) socket.resume();
  await until(() => sockets.size === 0);
  const next = new MemoryReceiver();
  await bench.ship(next);
  await until(() => next.stored.length === 30);
});

test('indexers that never acknowledge do not hold up the end, and the batch is sent again', async () => {
  const place = await HttpPlace.start(({ path }) =>
    path.endsWith('/ack')
      ? { status: 200, body: { acks: { 1: false } } }
      : { status: 200, body: { ackId: 1 } },
  );
  try {
    await bench.write(plainRecords(30));
    const splunk = new SplunkReceiver({ url: place.url, token: secret, host: 'h', ...plain });
    const shipper = await bench.ship(splunk, { sendMs: 3_600_000, stopMs: 20 });
    await until(() => place.asked.some(({ path }) => path.endsWith('/ack')));
    await shipper.stop();
    const next = new MemoryReceiver();
    await bench.ship(next);
    await until(() => next.stored.length === 30);
  } finally {
    await place.goAway();
  }
});

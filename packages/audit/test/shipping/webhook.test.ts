import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { retryAfter } from '../../src/shipping/http-link.ts';
import { WebhookReceiver } from '../../src/shipping/webhook-receiver.ts';
import { type Asked, HttpPlace, type Said } from './http-place.ts';
import { plainRecords } from './hostile-journal.ts';
import { receiverContract } from './receiver-contract.ts';
import { makeCertificates } from './certificates.ts';
import { freePort } from './daemon.ts';
import { hasRsyslog } from './rsyslog.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const KEY = Buffer.alloc(32, 7);
const SECRET = new Secret(`whsec_${KEY.toString('base64')}`);

/** A fixture that checks signatures as the Standard Webhooks reference does, and takes bodies up to a size. */
function stand({ headers, body }: Asked, place: HttpPlace): Said {
  const id = String(headers['webhook-id']);
  const signed = `${id}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`;
  if (headers['webhook-signature'] !== expected) return { status: 401 };
  if (body.length > 15_000) return { status: 413 };
  const { records } = JSON.parse(body) as { records: { id: string; sequence: number; data: unknown }[] };
  for (const { id, sequence, data } of records) {
    place.stored.push({ id, sequence, line: typeof data === 'string' ? data : JSON.stringify(data) });
  }
  return { status: 204 };
}

const receiverFor = (place: HttpPlace): WebhookReceiver =>
  new WebhookReceiver({ url: `${place.url}/hook`, secret: SECRET, dangerouslyWithoutTls: true });

for (const format of ['json', 'leef'] as const) {
  receiverContract(`signed webhook (${format}, labelled fixture)`, async () => {
    const place = await HttpPlace.start((asked, self) => {
      // LEEF cuts long fields; the record of 20,000 bytes is refused by its id.
      if (format === 'leef' && asked.body.includes('000000999999')) return { status: 422 };
      return stand(asked, self);
    });
    const hugeReason = format === 'leef' ? 'http_422' : 'http_413';
    return { ...place.rig(), receiver: () => receiverFor(place), hugeReason, format };
  });
}

describe.skipIf(!hasRsyslog())('a webhook over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-webhook-'));
  let bench: ShippingBench;
  let server: Server;
  let port: number;
  let taken: number;
  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
  beforeEach(async () => {
    makeCertificates(folder);
    bench = new ShippingBench();
    await bench.write(plainRecords(3));
    taken = 0;
    server = createServer(
      { key: file('localhost.key'), cert: file('localhost.pem') },
      (_request, response) => {
        taken += 1;
        response.writeHead(204).end();
      },
    );
    port = await freePort();
    server.listen(port, '127.0.0.1');
  });
  afterEach(async () => {
    await bench.dispose();
    server.close();
    server.closeAllConnections();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('gives records to a receiver that is trusted', async () => {
    const tls = { ca: file('ca.pem') };
    await bench.ship(new WebhookReceiver({ url: `https://localhost:${port}/`, secret: SECRET, tls }));
    await until(() => taken === 1);
    expect(bench.told('send_failed')).toEqual([]);
  });

  test.each([
    ['of an unknown authority', 'localhost', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['with a certificate for another name', '127.0.0.1', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('gives nothing to one %s', async (_what, host, isKnown, code) => {
    const tls = isKnown ? { ca: file('ca.pem') } : {};
    await bench.ship(new WebhookReceiver({ url: `https://${host}:${port}/`, secret: SECRET, tls }));
    await until(() => bench.told('send_failed').length > 1);
    expect(bench.told('send_failed')[0]?.code).toBe(code);
    expect(taken).toBe(0);
  });
});

describe('a signed webhook', () => {
  let place: HttpPlace;
  let bench: ShippingBench;
  let next: Said[];
  beforeEach(async () => {
    next = [];
    place = await HttpPlace.start((asked, self) => next.shift() ?? stand(asked, self));
    bench = new ShippingBench();
  });
  afterEach(async () => {
    await bench.dispose();
    await place.goAway();
  });

  test.each([302, 401, 404, 408, 410, 500, 503])(
    'status %i loses nothing: the batch is sent again',
    async (status) => {
      next = [{ status }, { status }];
      await bench.write(plainRecords(10));
      await bench.ship(receiverFor(place));
      await until(() => place.stored.length === 10);
      expect(bench.told('send_failed').map(({ code }) => code)).toEqual([`http_${status}`, `http_${status}`]);
      expect(new Set(place.asked.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    },
  );

  test('429 with Retry-After is waited for', async () => {
    next = [{ status: 429, headers: { 'retry-after': '7' } }];
    const waits: number[] = [];
    await bench.write(plainRecords(3));
    await bench.ship(receiverFor(place), {
      clock: {
        now: () => waits.reduce((sum, ms) => sum + ms, 1_000_000),
        random: () => 0.5,
        sleep: (ms, signal) =>
          ms === 30_000
            ? new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
            : new Promise((resolve) => {
                waits.push(ms);
                setImmediate(resolve);
              }),
      },
    });
    await until(() => place.stored.length === 3);
    expect(waits).toContain(7000);
  });

  test('Retry-After is seconds or a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfter('120', now)).toBe(120_000);
    expect(retryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(retryAfter('soon', now)).toBeUndefined();
  });

  test.each(['whsec_', 'whsec_c2hvcnQ=', 'plain'])(
    'a weak secret is refused with what to write instead',
    (text) => {
      expect(
        () => new WebhookReceiver({ url: place.url, secret: new Secret(text), dangerouslyWithoutTls: true }),
      ).toThrow(/whsec_ and the Base64/);
    },
  );

  test('a url without TLS, or with a password in it, is refused', () => {
    expect(() => new WebhookReceiver({ url: 'http://a.test', secret: SECRET })).toThrow(/https:/);
    expect(() => new WebhookReceiver({ url: 'https://a:b@a.test', secret: SECRET })).toThrow(/secret option/);
  });
});

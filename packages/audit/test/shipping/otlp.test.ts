import { gunzipSync } from 'node:zlib';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Secret } from '@sallyport/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
} from '../../src/shipping/otlp-proto/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts';
import type { KeyValue } from '../../src/shipping/otlp-proto/opentelemetry/proto/common/v1/common_pb.ts';
import type { LogRecord } from '../../src/shipping/otlp-proto/opentelemetry/proto/logs/v1/logs_pb.ts';
import { OtlpReceiver, type OtlpReceiverOptions } from '../../src/shipping/otlp-receiver.ts';
import { ACCEPTED, type Outcome, type ShippedRecord } from '../../src/shipping/receiver.ts';
import { whichRejected } from '../../src/shipping/which-rejected.ts';
import { attempt, event, outcome } from '../formats/some-records.ts';
import { hostileRecords, hugeRecord, plainRecords } from './hostile-journal.ts';
import { type Asked, HttpPlace, type Said } from './http-place.ts';
import { decodeWithProtoc, hasProtoc, type TextMessage, throughProtoc } from './protoc.ts';
import { receiverContract } from './receiver-contract.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };

/** A record as a stand reads it: its body and what tells it apart. */
interface ReadRecord {
  readonly line: string;
  readonly id: string;
  readonly sequence: number;
}

type Decode = (request: Uint8Array) => ReadRecord[];

const withGenerated: Decode = (request) =>
  logRecords(request).map((record) => ({
    line: record.body?.value.value as string,
    id: attribute(record, 'sallyport.record.id') as string,
    sequence: Number(attribute(record, 'sallyport.record.sequence')),
  }));

const withProtoc: Decode = (request) => {
  const under = (messages: readonly (TextMessage | string)[], name: string): (TextMessage | string)[] =>
    messages.flatMap((message) => (typeof message === 'string' ? [] : [...(message.get(name) ?? [])]));
  const text = (message: TextMessage | string | undefined, ...names: string[]): string => {
    const [found] = names.reduce(under, [message ?? '']);
    return typeof found === 'string' ? found : '';
  };
  const records = ['resource_logs', 'scope_logs', 'log_records'].reduce(under, [decodeWithProtoc(request)]);
  return records.map((record) => {
    const value = (key: string, kind: string): string =>
      text(
        under([record], 'attributes').find((one) => text(one, 'key') === key),
        'value',
        kind,
      );
    return {
      line: text(record, 'body', 'string_value'),
      id: value('sallyport.record.id', 'string_value'),
      sequence: Number(value('sallyport.record.sequence', 'int_value')),
    };
  });
};

function logRecords(request: Uint8Array): LogRecord[] {
  return fromBinary(ExportLogsServiceRequestSchema, request).resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  );
}

function attribute(record: { readonly attributes: readonly KeyValue[] }, key: string): unknown {
  return record.attributes.find((one) => one.key === key)?.value?.value.value;
}

function requestOf({ headers, bytes }: Asked): Uint8Array {
  return headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
}

function partialSuccess(rejectedLogRecords: number): Said {
  const answer = create(ExportLogsServiceResponseSchema, {
    partialSuccess: { rejectedLogRecords: BigInt(rejectedLogRecords), errorMessage: 'too long' },
  });
  return { status: 200, headers: PROTOBUF, body: toBinary(ExportLogsServiceResponseSchema, answer) };
}

/** A fixture after the specification of OTLP/HTTP; long records are rejected as the way says. */
class OtlpStand {
  way: 'partial_success' | 'http_400' = 'partial_success';
  decode: Decode = withGenerated;

  readonly answer = (asked: Asked, place: HttpPlace): Said => {
    if (asked.path !== '/v1/logs') return { status: 404 };
    if (asked.headers['content-type'] !== 'application/x-protobuf') return { status: 415 };
    const records = this.decode(requestOf(asked));
    const good = records.filter(({ line }) => line.length <= 15_000);
    const bad = records.length - good.length;
    if (bad > 0 && this.way === 'http_400') return { status: 400, headers: PROTOBUF };
    place.stored.push(...good);
    return partialSuccess(bad);
  };
}

function receiverFor(place: HttpPlace, options: Partial<OtlpReceiverOptions> = {}): OtlpReceiver {
  return new OtlpReceiver({ url: place.url, dangerouslyWithoutTls: true, ...options });
}

for (const way of ['partial_success', 'http_400'] as const) {
  receiverContract(`OTLP (labelled fixture, ${way})`, async () => {
    const stand = new OtlpStand();
    stand.way = way;
    const place = await HttpPlace.start(stand.answer);
    return { ...place.rig(), receiver: () => receiverFor(place), hugeReason: way, format: 'ocsf' };
  });
}

describe.skipIf(!hasProtoc())('OTLP, taken apart by protoc with the official messages', () => {
  receiverContract('OTLP (labelled fixture, protoc)', async () => {
    const stand = new OtlpStand();
    stand.decode = withProtoc;
    const place = await HttpPlace.start(stand.answer);
    return {
      ...place.rig(),
      receiver: () => receiverFor(place),
      hugeReason: 'partial_success',
      format: 'json',
    };
  });

  test('a request is what protoc writes itself, to the byte', async () => {
    const place = await HttpPlace.start(() => ({ status: 200 }));
    const bench = new ShippingBench();
    try {
      await bench.write(hostileRecords(60));
      const shipper = await bench.ship(receiverFor(place), { batchRecords: 100 });
      await until(async () => (await shipper.status()).shipped === 60);
      const [asked] = place.asked;
      const request = asked === undefined ? Buffer.alloc(0) : Buffer.from(requestOf(asked));
      expect(request.length).toBeGreaterThan(10_000);
      expect(throughProtoc(request).equals(request)).toBe(true);
    } finally {
      await bench.dispose();
      await place.goAway();
    }
  });
});

describe('OTLP', () => {
  let stand: OtlpStand;
  let place: HttpPlace;
  let bench: ShippingBench;
  let next: Said[];
  beforeEach(async () => {
    next = [];
    stand = new OtlpStand();
    place = await HttpPlace.start((asked, self) => next.shift() ?? stand.answer(asked, self));
    bench = new ShippingBench();
  });
  afterEach(async () => {
    await bench.dispose();
    await place.goAway();
  });

  async function firstRequest(options: Partial<OtlpReceiverOptions> = {}): Promise<Asked> {
    await bench.ship(receiverFor(place, options));
    await until(() => place.asked.length > 0);
    const [asked] = place.asked;
    if (asked === undefined) throw new Error('nothing was asked');
    return asked;
  }

  test('a record has its times, its severity, a name, the line, and attributes to ask for', async () => {
    await bench.write([
      attempt(),
      outcome({ status: 'refused', refusal: 'permission_denied', decision: { effect: 'deny', rule: 'r' } }),
      event('policy_reload_failed', { line: 3 }),
    ]);
    const asked = await firstRequest({ serviceVersion: '1.2.3', now: () => 1_800_000_000_123 });
    const request = fromBinary(ExportLogsServiceRequestSchema, requestOf(asked));
    const [resourceLogs] = request.resourceLogs;
    const [scopeLogs] = resourceLogs?.scopeLogs ?? [];
    if (resourceLogs?.resource === undefined || scopeLogs === undefined) throw new Error('no resource');
    expect(attribute(resourceLogs.resource, 'service.name')).toBe('sallyport');
    expect(attribute(resourceLogs.resource, 'service.version')).toBe('1.2.3');
    expect(scopeLogs.scope).toMatchObject({ name: '@sallyport/audit', version: '1.2.3' });
    expect(scopeLogs.logRecords).toMatchObject([
      { eventName: 'sallyport.attempt', severityNumber: 9, severityText: 'informational' },
      { eventName: 'sallyport.refused_permission_denied', severityNumber: 13, severityText: 'medium' },
      { eventName: 'sallyport.policy_reload_failed', severityNumber: 17, severityText: 'high' },
    ]);
    const [, refused] = scopeLogs.logRecords;
    if (refused === undefined) throw new Error('no record');
    expect(refused.timeUnixNano).toBe(BigInt(Date.parse(outcome().time)) * 1_000_000n);
    expect(refused.observedTimeUnixNano).toBe(1_800_000_000_123_000_000n);
    expect(refused.traceId).toHaveLength(0);
    expect(Object.fromEntries(refused.attributes.map(({ key, value }) => [key, value?.value.value]))).toEqual(
      {
        'sallyport.dedup_id': `${outcome().id}-2`,
        'sallyport.record.id': outcome().id,
        'sallyport.record.sequence': 2n,
        'sallyport.record.type': 'outcome',
        'sallyport.server': 'files',
        'sallyport.policy': 'a'.repeat(64),
        'sallyport.call': outcome().call,
        'sallyport.direction': 'inbound',
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': 'read_file',
        'user.name': 'alice',
        'user.roles': expect.objectContaining({
          values: [
            expect.objectContaining({ value: { case: 'stringValue', value: 'clinician' } }),
            expect.objectContaining({ value: { case: 'stringValue', value: 'admin' } }),
          ],
        }),
        'sallyport.principal.actor': 'planner',
        'sallyport.principal.client': 'ide',
        'sallyport.principal.method': 'token',
        'sallyport.status': 'refused',
        'error.type': 'permission_denied',
        'sallyport.decision.effect': 'deny',
        'sallyport.decision.rule': 'r',
        'sallyport.duration_ms': 12n,
      },
    );
  });

  test('a text without a UTF-8 is written with the sign of all formats', async () => {
    await bench.write([outcome({ target: 'a\ud800b\u241bc' })]);
    const [record] = logRecords(requestOf(await firstRequest()));
    expect(record && attribute(record, 'gen_ai.tool.name')).toBe('a\u241bd800b\u241b241bc');
  });

  test.each([
    ['a long body is compressed', plainRecords(40), {}, 'gzip'],
    ['a short body is not compressed', [event('start')], {}, undefined],
    ['a long body that shall not be is not compressed', plainRecords(40), { gzip: false }, undefined],
  ] as const)('%s', async (_what, records, options, encoding) => {
    await bench.write(records);
    const asked = await firstRequest(options);
    expect(asked.headers['content-encoding']).toBe(encoding);
    expect(logRecords(requestOf(asked))).toHaveLength(Math.min(20, records.length));
  });

  test('headers say what the options say', async () => {
    await bench.write(plainRecords(1));
    const { headers } = await firstRequest({
      bearer: new Secret('token'),
      headers: { 'X-Scope-OrgID': 'tenant', 'x-key': new Secret('key') },
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer token',
      'x-scope-orgid': 'tenant',
      'x-key': 'key',
      'content-type': 'application/x-protobuf',
    });
  });

  test.each([
    ['', '/v1/logs'],
    ['/?tenant=a', '/v1/logs?tenant=a'],
    ['/otlp/v1/logs', '/otlp/v1/logs'],
  ])('a url with %j is asked at %s', async (rest, path) => {
    next = [{ status: 200 }];
    await bench.write(plainRecords(1));
    await bench.ship(receiverFor(place, { url: `${place.url}${rest}` }));
    await until(() => place.asked.length > 0);
    expect(place.asked[0]?.path).toBe(path);
  });

  test.each([429, 502, 503, 504, 401, 404, 500])(
    'status %i loses nothing: the batch is sent again',
    async (status) => {
      next = [{ status }, { status }];
      await bench.write(plainRecords(10));
      await bench.ship(receiverFor(place));
      await until(() => place.stored.length === 10);
      expect(bench.told('send_failed').map(({ code }) => code)).toEqual([`http_${status}`, `http_${status}`]);
      expect(bench.told('dead_letter')).toEqual([]);
    },
  );

  test('Retry-After is handed on', async () => {
    next = [{ status: 503, headers: { 'retry-after': '3' } }];
    const sending = receiverFor(place).send([shipped(1)], new AbortController().signal);
    await expect(sending).rejects.toMatchObject({ code: 'http_503', afterMs: 3000 });
  });

  test.each([
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') }],
    ['bytes that are no message', { status: 200, headers: PROTOBUF, body: Buffer.from([0xff, 0xff]) }],
    ['more rejected than were sent', partialSuccess(11)],
    ['fewer than none rejected', partialSuccess(-1)],
  ] as const)('an answer with %s is no success', async (_what, said) => {
    next = [said];
    await bench.write(plainRecords(10));
    await bench.ship(receiverFor(place));
    await until(() => place.stored.length === 10);
    expect(bench.told('send_failed').map(({ code }) => code)).toEqual(['bad_answer']);
  });

  test.each([
    ['nothing in it', { status: 204 }],
    ['JSON', { status: 200, body: { partialSuccess: { errorMessage: 'a warning' }, more: 1 } }],
  ])('an answer with %s is a success', async (_what, said) => {
    next = [said];
    await bench.write(plainRecords(10));
    const shipper = await bench.ship(receiverFor(place));
    await until(async () => (await shipper.status()).shipped === 10);
    expect(place.asked).toHaveLength(1);
  });

  test('of a partial success in JSON the one that is meant is found', async () => {
    const answers: Said[] = [];
    place = await swapped(place, (asked) => {
      const bad = logRecords(requestOf(asked)).filter(
        (one) => attribute(one, 'sallyport.record.sequence') === 7n,
      );
      answers.push({ status: 200, body: { partialSuccess: { rejectedLogRecords: String(bad.length) } } });
      return answers.at(-1) ?? { status: 500 };
    });
    await bench.write(plainRecords(16));
    await bench.ship(receiverFor(place));
    await until(() => bench.told('dead_letter').length === 1);
    expect(bench.deadLetters()).toMatchObject([{ sequence: 7, reason: 'partial_success' }]);
    expect(answers.length).toBeLessThanOrEqual(6);
  });

  test('a request with too many bytes is sent in halves, and a record with too many alone is rejected', async () => {
    await bench.write([...plainRecords(20), hugeRecord()]);
    await bench.ship(receiverFor(place, { requestBytes: 12_000, gzip: false }), { batchRecords: 30 });
    await until(() => place.stored.length === 20 && bench.told('dead_letter').length === 1);
    expect(bench.deadLetters()).toMatchObject([{ sequence: 21, reason: 'too_large' }]);
    expect(Math.max(...place.asked.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(12_000);
  });

  test.each([
    [{ url: 'http://a.test', dangerouslyWithoutTls: false }, /https:/],
    [{ requestBytes: 0 }, /requestBytes/],
    [{ headers: { 'Content-Type': 'a' } }, /x-scope-orgid/],
    [{ headers: { 'a b': 'c' } }, /x-scope-orgid/],
    [{ headers: { a: 'b\nc' } }, /line feed/],
    [{ bearer: new Secret('b\n') }, /line feed/],
    [{ bearer: new Secret('b'), headers: { Authorization: 'c' } }, /exclude/],
  ])('options that cannot be used say what to write: %#', (options, message) => {
    expect(() => receiverFor(place, options)).toThrow(message);
  });
});

describe('which records were rejected', () => {
  test('is found for any of them, and no more is sent again than there is, for one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(39)), fc.integer({ min: 1, max: 40 }), async (numbers, size) => {
        const bad = new Set(numbers.filter((number) => number < size));
        let again = 0;
        const send = async (part: readonly ShippedRecord[]): Promise<readonly Outcome[]> => {
          again += part.length;
          const count = part.filter(({ sequence }) => bad.has(sequence)).length;
          return count === 0 ? part.map(() => ACCEPTED) : whichRejected(part, count, send);
        };
        const batch = Array.from({ length: size }, (_, sequence) => shipped(sequence));
        const outcomes = await whichRejected(batch, bad.size, send);
        expect(outcomes.flatMap(({ kind }, index) => (kind === 'rejected' ? [index] : []))).toEqual(
          [...bad].sort((a, b) => a - b),
        );
        expect(outcomes.every(({ kind }) => kind !== 'retry')).toBe(true);
        if (bad.size === 1) expect(again).toBeLessThanOrEqual(size);
      }),
    );
  });

  test('is not known of those that nothing was heard of', async () => {
    const batch = Array.from({ length: 4 }, (_, sequence) => shipped(sequence));
    let sent = 0;
    const outcomes = await whichRejected(batch, 1, async (part) => {
      sent += 1;
      if (sent > 1) throw new Error('away');
      return part.map(() => ACCEPTED);
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'retry', 'retry']);
  });
});

function shipped(sequence: number): ShippedRecord {
  const record = outcome();
  return { sequence, id: record.id, time: record.time, line: '{}', json: true, record };
}

async function swapped(place: HttpPlace, answer: (asked: Asked) => Said): Promise<HttpPlace> {
  await place.goAway();
  return HttpPlace.start(answer);
}

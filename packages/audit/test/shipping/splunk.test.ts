import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SplunkReceiver } from '../../src/shipping/splunk-receiver.ts';
import { type Asked, HttpPlace, type Said } from './http-place.ts';
import { hugeRecord, plainRecords } from './hostile-journal.ts';
import { type Arrived, receiverContract } from './receiver-contract.ts';
import { ShippingBench, until } from './shipping-bench.ts';

interface HecEvent {
  readonly event: unknown;
  readonly fields: { readonly record_id: string; readonly record_seq: number };
}

/**
 * A fixture after Splunk's documentation of HEC: channels and acknowledgement ids; a 200 before anything is indexed; what
 * is not indexed when the server dies is gone; an id is reported once.
 */
class HecStand {
  useAck = true;
  /** Whether it says which event is malformed. */
  names = true;
  readonly #waiting = new Map<number, { polls: number; events: Arrived[] }>();
  #next = 0;

  readonly answer = ({ path, headers, body }: Asked, place: HttpPlace): Said => {
    if (headers.authorization !== 'Splunk token')
      return { status: 403, body: { text: 'Invalid token', code: 4 } };
    if (headers['x-splunk-request-channel'] === undefined)
      return { status: 400, body: { text: 'Data channel is missing', code: 10 } };
    if (path === '/services/collector/ack') {
      if (!this.useAck) return { status: 400, body: { text: 'ACK is disabled', code: 14 } };
      const { acks } = JSON.parse(body) as { acks: number[] };
      return {
        status: 200,
        body: { acks: Object.fromEntries(acks.map((id) => [id, this.#poll(id, place)])) },
      };
    }
    if (body.length > 60_000) return { status: 413, body: { text: 'Too large', code: 27 } };
    const events: Arrived[] = [];
    for (const [index, text] of body.split('\n').entries()) {
      const { event, fields } = JSON.parse(text) as HecEvent;
      const line = JSON.stringify(event);
      if (line.length > 15_000)
        return {
          status: 400,
          body: {
            text: 'Invalid data format',
            code: 6,
            ...(this.names && { 'invalid-event-number': index }),
          },
        };
      events.push({ id: fields.record_id, sequence: fields.record_seq, line });
    }
    if (!this.useAck) return { status: 200, body: { text: 'Success', code: 0 } };
    this.#next += 1;
    this.#waiting.set(this.#next, { polls: 0, events });
    return { status: 200, body: { text: 'Success', code: 0, ackId: this.#next } };
  };

  /** A crash of the server: what was taken and not indexed is lost. */
  crash(): void {
    this.#waiting.clear();
  }

  #poll(id: number, place: HttpPlace): boolean {
    const found = this.#waiting.get(id);
    if (found === undefined) return false;
    found.polls += 1;
    if (found.polls < 2) return false;
    place.stored.push(...found.events);
    this.#waiting.delete(id);
    return true;
  }
}

const receiverFor = (place: HttpPlace, token = 'token'): SplunkReceiver =>
  new SplunkReceiver({
    url: place.url,
    token: new Secret(token),
    host: 'host.test',
    ackPollMs: 5,
    dangerouslyWithoutTls: true,
  });

receiverContract('Splunk HEC (labelled fixture)', async () => {
  const stand = new HecStand();
  const place = await HttpPlace.start(stand.answer);
  const rig = place.rig();
  const goAway = async (): Promise<void> => {
    stand.crash();
    await rig.goAway();
  };
  return { ...rig, goAway, receiver: () => receiverFor(place), hugeReason: 'hec_6', format: 'ocsf' };
});

describe('Splunk HEC', () => {
  let stand: HecStand;
  let place: HttpPlace;
  let bench: ShippingBench;
  beforeEach(async () => {
    stand = new HecStand();
    place = await HttpPlace.start(stand.answer);
    bench = new ShippingBench();
    await bench.write(plainRecords(10));
  });
  afterEach(async () => {
    await bench.dispose();
    await place.goAway();
  });

  test('a batch that was taken and never indexed is sent again', async () => {
    await bench.ship(receiverFor(place), { sendMs: 100 });
    await until(() => place.asked.length > 0);
    stand.crash();
    await until(() => place.stored.length === 10);
    expect(place.stored.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
  });

  test('a malformed event that is not named is found, and the others arrive', async () => {
    stand.names = false;
    await bench.write([hugeRecord(), ...plainRecords(5)]);
    await bench.ship(receiverFor(place));
    await until(() => place.stored.length === 15 && bench.told('dead_letter').length === 1);
    expect(bench.deadLetters()).toMatchObject([{ sequence: 11, reason: 'hec_6' }]);
  });

  test('a token without indexer acknowledgement is an error: nothing counts as accepted', async () => {
    stand.useAck = false;
    const shipper = await bench.ship(receiverFor(place));
    await until(() => bench.told('send_failed').length > 1);
    expect(await shipper.status()).toMatchObject({ lastError: 'ack_disabled', shipped: 0 });
  });

  test('a token that is refused loses nothing', async () => {
    const shipper = await bench.ship(receiverFor(place, 'wrong'));
    await until(() => bench.told('breaker_opened').length > 0);
    expect(await shipper.status()).toMatchObject({ lastError: 'http_403', shipped: 0, deadLetters: 0 });
  });
});

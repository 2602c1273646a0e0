import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '@sallyport/core';
import { ElasticReceiver } from '../../src/shipping/elastic-receiver.ts';
import { type Asked, HttpPlace, type Said } from './http-place.ts';
import { plainRecords } from './hostile-journal.ts';
import { receiverContract } from './receiver-contract.ts';
import { ShippingBench, until } from './shipping-bench.ts';

/** A fixture after Elasticsearch's documentation of the bulk API, for a data stream: `create` only, and a status for each item. */
class BulkStand {
  readonly ids = new Set<string>();
  /** Asked once for each new document: a status other than 201 for it. */
  status: (id: string) => number = () => 201;

  readonly answer = ({ path, headers, body }: Asked, place: HttpPlace): Said => {
    if (path !== '/logs-sallyport-default/_bulk') return { status: 404 };
    if (headers['content-type'] !== 'application/x-ndjson') return { status: 406 };
    if (!body.endsWith('\n')) return { status: 400 };
    if (body.length > 60_000) return { status: 413 };
    const lines = body.slice(0, -1).split('\n');
    const items: unknown[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const action = JSON.parse(lines[at] ?? '') as { create?: { _id: string } };
      const id = action.create?._id;
      if (id === undefined) return { status: 400 };
      items.push({ create: this.#create(id, lines[at + 1] ?? '', place) });
    }
    const errors = items.some((item) => (item as { create: { status: number } }).create.status !== 201);
    return { status: 200, body: { took: 1, errors, items } };
  };

  #create(id: string, line: string, place: HttpPlace): object {
    if (this.ids.has(id)) return { status: 409, error: { type: 'version_conflict_engine_exception' } };
    if (line.length > 15_000) return { status: 400, error: { type: 'document_parsing_exception' } };
    const status = this.status(id);
    if (status !== 201) return { status, error: { type: 'es_rejected_execution_exception' } };
    this.ids.add(id);
    JSON.parse(line);
    place.stored.push({ id: id.slice(0, 36), sequence: Number(id.slice(37)), line });
    return { _id: id, status: 201 };
  }
}

const receiverFor = (place: HttpPlace): ElasticReceiver =>
  new ElasticReceiver({
    url: place.url,
    index: 'logs-sallyport-default',
    authorization: new Secret('ApiKey key'),
    dangerouslyWithoutTls: true,
  });

receiverContract('Elasticsearch bulk (labelled fixture)', async () => {
  const place = await HttpPlace.start(new BulkStand().answer);
  return {
    ...place.rig(),
    receiver: () => receiverFor(place),
    hugeReason: 'document_parsing_exception',
    format: 'ecs',
  };
});

describe('Elasticsearch bulk', () => {
  let stand: BulkStand;
  let place: HttpPlace;
  let bench: ShippingBench;
  beforeEach(async () => {
    stand = new BulkStand();
    place = await HttpPlace.start(stand.answer);
    bench = new ShippingBench();
    await bench.write(plainRecords(60));
  });
  afterEach(async () => {
    await bench.dispose();
    await place.goAway();
  });

  test('items that a full queue sent back are sent again, and only those', async () => {
    const asked = new Map<string, number>();
    stand.status = (id) => {
      const times = (asked.get(id) ?? 0) + 1;
      asked.set(id, times);
      return times === 1 && Number(id.slice(37)) % 5 === 0 ? 429 : 201;
    };
    const shipper = await bench.ship(receiverFor(place), { format: 'ecs' });
    await until(() => place.stored.length === 60);
    await until(async () => (await shipper.status()).shipped === 60);
    expect([...asked.values()].filter((times) => times === 2)).toHaveLength(12);
    expect(bench.told('dead_letter')).toEqual([]);
  });

  test('what is there already counts as accepted', async () => {
    await bench.ship(receiverFor(place), { name: 'one', format: 'ecs' });
    await until(() => place.stored.length === 60);
    const again = await bench.ship(receiverFor(place), { name: 'two', format: 'ecs' });
    await until(async () => (await again.status()).shipped === 60);
    expect(place.stored).toHaveLength(60);
  });

  test('a record that is sent back for ever, while others are accepted, ends in the dead letters', async () => {
    stand.status = (id) => (id.endsWith('-7') ? 503 : 201);
    const shipper = await bench.ship(receiverFor(place), { format: 'ecs', tries: 3, batchRecords: 10 });
    await until(() => bench.told('dead_letter').length === 1);
    await until(async () => (await shipper.status()).shipped === 59);
    expect(bench.deadLetters()).toMatchObject([{ sequence: 7, reason: 'retried_item_503' }]);
  });

  test('a format that is no JSON is an error, and nothing is rejected for it', async () => {
    const shipper = await bench.ship(receiverFor(place), { format: 'cef' });
    await until(() => bench.told('send_failed').length > 1);
    expect(await shipper.status()).toMatchObject({ lastError: 'not_json', deadLetters: 0 });
  });

  test.each(['Upper', 'a b', '_a', '', 'a/b'])(
    'an index that Elasticsearch does not have is refused: %j',
    (index) => {
      expect(() => new ElasticReceiver({ url: 'https://a.test', index })).toThrow(/logs-sallyport-default/);
    },
  );
});

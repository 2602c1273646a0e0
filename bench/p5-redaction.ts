import {
  ANONYMOUS,
  type Call,
  type Interceptor,
  type JsonObject,
  type Result,
  Secret,
} from '@sallyport/core';
import { createDetector, createKeyReader, createPersonDetector } from '@sallyport/detection';
import { redact } from '@sallyport/redaction';
import { nestedRecords } from '../packages/redaction/bench/nested-records.ts';
import { interleave } from './interleave.ts';
import { loadPeers } from './peers.ts';
import type { Row } from './row.ts';

const ROUNDS = 15;
const BAR = 1.5;
/** Some of the others take seconds for a megabyte. */
const PEER_RECORDS = 50;

/** What has to be done to a result in any case. */
interface Floor {
  readonly name: string;
  readonly run: (result: JsonObject) => void;
}

const WRITTEN: Floor = { name: 'JSON.stringify', run: (result) => void JSON.stringify(result) };

const call: Call = {
  id: '0',
  direction: 'inbound',
  kind: 'request',
  server: 'bench',
  method: 'tools/call',
  params: { name: 'find', arguments: {} },
  principal: ANONYMOUS,
  trail: { entries: [], executed: undefined, add: () => undefined },
  signal: new AbortController().signal,
};

/** P5: walk, find and rewrite a result of nested JSON, beside JSON.stringify of the same, and beside others. */
export async function p5(): Promise<Row[]> {
  const options = {
    keyReader: createKeyReader(),
    hmacKey: new Secret('0123456789abcdef0123456789abcdef'),
    rules: [{ direction: 'both', entities: '*', operator: 'label' }],
  } as const;
  const plain = redact({ ...options, detector: createDetector() });
  const personal = { records: nestedRecords(1000, true) };
  const clean = { records: nestedRecords(1000, false) };
  const structured = (records: object): JsonObject => ({
    content: [],
    structuredContent: records,
  });
  const asText = (records: object): JsonObject => ({
    content: [{ type: 'text', text: JSON.stringify(records) }],
  });
  const both = { ...structured(personal), ...asText(personal) };
  const rows = [
    await beside('nested JSON with personal data', plain, structured(personal), WRITTEN),
    await beside('nested JSON without', plain, structured(clean), WRITTEN),
    await beside(
      'JSON in a text block, with personal data',
      plain,
      asText(personal),
      textReadAndWritten(personal),
    ),
    await beside('JSON in a text block, without', plain, asText(clean), textReadAndWritten(clean)),
    await beside('structuredContent and the same as text', plain, both, WRITTEN),
  ];
  const few = structured({ records: personal.records.slice(0, PEER_RECORDS) });
  for (const peer of loadPeers()) {
    const { a, b, ratio } = await interleave(
      redaction(plain, few),
      { run: async () => void (await peer.redact(JSON.stringify(few))) },
      { rounds: ROUNDS, times: 1, warmup: 4 },
    );
    rows.push(
      row(`whole redaction of ${PEER_RECORDS} records`, [a, b, ratio], `${peer.name}, its JSON as text`, 1),
    );
  }
  // Last, because a process has one detector, and code that has met two is slower for both.
  const named = redact({
    ...options,
    detector: createDetector({ proseDetector: createPersonDetector() }),
  });
  rows.push(
    await beside('nested JSON with personal data, names in prose too', named, structured(personal), WRITTEN),
  );
  return rows;
}

async function beside(what: string, layer: Interceptor, result: JsonObject, floor: Floor): Promise<Row> {
  const { a, b, ratio } = await interleave(
    redaction(layer, result),
    { run: () => floor.run(result) },
    { rounds: ROUNDS, times: 1, warmup: 4 },
  );
  return row(`whole redaction of ${what}`, [a, b, ratio], floor.name, BAR);
}

/** JSON in a text has to be read before anything in it can be found, and to be written again. */
function textReadAndWritten(records: object): Floor {
  const text = JSON.stringify(records);
  return {
    name: 'JSON.parse and JSON.stringify of the text',
    run: () => void JSON.stringify(JSON.parse(text)),
  };
}

function redaction(layer: Interceptor, result: JsonObject): { run: () => Promise<void> } {
  const answer: Result = { result };
  const next = (): Promise<Result> => Promise.resolve(answer);
  return { run: async () => void (await layer.intercept(call, next)) };
}

function row(
  metric: string,
  [a, b, ratio]: readonly [number, number, number],
  peer: string,
  bar: number,
): Row {
  return {
    id: 'P5',
    metric,
    value: a / 1000,
    unit: 'ms',
    peer,
    peerValue: b / 1000,
    ratio,
    bar: `<= ${bar} x its time`,
    holds: ratio <= bar,
  };
}

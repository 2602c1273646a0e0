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
  const named = redact({
    ...options,
    detector: createDetector({ proseDetector: createPersonDetector() }),
  });
  const personal = { records: nestedRecords(1000, true) };
  const clean = { records: nestedRecords(1000, false) };
  const structured = (records: object): JsonObject => ({
    content: [],
    structuredContent: records,
  });
  const asText = (records: object): JsonObject => ({
    content: [{ type: 'text', text: JSON.stringify(records) }],
  });
  const subjects: readonly (readonly [string, Interceptor, JsonObject])[] = [
    ['nested JSON with personal data', plain, structured(personal)],
    ['nested JSON without', plain, structured(clean)],
    ['nested JSON with personal data, names in prose too', named, structured(personal)],
    ['JSON in a text block, with personal data', plain, asText(personal)],
    ['JSON in a text block, without', plain, asText(clean)],
    ['structuredContent and the same as text', plain, { ...structured(personal), ...asText(personal) }],
  ];
  const rows: Row[] = [];
  for (const [what, layer, result] of subjects) {
    const { a, b, ratio } = await interleave(
      redaction(layer, result),
      { run: () => void JSON.stringify(result) },
      { rounds: ROUNDS, times: 1, warmup: 4 },
    );
    rows.push(row(`whole redaction of ${what}`, [a, b, ratio], 'JSON.stringify', BAR));
  }
  const few = structured({ records: personal.records.slice(0, PEER_RECORDS) });
  for (const peer of loadPeers()) {
    const { a, b, ratio } = await interleave(
      redaction(plain, few),
      { run: async () => void (await peer.redact(JSON.stringify(few))) },
      { rounds: 5, times: 1, warmup: 2 },
    );
    rows.push(
      row(`whole redaction of ${PEER_RECORDS} records`, [a, b, ratio], `${peer.name}, its JSON as text`, 1),
    );
  }
  return rows;
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

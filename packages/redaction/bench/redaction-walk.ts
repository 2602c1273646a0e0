/**
 * P5: the whole of redaction (walk, find, rewrite) of a `tools/call` result, beside JSON.stringify of the same result.
 * The bar is 1.5 times.
 */
import { ANONYMOUS, type Call, type JsonObject, type Result, Secret } from '@sallyport/core';
import { createDetector, createKeyReader } from '@sallyport/detection';
import { redact } from '@sallyport/redaction';

import { nestedRecords } from './nested-records.ts';

const rounds = Number(process.argv[2] ?? 15);
const detector = createDetector();
const keyReader = createKeyReader();

const OPTIONS = {
  detector,
  hmacKey: new Secret('0123456789abcdef0123456789abcdef'),
  rules: [{ direction: 'both', entities: '*', operator: 'label' }],
} as const;

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

const personal = nestedRecords(1000, true);
const clean = nestedRecords(1000, false);
const prose = Array.from({ length: 500 }, (_, at) => ({
  type: 'text',
  text: `${personal[at]?.note ?? ''} ${clean[at]?.note ?? ''}`.repeat(8),
}));
const subjects: Readonly<Record<string, JsonObject>> = {
  'structuredContent, personal data': { content: [], structuredContent: { records: personal } },
  'structuredContent, clean': { content: [], structuredContent: { records: clean } },
  'JSON in a text block, personal data': {
    content: [{ type: 'text', text: JSON.stringify({ records: personal }) }],
  },
  'JSON in a text block, clean': { content: [{ type: 'text', text: JSON.stringify({ records: clean }) }] },
  'both, as servers send it': {
    content: [{ type: 'text', text: JSON.stringify({ records: personal }) }],
    structuredContent: { records: personal },
  },
  'texts of 2 KB': { content: prose },
};
const layers = {
  'words only': redact(OPTIONS),
  'keys and words': redact({ ...OPTIONS, keyReader }),
};

console.log(`Node ${process.version}, ${rounds} rounds, medians of interleaved runs`);
for (const [name, result] of Object.entries(subjects)) {
  const bytes = JSON.stringify(result).length;
  for (const [kind, layer] of Object.entries(layers)) {
    const answer: Result = { result };
    const next = (): Promise<Result> => Promise.resolve(answer);
    const ours: number[] = [];
    const floors: number[] = [];
    for (let round = -4; round < rounds; round += 1) {
      const start = performance.now();
      JSON.stringify(result);
      const between = performance.now();
      await layer.intercept(call, next);
      const end = performance.now();
      if (round < 0) continue;
      floors.push(between - start);
      ours.push(end - between);
    }
    const [redaction, floor] = [median(ours), median(floors)];
    console.log(
      `${name} (${(bytes / 1e6).toFixed(1)} MB), ${kind}: ${redaction.toFixed(1)} ms,`,
      `JSON.stringify ${floor.toFixed(1)} ms, ratio ${median(ours.map((value, at) => value / (floors[at] ?? 1))).toFixed(2)}`,
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/**
 * Judges the key reader on FHIR bundles with labelled leaves.
 *
 *   tsx packages/detection/keys-data/evaluate-fhir.ts <folder> [--times]
 *
 * The folder holds bundles, `*.json`, and `gold.jsonl` with `{file, pointer, label, value}` on each line. It prints places
 * and counts, and no values.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createKeyReader } from '../src/keys/create-key-reader.ts';
import type { Verdict } from '../src/keys/key-reader.ts';

/** The entities that a label of the gold file asks for; of the others, the text decides or the policy keeps them. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  NAME: ['PERSON'],
  GEO: ['STREET', 'CITY', 'ZIP', 'GEO'],
  ID: ['ACCOUNT', 'MRN', 'HEALTH_PLAN_ID', 'DEVICE_ID'],
  MRN: ['MRN'],
  SSN: ['SSN'],
  LICENSE: ['DRIVER_LICENSE', 'LICENSE'],
  PASSPORT: ['PASSPORT'],
  PHONE: ['PHONE', 'FAX'],
  DOB: ['DOB'],
  NPI: ['NPI'],
  EMAIL: ['EMAIL'],
  DATE: ['DATE', 'DOB'],
};
const CODES =
  /\/(?:coding\/(?:code|display|system|version)|system|unit|code|currency|status|use|resourceType|(?:valueQuantity|amount|net|total)\/value|sequence)$/;

const reader = createKeyReader();
const [folder = '.', ...flags] = process.argv.slice(2);
const gold = new Map<string, string>();
for (const line of readFileSync(join(folder, 'gold.jsonl'), 'utf8').split('\n').filter(Boolean)) {
  const { file, pointer, label } = JSON.parse(line) as { file: string; pointer: string; label: string };
  gold.set(`${basename(file)} ${pointer}`, label);
}

const counts = new Map<string, { asked: number; found: number; exact: number }>();
const missed = new Map<string, number>();
const extra = new Map<string, number>();
const damaged = new Map<string, number>();
const openCodes = new Map<string, number>();
let flagged = 0;
let flaggedGold = 0;

const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
for (const file of files) {
  visit(JSON.parse(readFileSync(join(folder, file), 'utf8')), reader.start, '', '', file);
}

function visit(value: unknown, place: number, pointer: string, path: string, file: string): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => visit(item, place, `${pointer}/${index}`, path, file));
  } else if (typeof value === 'object' && value !== null) {
    const container = value as Readonly<Record<string, unknown>>;
    const type = container['resourceType'];
    const here = typeof type === 'string' ? type : path;
    for (const key in container) {
      const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
      visit(
        container[key],
        reader.step(place, key, container),
        `${pointer}/${escaped}`,
        `${here}/${key}`,
        file,
      );
    }
  } else {
    count(reader.verdict(place), gold.get(`${file} ${pointer}`), path);
  }
}

function count(verdict: Verdict, label: string | undefined, path: string): void {
  const entity = typeof verdict === 'object' ? verdict.entity : undefined;
  if (entity !== undefined) flagged++;
  if (label === undefined) {
    if (entity !== undefined) add(extra, `${entity} ${path}`);
    if (CODES.test(path) && entity !== undefined) add(damaged, `${entity} ${path}`);
    if (CODES.test(path) && verdict === undefined) add(openCodes, path);
    return;
  }
  const row = counts.get(label) ?? { asked: 0, found: 0, exact: 0 };
  counts.set(label, row);
  row.asked++;
  if (entity === undefined) add(missed, `${label} ${verdict === 'keep' ? 'kept' : 'text'} ${path}`);
  else {
    flaggedGold++;
    row.found++;
    if (ASKED[label]?.includes(entity)) row.exact++;
    else add(missed, `${label} as ${entity} ${path}`);
  }
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function print(title: string, map: ReadonlyMap<string, number>): void {
  console.log(`\n${title}: ${[...map.values()].reduce((sum, n) => sum + n, 0)}`);
  for (const [key, n] of [...map].sort((a, b) => b[1] - a[1]))
    console.log(`  ${String(n).padStart(5)}  ${key}`);
}

console.table(Object.fromEntries(counts));
const asked = [...counts].filter(([label]) => label in ASKED);
const total = asked.reduce((sum, [, row]) => sum + row.asked, 0);
console.log(
  `labels that name an entity: ${total}; found ${ratio(sum('found'), total)}; as the entity asked for ${ratio(sum('exact'), total)}`,
);
console.log(`all labels: found ${ratio(flaggedGold, gold.size)}`);
console.log(`flagged leaves: ${flagged}; of them in gold ${ratio(flaggedGold, flagged)}`);
print('not found, or as something else', missed);
print('codes damaged', damaged);
print('codes left to the text', openCodes);
print('flagged, not in gold', extra);

function sum(field: 'found' | 'exact'): number {
  return asked.reduce((n, [, row]) => n + row[field], 0);
}

function ratio(part: number, whole: number): string {
  return `${part} (${(part / whole).toFixed(4)})`;
}

if (flags.includes('--times')) {
  for (const file of files) time(JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** Medians of 200 runs, in microseconds. */
function time(bundle: unknown): void {
  let steps = 0;
  let said = 0;
  const walk = (value: unknown, place: number): void => {
    if (typeof value !== 'object' || value === null) {
      if (reader.verdict(place) !== undefined) said++;
    } else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) walk(value[i], place);
    } else {
      const container = value as Readonly<Record<string, unknown>>;
      for (const key in container) {
        steps++;
        const member = container[key];
        walk(member, reader.step(place, key, container, member));
      }
    }
  };
  const bare = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) said++;
    else if (Array.isArray(value)) for (let i = 0; i < value.length; i++) bare(value[i]);
    else for (const key in value) bare((value as Readonly<Record<string, unknown>>)[key]);
  };
  const walked = median(() => walk(bundle, reader.start));
  const empty = median(() => bare(bundle));
  const written = median(() => void JSON.stringify(bundle));
  steps = 0;
  walk(bundle, reader.start);
  console.log(
    `${steps} steps: walk ${walked.toFixed(0)} µs, without reader ${empty.toFixed(0)}, JSON.stringify ${written.toFixed(0)}; ` +
      `${(walked / written).toFixed(2)} of it, reader ${((walked - empty) / written).toFixed(2)}; ` +
      `${(((walked - empty) * 1000) / steps).toFixed(1)} ns a step (${said > 0 ? 'said' : 'silent'})`,
  );
}

function median(run: () => void): number {
  for (let i = 0; i < 60; i++) run();
  const times = Array.from({ length: 200 }, () => {
    const from = performance.now();
    run();
    return (performance.now() - from) * 1000;
  });
  return times.sort((a, b) => a - b)[100] ?? 0;
}

/** A small generator with a seed (mulberry32), so that every run measures the same text. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST = [
  'Alice',
  'Robert',
  'Maria',
  'Wei',
  'Fatima',
  'John',
  'Elena',
  'Omar',
  'Priya',
  'Lars',
] as const;
const LAST = [
  'Johnson',
  'Chen',
  'Garcia',
  'Okafor',
  'Smith',
  'Novak',
  'Larsson',
  'Patel',
  'Moreau',
  'Kim',
] as const;
const WORDS = (
  'the request was handled by a worker that reads from queue and writes its result to storage before customer service replies ' +
  'with information about their order status shipping delay because system found no matching entry in database for given key while ' +
  'retry policy allowed three more attempts patient reported mild pain after meal treatment plan includes rest and follow up visit'
).split(' ');

/** Logs, JSON records, prose, source code, CSV, Markdown and diffs, as tools return them; some personal data in it. */
export function createToolOutput(size: number, seed = 7): string {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
  const hex = (count: number): string => Array.from({ length: count }, () => below(16).toString(16)).join('');
  const date = (): string => `20${10 + below(15)}-0${1 + below(9)}-1${below(10)}`;
  const prose = (count: number): string => Array.from({ length: count }, () => pick(WORDS)).join(' ');
  const mail = (): string =>
    `${pick(FIRST).toLowerCase()}.${pick(LAST).toLowerCase()}${below(99)}@example.com`;
  const line = (): string =>
    pick([
      () =>
        `  const ${pick(WORDS)}${below(4)} = await ${pick(WORDS)}.${pick(WORDS)}(${pick(WORDS)}, ${below(100)});\n`,
      () => `  if (${pick(WORDS)}.length > ${below(12)} && !${pick(WORDS)}) return ${pick(WORDS)};\n`,
      () => `  // ${prose(9)}\n`,
      () => `    throw new TypeError(\`${prose(5)}: \${${pick(WORDS)}}\`);\n`,
      () => `  readonly ${pick(WORDS)}: ReadonlyMap<string, ${pick(WORDS)}>;\n`,
      () => `import { ${pick(WORDS)}, ${pick(WORDS)} } from './${pick(WORDS)}.ts';\n`,
    ])();
  const kinds: readonly (() => string)[] = [
    () =>
      `${date()}T${10 + below(13)}:${10 + below(49)}:${10 + below(49)}.${digits(3)}Z INFO [worker-${below(9)}] ${prose(8)} id=${hex(16)} took ${below(900)}ms\n`,
    () =>
      `10.${below(255)}.${below(255)}.${below(255)} - - [12/Mar/2024:10:${10 + below(49)}:07 +0000] "GET /api/v${below(4)}/items/${digits(5)} HTTP/1.1" 200 ${digits(4)}\n`,
    () =>
      `{"id":${digits(6)},"name":"${pick(FIRST)} ${pick(LAST)}","email":"${mail()}","active":true,"score":${random().toFixed(3)},"tags":["${pick(WORDS)}","${pick(WORDS)}"],"created":"${date()}","note":"${prose(10)}"}\n`,
    () => `${pick(FIRST)} said that ${prose(40 + below(60))}. Then ${prose(30)}.\n\n`,
    () => Array.from({ length: 24 }, line).join(''),
    () =>
      `${digits(4)},${pick(LAST)},${pick(FIRST)},${date()},${below(500)}.${digits(2)},${pick(WORDS)},${digits(3)}-${digits(3)}-${digits(4)}\n`,
    () =>
      `| ${pick(WORDS)} | ${below(1000)} | [${prose(3)}](https://docs.example.com/${pick(WORDS)}/${pick(WORDS)}) | ${prose(6)} |\n`,
    () => `commit ${hex(40)}\nAuthor: ${pick(FIRST)} ${pick(LAST)} <${mail()}>\n\n    ${prose(12)}\n`,
    () =>
      `Patient ${pick(FIRST)} ${pick(LAST)}, MRN: ${digits(8)}, DOB ${date()}, phone (555) ${digits(3)}-${digits(4)}. ${prose(40)}.\n`,
    () => `- ${prose(9)} (${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)})\n`,
  ];
  const parts: string[] = [];
  let length = 0;
  while (length < size) {
    const part = pick(kinds)();
    parts.push(part);
    length += part.length;
  }
  // Through bytes, so that the result is one flat string and not a tree of parts.
  return Buffer.from(parts.join('').slice(0, size), 'latin1').toString('latin1');
}

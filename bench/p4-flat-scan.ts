import { createDetector, RULES } from '@sallyport/detection';
import { SEQUENTIAL } from '../packages/detection/bench/sequential.ts';
import { createToolOutput } from '../packages/detection/bench/tool-output.ts';
import { interleave } from './interleave.ts';
import { loadPeers } from './peers.ts';
import type { Row } from './row.ts';

const SIZE = 20_000_000;
const ROUNDS = 9;
const BAR_FLOOR = 0.65;
const BAR_REGEXES = 10;

/** P4: the scan of tool output with all rules for personal data, beside JSON.stringify of its envelope and beside others. */
export async function p4(): Promise<Row[]> {
  const text = createToolOutput(SIZE);
  const detector = createDetector();
  const scan = { run: () => void detector.scan(text) };
  const stringify = { run: () => void JSON.stringify({ content: [{ type: 'text', text }] }) };
  const floor = await interleave(scan, stringify, { rounds: ROUNDS, times: 1 });
  const rows = [
    row('flat scan of 20 MB of tool output, all rules for personal data', floor.a, {
      peer: 'JSON.stringify of the envelope',
      value: floor.b,
      bar: BAR_FLOOR,
    }),
  ];
  for (const [peer, regexes, bar] of [
    ['the same rules as regular expressions in turn', regexesOfRules(), BAR_REGEXES],
    ['27 usual regular expressions in turn', SEQUENTIAL, undefined],
  ] as const) {
    const inTurn = {
      run: () => {
        for (const regex of regexes) text.match(regex);
      },
    };
    const { a, b } = await interleave(scan, inTurn, { rounds: 3, times: 1, warmup: 1 });
    rows.push(row('the same scan', a, { peer, value: b, bar }));
  }
  for (const peer of loadPeers()) {
    const piece = text.slice(0, peer.size);
    const { a, b } = await interleave(
      { run: () => void detector.scan(piece) },
      { run: async () => void (await peer.redact(piece)) },
      { rounds: 3, times: 1, warmup: 1 },
    );
    const megabytes = `${peer.size / 1e6} MB`;
    rows.push(row(`flat scan of ${megabytes}`, a, { peer: peer.name, value: b, bar: 1 }));
  }
  return rows;
}

/** Every pattern of the rules, and the usual ones for what is matched by hand. */
function regexesOfRules(): readonly RegExp[] {
  return [
    ...SEQUENTIAL.slice(0, 11),
    ...RULES.flatMap((rule) =>
      rule.forms.flatMap((form) =>
        'pattern' in form ? [new RegExp(`\\b(?:${form.pattern})\\b`, form.ignoreCase ? 'gi' : 'g')] : [],
      ),
    ),
  ];
}

function row(
  metric: string,
  us: number,
  { peer, value, bar }: { readonly peer: string; readonly value: number; readonly bar: number | undefined },
): Row {
  const ratio = value / us;
  return {
    id: 'P4',
    metric,
    value: us / 1000,
    unit: 'ms',
    peer,
    peerValue: value / 1000,
    ratio,
    bar: bar === undefined ? 'for comparison' : `${bar} x its speed or more`,
    holds: bar === undefined || ratio >= bar,
  };
}

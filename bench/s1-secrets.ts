import { RevealedSecrets, Secret } from '@sallyport/core';
import { envProvider, type SecretProvider, Secrets } from '@sallyport/secrets';
import { interleave, type Subject } from './interleave.ts';
import type { Row } from './row.ts';

const ROUNDS = 15;
const TIMES = 200_000;
const BAR_US = 1;
const AT_ONCE = 1000;

/** Secrets: a cached read beside the floor, which is a look-up in a map and a promise that is settled; and single flight. */
export async function s1(): Promise<Row[]> {
  const secrets = new Secrets({
    providers: { env: envProvider({ env: { KEY: 'bench' } }) },
    revealed: new RevealedSecrets(),
  });
  const list = ['env:OTHER', 'env:KEY', 'literal:none'];
  await Promise.all([secrets.get('env:KEY'), secrets.get(list)]);
  const floorOf = new Map([['env:KEY', Promise.resolve(new Secret('bench'))]]);
  const floor = repeated(() => floorOf.get('env:KEY'));
  const rows: Row[] = [];
  for (const [metric, read] of [
    ['cached read', () => secrets.get('env:KEY')],
    ['cached read, list of three whose second has the value', () => secrets.get(list)],
  ] as const) {
    const { a, b, ratio } = await interleave(repeated(read), floor, { rounds: ROUNDS, times: TIMES });
    rows.push({
      id: 'S1',
      metric,
      value: a,
      unit: 'us',
      peer: 'map and settled promise',
      peerValue: b,
      ratio,
      bar: `<= ${BAR_US} us`,
      holds: a <= BAR_US,
    });
  }
  await secrets.close();
  return [...rows, await singleFlight()];
}

/** What is awaited one after the other. */
function repeated(read: () => Promise<Secret> | undefined): Subject {
  return {
    async run(times) {
      for (let i = 0; i < times; i += 1) await read();
    },
  };
}

async function singleFlight(): Promise<Row> {
  const seen = { reads: 0 };
  const provider: SecretProvider = {
    scheme: 'env',
    resolve: async () => {
      seen.reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { value: 'bench' };
    },
    close: () => Promise.resolve(),
  };
  const secrets = new Secrets({ providers: { env: provider }, revealed: new RevealedSecrets() });
  await Promise.all(Array.from({ length: AT_ONCE }, () => secrets.get('env:KEY')));
  await secrets.close();
  return {
    id: 'S1',
    metric: `reads of the provider for ${AT_ONCE} gets at once`,
    value: seen.reads,
    unit: 'reads',
    peer: 'one for each',
    peerValue: AT_ONCE,
    ratio: seen.reads / AT_ONCE,
    bar: '1 read',
    holds: seen.reads === 1,
  };
}

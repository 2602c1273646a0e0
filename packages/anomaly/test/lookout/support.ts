import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditRecord,
  Journal,
  type JournalOptions,
  type Signer,
  signerFromSecret,
} from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import type { FedRecord } from '../../src/lookout/journal-source.ts';
import type { JournalFeed } from '../../src/lookout/journal-feed.ts';
import type { LookoutClock } from '../../src/lookout/lookout-clock.ts';
import { SigmaRules } from '../../src/sigma/sigma-rules.ts';
import { by, call, MONDAY, refused } from '../some-records.ts';

const PEM: string = generateKeyPairSync('ed25519')
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString();

function signer(pem: string = PEM): Signer {
  return signerFromSecret('test.example/audit', new Secret(pem));
}

/** A folder of journals, and one for the state beside it. */
export class Places {
  readonly root: string = mkdtempSync(join(tmpdir(), 'sallyport-lookout-'));
  readonly journals: string = join(this.root, 'journals');
  readonly state: string = join(this.root, 'state');

  open(name: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
    return Journal.open(join(this.journals, name), { signer: signer(), lazyMs: 1, ...options });
  }

  /** Durable records, in a journal that is opened and closed for them. */
  async write(
    name: string,
    records: readonly AuditRecord[],
    options: Partial<JournalOptions> = {},
  ): Promise<void> {
    const journal = await this.open(name, options);
    await append(journal, records);
    await journal.close();
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** @param together how many share a sync; a segment ends only between them */
export async function append(
  journal: Journal,
  records: readonly AuditRecord[],
  together = 10,
): Promise<void> {
  for (let at = 0; at < records.length; at += together) {
    const written = records
      .slice(at, at + together)
      .map((record) => journal.append(record, { durable: true }));
    await Promise.all(written);
  }
}

/** Everything that is there now. */
export async function readAll(feed: JournalFeed, most = 64): Promise<FedRecord[]> {
  const all: FedRecord[] = [];
  for (;;) {
    const records = await feed.next(most);
    if (records.length === 0) return all;
    all.push(...records);
  }
}

export const idsOf = (records: readonly FedRecord[]): string[] => records.map(({ record }) => record.id);

/** Some records a second, of a few principals; each tenth is a refusal. */
export function traffic(count: number, { from = MONDAY, prefix = 'r' } = {}): AuditRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const time = from + n * 100;
    const who = by(`subject-${String(n % 7)}`);
    const record = n % 10 === 9 ? { ...refused(time, 'permission_denied'), ...who } : call(time, who);
    return { ...record, id: `${prefix}-${String(n).padStart(6, '0')}` };
  });
}

/** A rule that each refusal matches, and a correlation of three of one principal. */
export function someRules(): SigmaRules {
  const refusal = {
    title: 'A refusal',
    name: 'refusal',
    id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a01',
    level: 'medium',
    logsource: { product: 'sallyport', service: 'audit' },
    detection: { selection: { status: 'refused' }, condition: 'selection' },
  };
  const many = {
    title: 'Many refusals',
    id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a02',
    level: 'high',
    correlation: {
      type: 'event_count',
      rules: ['refusal'],
      'group-by': ['principal.subject'],
      timespan: '1m',
      condition: { gte: 3 },
      generate: true,
    },
  };
  const { rules, problems } = SigmaRules.compile(
    [refusal, many].map((value) => ({ file: 'some.yml', value })),
  );
  if (problems.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(problems));
  return rules;
}

/** Time that passes only when somebody sleeps, or works. */
export class PretendClock implements LookoutClock {
  #now: number;
  /** How often the event loop was given to others. */
  turns = 0;
  /** What each look at the clock takes. */
  step = 0;

  constructor(now: number = MONDAY) {
    this.#now = now;
  }

  now = (): number => this.#now;

  elapsed = (): number => {
    this.#now += this.step;
    return this.#now;
  };

  random = (): number => 0;

  pass(ms: number): void {
    this.#now += ms;
  }

  turn = async (): Promise<void> => {
    this.turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  };

  sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    this.#now += ms;
    await new Promise((resolve) => setImmediate(resolve));
  };
}

export async function until(true_: () => boolean): Promise<void> {
  for (let tries = 0; !true_(); tries += 1) {
    if (tries > 2000) throw new Error('It did not come.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

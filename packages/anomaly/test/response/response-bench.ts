import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertFacts } from '@sallyport/audit';
import { ANONYMOUS, type Call, type Evidence, type Principal, type Trail } from '@sallyport/core';
import { RestrictionBook, type RestrictionBookOptions, RestrictionFile } from '@sallyport/anomaly';

export const START: number = Date.UTC(2026, 10, 21, 10);
export const MINUTE = 60_000;

/** A folder that goes away, and a clock that is set by hand. */
export class ResponseBench {
  readonly folder: string = join(mkdtempSync(join(tmpdir(), 'restrictions-')), 'alerts');
  now: number = START;
  readonly #books: RestrictionBook[] = [];

  file(): RestrictionFile {
    return new RestrictionFile({ folder: this.folder, now: () => this.now });
  }

  /** Looks at the file only when it is asked to, unless told otherwise. */
  async book(over: Partial<RestrictionBookOptions> = {}): Promise<RestrictionBook> {
    const options = { folder: this.folder, now: () => this.now, refreshMs: 3_600_000, ...over };
    const book = await RestrictionBook.open(options);
    this.#books.push(book);
    return book;
  }

  dispose(): void {
    for (const book of this.#books) book.close();
    rmSync(join(this.folder, '..'), { recursive: true, force: true });
  }
}

export function someAlert(over: Partial<AlertFacts> = {}): AlertFacts {
  return {
    id: '01990000-0000-7000-8000-000000000001',
    time: '2026-11-21T10:00:00.000Z',
    server: 'ehr',
    title: 'alice exported 40 times what is usual.',
    severity: 'high',
    rule: { id: 'bytes-out', name: 'Bytes out' },
    method: 'statistical',
    subject: 'alice',
    target: 'export',
    records: [],
    quarantined: false,
    ...over,
  };
}

export function principal(subject: string): Principal {
  return { ...ANONYMOUS, subject, method: 'token' };
}

/** A call that no transport carries, for testing one layer alone. */
export function someCall(over: Partial<Call> = {}): Call {
  const entries: Evidence[] = [];
  const trail: Trail = { entries, executed: undefined, add: (evidence) => void entries.push(evidence) };
  return {
    id: '00000000-0000-7000-8000-000000000000',
    direction: 'inbound',
    kind: 'request',
    server: 'ehr',
    method: 'tools/call',
    params: { name: 'export', arguments: { ward: 3 } },
    principal: principal('alice'),
    trail,
    signal: new AbortController().signal,
    ...over,
  };
}

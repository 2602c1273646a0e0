import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditRecord } from '../../src/audit-record.ts';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import type { FormatName } from '../../src/formats/formatter.ts';
import type { Journal } from '../../src/journal/journal.ts';
import type { Receiver } from '../../src/shipping/receiver.ts';
import { Shipper } from '../../src/shipping/shipper.ts';
import type { ShipperEvent, ShipperOptions } from '../../src/shipping/shipper-options.ts';
import { Bench } from '../journal/support.ts';

/** A journal, and shippers that read it. */
export class ShippingBench {
  readonly bench = new Bench();
  readonly events: ShipperEvent[] = [];
  readonly #open: Shipper[] = [];
  #journal: Journal | undefined;

  get folder(): string {
    return this.bench.folder;
  }

  async write(records: readonly AuditRecord[]): Promise<void> {
    this.#journal ??= await this.bench.open();
    const journal = this.#journal;
    for (let at = 0; at < records.length; at += 1000) {
      const some = records.slice(at, at + 1000);
      await Promise.all(some.map((record) => journal.append(record, { durable: true })));
    }
  }

  async closeJournal(): Promise<void> {
    await this.#journal?.close();
    this.#journal = undefined;
  }

  /** A shipper that tries again soon. */
  async ship(
    receiver: Receiver,
    { format = 'json', ...options }: Partial<ShipperOptions> & { readonly format?: FormatName } = {},
  ): Promise<Shipper> {
    const shipper = await Shipper.open({
      name: 'soc',
      folder: this.folder,
      receiver,
      formatter: createFormatter(format, { productVersion: '1.0.0' }),
      batchRecords: 20,
      pollMs: 5,
      saveMs: 5,
      checkpointMs: Infinity,
      retry: { firstMs: 10, longestMs: 50, openMs: 50 },
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.#open.push(shipper);
    return shipper;
  }

  told<T extends ShipperEvent['type']>(type: T): Extract<ShipperEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<ShipperEvent, { type: T }> => event.type === type);
  }

  deadLetters(name = 'soc'): { sequence: number; reason: string; record: AuditRecord }[] {
    const path = join(this.folder, `${name}.dead-letters`);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as { sequence: number; reason: string; record: AuditRecord });
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#open.map((shipper) => shipper.stop()));
    await this.closeJournal();
    this.bench.dispose();
  }
}

/** Resolves when it is so; a test that waits for what never comes ends with its own time limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(10);
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AlertSender } from '../../src/sinks/alert-sender.ts';
import type { AlertSenderEvent, AlertSenderOptions } from '../../src/sinks/alert-sender-options.ts';
import type { AlertReceiver } from '../../src/sinks/alert-receiver.ts';
import type { Notice } from '../../src/triage/notice.ts';

/** A folder, and senders that try again soon. */
export class SenderBench {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sallyport-alerts-'));
  readonly events: AlertSenderEvent[] = [];
  readonly #open: AlertSender[] = [];

  async sender(receiver: AlertReceiver, options: Partial<AlertSenderOptions> = {}): Promise<AlertSender> {
    const sender = await AlertSender.open({
      name: 'soc',
      folder: this.folder,
      receiver,
      pollMs: 5,
      retry: { firstMs: 10, longestMs: 50, openMs: 50 },
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.#open.push(sender);
    return sender;
  }

  told<T extends AlertSenderEvent['type']>(type: T): Extract<AlertSenderEvent, { type: T }>[] {
    return this.events.filter(
      (event): event is Extract<AlertSenderEvent, { type: T }> => event.type === type,
    );
  }

  rejected(): { reason: string; record: Notice }[] {
    const path = join(this.folder, 'soc.rejected.jsonl');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as { reason: string; record: Notice });
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#open.map((sender) => sender.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when it is so; a test that waits for what never comes ends with its own time limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(10);
}

export async function putAll(sender: AlertSender, notices: readonly Notice[]): Promise<void> {
  await Promise.all(notices.map((notice) => sender.put(notice)));
}

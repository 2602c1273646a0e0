import type { Clock } from './clock.ts';
import type { Receiver } from './receiver.ts';

/** Closes a receiver that may take too long, or fail: what it did not confirm stays behind the cursor. */
export async function closeWithin(
  ms: number,
  { receiver, clock }: { readonly receiver: Receiver; readonly clock: Clock },
): Promise<void> {
  const closed = new AbortController();
  const closing = receiver.close().catch(() => undefined);
  await Promise.race([closing, clock.sleep(ms, closed.signal)]);
  closed.abort();
}

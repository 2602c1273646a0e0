import type { JSONRPCMessage } from '@modelcontextprotocol/server';

interface StoredEvent {
  readonly streamId: string;
  readonly message: JSONRPCMessage;
}

/** An event store of both SDK generations, which lets a client resume a stream with `Last-Event-ID`. In memory, for tests. */
export class EventLog {
  readonly #events: StoredEvent[] = [];

  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    this.#events.push({ streamId, message });
    return Promise.resolve(String(this.#events.length - 1));
  }

  getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return Promise.resolve(this.#events[Number(eventId)]?.streamId);
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const last = Number(lastEventId);
    const streamId = this.#events[last]?.streamId ?? '';
    for (const [index, event] of this.#events.entries()) {
      // A priming event has no message of its own.
      const isMessage = Object.keys(event.message).length > 0;
      if (index > last && event.streamId === streamId && isMessage) await send(String(index), event.message);
    }
    return streamId;
  }
}

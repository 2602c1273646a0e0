import { once } from 'node:events';
import { connect } from 'node:net';

const NATS_PORT = 4222;

/**
 * Waits until a NATS server says something, as each does first on any connection (`INFO`). The library keeps a connection to
 * one that stays silent open for ever, so it is not asked to connect before.
 *
 * @param ms how long that may take, in milliseconds
 * @throws an error of the system, or an `AbortError` when it took too long or the signal aborted
 */
export async function natsGreeting(server: string, ms: number, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(server);
  const host = hostname.replaceAll(/[[\]]/g, '');
  const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const socket = connect({ host, port: port === '' ? NATS_PORT : Number(port) });
  // What happens after it has spoken is no news.
  socket.on('error', () => undefined);
  try {
    const closed = once(socket, 'end', { signal: over }).then(() => {
      throw Object.assign(new Error('The receiver closed the connection.'), { code: 'connection_closed' });
    });
    await Promise.race([once(socket, 'data', { signal: over }), closed]);
  } finally {
    socket.destroy();
  }
}

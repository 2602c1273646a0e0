import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ShippedRecord } from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import { expect, it } from 'vitest';
import { openReceiver } from '../src/open-receiver.ts';

const RECORD: ShippedRecord = {
  sequence: 1,
  id: '01990000-0000-7000-8000-000000000001',
  time: '2026-03-01T10:00:00.000Z',
  line: '{"a":1}',
  json: true,
  record: {
    v: 1,
    id: '01990000-0000-7000-8000-000000000001',
    time: '2026-03-01T10:00:00.000Z',
    server: 'files',
    policy: '0',
    type: 'event',
    event: 'start',
  },
};

it('a syslog sink without TLS, which the policy allows by a dangerous name, sends what it is given', async () => {
  const arrived: string[] = [];
  const server = createServer((socket) => socket.on('data', (bytes) => arrived.push(bytes.toString())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver = await openReceiver(
    { type: 'syslog', address: `127.0.0.1:${port}`, dangerouslyWithoutTls: true },
    () => Promise.resolve(new Secret('unused')),
  );
  try {
    expect(await receiver.send([RECORD], new AbortController().signal)).toEqual([{ kind: 'accepted' }]);
  } finally {
    await receiver.close();
    server.close();
  }
  expect(arrived.join('')).toContain('{"a":1}');
});

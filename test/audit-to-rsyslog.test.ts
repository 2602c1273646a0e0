import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { findJournals, readJournals } from '@sallyport/audit';
import { protect } from '@sallyport/core';
import { LiveGuard } from '@sallyport/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { hasRsyslog, Rsyslog } from '../packages/audit/test/shipping/rsyslog.ts';
import { PolicyFolder } from './support/policy-file.ts';

/** imtcp with TLS, which takes clients that have a certificate for `client.test`. */
const INPUT = (_folder: string, port: number): string => `
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/name"
  permittedPeer=["client.test"])
input(type="imtcp" address="127.0.0.1" port="${port}")`;

const policyFor = (rsyslog: Rsyslog): string => `version: 1
authorization: { rules: 'p, role:user, *, tool:a, call' }
audit:
  journal: { folder: ./audit, key: env:AUDIT_KEY }
  sinks:
    soc:
      type: syslog
      address: localhost:${rsyslog.port}
      ca: ${join(rsyslog.folder, 'ca.pem')}
      certificate: ${join(rsyslog.folder, 'client.test.pem')}
      key: env:CLIENT_KEY
`;

describe.skipIf(!hasRsyslog())('a policy that ships to a real rsyslog over TLS', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  it('has every record there, exactly once after dedup, although rsyslog was killed and away in between', async () => {
    const rsyslog = await Rsyslog.begin(INPUT);
    ends.push(() => rsyslog.dispose());
    const folder = new PolicyFolder(policyFor(rsyslog));
    ends.push(() => folder.dispose());
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    const env = { AUDIT_KEY: pem.toString(), CLIENT_KEY: rsyslog.file('client.test.key') };
    const session = async (calls: number, meanwhile: () => Promise<void>): Promise<void> => {
      const guard = await LiveGuard.start({
        path: folder.path,
        env,
        identify: () => ({ subject: 'ann', roles: ['user'], claims: {}, method: 'custom' }),
      });
      const server = new McpServer({ name: 'test', version: '1.0.0' });
      server.registerTool('a', {}, () => ({ content: [] }));
      protect(server, guard);
      const [near, far] = InMemoryTransport.createLinkedPair();
      await server.connect(far);
      const client = new Client({ name: 'test', version: '1.0.0' });
      await client.connect(near);
      for (let call = 0; call < calls; call++) {
        if (call === calls / 2) await meanwhile();
        await client.callTool({ name: 'a' });
      }
      await client.close();
      await guard.close();
    };
    await session(60, async () => {
      await rsyslog.kill('SIGKILL');
      await rsyslog.start();
    });
    // Away for the whole of a session: its records wait for the next one.
    await session(60, () => rsyslog.kill('SIGTERM'));
    await rsyslog.start();
    await session(20, () => Promise.resolve());
    const written: string[] = [];
    for await (const line of readJournals(await findJournals(join(folder.directory, 'audit')))) {
      if (line.kind === 'record') written.push(`${line.record.id} ${line.sequence}`);
    }
    const isCheckpoint = (text: string): boolean => text.includes('"event_code":"checkpoint"');
    const arrived = rsyslog.arrived().filter(({ line }) => !isCheckpoint(line));
    const distinct = [...new Set(arrived.map(({ id, sequence }) => `${id} ${sequence}`))];
    expect(distinct.toSorted()).toEqual(written.toSorted());
    expect(written.length).toBeGreaterThan(280);
  });
});

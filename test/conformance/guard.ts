import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProtectableServer } from '@sallyport/core';
import { createGuard } from 'sallyport';

/** Everything is switched on, and permits everything: what changes an answer then is a fault of the guard. */
const POLICY = `version: 1
identity:
  stdio: { subject: suite, roles: [all] }
authorization:
  rules: |
    p, role:all, *, tool:**, call, , allow
    p, role:all, *, resource:**, read, , allow
    p, role:all, *, prompt:**, get, , allow
    p, role:all, *, task:**, *, , allow
    p, user:anonymous, *, tool:**, call, , allow
    p, user:anonymous, *, resource:**, read, , allow
    p, user:anonymous, *, prompt:**, get, , allow
    p, user:anonymous, *, task:**, *, , allow
schema: { arguments: schema, results: enforce, unknownTools: pass }
audit: { file: ./audit.jsonl }
`;

const directory = mkdtempSync(join(tmpdir(), 'sallyport-conformance-'));
const policy = join(directory, 'sallyport.yaml');
writeFileSync(policy, POLICY);

/** One guard for all servers of the suite, of either SDK generation. */
export async function protectForConformance(): Promise<<S extends ProtectableServer>(server: S) => S> {
  const guard = await createGuard({ policy, watch: false, log: () => undefined });
  return (server) => guard.protect(server);
}

/** The stdio gateway in front of a server's command. */
export function gatewayCommand(command: readonly string[]): string[] {
  return [
    process.execPath,
    'packages/sallyport/bundle/lib/cli.js',
    'run',
    '--policy',
    policy,
    '--',
    ...command,
  ];
}

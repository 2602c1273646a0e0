import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where the ready-made policies are, seen from `dist` and from `bundle/lib`: inside the published package, or at the
 * top of the repository. The file looked for is one of them, so that no other `policies` folder is taken for it.
 */
export function readyMadePolicies(): string | undefined {
  const above = ['..', '../..', '../../..', '../../../..'];
  return above
    .map((path) => fileURLToPath(new URL(`${path}/policies`, import.meta.url)))
    .find((path) => existsSync(`${path}/least-privilege.yaml`));
}

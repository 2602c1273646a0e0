import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The directory of the ready-made policies: inside the published package, or at the top of the repository. */
export function readyMadePolicies(): string | undefined {
  const places = ['../policies', '../../../policies'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return places.find((path) => existsSync(path));
}

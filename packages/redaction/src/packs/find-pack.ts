import { CONTACT } from './contact.ts';
import { GDPR } from './gdpr.ts';
import { HIPAA_LIMITED_DATA_SET } from './hipaa-limited-data-set.ts';
import { HIPAA_SAFE_HARBOR } from './hipaa-safe-harbor.ts';
import { nearestName } from './nearest-name.ts';
import type { Pack } from './pack.ts';
import { PCI } from './pci.ts';
import { SECRETS } from './secrets.ts';

/** The packs by name. */
export const PACKS: ReadonlyMap<string, Pack> = new Map(
  [HIPAA_SAFE_HARBOR, HIPAA_LIMITED_DATA_SET, PCI, GDPR, SECRETS, CONTACT].map((pack) => [pack.name, pack]),
);

export const packNames: readonly string[] = [...PACKS.keys()];

const LONGEST_NAME = 64;

/** @throws TypeError for a name that no pack has, with the nearest one and all of them */
export function findPack(name: string): Pack {
  const pack = PACKS.get(name);
  if (pack !== undefined) return pack;
  const near = name.length > LONGEST_NAME ? undefined : nearestName(name, packNames);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new TypeError(
    `There is no pack "${name.slice(0, LONGEST_NAME)}".${meant} Write one of ${packNames.join(', ')}.`,
  );
}

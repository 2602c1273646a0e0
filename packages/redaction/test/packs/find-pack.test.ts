import { expect, it } from 'vitest';

import { findPack, packNames, PACKS } from '../../src/packs/index.ts';

const ALL = 'hipaa-safe-harbor, hipaa-limited-data-set, pci, gdpr, secrets, contact';

it('packs are found by their names', () => {
  expect(packNames.join(', ')).toBe(ALL);
  for (const name of packNames) {
    expect(findPack(name)).toBe(PACKS.get(name));
    expect(findPack(name).name).toBe(name);
  }
});

it.each([
  ['hipaa', 'hipaa-safe-harbor'],
  ['hipaa-safeharbor', 'hipaa-safe-harbor'],
  ['limited-data-set', 'hipaa-limited-data-set'],
  ['pci-dss', 'pci'],
  ['PCI', 'pci'],
  ['gpdr', 'gdpr'],
  ['secret', 'secrets'],
  ['contacts', 'contact'],
])('a name that no pack has is refused with the nearest and all others: %s', (name, near) => {
  expect(() => findPack(name)).toThrow(
    new TypeError(`There is no pack "${name}". Did you mean ${near}? Write one of ${ALL}.`),
  );
});

it.each(['sox', '', 'x', 'something else altogether', 'y'.repeat(1000)])(
  'a name that is like none is refused with all of them',
  (name) => {
    expect(() => findPack(name)).toThrow(
      new TypeError(`There is no pack "${name.slice(0, 64)}". Write one of ${ALL}.`),
    );
  },
);

it('a name that every object has is no pack', () => {
  expect(() => findPack('constructor')).toThrow('There is no pack');
});

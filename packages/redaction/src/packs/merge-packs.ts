import type { EntityName } from '@sallyport/detection';

import type { Pack, PackRow } from './pack.ts';
import { isStricter } from './strictness.ts';

/**
 * One pack of several. An entity that more than one row names stays in the strictest of them only, and in the first of
 * rows that are as strict: `block`, then `drop`, then `label`, `token` and `hash`, then `mask`, then `generalize`,
 * `shift` and `surrogate`, then `keep`. Rows that lose all their entities are left out.
 *
 * @throws TypeError for an empty list
 */
export function mergePacks(given: readonly Pack[]): Pack {
  if (given.length === 0) throw new TypeError('mergePacks needs a pack at least.');
  const packs = [...new Set(given)];
  const rows = [...new Set(packs.flatMap((pack) => pack.rows))];
  const strictest = new Map<EntityName, PackRow>();
  for (const row of rows) {
    for (const entity of row.entities) {
      const other = strictest.get(entity);
      if (other === undefined || isStricter(row, other)) strictest.set(entity, row);
    }
  }
  const detectorRules = new Map(
    packs.flatMap((pack) => pack.detectorRules ?? []).map((rule) => [rule.id, rule]),
  );
  return {
    name: packs.map(({ name }) => name).join('+'),
    title: packs.map(({ title }) => title).join('; '),
    source: [...new Set(packs.map(({ source }) => source))].join(' '),
    rows: rows.flatMap((row) => {
      const entities = [...new Set(row.entities)].filter((entity) => strictest.get(entity) === row);
      return entities.length === 0 && row.entities.length > 0 ? [] : [{ ...row, entities }];
    }),
    limits: [...new Set(packs.flatMap(({ limits }) => limits))],
    ...(detectorRules.size === 0 ? {} : { detectorRules: [...detectorRules.values()] }),
  };
}

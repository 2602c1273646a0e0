import type { Rewriting } from './operator.ts';

/** Says what was there: `[EMAIL]`; zero for a number. */
export const label: Rewriting = {
  text: (_, entity) => `[${entity}]`,
  number: () => 0,
  keepsShape: false,
  isByEntity: true,
  cheap: true,
};

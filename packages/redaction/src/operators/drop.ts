import type { Rewriting } from './operator.ts';

/** Leaves nothing: an empty text, or zero. */
export const drop: Rewriting = {
  text: () => '',
  number: () => 0,
  keepsShape: false,
  isByEntity: true,
  cheap: true,
};

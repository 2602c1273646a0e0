export { expandPack, type PackChoice, PACK_OPERATORS } from './expand-pack.ts';
export { findPack, packNames, PACKS } from './find-pack.ts';
export { mergePacks } from './merge-packs.ts';
export type { Pack, PackRow } from './pack.ts';

/** A set of code units: the first 128 one by one, everything else as one. */
export type Units = Uint8Array;
export const OTHERS = 128;

/** The syntax tree of a pattern of the linear subset. */
export type Node =
  | { readonly kind: 'units'; readonly units: Units; readonly text: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'either'; readonly branches: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly least: number;
      readonly most: number;
      readonly text: string;
    };

/** A pattern outside the subset. The message says where and what to write instead. */
export class UnusablePattern extends Error {
  override readonly name = 'UnusablePattern';
}

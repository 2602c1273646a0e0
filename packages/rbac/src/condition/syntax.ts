import type { Glob } from '../segment-glob.ts';

export type Scalar = string | number | boolean | null;
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Something with a value. */
export type Value =
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'path'; readonly root: 'args' | 'principal'; readonly keys: readonly string[] }
  | { readonly kind: 'size'; readonly of: Value };

/** Something that is true, false or unknown. */
export type Test =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Test[] }
  | { readonly kind: 'not'; readonly operand: Test }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Value; readonly right: Value }
  | { readonly kind: 'in'; readonly left: Value; readonly right: Value }
  | {
      readonly kind: 'text';
      readonly op: 'startsWith' | 'endsWith' | 'contains';
      readonly left: Value;
      readonly right: Value;
    }
  | { readonly kind: 'matches'; readonly value: Value; readonly glob: Glob }
  /** A value that is itself true or false. */
  | { readonly kind: 'flag'; readonly value: Value };

/** What a condition may read of the principal. */
export const PRINCIPAL_MEMBERS: readonly string[] = ['subject', 'roles', 'client', 'actor', 'claims'];

import type { SecretRef } from './policy-file.ts';

/** `redaction:` of a policy file, as it is written. */
export interface RedactionSection {
  readonly results?: RedactionChoices;
  readonly arguments?: RedactionChoices;
  readonly restore?: readonly RestoreEntry[];
  readonly tokens?: TokensEntry;
  /** Of `hash`, `shift` and `surrogate`. */
  readonly key?: SecretRef;
  /** Arguments that name the person whom a call is about. */
  readonly about?: readonly string[];
  readonly names?: boolean;
  readonly detection?: DetectionEntry;
}

export type RedactionChoices = RedactionChoice | readonly RedactionChoice[];

export type RedactionOperator =
  | 'label'
  | 'drop'
  | 'mask'
  | 'generalize'
  | 'shift'
  | 'hash'
  | 'surrogate'
  | 'token'
  | 'block'
  | 'keep';

/** Either a pack, or entities with an operator. */
export interface RedactionChoice {
  readonly pack?: string | readonly string[];
  readonly entities?: '*' | readonly string[];
  readonly operator?: RedactionOperator;
  /** With a pack: for single entities. */
  readonly operators?: Readonly<Record<string, RedactionOperator>>;
  readonly keepLast?: number;
  readonly maxDays?: number;
  readonly roles?: readonly string[];
  readonly exceptRoles?: readonly string[];
  /** `tool`, or `server/tool`. */
  readonly tools?: readonly string[];
  readonly except?: readonly RedactionException[];
}

export interface RedactionException {
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly tools?: readonly string[];
  readonly entities?: readonly string[];
}

export interface RestoreEntry {
  readonly tools: readonly string[];
  readonly roles?: readonly string[];
  readonly entities?: readonly string[];
}

export interface TokensEntry {
  readonly file?: string;
  readonly redis?: SecretRef;
  readonly key?: SecretRef;
  readonly ttlHours?: number;
  readonly tenant?: string;
}

export interface DetectionEntry {
  readonly locales?: readonly ('us' | 'uk' | 'ca' | 'in' | 'pl' | 'es' | 'fr' | 'de' | 'au')[];
  readonly threshold?: number;
  readonly thresholds?: Readonly<Record<string, number>>;
  readonly without?: readonly string[];
  readonly allow?: readonly AllowedValue[];
  readonly rules?: readonly DetectionRule[];
}

interface AllowedValue {
  readonly value?: string;
  readonly pattern?: string;
  readonly entity?: string;
}

export interface DetectionRule {
  readonly id: string;
  readonly entity: string;
  readonly pattern?: string;
  readonly words?: readonly string[];
  readonly ignoreCase?: boolean;
  readonly context?: readonly string[];
  readonly score?: number;
}

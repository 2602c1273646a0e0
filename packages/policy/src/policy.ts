import type { AlertsPlan } from './alerts-plan.ts';
import type { AuditPlan } from './audit-plan.ts';
import type { Mode } from '@sallyport/core';
import type { Rbac } from '@sallyport/rbac';
import type { ProviderEntry, SecretRef, ServerEntry, StdioIdentity, ToolSchemas } from './policy-file.ts';
import type { Problem } from './problem.ts';
import type { RedactionPlan } from './redaction-plan.ts';
import type { ScanSettings } from './scan-section.ts';

/** A policy that was checked and compiled: everything a guard needs, and nothing that still could be wrong. */
export interface Policy {
  /** SHA-256 over every file it was read from, hexadecimal; it stands in every audit record. */
  readonly digest: string;
  /** Absolute paths of those files, the policy file first. */
  readonly files: readonly string[];
  readonly mode: Mode;
  /** Servers that the gateway can start, by name. Paths are absolute. */
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly identity: { readonly stdio: StdioIdentity | undefined };
  readonly secrets: SecretsPlan;
  readonly rbac: Rbac;
  readonly schema: {
    readonly arguments: 'strict' | 'schema' | 'off';
    readonly results: 'enforce' | 'audit' | 'off';
    readonly unknownTools: 'refuse' | 'pass';
    readonly tools: readonly ToolSchemas[];
  };
  /** Undefined without a section `redaction`: then nothing is rewritten. */
  readonly redaction: RedactionPlan | undefined;
  readonly audit: AuditPlan;
  /** Undefined without a section `alerts`: then nobody watches. */
  readonly alerts: AlertsPlan | undefined;
  readonly bounds: { readonly gateSeconds: number };
  /** Undefined without a section `scan`. */
  readonly scan: ScanSettings | undefined;
  /** Where each setting comes from, for `explain`: `schema.arguments`, `strict`, `sallyport.yaml:12` or `default`. */
  readonly origins: readonly Origin[];
  readonly warnings: readonly Problem[];
}

/** Where credentials come from. */
export interface SecretsPlan {
  /** By scheme, or scheme and alias. Paths are absolute. */
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  readonly names: Readonly<Record<string, SecretRef>>;
  readonly freshSeconds: number;
  readonly staleSeconds: number;
  readonly timeoutSeconds: number;
  /** The directory of the policy file, for what lies beside it unless the policy says otherwise. */
  readonly directory: string;
  /** Every reference of the policy, with its place. */
  readonly references: readonly PlacedReference[];
}

export interface PlacedReference {
  /** A reference, or a list of which the first that has a value is taken. */
  readonly reference: SecretRef;
  /** What it is for: `servers.files.env.API_KEY`. */
  readonly use: string;
  /** `sallyport.yaml:12`. */
  readonly at: string;
}

export interface Origin {
  readonly setting: string;
  readonly value: string;
  readonly at: string;
}

import type { Mode } from '@sallyport/core';
import type { Rbac } from '@sallyport/rbac';
import type { ServerEntry, StdioIdentity, ToolSchemas } from './policy-file.ts';
import type { Problem } from './problem.ts';

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
  readonly rbac: Rbac;
  readonly schema: {
    readonly arguments: 'strict' | 'schema' | 'off';
    readonly results: 'enforce' | 'audit' | 'off';
    readonly unknownTools: 'refuse' | 'pass';
    readonly tools: readonly ToolSchemas[];
  };
  readonly audit: {
    /** Absolute path. */
    readonly file: string | undefined;
    readonly stderr: boolean;
    readonly arguments: 'hash' | 'none';
  };
  readonly bounds: { readonly gateSeconds: number };
  /** Where each setting comes from, for `explain`: `schema.arguments`, `strict`, `sallyport.yaml:12` or `default`. */
  readonly origins: readonly Origin[];
  readonly warnings: readonly Problem[];
}

export interface Origin {
  readonly setting: string;
  readonly value: string;
  readonly at: string;
}

import type { AlertsSection } from './alerts-section.ts';
import type { AuditSection } from './audit-section.ts';
import type { RedactionSection } from './redaction-section.ts';
import type { ScanSection } from './scan-section.ts';

/** `sallyport.yaml` as it is written, once its shape has been checked against `schema.json`. */
export interface PolicyFile {
  readonly version: 1;
  readonly extends?: string;
  readonly mode?: 'enforce' | 'audit';
  readonly servers?: Readonly<Record<string, ServerEntry>>;
  readonly identity?: { readonly stdio?: StdioIdentity };
  readonly secrets?: SecretsSection;
  readonly authorization?: { readonly model?: string; readonly policy?: string; readonly rules?: string };
  readonly schema?: {
    readonly arguments?: 'strict' | 'schema' | 'off';
    readonly results?: 'enforce' | 'audit' | 'off';
    readonly unknownTools?: 'refuse' | 'pass';
    readonly tools?: readonly ToolSchemas[];
  };
  readonly redaction?: RedactionSection;
  readonly audit?: AuditSection;
  readonly alerts?: AlertsSection;
  readonly bounds?: { readonly gateSeconds?: number };
  readonly scan?: ScanSection;
}

/** A server that the gateway can start. */
export interface ServerEntry {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of sallyport: texts, and references to secrets. */
  readonly env?: Readonly<Record<string, SecretRef>>;
  /** Default: `keep`. */
  readonly onRotation?: 'keep' | 'restart';
  /** Default: `never`. */
  readonly restart?: 'never' | 'on-crash';
}

export interface StdioIdentity {
  /** A name, or `env:NAME`. */
  readonly subject: string;
  readonly roles?: readonly string[];
  readonly client?: string;
}

export interface ToolSchemas {
  readonly tool: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A reference to a secret, or several of which the first that has a value is taken. */
export type SecretRef = string | readonly string[];

interface SecretsSection {
  /** By scheme, or scheme and alias: `vault`, `vault+payments`. */
  readonly providers?: Readonly<Record<string, ProviderEntry>>;
  readonly names?: Readonly<Record<string, SecretRef>>;
  readonly freshSeconds?: number;
  readonly staleSeconds?: number;
  readonly timeoutSeconds?: number;
}

/** What the schema allows for one provider or another; which one it is, the key in `providers` says. */
export interface ProviderEntry {
  readonly address?: string;
  readonly namespace?: string;
  readonly ca?: string;
  readonly kv?: Readonly<Record<string, 1 | 2>>;
  readonly auth?: VaultAuthEntry;
  readonly dangerouslyAllowHttp?: boolean;
  readonly file?: string;
  readonly passphrase?: SecretRef;
  readonly region?: string;
  readonly endpoint?: string;
  readonly vaultUrl?: string;
  readonly project?: string;
}

export interface VaultAuthEntry {
  readonly method: 'token' | 'approle' | 'jwt' | 'kubernetes' | 'cert';
  readonly mount?: string;
  readonly token?: SecretRef;
  readonly wrapped?: boolean | string;
  readonly tokenFile?: string;
  readonly roleId?: SecretRef;
  readonly secretId?: SecretRef;
  readonly role?: string;
  readonly jwt?: SecretRef;
  readonly certificate?: string;
  readonly key?: SecretRef;
}

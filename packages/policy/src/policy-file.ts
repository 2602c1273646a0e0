/** `sallyport.yaml` as it is written, once its shape has been checked against `schema.json`. */
export interface PolicyFile {
  readonly version: 1;
  readonly extends?: string;
  readonly mode?: 'enforce' | 'audit';
  readonly servers?: Readonly<Record<string, ServerEntry>>;
  readonly identity?: { readonly stdio?: StdioIdentity };
  readonly authorization?: { readonly model?: string; readonly policy?: string; readonly rules?: string };
  readonly schema?: {
    readonly arguments?: 'strict' | 'schema' | 'off';
    readonly results?: 'enforce' | 'audit' | 'off';
    readonly unknownTools?: 'refuse' | 'pass';
    readonly tools?: readonly ToolSchemas[];
  };
  readonly audit?: {
    readonly file?: string;
    readonly stderr?: boolean;
    readonly arguments?: 'hash' | 'none';
  };
  readonly bounds?: { readonly gateSeconds?: number };
}

/** A server that the gateway can start. */
export interface ServerEntry {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of sallyport; `env:NAME` copies another variable. */
  readonly env?: Readonly<Record<string, string>>;
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

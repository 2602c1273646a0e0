import {
  type Call,
  compose,
  type Evidence,
  type Interceptor,
  type JsonObject,
  type Principal,
  RevealedSecrets,
  type Result,
} from '@sallyport/core';
import { LiveSecrets } from './live-secrets.ts';
import type { SecretsPlan } from './policy.ts';
import type { RedactionPlan } from './redaction-plan.ts';
import { TokenVaults } from './token-vaults.ts';

export interface RedactTextsOptions {
  readonly plan: RedactionPlan;
  /** Where keys come from. Default: nowhere, for a plan that needs none. */
  readonly secrets?: SecretsPlan | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
  readonly principal: Principal;
  /** Default: those that the principal came with. */
  readonly rolesOf?: ((principal: Principal) => readonly string[]) | undefined;
  readonly server: string;
  /** The tool that a text comes from or goes to. Default: none, so that entries about tools do not fit. */
  readonly tool?: string | undefined;
  readonly direction: 'arguments' | 'results';
}

/** What was rewritten in one text. */
export interface RewrittenText {
  readonly text: string;
  readonly counts: readonly { readonly entity: string; readonly operator: string; readonly count: number }[];
}

/** Texts that are no messages of MCP, rewritten as a policy rewrites those of a tool. */
export class RedactTexts {
  readonly #options: RedactTextsOptions;
  readonly #redaction: Interceptor;
  readonly #closed: () => Promise<void>;

  private constructor(options: RedactTextsOptions, redaction: Interceptor, closed: () => Promise<void>) {
    this.#options = options;
    this.#redaction = redaction;
    this.#closed = closed;
  }

  /**
   * Reads the keys and opens the vault.
   *
   * @throws TypeError for a plan that cannot work, SecretError for a key, TokenVaultError for the vault
   */
  static async open(options: RedactTextsOptions): Promise<RedactTexts> {
    const revealed = new RevealedSecrets();
    const { plan, env, log } = options;
    const secrets = new LiveSecrets(options.secrets ?? NO_SECRETS, {
      revealed,
      env,
      log,
      onEvent: () => undefined,
      onLogin: () => undefined,
    });
    const vaults = new TokenVaults((reference) => secrets.get(reference));
    const close = async (): Promise<void> => {
      await vaults.close();
      await secrets.close();
    };
    try {
      const { openRedaction } = await import('./open-redaction.ts');
      const redaction = await openRedaction(plan, {
        mode: 'enforce',
        revealed,
        rolesOf: options.rolesOf ?? (({ roles }) => roles),
        secret: (reference) => secrets.get(reference),
        vault: () => vaults.get(plan.tokens),
        schemaOf: () => undefined,
      });
      return new RedactTexts(options, redaction, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** @throws Refusal where the policy blocks what was found, or the text cannot be read */
  async rewrite(text: string): Promise<RewrittenText> {
    const { direction, principal, server, tool = '' } = this.#options;
    const entries: Evidence[] = [];
    const isGiven = direction === 'arguments';
    let reached: JsonObject = {};
    const last = ({ params }: Call): Promise<Result> => {
      reached = params;
      return Promise.resolve({ result: isGiven ? {} : { content: [{ type: 'text', text }] } });
    };
    const { result } = await compose(
      [this.#redaction],
      last,
    )({
      id: 'text',
      direction: 'inbound',
      kind: 'request',
      server,
      method: 'tools/call',
      params: { name: tool, arguments: isGiven ? { text } : {} },
      principal,
      trail: { entries, executed: undefined, add: (entry) => void entries.push(entry) },
      signal: new AbortController().signal,
    });
    const holder = isGiven
      ? (reached['arguments'] as JsonObject)
      : ((result?.['content'] as readonly JsonObject[] | undefined)?.[0] ?? {});
    return {
      text: String(holder['text']),
      counts: entries.flatMap((entry) =>
        entry.kind === 'redacted' && entry.direction === direction
          ? [{ entity: entry.entity, operator: entry.operator, count: entry.count }]
          : [],
      ),
    };
  }

  /** Makes the vault durable and lets go of it. */
  close(): Promise<void> {
    return this.#closed();
  }
}

const NO_SECRETS: SecretsPlan = {
  providers: new Map(),
  names: {},
  freshSeconds: 300,
  staleSeconds: 0,
  timeoutSeconds: 10,
  directory: '.',
  references: [],
};

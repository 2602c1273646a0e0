import type { Call, Mode, Principal, RevealedSecrets, Secret } from '@sallyport/core';
import type { Detector, KeyReader } from '@sallyport/detection';

import type { HandedOut } from './handed-out.ts';
import { matchNames, type NameMatcher } from './matcher.ts';
import type { RedactionRule } from './rule-table.ts';
import type { After } from './stream/notification-streams.ts';
import type { TokenVault } from './token-vault.ts';

/** Tools that receive values where the model sends their tokens. */
export interface RestoreRule {
  /** Names, or beginnings and `*`. */
  readonly tools: readonly string[];
  /** Names, or beginnings and `*`. Default: all. */
  readonly servers?: readonly string[];
  /** Only for principals with one of these roles. Default: all. */
  readonly roles?: readonly string[];
  /** Only tokens of these entities. Default: all. */
  readonly entities?: readonly string[];
}

export interface RedactOptions {
  /** What finds. It has to find every entity that a rule names. */
  readonly detector: Detector;
  /** What keys say of their values. Default: nothing, so that only words are looked at. */
  readonly keyReader?: KeyReader;
  /** What to do with findings: of the rules that fit, the first decides. Where none fits, a finding stays. */
  readonly rules: readonly RedactionRule[];
  /** Keeps what tokens stand for; needed for the operator `token` and for `restoreFor`. Default: none. */
  readonly vault?: TokenVault;
  /** Who receives values for tokens. Default: nobody. */
  readonly restoreFor?: readonly RestoreRule[];
  /** Key of `hash`, `shift` and `surrogate`, at least 16 bytes. Read once. Default: none. */
  readonly hmacKey?: Secret;
  /** The tenant of a call. Default: one for all. */
  readonly tenantOf?: (call: Call) => string;
  /** Whom the data of a call is about (a patient): dates are shifted by that, and a vault can forget it. Default: nobody. */
  readonly aboutOf?: (call: Call) => string | undefined;
  /** The roles of a principal, for rules that name some. Default: those that it came with. */
  readonly rolesOf?: (principal: Principal) => readonly string[];
  /** The `outputSchema` of a tool, so that `structuredContent` still satisfies it. Default: none is known. */
  readonly schemaOf?: (server: string, tool: string) => unknown;
  /** Secrets that were opened; any of them in a result becomes `[secret]`, whatever the rules say. Default: none. */
  readonly revealed?: RevealedSecrets;
  /** What tools were given for tokens so far, from the `redact` before this one. Default: nothing. */
  readonly handedOut?: HandedOut;
  /** Milliseconds since 1970, for ages. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Levels of a message, JSON and base64 in texts counted; what has more is refused. 1 to 512, default 128. */
  readonly maxDepth?: number;
  /** Values of a message; what has more is refused. Default 1,000,000. */
  readonly maxValues?: number;
  /** Bytes of base64 that are decoded in a message; what has more is refused. Default 16 MiB. */
  readonly maxDecodedBytes?: number;
  /** Tokens that one message makes or restores; what needs more is refused. Default 10,000. */
  readonly maxTokens?: number;
  /**
   * How long a progress, log or task notification may wait, in milliseconds, when its text ends in what may go on in the
   * next one of its stream. 0 to 1000; 0 holds nothing back. Default 100.
   */
  readonly holdMs?: number;
  /** How long the vault may take for one message; then the call is refused. 1 to 600,000 milliseconds, default 5000. */
  readonly vaultTimeoutMs?: number;
  /**
   * Does something after so many milliseconds, once, unless the function that it returns was called. Default:
   * `setTimeout`.
   */
  readonly after?: After;
  /** `audit` changes nothing, asks no vault, and records what it would have done. Default `enforce`. */
  readonly mode?: Mode;
}

export interface Limits {
  readonly maxDepth: number;
  readonly maxValues: number;
  readonly maxDecodedBytes: number;
  readonly maxTokens: number;
}

const KEYS: ReadonlySet<string> = new Set([
  'detector',
  'keyReader',
  'rules',
  'vault',
  'restoreFor',
  'hmacKey',
  'tenantOf',
  'aboutOf',
  'rolesOf',
  'handedOut',
  'schemaOf',
  'revealed',
  'clock',
  'maxDepth',
  'maxValues',
  'maxDecodedBytes',
  'maxTokens',
  'holdMs',
  'vaultTimeoutMs',
  'after',
  'mode',
]);
/** Deeper, and the stack of a small thread could end before the message does. */
const DEEPEST = 512;
/** Far below the time that a gate gives its layers. */
const MOST_HOLD_MS = 1_000;
const MOST_VAULT_MS = 600_000;

/** @throws TypeError for options that cannot work, with what to write instead */
export function checkOptions(options: RedactOptions): void {
  for (const key of Object.keys(options)) {
    if (!KEYS.has(key))
      throw new TypeError(`redact knows no option "${key}"; write ${[...KEYS].join(', ')}.`);
  }
  if (typeof options.detector?.scan !== 'function') {
    throw new TypeError('detector is missing; pass createDetector() of @sallyport/detection.');
  }
  if (!Array.isArray(options.rules)) throw new TypeError('rules has to be a list; [] rewrites nothing.');
  if (options.mode !== undefined && options.mode !== 'enforce' && options.mode !== 'audit') {
    throw new TypeError('mode has to be enforce or audit.');
  }
  if ((options.restoreFor?.length ?? 0) > 0 && options.vault === undefined) {
    throw new TypeError('restoreFor needs a vault; pass one as options.vault.');
  }
}

/** @throws TypeError for a limit that is none */
export function readLimits(options: RedactOptions): Limits {
  const limits: Limits = {
    maxDepth: options.maxDepth ?? 128,
    maxValues: options.maxValues ?? 1_000_000,
    maxDecodedBytes: options.maxDecodedBytes ?? 16 * 1024 * 1024,
    maxTokens: options.maxTokens ?? 10_000,
  };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`${name} has to be a whole number from 1.`);
  }
  if (limits.maxDepth > DEEPEST) throw new TypeError(`maxDepth has to be at most ${DEEPEST}.`);
  return limits;
}

export interface Waits {
  readonly holdMs: number;
  readonly vaultTimeoutMs: number;
  readonly after: After;
}

const SYSTEM_AFTER: After = (ms, action) => {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
};

/** @throws TypeError for a time that is none */
export function readWaits({
  holdMs = 100,
  vaultTimeoutMs = 5_000,
  after = SYSTEM_AFTER,
}: RedactOptions): Waits {
  if (!Number.isInteger(holdMs) || holdMs < 0 || holdMs > MOST_HOLD_MS) {
    throw new TypeError(`holdMs has to be a whole number from 0 to ${MOST_HOLD_MS}; 0 holds nothing back.`);
  }
  if (!Number.isInteger(vaultTimeoutMs) || vaultTimeoutMs < 1 || vaultTimeoutMs > MOST_VAULT_MS) {
    throw new TypeError(`vaultTimeoutMs has to be a whole number from 1 to ${MOST_VAULT_MS}.`);
  }
  if (typeof after !== 'function')
    throw new TypeError('after has to be a function, such as (ms, action) => stop.');
  return { holdMs, vaultTimeoutMs, after };
}

export interface CompiledRestoreRule {
  readonly tools: NameMatcher;
  readonly servers: NameMatcher | undefined;
  readonly roles: ReadonlySet<string> | undefined;
  readonly entities: ReadonlySet<string> | undefined;
}

/** @throws TypeError for a rule that is not usable */
export function compileRestoreRules(rules: readonly RestoreRule[]): readonly CompiledRestoreRule[] {
  const known = new Set(['tools', 'servers', 'roles', 'entities']);
  return rules.map((rule, index) => {
    const at = `restoreFor[${index}]`;
    for (const key of Object.keys(rule)) {
      if (!known.has(key)) throw new TypeError(`${at} knows no "${key}"; write ${[...known].join(', ')}.`);
    }
    if (!Array.isArray(rule.tools))
      throw new TypeError(`${at}.tools has to be a list of names, or of beginnings and *.`);
    return {
      tools: matchNames(rule.tools, `${at}.tools`),
      servers: rule.servers === undefined ? undefined : matchNames(rule.servers, `${at}.servers`),
      roles: rule.roles === undefined ? undefined : new Set(rule.roles),
      entities: rule.entities === undefined ? undefined : new Set(rule.entities),
    };
  });
}

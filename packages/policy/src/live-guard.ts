import { unwatchFile, watchFile } from 'node:fs';
import { allSinks, FileSink, Recorder, type Sink, StderrSink } from '@sallyport/audit';
import {
  composeGuard,
  type Guard,
  type Interceptor,
  type Next,
  type Principal,
  type Refusal,
  type Report,
  RevealedSecrets,
  uuidv7,
} from '@sallyport/core';
import type { HandedOut } from '@sallyport/redaction';
import { shapeChecker } from './check-shape.ts';
import { identifier, stdioPrincipal } from './identify.ts';
import { LateRedaction } from './late-redaction.ts';
import { LiveSecrets } from './live-secrets.ts';
import { isUnchanged, loadPolicy, type LoadOptions } from './load-policy.ts';
import type { SecretEvent } from '@sallyport/secrets';
import { pipeline } from './pipeline.ts';
import type { Policy } from './policy.ts';
import { PolicyError } from './problem.ts';
import { TokenVaults } from './token-vaults.ts';

export interface LiveGuardOptions extends LoadOptions {
  /** The policy file. */
  readonly path: string;
  /** The name by which the policy knows the guarded server. Default: `default`. */
  readonly server?: string | undefined;
  /** Says who is behind a message. Default: the verified token over HTTP, `identity.stdio` elsewhere. */
  readonly identify?: ((extra: unknown) => Principal) | undefined;
  /** Layers of the host's own, between audit and rbac: they see recorded calls, and what they change is decided on. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Where records go, instead of where the policy says. */
  readonly sink?: Sink | undefined;
  /** Told what an operator should know; text without values. Default: nobody is. */
  readonly log?: ((line: string) => void) | undefined;
  /** Where revealed secrets are remembered, so that no record and no log shows one. Default: a place of its own. */
  readonly revealed?: RevealedSecrets | undefined;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The policy file is looked at this often; polling sees what editors, container mounts and network disks do. */
const LOOK_MS = 1000;
/** A policy is put in force when its files have not changed for this long. */
const SETTLE_MS = 200;

/**
 * A guard whose policy can be exchanged while calls are in flight. A reload builds the new pipeline aside and swaps one
 * reference: calls finish on the pipeline they began with. A reload that fails keeps the old one, and is recorded.
 */
export class LiveGuard implements Guard {
  readonly server: string;
  readonly newId: () => string = uuidv7;
  /** Credentials, from where the policy says that they are. */
  readonly secrets: LiveSecrets;
  /** Every secret that somebody asked for. */
  readonly revealed: RevealedSecrets;
  readonly #options: LiveGuardOptions;
  readonly #log: (line: string) => void;
  readonly #sinks = new Map<string, Sink>();
  #handedOut: HandedOut | undefined;
  readonly #vaults = new TokenVaults((reference) => this.secrets.get(reference));
  #current: Current;
  #reloading: Promise<boolean> | undefined;
  #again = false;
  readonly #reported = new Map<string, number>();
  /** References that had a value. */
  readonly #known = new Set<string>();
  /** References whose having no value was recorded. */
  readonly #missed = new Set<string>();
  #watched: readonly string[] = [];

  private constructor(options: LiveGuardOptions, first: Policy) {
    this.#options = options;
    const { log = () => undefined } = options;
    this.revealed = options.revealed ?? new RevealedSecrets();
    this.#log = (line) => log(this.revealed.conceal(line));
    this.server = options.server ?? 'default';
    this.secrets = new LiveSecrets(first.secrets, {
      revealed: this.revealed,
      env: options.env ?? process.env,
      onEvent: (event) => this.#secretEvent(event),
      onLogin: (event, detail) => this.#event(event, detail),
      log: this.#log,
    });
    this.#current = this.#build(first);
    if (first.servers.size > 0 && !first.servers.has(this.server)) {
      const names = [...first.servers.keys()].join(', ');
      this.#log(
        `this guard is for the server "${this.server}", and the policy names ${names}; say which with \`server\``,
      );
    }
    this.#event('start');
  }

  /** @throws PolicyError with every problem of the policy; Error when a record could not be kept */
  static async start(options: LiveGuardOptions): Promise<LiveGuard> {
    const withChecker = { ...options, checkShape: options.checkShape ?? shapeChecker() };
    return new LiveGuard(withChecker, await loadPolicy(options.path, withChecker));
  }

  get policy(): Policy {
    return this.#current.policy;
  }

  get pipeline(): Next {
    return this.#current.guard.pipeline;
  }

  get gateTimeoutMs(): number {
    return this.#current.guard.gateTimeoutMs;
  }

  identify(extra: unknown): Principal {
    return this.#current.guard.identify(extra);
  }

  /** Recorded and logged at the 1st, 2nd, 4th, 8th, ... of a kind, so that noise can fill neither record nor log. */
  report(refusal: Refusal, { direction }: Report): void {
    const { code } = refusal;
    const key = `${direction} ${code}`;
    const count = (this.#reported.get(key) ?? 0) + 1;
    this.#reported.set(key, count);
    if ((count & (count - 1)) !== 0) return;
    this.#event('message_refused', { direction, code, reason: refusal.message, count });
    const why = refusal.detail === undefined ? '' : `: ${refusal.detail}`;
    this.#log(`${direction} ${code}${why} (${count} so far)`);
  }

  /** Reads the policy again. Resolves with whether it is in force now; never rejects. */
  reload(): Promise<boolean> {
    if (this.#reloading !== undefined) {
      // The file may have changed after the running reload had read it.
      this.#again = true;
      return this.#reloading;
    }
    this.#reloading = this.#reloadUntilSettled().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  /** Reloads whenever one of the policy's files changes, until `close`. */
  watch(): void {
    const { files } = this.#current.policy;
    for (const file of this.#watched) if (!files.includes(file)) unwatchFile(file, this.#onChange);
    for (const file of files) {
      if (!this.#watched.includes(file))
        watchFile(file, { interval: LOOK_MS, persistent: false }, this.#onChange);
    }
    this.#watched = files;
  }

  /** Stops watching, and makes all records durable. */
  async close(): Promise<void> {
    for (const file of this.#watched) unwatchFile(file, this.#onChange);
    this.#watched = [];
    await this.#vaults.close();
    await this.secrets.close();
    this.#event('stop');
    await Promise.all([...this.#sinks.values()].map((sink) => sink.close()));
  }

  readonly #onChange = (): void => void this.reload();

  async #reloadUntilSettled(): Promise<boolean> {
    let inForce: boolean;
    do {
      this.#again = false;
      inForce = await this.#reloadOnce();
    } while (this.#again);
    return inForce;
  }

  async #reloadOnce(): Promise<boolean> {
    const old = this.#current;
    try {
      const policy = await loadPolicy(this.#options.path, this.#options);
      if (policy.digest === old.policy.digest) return true;
      // A file that is cut short by a writer at work may be a valid policy without its last rules.
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      if (!(await isUnchanged(policy))) {
        this.#again = true;
        return false;
      }
      this.#current = this.#build(policy);
      this.secrets.follow(policy.secrets);
      this.#event('policy_reloaded', { from: old.policy.digest });
      this.#log(`policy reloaded from ${this.#options.path}`);
      if (this.#watched.length > 0) this.watch();
      return true;
    } catch (error) {
      const problems = error instanceof PolicyError ? error.problems.length : 1;
      this.#event('policy_reload_failed', { problems });
      this.#log(`policy not reloaded, the old one stays in force:\n${(error as Error).message}`);
      return false;
    }
  }

  #build(policy: Policy): Current {
    const recorder = new Recorder({
      sink: this.#sinkOf(policy),
      revealed: this.revealed,
      onFailure: (error) => this.#log(error.message),
    });
    const stdio = stdioPrincipal(policy.identity.stdio, this.#options.env ?? process.env);
    const guard = composeGuard({
      server: this.server,
      interceptors: pipeline({
        policy,
        recorder,
        interceptors: this.#options.interceptors,
        redaction: (schemaOf) => this.#redaction(policy, schemaOf),
      }),
      identify: this.#options.identify ?? identifier(stdio),
      gateTimeoutMs: policy.bounds.gateSeconds * 1000,
    });
    return { policy, recorder, guard };
  }

  /** What finds and rewrites is loaded in the meantime: a gateway has answered its first messages before it is needed. */
  #redaction(policy: Policy, schemaOf: (server: string, tool: string) => unknown): LateRedaction {
    const { redaction: plan, mode } = policy;
    return new LateRedaction({
      mode,
      log: this.#log,
      open: async () => {
        if (plan === undefined) throw new TypeError('The policy has no redaction.');
        const [{ openRedaction }, { HandedOut: Handed }] = await Promise.all([
          import('./open-redaction.ts'),
          import('@sallyport/redaction'),
        ]);
        this.#handedOut ??= new Handed();
        return openRedaction(plan, {
          mode,
          handedOut: this.#handedOut,
          schemaOf,
          rolesOf: (principal) => policy.rbac.rolesOf(principal),
          revealed: this.revealed,
          secret: (reference) => this.secrets.get(reference),
          vault: () => this.#vaults.get(plan.tokens),
        });
      },
    });
  }

  #secretEvent(event: SecretEvent): void {
    const { reference } = event;
    switch (event.type) {
      case 'resolved':
        this.#known.add(reference);
        this.#event('secret_resolved', {
          reference,
          ...(event.version !== undefined && { version: event.version }),
        });
        break;
      case 'rotated':
        this.#event('secret_rotated', {
          reference,
          ...(event.version !== undefined && { version: event.version }),
        });
        this.#log(`${reference} has a new value`);
        break;
      case 'failed':
        // In a list it is ordinary that a reference has no value: that is recorded once. That it has none any more is not.
        if (event.code === 'not_found' && !this.#known.delete(reference)) {
          if (!this.#missed.has(reference)) this.#event('secret_failed', { reference, code: event.code });
          this.#missed.add(reference);
          break;
        }
        this.#event('secret_failed', { reference, code: event.code });
        this.#log(`${reference} cannot be read: ${event.code}`);
        break;
      case 'stale_served':
        this.#event('secret_stale', { reference });
        this.#log(`${reference} cannot be read, and its last value is used for now`);
        break;
      case 'recovered':
        this.#event('secret_recovered', { reference, outageMs: event.outageMs });
        this.#log(`${reference} can be read again`);
        break;
    }
  }

  /** Sinks live as long as the guard: calls in flight may still write to one that a new policy no longer names. */
  #sinkOf({ audit }: Policy): Sink {
    if (this.#options.sink !== undefined) return this.#options.sink;
    const sinks: Sink[] = [];
    if (audit.file !== undefined) {
      const { file } = audit;
      sinks.push(this.#keep(`file ${file}`, () => new FileSink(file)));
    }
    if (audit.stderr || sinks.length === 0) sinks.push(this.#keep('stderr', () => new StderrSink()));
    return allSinks(sinks as [Sink, ...Sink[]]);
  }

  #keep(key: string, open: () => Sink): Sink {
    const known = this.#sinks.get(key);
    if (known !== undefined) return known;
    const sink = open();
    this.#sinks.set(key, sink);
    return sink;
  }

  #event(event: Parameters<Recorder['event']>[0]['event'], detail?: Record<string, string | number>): void {
    const { recorder, policy } = this.#current;
    recorder.event({ event, server: this.server, policy: policy.digest, ...(detail && { detail }) });
  }
}

interface Current {
  readonly policy: Policy;
  readonly recorder: Recorder;
  readonly guard: Guard;
}

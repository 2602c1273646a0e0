import { unwatchFile, watchFile } from 'node:fs';
import {
  allSinks,
  type EventRecord,
  FileSink,
  type PersonalOptions,
  Recorder,
  type Sink,
  StderrSink,
  type SubjectKeys,
} from '@sallyport/audit/recording';
import {
  composeGuard,
  type Guard,
  type Interceptor,
  type LogEntry,
  type Next,
  type Principal,
  type Refusal,
  type Report,
  RevealedSecrets,
  uuidv7,
} from '@sallyport/core';
import type { HandedOut } from '@sallyport/redaction';
import type { AuditTrail } from './audit-trail.ts';
import { shapeChecker } from './check-shape.ts';
import { identifier, stdioPrincipal } from './identify.ts';
import { LateRedaction } from './late-redaction.ts';
import type { LiveAlerts } from './live-alerts.ts';
import { LiveSecrets } from './live-secrets.ts';
import { isUnchanged, loadPolicy, type LoadOptions } from './load-policy.ts';
import type { SecretEvent } from '@sallyport/secrets';
import { personOf } from './person-of.ts';
import { pipeline } from './pipeline.ts';
import type { SecretRef } from './policy-file.ts';
import type { Policy } from './policy.ts';
import { PolicyError } from './problem.ts';
import { toldOfSecret } from './secret-events.ts';
import { shownSink } from './shown-sink.ts';
import { Tally } from './tally.ts';
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
  /** Told what an operator should know, without values. Default: nobody is. */
  readonly log?: ((entry: LogEntry) => void) | undefined;
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
  readonly #log: (entry: LogEntry) => void;
  readonly #sinks = new Map<string, Sink>();
  #handedOut: HandedOut | undefined;
  readonly #vaults = new TokenVaults((reference) => this.secrets.get(reference));
  readonly #trails = new Map<string, AuditTrail>();
  readonly #people = new Map<string, { readonly key: SecretRef; readonly keys: SubjectKeys }>();
  /** What happened before there was a place to record it. */
  readonly #early: (readonly [EventName, EventDetail | undefined])[] = [];
  #current: Current | undefined;
  #alerts: LiveAlerts | undefined;
  #exchanging: Promise<void> = Promise.resolve();
  #reloading: Promise<boolean> | undefined;
  #again = false;
  readonly #reported = new Tally();
  /** References that had a value. */
  readonly #known = new Set<string>();
  /** References whose having no value was recorded. */
  readonly #missed = new Set<string>();
  #watched: readonly string[] = [];

  private constructor(options: LiveGuardOptions, first: Policy) {
    this.#options = options;
    const { log = () => undefined } = options;
    this.revealed = options.revealed ?? new RevealedSecrets();
    this.#log = (entry) => log({ ...entry, message: this.revealed.conceal(entry.message) });
    this.server = options.server ?? 'default';
    this.secrets = new LiveSecrets(first.secrets, {
      revealed: this.revealed,
      env: options.env ?? process.env,
      onEvent: (event) => this.#secretEvent(event),
      onLogin: (event, detail) => this.#event(event, detail),
      log: (message) => this.#log({ level: 'warn', event: 'secret_warning', message }),
    });
    if (first.servers.size > 0 && !first.servers.has(this.server)) {
      const names = [...first.servers.keys()].join(', ');
      const message = `this guard is for the server "${this.server}", and the policy names ${names}; say which with \`server\``;
      this.#log({ level: 'warn', event: 'server_unknown', message });
    }
  }

  /** @throws PolicyError with every problem of the policy; Error when a record could not be kept */
  static async start(options: LiveGuardOptions): Promise<LiveGuard> {
    const withChecker = { ...options, checkShape: options.checkShape ?? shapeChecker() };
    const policy = await loadPolicy(options.path, withChecker);
    const guard = new LiveGuard(withChecker, policy);
    try {
      await guard.#putInForce(policy);
    } catch (error) {
      await guard.#letGo();
      throw error;
    }
    guard.#event('start');
    return guard;
  }

  get policy(): Policy {
    return this.#inForce.policy;
  }

  get pipeline(): Next {
    return this.#inForce.guard.pipeline;
  }

  get gateTimeoutMs(): number {
    return this.#inForce.guard.gateTimeoutMs;
  }

  identify(extra: unknown): Principal {
    return this.#inForce.guard.identify(extra);
  }

  get #inForce(): Current {
    if (this.#current === undefined) throw new Error('The guard has not begun.');
    return this.#current;
  }

  /** Recorded and logged at the 1st, 2nd, 4th, 8th, ... of a kind, so that noise can fill neither record nor log. */
  report(refusal: Refusal, { direction }: Report): void {
    const { code } = refusal;
    const count = this.#reported.count(`${direction} ${code}`);
    if (count === undefined) return;
    this.#event('message_refused', { direction, code, reason: refusal.message, count });
    const why = refusal.detail === undefined ? '' : `: ${refusal.detail}`;
    const message = `${direction} ${code}${why} (${count} so far)`;
    this.#log({ level: 'warn', event: 'message_refused', message, detail: { direction, code, count } });
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
    const { files } = this.policy;
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
    // A watch that begins only now still needs its credentials.
    await this.#exchanging;
    await Promise.all([...this.#trails.values()].map((trail) => trail.settle()));
    await this.#alerts?.settle();
    await this.secrets.close();
    // What it tells is recorded, and so before the record ends.
    await this.#alerts?.close();
    this.#event('stop');
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    await this.secrets.close();
    const open = [
      ...this.#sinks.values(),
      ...this.#trails.values(),
      ...[...this.#people.values()].map(({ keys }) => keys),
    ];
    const closed = await Promise.allSettled(open.map((one) => one.close()));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
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
    const old = this.#inForce;
    try {
      // Here nobody waits: a rule of alerts that cannot be used keeps the old policy.
      const policy = await loadPolicy(this.#options.path, { ...this.#options, compileRules: true });
      if (policy.digest === old.policy.digest) return true;
      // A file that is cut short by a writer at work may be a valid policy without its last rules.
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      if (!(await isUnchanged(policy))) {
        this.#again = true;
        return false;
      }
      await this.#exchange(old.policy, policy);
      this.#event('policy_reloaded', { from: old.policy.digest });
      const message = `policy reloaded from ${this.#options.path}`;
      this.#log({ level: 'info', event: 'policy_reloaded', message });
      if (this.#watched.length > 0) this.watch();
      return true;
    } catch (error) {
      const problems = error instanceof PolicyError ? error.problems.length : 1;
      this.#event('policy_reload_failed', { problems });
      const message = `policy not reloaded, the old one stays in force:\n${(error as Error).message}`;
      this.#log({ level: 'error', event: 'policy_reload_failed', message, detail: { problems } });
      return false;
    }
  }

  async #exchange(old: Policy, policy: Policy): Promise<void> {
    // The key of a new journal is where the new policy says.
    this.secrets.follow(policy.secrets);
    try {
      await this.#putInForce(policy);
    } catch (error) {
      this.secrets.follow(old.secrets);
      throw error;
    }
  }

  /** @throws when its records have no place: then what was in force stays so */
  async #putInForce(policy: Policy): Promise<void> {
    const trail = await this.#trailOf(policy);
    const personal = await this.#personalOf(policy);
    const alerts = await this.#alertsOf(policy, trail);
    try {
      if (this.#alerts !== undefined) await alerts?.carryOver(this.#alerts);
      this.#current = this.#build(policy, {
        sink: shownTo(alerts, this.#sinkOf(policy, trail)),
        personal,
        alerts,
      });
    } catch (error) {
      await alerts?.close();
      throw error;
    }
    for (const [event, detail] of this.#early.splice(0)) this.#event(event, detail);
    // Also those of before: what was written there has to arrive, too.
    for (const each of this.#trails.values()) each.follow(policy.audit.sinks);
    const former = this.#alerts;
    if (alerts === undefined) former?.tellLifted();
    this.#alerts = alerts;
    // One watch ends before the next one begins, which goes on with what it learned. Only the end waits for that.
    this.#exchanging = this.#exchanging
      .then(() => former?.close())
      .catch(() => undefined)
      .then(() => alerts?.begin());
  }

  #build(
    policy: Policy,
    {
      sink,
      personal,
      alerts,
    }: {
      readonly sink: Sink;
      readonly personal: PersonalOptions | undefined;
      readonly alerts: LiveAlerts | undefined;
    },
  ): Current {
    const recorder = new Recorder({
      sink,
      revealed: this.revealed,
      onFailure: ({ message }) => {
        // In an outage every call fails to be recorded.
        const count = this.#reported.count(`record ${message}`);
        if (count === undefined) return;
        const text = count === 1 ? message : `${message} (${count} so far)`;
        this.#log({ level: 'error', event: 'record_failed', message: text, detail: { count } });
      },
    });
    const stdio = stdioPrincipal(policy.identity.stdio, this.#options.env ?? process.env);
    const guard = composeGuard({
      server: this.server,
      interceptors: pipeline({
        policy,
        recorder,
        personal,
        interceptors: this.#options.interceptors,
        redaction: (schemaOf) => this.#redaction(policy, schemaOf),
        quarantine: alerts?.layer({
          mode: policy.mode,
          subjectAs: personal && (({ subject }) => personal.keys.pseudonymOf(subject)),
        }),
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
      log: (message) => this.#log({ level: 'error', event: 'redaction_not_ready', message }),
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
    // In a list it is ordinary that a reference has no value: that is recorded once. That it has none any more is not.
    const isMissing = event.type === 'failed' && event.code === 'not_found' && !this.#known.delete(reference);
    if (isMissing && this.#missed.has(reference)) return;
    if (isMissing) this.#missed.add(reference);
    if (event.type === 'resolved') this.#known.add(reference);
    const { record, detail, level, message } = toldOfSecret(event);
    this.#event(record, detail);
    if (level !== undefined && !isMissing) this.#log({ level, event: record, message, detail });
  }

  /** A journal stays open as long as the guard, with what the policy said when it was opened: it has one writer. */
  async #trailOf(policy: Policy): Promise<AuditTrail | undefined> {
    const { journal } = policy.audit;
    if (journal === undefined || this.#options.sink !== undefined) return undefined;
    const known = this.#trails.get(journal.folder);
    if (known !== undefined) {
      if (JSON.stringify(known.plan) !== JSON.stringify(journal)) {
        const message =
          'what changed in audit.journal holds from the next start; its folder is written as before';
        this.#log({ level: 'warn', event: 'journal_unchanged', message });
      }
      return known;
    }
    const { AuditTrail: Trail } = await import('./audit-trail.ts');
    const trail = await Trail.open(journal, {
      server: this.server,
      secret: (reference) => this.secrets.get(reference),
      watch: (reference, listener) => this.secrets.watch(reference, listener),
      record: (event, detail) => this.#event(event, detail),
      log: this.#log,
      about: () => ({ server: this.server, policy: this.#current?.policy.digest ?? policy.digest }),
    });
    this.#trails.set(journal.folder, trail);
    return trail;
  }

  /** What is restricted is known before anything runs. */
  async #alertsOf(
    { alerts: plan, audit }: Policy,
    trail: AuditTrail | undefined,
  ): Promise<LiveAlerts | undefined> {
    if (plan === undefined) return undefined;
    const { LiveAlerts: Alerts } = await import('./live-alerts.ts');
    return Alerts.open(plan, {
      journals: trail?.plan.folder,
      namesSubjects: audit.personal === undefined,
      secret: (reference) => this.secrets.get(reference),
      watch: (reference, listener) => this.secrets.watch(reference, listener),
      record: (event, detail) => this.#event(event, detail),
      log: this.#log,
    });
  }

  /** The keys of people are open as long as the guard, by their file. */
  async #personalOf({ audit, redaction }: Policy): Promise<PersonalOptions | undefined> {
    const { personal } = audit;
    if (personal === undefined) return undefined;
    const { file, key } = personal;
    const about = redaction?.about ?? [];
    const known = this.#people.get(file);
    if (known !== undefined && JSON.stringify(known.key) !== JSON.stringify(key))
      throw new Error(
        'audit.personal: the keys of people are sealed with the key that was named when this process began; restart it',
      );
    let keys = known?.keys;
    if (keys === undefined) {
      const { openPeople } = await import('./open-people.ts');
      keys = await openPeople(file, (reference) => this.secrets.get(reference), key);
      this.#people.set(file, { key, keys });
    }
    return { keys, ...(about.length > 0 && { about: (call) => personOf(call, about) }) };
  }

  /** Sinks live as long as the guard: calls in flight may still write to one that a new policy no longer names. */
  #sinkOf({ audit }: Policy, trail: AuditTrail | undefined): Sink {
    if (this.#options.sink !== undefined) return this.#options.sink;
    const sinks: Sink[] = trail === undefined ? [] : [trail.sink];
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

  #event(event: EventName, detail?: EventDetail): void {
    if (this.#current === undefined) {
      this.#early.push([event, detail]);
      return;
    }
    const { recorder, policy } = this.#current;
    recorder.event({ event, server: this.server, policy: policy.digest, ...(detail && { detail }) });
  }
}

function shownTo(alerts: LiveAlerts | undefined, sink: Sink): Sink {
  return alerts?.isShown === true ? shownSink(sink, (record) => alerts.show(record)) : sink;
}

type EventName = EventRecord['event'];
type EventDetail = NonNullable<EventRecord['detail']>;

interface Current {
  readonly policy: Policy;
  readonly recorder: Recorder;
  readonly guard: Guard;
}

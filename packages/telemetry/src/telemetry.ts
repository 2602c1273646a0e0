import { Connections } from './connections.ts';
import { KnownNames } from './known-names.ts';
import { Meters } from './meters.ts';
import { Operations } from './operations.ts';
import { type BoundSdk, RegisteredSdk } from './registered-sdk.ts';
import { type Session, type SessionAbout, startSession } from './session.ts';
import type { TelemetryEvents } from './telemetry-event.ts';
import type { TelemetrySources } from './telemetry-sources.ts';
import { type OnTrouble, Trouble } from './trouble.ts';

export interface TelemetryOptions {
  /** Version of the instrumentation scope. Default: none is said. */
  readonly version?: string | undefined;
  /** Told once that the SDK throws. Default: nobody is. */
  readonly onTrouble?: OnTrouble | undefined;
  /** Milliseconds, monotonic. Default: `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** What the layers of this package share. */
export interface TelemetryParts {
  readonly now: () => number;
  readonly trouble: Trouble;
  readonly meters: Meters;
  readonly tools: KnownNames;
  readonly prompts: KnownNames;
  readonly connections: Connections;
  readonly operations: Operations;
  /** Undefined while the host has registered none. */
  sdk(): BoundSdk | undefined;
}

/**
 * Spans and metrics of one guard, through whatever OpenTelemetry SDK the host has registered, or registers later. It outlives
 * reloads of the policy: pipelines come and go, names and counts stay. Nothing in it throws, and nothing waits.
 */
export class Telemetry {
  /** For the layers of this package. */
  readonly parts: TelemetryParts;
  /** Takes what happens beside the calls. */
  readonly tell: TelemetryEvents = (event) => {
    // While no calls come, this is how an SDK that was registered late is found.
    this.parts.sdk();
    this.parts.trouble.keep(() => this.parts.meters.tell(event));
  };

  constructor(options: TelemetryOptions = {}) {
    const { version, onTrouble, now = () => performance.now() } = options;
    const trouble = new Trouble(onTrouble);
    const meters = new Meters(trouble);
    const registered = new RegisteredSdk(meters, trouble, version);
    const known = { tools: new KnownNames(), prompts: new KnownNames(), connections: new Connections() };
    this.parts = {
      now,
      trouble,
      meters,
      ...known,
      operations: new Operations(known),
      sdk: () => registered.current(),
    };
  }

  /**
   * Reads `sources` each time metrics are collected.
   *
   * @returns takes them away again
   */
  observe(sources: TelemetrySources): () => void {
    // So that they are read before the first call comes.
    this.parts.sdk();
    return this.parts.meters.observe(sources);
  }

  /**
   * Takes names of tools that did not pass in a list: of a guard that asked the server itself, or of a policy. Tools that
   * are not known count as `_other`.
   */
  learnTools(server: string, names: Iterable<string>): void {
    this.parts.tools.learn(server, names);
  }

  /** Begins to measure a session; for whoever knows when one begins and ends. */
  openSession(about: SessionAbout): Session {
    return startSession(about, this.parts);
  }
}

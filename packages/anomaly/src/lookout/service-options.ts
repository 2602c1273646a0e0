import type { AlertFacts, JournalFs } from '@sallyport/audit';
import type { Notice } from '../triage/notice.ts';
import type { FeedProblem } from './feed-problem.ts';
import type { Lookout } from './lookout.ts';
import type { LookoutClock } from './lookout-clock.ts';
import type { RaisedAlert, RestrictingResponse } from './raised-alert.ts';
import type { RecordStream } from './record-stream.ts';

/** What goes wrong while it watches; it goes on. Codes are those of the system. */
export type LookoutTrouble =
  | { readonly type: 'unread'; readonly problem: FeedProblem }
  /** The journals, the lock or the state cannot be read or written now; it is tried again. */
  | {
      readonly type: 'failed';
      readonly what: 'journals' | 'lock' | 'state' | 'history';
      readonly code: string;
    }
  /** What was learned is lost, and learned again from the journals. `file`: what was saved is there, to be looked at. */
  | { readonly type: 'state_damaged'; readonly file: string; readonly why: string }
  /**
   * A callback threw; notices are given again until they are taken. `isFinal`: it is not tried again. There are as many
   * restrictions as there may be (`full`), or more of one rule than somebody causes who does not make up names (`too_many`).
   */
  | {
      readonly type: 'refused';
      readonly what: 'alert' | 'notice' | 'restriction';
      readonly code: string;
      readonly isFinal?: true;
    }
  /** Somebody removed the lock; whoever takes it next goes on. */
  | { readonly type: 'lock_lost' };

export interface LookoutServiceOptions {
  /** The journals, see `FeedOptions`; or `stream`. */
  readonly journals?: string;
  /** The records of this process, where no journal keeps them: each process with the folder watches its own. */
  readonly stream?: RecordStream;
  /**
   * Where it keeps its state, lock and history; made when it is not there. Of those that share it and watch journals one
   * watches at a time; with a stream each one has a place of its own in it, see `onPlace`.
   */
  readonly folder: string;
  /** Makes a lookout that has not seen anything. */
  readonly lookout: (tellSince: number) => Lookout;
  /** Told of each alert once, also of those that nobody is to hear of; awaited. */
  readonly onAlert?: (raised: RaisedAlert) => unknown;
  /**
   * Takes a notice, durably: what it took may be given again after a crash, under the same id. While it throws, nothing is
   * saved, and it is asked again.
   */
  readonly put?: (notice: Notice) => unknown;
  /**
   * Restricts what an alert is about, that is not older than `respondMs`; awaited, and asked about several alerts at once.
   * After a crash it may be asked again about the same alert, and while it throws it is, unless the error has the code `full`.
   * Nothing else waits for one that it refused.
   */
  readonly restrict?: (response: RestrictingResponse, alert: AlertFacts) => unknown;
  readonly onTrouble?: (trouble: LookoutTrouble) => void;
  /** Told whenever that changes. */
  readonly onState?: (state: LookoutServiceState) => void;
  /**
   * Told each time, before it is `watching`, which folder nobody else uses as long as it is: the folder, or with a stream
   * `stream-<n>` in it. Outboxes belong there, which have one writer.
   */
  readonly onPlace?: (place: string) => void;
  /** Passes over what the journals hold when it begins for the first time. Default: false. */
  readonly fromNow?: boolean;
  /** Ends when everything was read. Default: false. */
  readonly once?: boolean;
  /** On the first start, alerts so much older than that are not told, in milliseconds. Default: 15 minutes. */
  readonly tellSinceMs?: number;
  /** An alert so old restricts nobody any more, in milliseconds. Default: 15 minutes. */
  readonly respondMs?: number;
  /** How often it is saved, in milliseconds. Default: 30,000. */
  readonly saveMs?: number;
  /** Default: 250. */
  readonly pollMs?: number;
  /** Others have the event loop after so many milliseconds. Default: 3. */
  readonly sliceMs?: number;
  /** How long `stop` waits for what is being done, in milliseconds. Default: 10,000. */
  readonly stopMs?: number;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
  readonly clock?: LookoutClock;
}

/** `standby`: another process watches. */
export type LookoutServiceState = 'starting' | 'standby' | 'watching' | 'stopped';

export interface LookoutStatus {
  readonly state: LookoutServiceState;
  readonly records: number;
  readonly alerts: number;
  readonly journals: number;
  /** Whether everything was read, as far as it is known. */
  readonly caughtUp: boolean;
  /** Alerts of which something could not be handed on yet. */
  readonly pending: number;
}

import { ACCEPTED, type Outcome, type Receiver, ReceiverError, type ShippedRecord } from './receiver.ts';
import { LAST_TXNR, type RelpFrame, relpFrame, RelpParser } from './relp-frame.ts';
import { checkTarget, StreamLink, type StreamTarget } from './stream-link.ts';
import { syslogMessages, type SyslogOptions } from './syslog-message.ts';

export interface RelpReceiverOptions extends StreamTarget, SyslogOptions {}

const OPEN = Buffer.from('relp_version=0\nrelp_software=sallyport\ncommands=syslog');

/** A RELP session: one connection, one number for each frame, one response for each number. */
class Session {
  readonly #parser = new RelpParser();
  readonly #awaited = new Map<number, (code: number) => void>();
  #txnr = 0;
  link: StreamLink | undefined;

  /** Takes what the server says. */
  readonly take = (bytes: Buffer): void => {
    try {
      for (const frame of this.#parser.push(bytes)) this.#on(frame);
    } catch (error) {
      this.link?.destroy(Object.assign(error as Error, { code: 'not_relp' }));
    }
  };

  /** @returns the frame, and the code of its response once that is there */
  ask(command: string, data: Buffer): { readonly frame: Buffer; readonly code: Promise<number> } {
    this.#txnr = this.#txnr === LAST_TXNR ? 1 : this.#txnr + 1;
    const txnr = this.#txnr;
    const code = new Promise<number>((resolve) => {
      this.#awaited.set(txnr, resolve);
    });
    return { frame: relpFrame(txnr, command, data), code };
  }

  #on({ txnr, command, data }: RelpFrame): void {
    if (command === 'rsp') {
      this.#awaited.get(txnr)?.(Number(/^\d{3}/.exec(data.toString('latin1', 0, 3))?.[0] ?? 0));
      this.#awaited.delete(txnr);
    } else if (command === 'serverclose') this.link?.destroy();
  }
}

/**
 * RELP, as librelp speaks it: syslog with an acknowledgement for each message. A record counts as accepted when the
 * receiver has said so, which rsyslog does when it is in its queue: only a queue on disk survives a crash of the receiver.
 */
export class RelpReceiver implements Receiver {
  readonly #options: RelpReceiverOptions;
  readonly #messageOf: (shipped: ShippedRecord) => Buffer | undefined;
  #session: { readonly session: Session; readonly link: StreamLink } | undefined;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: RelpReceiverOptions) {
    checkTarget(options);
    this.#options = options;
    this.#messageOf = syslogMessages(options);
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const { session, link } = await this.#connected(signal);
    const onAbort = (): void => link.destroy(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const outcomes: Outcome[] = batch.map(() => ({ kind: 'retry', code: 'connection_closed' }));
      const frames: Buffer[] = [];
      const answers: Promise<void>[] = [];
      for (const [index, shipped] of batch.entries()) {
        const message = this.#messageOf(shipped);
        if (message === undefined) {
          outcomes[index] = { kind: 'rejected', reason: 'too_large' };
          continue;
        }
        const { frame, code } = session.ask('syslog', message);
        frames.push(frame);
        const keep = (answer: number): void => {
          outcomes[index] = answer === 200 ? ACCEPTED : { kind: 'retry', code: `relp_${answer}` };
        };
        answers.push(code.then(keep));
      }
      // A connection that breaks leaves those that were acknowledged accepted, and the others to be sent again.
      const written = link.write(Buffer.concat(frames), signal).catch(() => undefined);
      await Promise.race([Promise.all([written, ...answers]), link.ended]);
      const failure = link.failure;
      if (failure !== undefined && !outcomes.some(({ kind }) => kind !== 'retry')) throw failure;
      return outcomes;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    const open = this.#session;
    this.#session = undefined;
    if (open === undefined || open.link.failure !== undefined) return;
    const { frame } = open.session.ask('close', Buffer.alloc(0));
    // One that reads nothing any more does not take it; the end waits for both, and not for long.
    const written = open.link.write(frame, new AbortController().signal).catch(() => undefined);
    await open.link.end();
    await written;
  }

  async #connected(signal: AbortSignal): Promise<{ readonly session: Session; readonly link: StreamLink }> {
    if (this.#session !== undefined && this.#session.link.failure === undefined) return this.#session;
    const session = new Session();
    const link = await StreamLink.connect(this.#options, session.take, signal);
    session.link = link;
    const onAbort = (): void => link.destroy(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const { frame, code } = session.ask('open', OPEN);
      await link.write(frame, signal);
      const answer = await Promise.race([code, link.ended]);
      if (answer === undefined) throw link.failure ?? closed();
      if (answer !== 200) {
        link.destroy();
        throw new ReceiverError(`relp_${answer}`, 'The receiver refused the RELP session.');
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    this.#session = { session, link };
    return this.#session;
  }
}

function closed(): ReceiverError {
  return new ReceiverError('connection_closed', 'The receiver closed the connection.');
}

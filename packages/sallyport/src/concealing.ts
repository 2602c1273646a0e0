import { Transform, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import type { RevealedSecrets } from '@sallyport/core';

const SHOWN = '[secret]';
/** A line that grows beyond this, in characters, is passed on in pieces. */
const LONGEST_LINE = 65_536;
/** After so many milliseconds of silence a line without an end, such as a prompt, is passed on. */
const SILENCE = 200;
const WAIT = 1000;

/**
 * Passes lines on with every revealed secret in them replaced by `[secret]`: what a server writes to standard error ends up
 * in terminals and log files. Line by line; what has no end of a line is passed on after 200 ms of silence, or beyond 65,536
 * characters. Whatever the reason, an end that may be the beginning of a secret (at most 511 characters) waits for what
 * follows, or for the end of the stream: whoever is about to exit calls `ended`.
 */
export function concealing(revealed: RevealedSecrets): Transform {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  /** Where in `rest` the last line ends, 0 for nowhere. */
  let lineEnd = 0;
  /** How much of `rest` belongs to a secret whose `[secret]` was passed on last; -1 when something else was. */
  let covered = -1;
  let silence: NodeJS.Timeout | undefined;

  /** Takes what stands before a place off `rest`, as it may be shown. */
  function take(until: number): string | undefined {
    let shown = '';
    let from = Math.min(Math.max(0, covered), until);
    for (const { start, end } of revealed.places(rest)) {
      if (start >= until) break;
      if (start > covered) shown += rest.slice(from, start) + SHOWN;
      covered = Math.max(covered, end);
      from = Math.min(covered, until);
    }
    shown += rest.slice(from, until);
    rest = rest.slice(until);
    lineEnd = Math.max(0, lineEnd - until);
    covered = Math.max(-1, covered - until);
    return shown === '' ? undefined : shown;
  }

  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const piece = decoder.write(chunk);
      const end = piece.lastIndexOf('\n') + 1;
      if (end > 0) lineEnd = rest.length + end;
      rest += piece;
      const until = rest.length > LONGEST_LINE ? rest.length : lineEnd;
      const shown = until === 0 ? undefined : take(Math.min(until, revealed.heldFrom(rest)));
      if (rest !== '') silence = silence?.refresh() ?? startSilence();
      done(null, shown);
    },
    flush(done) {
      clearTimeout(silence);
      rest += decoder.end();
      done(null, take(rest.length));
    },
    destroy(error, done) {
      clearTimeout(silence);
      done(error);
    },
  });

  function startSilence(): NodeJS.Timeout {
    return setTimeout(() => {
      const shown = take(revealed.heldFrom(rest));
      if (shown !== undefined) stream.push(shown);
    }, SILENCE).unref();
  }
  return stream;
}

/**
 * Ends a stream and waits until everything in it was read: the last line of a server that crashes is the one that says why.
 * Never fails.
 * @param within milliseconds, after which it waits no more. Default: 1,000
 */
export async function ended(stream: Writable, within: number = WAIT): Promise<void> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), within);
  if (!stream.writableEnded && !stream.destroyed) stream.end();
  try {
    await finished(stream, { signal: waiting.signal });
  } catch {
    // Destroyed, or nobody reads: there is nothing left to wait for.
  } finally {
    clearTimeout(timer);
  }
}

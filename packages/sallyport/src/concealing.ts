import { StringDecoder } from 'node:string_decoder';
import { Transform } from 'node:stream';
import type { RevealedSecrets } from '@sallyport/core';

/** A line that grows beyond this is passed on in pieces. */
const LONGEST_LINE = 65_536;
/** How much of such a line is kept back, since a value may stand on the seam. */
const KEPT_BACK = 8192;

/**
 * Passes lines on with every revealed secret in them replaced by `[secret]`: what a server writes to standard error ends up
 * in terminals and log files. Line by line, so that nothing is held for longer than a line takes.
 */
export function concealing(revealed: RevealedSecrets): Transform {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new Transform({
    decodeStrings: true,
    transform(chunk: Buffer, _encoding, done) {
      rest += decoder.write(chunk);
      let end = rest.lastIndexOf('\n') + 1;
      if (end === 0 && rest.length > LONGEST_LINE) {
        // Cut after what is already hidden: the seam must not fall into a value.
        rest = revealed.conceal(rest);
        end = Math.max(0, rest.length - KEPT_BACK);
      }
      const whole = rest.slice(0, end);
      rest = rest.slice(end);
      done(null, whole === '' ? undefined : revealed.conceal(whole));
    },
    flush(done) {
      const last = rest + decoder.end();
      done(null, last === '' ? undefined : revealed.conceal(last));
    },
  });
}

/** One frame of RELP: `TXNR SP COMMAND SP DATALEN [SP DATA] LF`. */
export interface RelpFrame {
  /** 0 for what the server says unasked. */
  readonly txnr: number;
  readonly command: string;
  readonly data: Buffer;
}

/** The number after it is 1 again (librelp, `RELP_TXNR_MAX`). */
export const LAST_TXNR = 999_999_999;
/** Responses are short; one that is longer is no RELP. */
const MAX_DATA = 128 * 1024;
/** `TXNR SP COMMAND SP DATALEN` at its longest: 9, 32 and 9 characters. */
const MAX_HEAD = 52;

export function relpFrame(txnr: number, command: string, data: Buffer): Buffer {
  if (data.length === 0) return Buffer.from(`${txnr} ${command} 0\n`);
  return Buffer.concat([Buffer.from(`${txnr} ${command} ${data.length} `), data, Buffer.from('\n')]);
}

/** Cuts a stream into frames. */
export class RelpParser {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws SyntaxError for what is no RELP */
  push(bytes: Buffer): RelpFrame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: RelpFrame[] = [];
    for (let found = this.#next(); found !== undefined; found = this.#next()) frames.push(found);
    return frames;
  }

  #next(): RelpFrame | undefined {
    const head = this.#rest.toString('latin1', 0, MAX_HEAD);
    const found = /^(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})([ \n])/.exec(head);
    if (found === null) {
      if (!/^(\d{1,9}( ([A-Za-z]{1,32}( \d{0,9})?)?)?)?$/.test(head)) throw notRelp();
      return undefined;
    }
    const [whole, txnr, command = '', length, end] = found;
    const size = Number(length);
    if (size > MAX_DATA) throw notRelp();
    // An empty frame may end right behind its length, or with a space before the line feed.
    const dataAt = end === ' ' ? whole.length : whole.length - 1;
    if (end === '\n' && size > 0) throw notRelp();
    const lineFeed = dataAt + size;
    if (this.#rest.length <= lineFeed) return undefined;
    if (this.#rest[lineFeed] !== 0x0a) throw notRelp();
    const data = this.#rest.subarray(dataAt, lineFeed);
    this.#rest = this.#rest.subarray(lineFeed + 1);
    return { txnr: Number(txnr), command, data };
  }
}

function notRelp(): SyntaxError {
  return new SyntaxError('The receiver does not speak RELP.');
}

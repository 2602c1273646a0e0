import type { Detector } from '@sallyport/detection';

export interface StreamRedactorOptions {
  readonly detector: Detector;
  /** What to write for a finding; undefined leaves it. */
  readonly replace: (entity: string, value: string) => string | undefined;
  /** Units of text that are held back, because a value may go on in the next chunk. 16 to 65,536, default 256. */
  readonly holdBack?: number;
}

/** Units that were let go and are still read before what follows, for words such as `SSN:`. */
const CONTEXT = 128;

/**
 * Redacts a text that comes in chunks, wherever they are cut. It holds back the last `holdBack` units, and more only where
 * a finding or a word reaches into them: at most twice as many, so a value up to `holdBack` units long is never missed.
 */
export class StreamRedactor {
  readonly #detector: Detector;
  readonly #replace: StreamRedactorOptions['replace'];
  readonly #holdBack: number;
  /** Already let go. */
  #before = '';
  #held = '';

  /** @throws TypeError for a hold-back that cannot work */
  constructor(options: StreamRedactorOptions) {
    const { holdBack = 256 } = options;
    if (!Number.isInteger(holdBack) || holdBack < 16 || holdBack > 65_536) {
      throw new TypeError('holdBack has to be a whole number from 16 to 65536.');
    }
    this.#detector = options.detector;
    this.#replace = options.replace;
    this.#holdBack = holdBack;
  }

  /** @returns what can be let go */
  push(chunk: string): string {
    this.#held += chunk;
    if (this.#held.length <= this.#holdBack * 2) return '';
    return this.#letGo(this.#held.length - this.#holdBack);
  }

  /** The rest; the stream may begin anew afterwards. */
  flush(): string {
    const rest = this.#letGo(this.#held.length);
    this.#before = '';
    return rest;
  }

  #letGo(most: number): string {
    const offset = this.#before.length;
    const text = this.#before + this.#held;
    const findings = this.#detector.scan(text);
    let end = offset + most;
    if (most < this.#held.length) {
      end = wordStart(text, end, Math.max(offset, end - this.#holdBack));
      for (const finding of findings) {
        // A finding that ends where the text does may not be whole yet.
        if (finding.start < end && finding.end > end) end = Math.max(offset, finding.start);
      }
    }
    let written = '';
    let done = offset;
    for (const finding of findings) {
      if (finding.end > end) break;
      const start = Math.max(finding.start, offset);
      if (finding.end <= offset) continue;
      const replacement = this.#replace(finding.entity, text.slice(start, finding.end));
      if (replacement === undefined) continue;
      written += text.slice(done, start) + replacement;
      done = finding.end;
    }
    written += text.slice(done, end);
    this.#before = text.slice(Math.max(0, end - CONTEXT), end);
    this.#held = text.slice(end);
    return written;
  }
}

/** The last place after white space that is not before `least`; `at` where there is none. */
function wordStart(text: string, at: number, least: number): number {
  for (let place = at; place > least; place -= 1) if (text.charCodeAt(place - 1) <= 0x20) return place;
  return at;
}

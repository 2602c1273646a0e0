const LEAST = 256;
/** Longer columns, 12 bytes a row, are given back when the texts are done. */
const MOST_KEPT = 1 << 15;

/** Words outside names that may turn out to be parts of one, in columns, in the order of the text. */
export class Sightings {
  length = 0;
  hashes: Int32Array = new Int32Array(LEAST);
  starts: Int32Array = new Int32Array(LEAST);
  ends: Int32Array = new Int32Array(LEAST);

  add(hash: number, start: number, end: number): void {
    const at = this.length;
    if (at === this.hashes.length) this.#resize(at * 2);
    this.hashes[at] = hash;
    this.starts[at] = start;
    this.ends[at] = end;
    this.length = at + 1;
  }

  clear(): void {
    this.length = 0;
    if (this.hashes.length > MOST_KEPT) this.#resize(LEAST);
  }

  #resize(size: number): void {
    const copy = (from: Int32Array): Int32Array => {
      const to = new Int32Array(size);
      to.set(from.subarray(0, this.length));
      return to;
    };
    this.hashes = copy(this.hashes);
    this.starts = copy(this.starts);
    this.ends = copy(this.ends);
  }
}

/** Which numbers of a stream were heard: every number once. A bit each, in chunks that are dropped when they are full: a stream without holes takes no room. */
const chunkSize = 4096;
const fullChunk = new Uint8Array(0);

export class SeenNumbers {
  /** All chunks below this one are full. */
  #fullBelow = 0;
  readonly #chunks = new Map<number, { bits: Uint8Array; count: number }>();

  /** False where it was there already. Numbers are whole and not negative, up to 2^53. */
  add(number: number): boolean {
    const index = Math.floor(number / chunkSize);
    if (index < this.#fullBelow) return false;
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) {
      chunk = { bits: new Uint8Array(chunkSize / 8), count: 0 };
      this.#chunks.set(index, chunk);
    }
    if (chunk.bits === fullChunk) return false;
    const bit = number % chunkSize;
    const byte = chunk.bits[bit >> 3] ?? 0;
    const mask = 1 << (bit & 7);
    if ((byte & mask) !== 0) return false;
    chunk.bits[bit >> 3] = byte | mask;
    chunk.count++;
    // Numbers count from 1: the first chunk is full without its 0.
    if (chunk.count === chunkSize - (index === 0 && ((chunk.bits[0] ?? 0) & 1) === 0 ? 1 : 0))
      this.#close(index, chunk);
    return true;
  }

  #close(index: number, chunk: { bits: Uint8Array }): void {
    chunk.bits = fullChunk;
    if (index !== this.#fullBelow) return;
    while (this.#chunks.get(this.#fullBelow)?.bits === fullChunk) {
      this.#chunks.delete(this.#fullBelow);
      this.#fullBelow++;
    }
  }
}

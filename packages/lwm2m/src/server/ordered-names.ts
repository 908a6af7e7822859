const chunkLength = 512;

/**
 * A sorted set of names, for paging: adding and removing among 100,000 names moves at most a few hundred of them, and costs
 * about 10 bytes a name. The order is that of UTF-16 code units, which is what `<` says.
 */
export class OrderedNames {
  /** Each sorted, none empty, each wholly before the next. */
  readonly #chunks: string[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Harmless when the name is there. */
  add(name: string): void {
    const index = Math.max(0, this.#chunkOf(name));
    const chunk = this.#chunks[index];
    if (!chunk) {
      this.#chunks.push([name]);
      this.#size++;
      return;
    }
    const at = lowerBound(chunk, name);
    if (chunk[at] === name) return;
    chunk.splice(at, 0, name);
    this.#size++;
    if (chunk.length > chunkLength) this.#chunks.splice(index + 1, 0, chunk.splice(chunkLength / 2));
  }

  /** Harmless when the name is not there. */
  remove(name: string): void {
    const index = this.#chunkOf(name);
    const chunk = this.#chunks[index];
    if (!chunk) return;
    const at = lowerBound(chunk, name);
    if (chunk[at] !== name) return;
    chunk.splice(at, 1);
    this.#size--;
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** The names after `after` (all of them when it is undefined), in order. Do not add or remove while it runs. */
  *after(after: string | undefined): Generator<string> {
    let index = after === undefined ? 0 : Math.max(0, this.#chunkOf(after));
    let at = 0;
    if (after !== undefined && this.#chunks[index]) {
      at = lowerBound(this.#chunks[index]!, after);
      if (this.#chunks[index]![at] === after) at++;
    }
    for (; index < this.#chunks.length; index++, at = 0) {
      const chunk = this.#chunks[index]!;
      for (; at < chunk.length; at++) yield chunk[at]!;
    }
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#size = 0;
  }

  /** The last chunk whose first name is not after `name`; -1 when there is none. */
  #chunkOf(name: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#chunks[middle]![0]! <= name) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function lowerBound(chunk: readonly string[], name: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

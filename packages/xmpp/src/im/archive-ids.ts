import type { Random } from '@yaolian/kernel';

/** Ids of archived messages: they ascend with time, within a millisecond too, and are not guessed. */
export class ArchiveIds {
  readonly #random: Random;
  #last = 0;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param at milliseconds since the epoch */
  next(at: number): string {
    if (at > this.#last) {
      this.#last = at;
      this.#count = 0;
    }
    this.#count++;
    const order = this.#last.toString(36).padStart(9, '0') + this.#count.toString(36).padStart(4, '0');
    return `${order}-${this.#random.uint32().toString(36)}`;
  }
}

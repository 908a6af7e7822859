export interface EventRingOptions {
  /** Items at most; 0 remembers nothing. */
  readonly capacity: number;
  /** What the items may weigh together, in the unit of {@link EventRing.push}; one item alone may weigh more. */
  readonly maxWeight: number;
}

/** The last items that were pushed, each with a number that grows by one. */
export class EventRing<T> {
  readonly #items: (T | undefined)[];
  readonly #weights: number[];
  readonly #maxWeight: number;
  #weight = 0;
  #oldest = 1;
  #next = 1;

  constructor(options: EventRingOptions) {
    this.#items = new Array<T | undefined>(options.capacity);
    this.#weights = new Array<number>(options.capacity).fill(0);
    this.#maxWeight = options.maxWeight;
  }

  /** The number that the next item will get. */
  get next(): number {
    return this.#next;
  }

  /** The number of the oldest item that is still there; {@link next} when there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Adds an item, forgetting the oldest ones where there is no room. Returns its number. */
  push(item: T, weight: number): number {
    const number = this.#next++;
    if (this.#items.length === 0) {
      this.#oldest = this.#next;
      return number;
    }
    if (number - this.#oldest >= this.#items.length) this.#forgetOldest();
    while (this.#oldest < number && this.#weight + weight > this.#maxWeight) this.#forgetOldest();
    this.#items[number % this.#items.length] = item;
    this.#weights[number % this.#items.length] = weight;
    this.#weight += weight;
    return number;
  }

  /** The item with this number, as long as it is remembered. */
  at(number: number): T | undefined {
    if (number < this.#oldest || number >= this.#next) return undefined;
    return this.#items[number % this.#items.length];
  }

  #forgetOldest(): void {
    const index = this.#oldest++ % this.#items.length;
    this.#weight -= this.#weights[index]!;
    this.#items[index] = undefined;
  }
}

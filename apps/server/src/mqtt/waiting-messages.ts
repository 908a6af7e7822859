/** What is to be published. */
export interface Message {
  readonly topic: string;
  readonly body: string;
}

/** Messages that wait, oldest first; beyond the bound the oldest go. */
export class WaitingMessages {
  readonly #maxBytes: number;
  readonly #messages: (Message | undefined)[] = [];
  #first = 0;
  #bytes = 0;

  /** @param maxBytes of topics and bodies together, roughly */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#messages.length - this.#first;
  }

  /** How many went for it. */
  push(message: Message): number {
    this.#messages.push(message);
    this.#bytes += weightOf(message);
    let dropped = 0;
    while (this.#bytes > this.#maxBytes && this.shift()) dropped++;
    return dropped;
  }

  shift(): Message | undefined {
    const message = this.#messages[this.#first];
    if (message === undefined) return undefined;
    this.#messages[this.#first++] = undefined;
    this.#bytes -= weightOf(message);
    if (this.#first > 1024 && this.#first * 2 > this.#messages.length) {
      this.#messages.splice(0, this.#first);
      this.#first = 0;
    }
    return message;
  }
}

/** Two bytes a character, and what the objects take. */
function weightOf({ topic, body }: Message): number {
  return 2 * (topic.length + body.length) + 100;
}

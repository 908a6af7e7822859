/** XEP-0198 §4: counters go round at 2^32. */
const wrap = (count: number): number => count >>> 0;

/** So many stanzas that are patient are sent before one asks what became of them. */
const patientPerQuestion = 16;

/** XEP-0198: what one side sent and the other has not acknowledged, and how much of the other's it took over itself. */
export class StanzaLedger<T> {
  /** Sent and not acknowledged, oldest first; those before {@link #head} are gone. */
  #sent: T[] | undefined;
  #head = 0;
  #acknowledged: number;
  #handled: number;
  /** Stanzas that came and are still being taken over, oldest first. */
  #taking: { isDone: boolean; counts: boolean }[] | undefined;
  readonly #sizeOf: (stanza: T) => number;
  #size = 0;
  /** How many of the stanzas that are not acknowledged go up to the last one that is to be asked about at once. */
  #urgent = 0;

  /**
   * @param sizeOf what {@link unacknowledgedSize} adds up; always the same for the same stanza. Default: nothing
   * @param count where both counters stand. Default 0
   */
  constructor(sizeOf: (stanza: T) => number = () => 0, count = 0) {
    this.#sizeOf = sizeOf;
    this.#acknowledged = wrap(count);
    this.#handled = wrap(count);
  }

  /** How many stanzas of the other side were taken over, all of them and all before them. */
  get handled(): number {
    return this.#handled;
  }

  get unacknowledged(): number {
    return (this.#sent?.length ?? 0) - this.#head;
  }

  get unacknowledgedSize(): number {
    return this.#size;
  }

  /** How many stanzas were sent since counting began, as the other side counts them. */
  get sentCount(): number {
    return wrap(this.#acknowledged + this.unacknowledged);
  }

  /** Stanzas that came and were not taken over yet. */
  get pending(): number {
    return this.#taking?.length ?? 0;
  }

  /** Whether the other side is to be asked now what it took over. */
  get isQuestionDue(): boolean {
    return this.#urgent > 0 || this.unacknowledged >= patientPerQuestion;
  }

  /** @param isPatient nobody needs to know soon that it came: one question does for several such */
  sent(stanza: T, isPatient = false): void {
    this.#sent ??= [];
    this.#sent.push(stanza);
    this.#size += this.#sizeOf(stanza);
    if (!isPatient) this.#urgent = this.unacknowledged;
  }

  /** @param h what the other side took over @returns false when that is more than was sent */
  acknowledge(h: number): boolean {
    const count = wrap(h - this.#acknowledged);
    if (count > this.unacknowledged) return false;
    this.#acknowledged = wrap(h);
    this.#urgent = Math.max(0, this.#urgent - count);
    for (let i = 0; i < count; i++) this.#size -= this.#sizeOf(this.#sent![this.#head++]!);
    if (this.unacknowledged === 0) {
      this.#sent = undefined;
      this.#head = 0;
    } else if (this.#head > 256) {
      this.#sent = this.#sent!.slice(this.#head);
      this.#head = 0;
    }
    return true;
  }

  /** What is to be sent again, or was never delivered. */
  rest(): readonly T[] {
    return this.#sent?.slice(this.#head) ?? [];
  }

  /** A stanza came. @param taken settles once it is delivered or stored; absent: it is already @param then called after it counts */
  received(taken: Promise<unknown> | undefined, then: () => void): void {
    if (taken === undefined && this.pending === 0) {
      this.#handled = wrap(this.#handled + 1);
      return;
    }
    const entry = { isDone: taken === undefined, counts: true };
    this.#taking ??= [];
    const taking = this.#taking;
    taking.push(entry);
    taken?.then(() => {
      entry.isDone = true;
      while (taking[0]?.isDone === true) {
        if (taking.shift()!.counts) this.#handled = wrap(this.#handled + 1);
      }
      then();
    });
  }

  /** Starts to count: what came and went before does not. */
  reset(): void {
    this.#sent = undefined;
    this.#head = 0;
    this.#size = 0;
    this.#urgent = 0;
    this.#acknowledged = 0;
    this.#handled = 0;
    for (const entry of this.#taking ?? []) entry.counts = false;
  }
}

/** Reads `h`. */
export function decodeHandled(text: string | undefined): number | undefined {
  const h = /^\d{1,10}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return h < 2 ** 32 ? h : undefined;
}

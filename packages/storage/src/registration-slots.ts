/** What a slot may have beside its wide row; flags. */
export const SlotMark = { none: 0, refresh: 1, observations: 2 } as const;

/** What is remembered of the registration in a slot. */
export interface Slot {
  readonly id: string;
  /** Digest of the wide row. */
  readonly digest: number;
  /** {@link SlotMark}, added up. */
  readonly mark: number;
}

/**
 * Which slot holds which registration, and what its rows look like: some 70 bytes each. Changes since the last commit can
 * be taken back.
 */
export class RegistrationSlots {
  readonly #byId = new Map<string, number>();
  readonly #ids: (string | undefined)[] = [];
  readonly #digests: number[] = [];
  readonly #marks: number[] = [];
  #free: number[] = [];
  /** Slot and what it held, over and over, since the last commit. */
  readonly #before: (number | Slot | undefined)[] = [];

  slotOf(id: string): number | undefined {
    return this.#byId.get(id);
  }

  idOf(slot: number): string | undefined {
    return this.#ids[slot];
  }

  digestOf(slot: number): number {
    return this.#digests[slot]!;
  }

  markOf(slot: number): number {
    return this.#marks[slot]!;
  }

  /** The slot that the next new registration goes into. */
  nextFree(): number {
    return this.#free.at(-1) ?? this.#ids.length;
  }

  /** Puts a registration into a slot: the next free one, or one that is taken. */
  put(slot: number, content: Slot): void {
    this.#before.push(slot, this.#contentOf(slot));
    if (slot === this.#free.at(-1)) this.#free.pop();
    this.#set(slot, content);
  }

  clear(slot: number): void {
    this.#before.push(slot, this.#contentOf(slot));
    this.#set(slot, undefined);
    this.#free.push(slot);
  }

  /** Fills slots in ascending order, at start; {@link filled} ends it. */
  fill(slot: number, content: Slot): void {
    while (this.#ids.length < slot) this.#set(this.#ids.length, undefined);
    this.#set(slot, content);
  }

  filled(): void {
    this.#free = [];
    for (let slot = this.#ids.length - 1; slot >= 0; slot--) if (this.#ids[slot] === undefined) this.#free.push(slot);
  }

  committed(): void {
    this.#before.length = 0;
  }

  rolledBack(): void {
    const before = this.#before;
    if (before.length === 0) return;
    while (before.length > 0) {
      const content = before.pop() as Slot | undefined;
      this.#set(before.pop() as number, content);
    }
    this.filled();
  }

  #contentOf(slot: number): Slot | undefined {
    const id = this.#ids[slot];
    return id === undefined ? undefined : { id, digest: this.#digests[slot]!, mark: this.#marks[slot]! };
  }

  #set(slot: number, content: Slot | undefined): void {
    const previous = this.#ids[slot];
    if (previous !== content?.id) {
      if (previous !== undefined && this.#byId.get(previous) === slot) this.#byId.delete(previous);
      if (content !== undefined) this.#byId.set(content.id, slot);
    }
    this.#ids[slot] = content?.id;
    this.#digests[slot] = content?.digest ?? 0;
    this.#marks[slot] = content?.mark ?? SlotMark.none;
  }
}

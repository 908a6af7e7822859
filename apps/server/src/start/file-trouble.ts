/** What is wrong with files that are looked at again and again: it is told once for each state of theirs, not at every look. */
export class FileTrouble {
  #told: string | undefined;
  #reason: string | undefined;

  /** Why they cannot be used; undefined: they can. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** @param content what was read of them, as far as they can be read; @returns whether it was not told yet */
  meet(error: unknown, content: string | undefined): boolean {
    this.#reason = error instanceof Error ? error.message : String(error);
    const found = `${this.#reason}\n${content ?? ''}`;
    const isNew = found !== this.#told;
    this.#told = found;
    return isNew;
  }

  /** They can be used. */
  end(): void {
    this.#told = undefined;
    this.#reason = undefined;
  }
}

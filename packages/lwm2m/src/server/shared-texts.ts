/** Makes equal texts the same string, for the few (bindings, versions) that all registrations have in common. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  share(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < this.#maximum) this.#texts.set(text, text);
    return text;
  }
}

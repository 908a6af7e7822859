/** Where the simulator writes: a terminal with a cursor, or something that takes lines. */
export interface SimulatorOutput {
  readonly isTerminal: boolean;
  /** Width in character cells; undefined when it is no terminal. */
  readonly columns: number | undefined;
  write(text: string): Promise<void> | void;
}

/** Lines that stay, above one line at the bottom that is written over and over; on a terminal. Elsewhere: the lines alone. */
export class StatusOutput {
  readonly #output: SimulatorOutput;
  #status = '';

  constructor(output: SimulatorOutput) {
    this.#output = output;
  }

  /** Whether there is a status line to be seen. */
  get live(): boolean {
    return this.#output.isTerminal;
  }

  line(text: string): void {
    if (!this.live) {
      void this.#output.write(`${text}\n`);
      return;
    }
    void this.#output.write(`\r\x1b[2K${text}\n${this.#status}`);
  }

  status(text: string): void {
    if (!this.live) return;
    const width = Math.max(20, (this.#output.columns ?? 80) - 1);
    const fitting = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    if (fitting === this.#status) return;
    this.#status = fitting;
    void this.#output.write(`\r\x1b[2K${fitting}`);
  }

  /** Leaves the terminal as it was: the status line is gone. */
  end(): void {
    if (this.live && this.#status !== '') void this.#output.write('\r\x1b[2K');
    this.#status = '';
  }
}

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
  /** Whether there is a status line to be seen. */
  readonly live: boolean;
  #status = '';
  /** Whoever read us is gone. */
  #broken = false;

  /** @param linesOnly no status line, on a terminal neither */
  constructor(output: SimulatorOutput, linesOnly = false) {
    this.#output = output;
    this.live = output.isTerminal && !linesOnly;
  }

  line(text: string): void {
    this.#write(this.live ? `\r\x1b[2K${text}\n${this.#status}` : `${text}\n`);
  }

  status(text: string): void {
    if (!this.live) return;
    const width = Math.max(20, (this.#output.columns ?? 80) - 1);
    const fitting = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    if (fitting === this.#status) return;
    this.#status = fitting;
    this.#write(`\r\x1b[2K${fitting}`);
  }

  /** Leaves the terminal as it was: the status line is gone. */
  end(): void {
    if (this.live && this.#status !== '') this.#write('\r\x1b[2K');
    this.#status = '';
  }

  #write(text: string): void {
    if (this.#broken) return;
    const written = this.#output.write(text);
    if (!(written instanceof Promise)) return;
    // A reader that went away (`… | head`) is no reason to end without de-registering.
    written.catch(() => {
      this.#broken = true;
    });
  }
}

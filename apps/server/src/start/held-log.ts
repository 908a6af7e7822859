import type { Log, LogFields } from '@yaolian/kernel';

/** Lines that wait; beyond, all are written. */
const mostHeld = 1000;

interface Hold {
  /** Undefined: lines are written as they come. */
  lines: (() => void)[] | undefined;
}

/** A log that keeps back what is no trouble until it is let go, so that a person at a terminal reads first what a program has to say. */
export class HeldLog implements Log {
  readonly #log: Log;
  readonly #hold: Hold;

  constructor(log: Log, hold: Hold = { lines: [] }) {
    this.#log = log;
    this.#hold = hold;
  }

  debug(message: string, fields?: LogFields): void {
    this.#keep(() => this.#log.debug(message, fields));
  }

  info(message: string, fields?: LogFields): void {
    this.#keep(() => this.#log.info(message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    this.release();
    this.#log.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.release();
    this.#log.error(message, fields);
  }

  child(fields: LogFields): Log {
    return new HeldLog(this.#log.child(fields), this.#hold);
  }

  /** Writes what waits, in order, and everything that comes from now on. */
  release(): void {
    const { lines = [] } = this.#hold;
    this.#hold.lines = undefined;
    for (const write of lines) write();
  }

  #keep(write: () => void): void {
    const { lines } = this.#hold;
    lines?.push(write);
    if (lines === undefined) write();
    else if (lines.length >= mostHeld) this.release();
  }
}

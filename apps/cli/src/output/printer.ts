import type { Host } from '../host.ts';
import { printable } from './display-width.ts';
import { type Painter, painterFor } from './paint.ts';
import { type Column, type Fact, formatFacts, formatTable } from './table.ts';

/**
 * Says results: to people, or with `--json` to programs. Results go to standard output, everything else (progress, notes,
 * errors) to standard error, so that output can be piped.
 */
export class Printer {
  readonly json: boolean;
  readonly paint: Painter;
  readonly #host: Host;

  constructor(host: Host, json: boolean) {
    this.json = json;
    this.#host = host;
    this.paint = painterFor(host.stdout, host.environment);
  }

  /** True when a person reads along. */
  get isTerminal(): boolean {
    return this.#host.stdout.isTerminal;
  }

  /** One result: `value` as one line of JSON, or what `describe` makes of it. */
  async result<T>(value: T, describe: (value: T) => string): Promise<void> {
    await this.#host.stdout.write(this.json ? `${JSON.stringify(value)}\n` : describe(value));
  }

  /** Text or bytes as they are, whatever the mode. */
  async raw(data: string | Uint8Array): Promise<void> {
    await this.#host.stdout.write(data);
  }

  /** A remark for people, on standard error; programs do not get it. */
  async note(text: string): Promise<void> {
    if (!this.json) await this.#host.stderr.write(`${printable(text)}\n`);
  }

  table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
    return formatTable(rows, columns, { width: this.#host.stdout.columns, paint: this.paint });
  }

  facts(facts: readonly Fact[]): string {
    return formatFacts(facts, this.paint);
  }
}

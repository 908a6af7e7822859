import type { HostOutput } from '../host.ts';
import { displayWidth, printable, truncate } from './display-width.ts';

const barCells = 24;

/** `[########----------------]  33 %`; without a share no bar moves. */
export function barText(share: number | undefined): string {
  if (share === undefined) return `[${'-'.repeat(barCells)}]      `;
  const part = Math.min(1, Math.max(0, share));
  const full = Math.floor(part * barCells);
  return `[${'#'.repeat(full)}${'-'.repeat(barCells - full)}] ${String(Math.floor(part * 100)).padStart(3)} %`;
}

/**
 * Progress on standard error: a bar that is drawn anew on a terminal, a line now and then elsewhere. Lines that stay are
 * written above it.
 */
export class ProgressBar {
  readonly #output: HostOutput;
  readonly #quiet: boolean;
  #drawn = '';
  #told = '';
  #toldShare = -1;

  /** @param quiet for programs: nothing is written */
  constructor(output: HostOutput, quiet: boolean) {
    this.#output = output;
    this.#quiet = quiet;
  }

  async show(share: number | undefined, text: string): Promise<void> {
    if (this.#quiet) return;
    if (this.#output.isTerminal) {
      const line = truncate(printable(`${barText(share)}  ${text}`), Math.max(10, (this.#output.columns ?? 80) - 1));
      if (line === this.#drawn) return;
      const blank = ' '.repeat(Math.max(0, displayWidth(this.#drawn) - displayWidth(line)));
      this.#drawn = line;
      await this.#output.write(`\r${line}${blank}`);
      return;
    }
    // A log gets a line for each new text and for each tenth.
    const tenth = share === undefined ? -1 : Math.floor(share * 10);
    if (text.replaceAll(/\d+/g, '') === this.#told && tenth === this.#toldShare) return;
    this.#told = text.replaceAll(/\d+/g, '');
    this.#toldShare = tenth;
    await this.#output.write(`${printable(`${barText(share)}  ${text}`)}\n`);
  }

  /** Leaves the bar as it is and goes to the next line. */
  async end(): Promise<void> {
    if (this.#drawn === '') return;
    this.#drawn = '';
    await this.#output.write('\n');
  }
}

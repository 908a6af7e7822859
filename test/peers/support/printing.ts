import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { after } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { inTime } from '@yaolian/testkit';

const running = new Set<ChildProcessByStdio<null, Readable, Readable>>();
const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};
// A test that failed leaves no process behind, which would hold the test runner too.
after(killAll);
process.once('exit', killAll);

/** A program that runs, waited for by what it prints. */
export class Printing {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #looks = new Set<() => void>();
  #output = '';
  #errors = '';
  #isOver = false;

  constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    child.once('close', () => {
      running.delete(child);
      this.#isOver = true;
      this.#look();
    });
    running.add(child);
  }

  /** Everything printed until `text` is in it. @throws when the program ends without */
  prints(text: string): Promise<string> {
    const printed = new Promise<string>((resolve, reject) => {
      const look = () => {
        const isThere = this.#output.includes(text);
        if (!isThere && !this.#isOver) return;
        this.#looks.delete(look);
        if (isThere) resolve(this.#output);
        else reject(new Error(`it ended without "${text}":\n${this.#output}\n${this.#errors}`));
      };
      this.#looks.add(look);
      look();
    });
    return inTime(printed, () => `"${text}" in ${this.#output}\n${this.#errors}`, minutes(2));
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await closed;
    clearTimeout(timer);
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}

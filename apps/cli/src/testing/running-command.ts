import { type CliRun, type CliRunOptions, runCli } from './run-cli.ts';

export interface CommandEvent {
  readonly type: string;
  readonly code?: string;
  readonly user?: string;
  readonly device?: string;
  readonly port?: number;
  readonly path?: string;
  readonly reason?: string;
}

/** A command that goes on, with `--json`, waited for by what it prints. */
export class RunningCommand {
  readonly #stop = new AbortController();
  readonly #run: Promise<CliRun>;
  readonly events: CommandEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(line: string, environment: NonNullable<CliRunOptions['environment']>) {
    const onOutput = (text: string) => {
      for (const one of text.split('\n')) if (one !== '') this.events.push(JSON.parse(one));
      for (const look of [...this.#waiting]) look();
    };
    this.#run = runCli([...line.split(' '), '--json'], { environment, signal: this.#stop.signal, onOutput });
  }

  event(type: string, turn = 0): Promise<CommandEvent> {
    return new Promise((resolve, reject) => {
      void this.#run.then(({ stderr }) => reject(new Error(`it ended before "${type}": ${stderr}`)));
      const look = () => {
        const found = this.events.filter((one) => one.type === type)[turn];
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Ended by itself, or stopped. */
  get ended(): Promise<CliRun> {
    return this.#run;
  }

  stop(): Promise<CliRun> {
    this.#stop.abort();
    return this.#run;
  }
}

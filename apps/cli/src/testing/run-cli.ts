import { decodeUtf8 } from '@yaolian/kernel';
import type { Environment, Host } from '../host.ts';
import { run } from '../run.ts';

export interface CliRunOptions {
  readonly stdin?: string | Uint8Array;
  /** What is typed when the terminal asks, whatever it asks or by the question. Absent: there is no terminal to ask at. */
  readonly typed?: string | ((prompt: string) => string);
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  /** Makes standard output a terminal of this width. */
  readonly columns?: number;
  /** Sees everything as it is written to standard output. */
  readonly onOutput?: (text: string) => void;
  /** The same of standard error. */
  readonly onError?: (text: string) => void;
}

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly bytes: Uint8Array;
  readonly stderr: string;
  /** What was asked at the terminal. */
  readonly prompts: readonly string[];
}

class Capture {
  readonly chunks: Buffer[] = [];
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly #onOutput: ((text: string) => void) | undefined;

  constructor(columns?: number, onOutput?: (text: string) => void) {
    this.isTerminal = columns !== undefined;
    this.columns = columns;
    this.#onOutput = onOutput;
  }

  async write(data: string | Uint8Array): Promise<void> {
    const chunk = Buffer.from(data as string);
    this.chunks.push(chunk);
    this.#onOutput?.(chunk.toString());
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Runs one command line in this process, with a world of its own. */
export async function runCli(args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
  const stdout = new Capture(options.columns, options.onOutput);
  const stderr = new Capture(undefined, options.onError);
  const prompts: string[] = [];
  const { typed, stdin = '' } = options;
  const host: Host = {
    stdout,
    stderr,
    environment: options.environment ?? { HOME: '/nonexistent' },
    signal: options.signal ?? new AbortController().signal,
    stdinIsTerminal: typed !== undefined,
    outliveReaders: () => {},
    // What is trusted is trusted by the whole process, so by other tests.
    trust: () => {},
    readStdin: async () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    ask: async (prompt) => {
      prompts.push(prompt);
      return typeof typed === 'function' ? typed(prompt) : (typed ?? '');
    },
  };
  const exitCode = await run(args, host);
  return {
    exitCode,
    stdout: decodeUtf8(stdout.bytes) ?? '(not text)',
    bytes: new Uint8Array(stdout.bytes),
    stderr: decodeUtf8(stderr.bytes) ?? '',
    prompts,
  };
}

/** The values of a run with `--json`, one a line. */
export function jsonLines(run: CliRun): unknown[] {
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Runs peers as child processes, each ended by its own id at the end of the test. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { TestContext } from 'node:test';

export interface Finished {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end, at most `seconds`. */
export function run(
  program: string,
  parameters: readonly string[],
  seconds = 30,
  environment = process.env,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...parameters],
      { timeout: seconds * 1000, maxBuffer: 1 << 26, env: environment },
      (error, output, errors) => {
        if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') {
          reject(new Error(`${program} is not installed: run test/peers/install`));
        } else {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output, errors });
        }
      },
    );
  });
}

export interface Peer {
  readonly process: ChildProcessWithoutNullStreams;
  /** Resolves with the first line after the last awaited one that matches. Rejects after `seconds` with all that was printed. */
  line(pattern: RegExp, seconds?: number): Promise<RegExpMatchArray>;
}

/** Starts a program that runs until the test ends. */
export function start(t: TestContext, program: string, parameters: readonly string[], environment = process.env): Peer {
  const child = spawn(program, [...parameters], {
    stdio: 'pipe',
    env: { ...environment, PYTHONUNBUFFERED: '1' },
  });
  const lines: string[] = [];
  let partial = '';
  let next = 0;
  let wake: () => void = () => {};
  const collect = (chunk: Buffer): void => {
    const parts = (partial + chunk.toString()).split('\n');
    partial = parts.pop()!;
    lines.push(...parts);
    wake();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => {
    lines.push(`cannot run ${program}: ${error.message} (test/peers/install installs the peers)`);
    wake();
  });
  t.after(async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
  const line = (pattern: RegExp, seconds = 20): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        wake = () => {};
        reject(new Error(`${program} printed no ${pattern} within ${seconds} s:\n${lines.join('\n')}`));
      }, seconds * 1000);
      const look = (): void => {
        while (next < lines.length) {
          const match = lines[next++]!.match(pattern);
          if (!match) continue;
          clearTimeout(timer);
          wake = () => {};
          resolve(match);
          return;
        }
        wake = look;
      };
      look();
    });
  return { process: child, line };
}

/** A UDP port of 127.0.0.1 that was free a moment ago. */
export function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

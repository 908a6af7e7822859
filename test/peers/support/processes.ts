/** Runs peers as child processes, each ended by its own id at the end of the test. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';

export interface Finished {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end, `atMost` so many seconds. */
export function run(
  program: string,
  parameters: readonly string[],
  atMost = 120,
  environment = process.env,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...parameters],
      { timeout: atMost * 1000, maxBuffer: 1 << 26, env: environment },
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
  /** Resolves with the first line after the last awaited one that matches. Rejects after `atMost` seconds, or when the program ends, with all that was printed. */
  line(pattern: RegExp, atMost?: number): Promise<RegExpMatchArray>;
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
  let isOver = false;
  const collect = (chunk: Buffer): void => {
    const parts = (partial + chunk.toString()).split('\n');
    partial = parts.pop()!;
    lines.push(...parts);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => {
    lines.push(`cannot run ${program}: ${error.message} (test/peers/install installs the peers)`);
    isOver = true;
  });
  child.once('close', () => {
    isOver = true;
  });
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
  const line = (pattern: RegExp, atMost = 90): Promise<RegExpMatchArray> => {
    const look = (): RegExpMatchArray | undefined => {
      while (next < lines.length) {
        const match = lines[next++]!.match(pattern);
        if (match) return match;
      }
      if (isOver) throw new Error(`${program} ended without ${pattern}:\n${lines.join('\n')}`);
      return undefined;
    };
    return until(look, () => `${pattern} of ${program}:\n${lines.join('\n')}`, { bound: seconds(atMost) });
  };
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

/** The same of TCP. */
export function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

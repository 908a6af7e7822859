import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** The core of the server under test, and that of the generator. */
export const serverCore = 0;
export const generatorCore = 1;

const canPin = availableParallelism() > 1 && hasTaskset();

/** Why processes are not pinned, or undefined when they are. */
export const pinningProblem = canPin ? undefined : 'not pinned: wants two cores and taskset (package util-linux)';

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // macOS, for one
  }
}

/** `command`, so that it runs on one core. */
export function pinned(core: number, command: readonly string[]): [file: string, args: string[]] {
  const [file, ...args] = canPin ? ['taskset', '-c', String(core), ...command] : command;
  return [file!, args];
}

/** This process is the generator: it leaves the server its core. */
export function pinToGeneratorCore(): void {
  if (canPin)
    execFileSync('taskset', ['-a', '-p', '-c', String(generatorCore), String(process.pid)], { stdio: 'ignore' });
}

export interface PinnedServer {
  readonly pid: number;
  /** Resident memory in bytes. */
  residentBytes(): number;
  stop(): Promise<void>;
}

/**
 * Starts a server on {@link serverCore}.
 * @param isReady resolves when it takes traffic; default: it writes a line
 */
export async function startPinned(
  command: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly isReady?: (child: ChildProcess) => Promise<unknown>;
    /** It is a program of Node that this process talks to. */
    readonly answersMessages?: boolean;
  } = {},
): Promise<PinnedServer> {
  const [file, args] = pinned(serverCore, command);
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', ...(options.answersMessages ? (['ipc'] as const) : [])];
  const child = spawn(file, args, { stdio, env: { ...process.env, ...options.env } });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  // taskset becomes the server: the process number stays.
  const failure = ended.then(() => Promise.reject(new Error(`${command.join(' ')} ended before it was ready`)));
  try {
    await Promise.race([(options.isReady ?? firstLine)(child), failure]);
  } catch (error) {
    await stop();
    throw error;
  }
  failure.catch(() => {}); // its end is what `stop` waits for
  const pid = child.pid!;
  return { pid, residentBytes: () => residentBytes(pid), stop };
}

async function firstLine(child: ChildProcess): Promise<void> {
  await once(child.stdout!, 'data');
  child.stdout!.resume();
}

function residentBytes(pid: number): number {
  return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
}

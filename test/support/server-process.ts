import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { inTime } from '@yaolian/testkit';
import { onSteadyPorts } from './steady-port.ts';

/** The program that runs the platform. */
export const main = join(import.meta.dirname, '../../apps/server/src/main.ts');

/** What a process may take to start or to end on a slow machine. */
const patience = minutes(2);

const running = new Set<ChildProcess>();
const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};
// A test that failed or timed out in the middle leaves no platform behind, which would hold the test runner too.
after(killAll);
process.once('exit', killAll);

/** The platform as users run it: a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** What it printed until it ran. */
  readonly welcome: string;
  /** What it printed until now. */
  readonly output: string;
  /** What it logged and complained of until now. */
  readonly errors: string;
  /** `{ terminals: 5683, rest: 8080 }` */
  readonly coapPort: number;
  readonly httpUrl: string;
  readonly adminPassword: string | undefined;
  /** Resolves with the exit code and everything that was printed, when it ends by itself. */
  ended(): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>;
  /** Nobody reads any more what it prints. */
  closeOutput(): void;
  /** Ends it without a chance to do anything. */
  kill(): Promise<void>;
  /** Sends a signal and resolves with the exit code and everything that was printed. */
  signal(
    signal: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>;
}

export interface FailedStart {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  nodeArgs: string[] = [],
  descriptors?: number,
) {
  const limited = descriptors === undefined ? [] : ['sh', '-c', 'ulimit -n "$0"; exec "$@"', `${descriptors}`];
  const [command, ...rest] = [...limited, process.execPath, ...nodeArgs, main, ...args];
  const child = spawn(command!, rest, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const printed = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.errors += text;
  });
  return { child, printed };
}

/** Runs it until it ends by itself. */
export async function runServer(args: readonly string[], environment?: Readonly<Record<string, string>>) {
  const { child, printed } = start(args, environment);
  const [code] = await inTime(
    once(child, 'close'),
    () => `the end of the platform: ${JSON.stringify(printed)}`,
    patience,
  );
  return { code: code as number | null, ...printed };
}

/** Starts it and resolves when it says that it runs. @param descriptors how many it may have @throws when it ends instead */
export async function startServer(
  args: readonly string[],
  nodeArgs: string[] = [],
  descriptors?: number,
): Promise<ServerProcess> {
  const { child, printed } = start(args, {}, nodeArgs, descriptors);
  const started = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (printed.output.includes('Ctrl-C stops it')) resolve();
    });
    child.once('close', (code) => reject(new Error(`exit ${code}\n${printed.output}\n${printed.errors}`)));
  });
  await inTime(started, () => `the platform to run: ${JSON.stringify(printed)}`, patience);
  return {
    pid: child.pid!,
    welcome: printed.output,
    get output() {
      return printed.output;
    },
    get errors() {
      return printed.errors;
    },
    coapPort: Number(/Terminals.*?:?(\d{2,5})(?: on every address)? \(/.exec(printed.output)![1]),
    httpUrl: /REST\s+(http:\/\/\S+)\/api\/v1/.exec(printed.output)![1]!,
    adminPassword: /shown only now:\s+(\S+)/.exec(printed.output)?.[1],
    ended: async () => {
      if (child.exitCode === null) await inTime(once(child, 'close'), 'the platform to end', patience);
      return { code: child.exitCode, ...printed };
    },
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    kill: async () => {
      await ended(child, 'SIGKILL');
    },
    signal: async (signal) => ({ code: await ended(child, signal), ...printed }),
  };
}

/** The same where a test starts it again on its ports of CoAP and HTTP: see `unlessInUse`. */
export function startServerOnSteadyPorts(args: readonly string[]): Promise<ServerProcess> {
  return onSteadyPorts((coap, http) => startServer([...args, '--coap-port', `${coap}`, '--http-port', `${http}`]));
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill(signal);
  const [code] = await inTime(closed, `the platform to end after ${signal}`, patience);
  return code as number | null;
}

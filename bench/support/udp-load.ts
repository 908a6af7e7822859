import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nativeTool } from './native-tools.ts';
import { generatorCore, pinned } from './pinned-process.ts';

export interface UdpLoad {
  readonly kind: 'echo' | 'get' | 'register';
  readonly port: number;
  /** The server's process, for its CPU time. */
  readonly pid: number;
  /** Further options of the generator: `{ outstanding: 256, path: 'time' }`; see the head of udp-load.c. */
  readonly options?: Readonly<Record<string, string | number | true>>;
}

/** What one run of the generator measured. */
export interface UdpLoadResult {
  /** Answers per second. */
  readonly rate: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly maxus: number;
  /** CPU time of the server for each answer, user and system, in microseconds. */
  readonly cpuUsPerMessage: number;
  readonly messages: number;
  readonly resent: number;
  /** Answers other than the right one. */
  readonly bad: number;
  readonly badCode: string;
  readonly seconds: number;
}

/** Runs the generator on its own core. */
export async function runUdpLoad({ kind, port, pid, options = {} }: UdpLoad): Promise<UdpLoadResult> {
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
  const command = [nativeTool('udp-load'), kind, String(port), '--pid', String(pid), ...flags];
  const { stdout } = await promisify(execFile)(...pinned(generatorCore, command), { timeout: 300_000 });
  return JSON.parse(stdout) as UdpLoadResult;
}

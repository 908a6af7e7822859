import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nativeTool } from './native-tools.ts';
import { generatorCore, pinned } from './pinned-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface XmppLoad {
  readonly mode: 'register' | 'login' | 'idle' | 'pairs';
  readonly port: number;
  /** The server's process, for its CPU time and memory. */
  readonly pid: number;
  /** Further options of the generator: `{ n: 50, W: 4 }`; see the usage of xmpp-load.c. */
  readonly flags: Readonly<Record<string, string | number>>;
}

/** What one run measured; which of them, depends on the mode. */
export interface XmppLoadResult {
  readonly msgs_per_s?: number;
  readonly p50_ms?: number;
  readonly p99_ms?: number;
  readonly srv_cpu_us_per_msg?: number;
  readonly logins_per_s?: number;
  readonly srv_cpu_us_per_login?: number;
  readonly per_conn_kb?: number;
  readonly lost_clients?: number;
  readonly failed?: number;
}

/** What clients made of their passwords, so that logins cost the server alone. One for the whole bench. */
let cache: string | undefined;

/** Runs the generator on its own core. @returns its last line */
export async function runXmppLoad({ mode, port, pid, flags }: XmppLoad): Promise<XmppLoadResult> {
  cache ??= join(temporaryFolder(), 'scram');
  const given = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const command = [nativeTool('xmpp-load'), '-p', String(port), '-I', String(pid), '-C', cache, ...given, mode];
  const { stdout } = await promisify(execFile)(...pinned(generatorCore, command), { timeout: 300_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as XmppLoadResult;
}

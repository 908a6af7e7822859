import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender } from './contest.ts';
import { type PinnedServer, startPinned } from './pinned-process.ts';
import { platformArgs } from './platform-args.ts';

const main = join(import.meta.dirname, '../../apps/server/src/main.ts');

export interface PlatformOptions {
  readonly port: number;
  /** Absent: a new one, removed at the end. */
  readonly dataFolder?: string;
  /** Arguments of node itself. */
  readonly nodeArgs?: readonly string[];
  readonly flags?: readonly string[];
}

/** The real platform as users start it, on its core. */
export async function startPlatformProcess(options: PlatformOptions): Promise<PinnedServer> {
  const { port, nodeArgs = [], flags = [] } = options;
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'yaolian-bench-'));
  const server = await startPinned([
    process.execPath,
    ...platformArgs,
    ...nodeArgs,
    main,
    ...['--data-dir', folder, '--coap-host', '127.0.0.1', '--coap-port', String(port), '--http-port', '0'],
    ...['--log-level', 'warn', ...flags],
  ]);
  const stop = async () => {
    await server.stop();
    if (options.dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  return { ...server, stop };
}

/** Register with seven links against the whole platform: decoded, enrolled, committed to disk, answered. */
export const platformRegister: Contender = {
  name: 'Yaolian: Register, on disk before 2.01',
  load: 'register',
  start: (port) => startPlatformProcess({ port }),
};

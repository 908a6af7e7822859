import { join } from 'node:path';
import type { Contender } from './contest.ts';
import { nativeTool } from './native-tools.ts';
import { startPinned } from './pinned-process.ts';

/** A program of `servers/`. */
export function nodeServer(name: string, ...args: string[]): string[] {
  return [process.execPath, join(import.meta.dirname, 'servers', `${name}.ts`), ...args];
}

/** What the machine can do at most. */
export const cEcho: Contender = {
  name: 'echo in C, recvmmsg/sendmmsg',
  load: 'echo',
  start: (port) => startPinned([nativeTool('udp-echo'), String(port)]),
};

/** What Node can do at most with its own module. */
export const dgramEcho: Contender = {
  name: 'echo over bare node:dgram',
  load: 'echo',
  start: (port) => startPinned(nodeServer('dgram-echo', String(port))),
};

export function portEcho(adapter: 'portable' | 'batched'): Contender {
  return {
    name: `echo over the ${adapter} port`,
    load: 'echo',
    start: (port) => startPinned(nodeServer('port-echo', adapter, String(port))),
  };
}

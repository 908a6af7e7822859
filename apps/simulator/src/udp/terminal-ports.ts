import { readFileSync } from 'node:fs';
import type { DatagramPort, SocketAddress } from '@yaolian/kernel';
import { openUdpPort, UdpAdapter } from '@yaolian/node-runtime';
import { simulatorErrors } from '../errors.ts';
import { loadAliasCalls } from './alias-calls.ts';
import { AliasSocket } from './alias-socket.ts';

/**
 * - `each`: a socket per terminal, as in the field
 * - `shared`: one socket, and an address of 127.64.0.0/10 per terminal; for servers on IPv4 loopback, on Linux
 * - `auto`: `each` as far as the limit of open files allows, else `shared`
 */
export const SocketSharing = { Auto: 'auto', Each: 'each', Shared: 'shared' } as const;
export type SocketSharing = (typeof SocketSharing)[keyof typeof SocketSharing];

/** Where the terminals of a fleet get their ports. */
export interface TerminalPorts {
  readonly sharing: 'each' | 'shared';
  open(index: number): Promise<DatagramPort>;
  close(): Promise<void>;
}

/** What the process needs besides the terminals' sockets. */
const otherDescriptors = 64;

/**
 * Decides how `count` terminals get to their servers.
 * @throws YaolianError SIMULATOR_TOO_FEW_DESCRIPTORS, SIMULATOR_CANNOT_SHARE
 */
export async function terminalPorts(
  sharing: SocketSharing,
  count: number,
  servers: readonly SocketAddress[],
): Promise<TerminalPorts> {
  const limit = descriptorLimit();
  const fits = count + otherDescriptors <= limit;
  if (sharing === SocketSharing.Each || (sharing === SocketSharing.Auto && fits)) {
    if (!fits) throw simulatorErrors.SIMULATOR_TOO_FEW_DESCRIPTORS(count, limit, 'a socket for each was asked for');
    return eachPorts(servers);
  }
  const calls = await loadAliasCalls();
  const elsewhere = servers.find(({ family, host }) => family !== 4 || !host.startsWith('127.'));
  const reason = elsewhere ? `${elsewhere.host} is not on IPv4 loopback` : calls.ok ? undefined : calls.error;
  if (calls.ok && reason === undefined) return sharedPorts(new AliasSocket(calls.value));
  throw sharing === SocketSharing.Shared
    ? simulatorErrors.SIMULATOR_CANNOT_SHARE(reason!)
    : simulatorErrors.SIMULATOR_TOO_FEW_DESCRIPTORS(count, limit, reason!);
}

function eachPorts(servers: readonly SocketAddress[]): TerminalPorts {
  const host = servers[0]?.family === 6 ? '::' : '0.0.0.0';
  const small = { receiveBufferBytes: 65_536, sendBufferBytes: 65_536, sendQueueBytes: 65_536, rememberedPeers: 8 };
  return {
    sharing: 'each',
    open: () => openUdpPort({ host, port: 0, adapter: UdpAdapter.Portable, ...small }),
    close: () => Promise.resolve(),
  };
}

function sharedPorts(socket: AliasSocket): TerminalPorts {
  return {
    sharing: 'shared',
    open: (index) => Promise.resolve(socket.open(index)),
    close: () => socket.close(),
  };
}

/** How many files this process may have open. */
function descriptorLimit(): number {
  const soft = Number(limitFromProc() ?? limitFromReport());
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}

function limitFromProc(): string | undefined {
  try {
    return /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  } catch {
    return undefined; // a system without /proc
  }
}

function limitFromReport(): string | number | undefined {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  return report.userLimits?.open_files?.soft;
}

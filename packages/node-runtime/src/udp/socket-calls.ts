import { constants, endianness } from 'node:os';
import { failure, type Result, success } from '@yaolian/kernel';
import { SystemCallError } from '../errors.ts';
import { type InterfaceNumbers, nameLayout } from './socket-name.ts';

/** The system calls of the batched adapter. What can fail by itself returns a negative errno, as the kernel does. */
export interface SocketCalls extends InterfaceNumbers {
  /** @throws SystemCallError */
  open(options: SocketOpening): OpenedSocket;
  close(fd: number): void;
  /** @throws SystemCallError */
  setOption(fd: number, option: SocketOption, value: number): void;
  /** Undefined when the kernel does not know the option. */
  getOption(fd: number, option: SocketOption): number | undefined;
  /** How many datagrams the kernel dropped for want of room, or undefined when it does not say. */
  drops(fd: number): number | undefined;
  /** recvmmsg(2) that does not wait. @param headers the address of the first `mmsghdr` */
  receive(fd: number, headers: number, count: number): number;
  /** sendmmsg(2) that does not wait. */
  send(fd: number, headers: number, count: number): number;
  addressOf(memory: ArrayBuffer): number;
}

export interface SocketOpening {
  readonly family: 4 | 6;
  readonly name: Int32Array;
  readonly reuseAddress: boolean;
  readonly ipv6Only: boolean;
}

export interface OpenedSocket {
  readonly fd: number;
  /** The name that the socket has got: with the port, when it was to choose one. */
  readonly name: Int32Array;
}

/** `[level, name]` of the options in use, as they are on Linux (x86-64, arm64, riscv64, loongarch64). */
export const SocketOption = {
  ReuseAddress: [1, 2],
  SendBuffer: [1, 7],
  ReceiveBuffer: [1, 8],
  SendBufferForce: [1, 32],
  ReceiveBufferForce: [1, 33],
  IPv4MulticastAll: [0, 49],
  IPv6Only: [41, 26],
  IPv6MulticastAll: [41, 29],
} as const;
export type SocketOption = readonly [level: number, name: number];

const supportedArchitectures: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64'];

const datagramType = 2; // SOCK_DGRAM
const closeOnExec = 0o2000000; // SOCK_CLOEXEC
const doNotWait = 0x40; // MSG_DONTWAIT
const memoryInfo: SocketOption = [1, 55]; // SOL_SOCKET, SO_MEMINFO
const memoryInfoWords = 9;
const memoryInfoDrops = 8;

/** What was loaded once: each declaration of a call costs memory for ever. */
let loadedCalls: SocketCalls | undefined;

/** Loads the calls from the C library that this process runs on, or says why that is impossible. */
export async function loadSocketCalls(): Promise<Result<SocketCalls, string>> {
  if (process.platform !== 'linux')
    return failure(`recvmmsg and sendmmsg are Linux calls, and this is ${process.platform}`);
  if (!supportedArchitectures.includes(process.arch) || endianness() !== 'LE') {
    return failure(`the layout of the calls' structures is not known for ${process.arch}`);
  }
  if (loadedCalls) return success(loadedCalls);
  try {
    const koffi = await import('koffi');
    const calls = declareCalls(koffi.default);
    const refusal = refusedBySandbox(calls);
    if (refusal !== undefined) return failure(refusal);
    loadedCalls = calls;
    return success(calls);
  } catch (error) {
    return failure(`the package koffi does not load: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Old kernels and sandboxes may lack a call: on no socket at all it must complain of just that. */
function refusedBySandbox(calls: SocketCalls): string | undefined {
  if (calls.receive(-1, 0, 0) !== -constants.errno.EBADF) return 'recvmmsg is not allowed here';
  if (calls.send(-1, 0, 0) !== -constants.errno.EBADF) return 'sendmmsg is not allowed here';
  return undefined;
}

type Koffi = typeof import('koffi').default;
type LibraryHandle = import('koffi').LibraryHandle;

function declareCalls(koffi: Koffi): SocketCalls {
  const libc = koffi.load(null);
  const close = libc.func('int close(int fd)');
  // Integers for pointers: koffi passes a number on in half the time of an array buffer.
  const recvmmsg = libc.func('int recvmmsg(int fd, uintptr_t headers, uint32_t count, int flags, uintptr_t timeout)');
  const sendmmsg = libc.func('int sendmmsg(int fd, uintptr_t headers, uint32_t count, int flags)');
  const { setOption, readOption } = declareOptions(koffi, libc);
  return {
    open: declareOpen(koffi, libc, setOption),
    close: (fd) => void close(fd),
    setOption,
    getOption: (fd, option) => readOption(fd, option, 1)?.[0],
    drops: (fd) => readOption(fd, memoryInfo, memoryInfoWords)?.[memoryInfoDrops],
    receive(fd, headers, count) {
      const received: number = recvmmsg(fd, headers, count, doNotWait, 0);
      return received < 0 ? -koffi.errno() : received;
    },
    send(fd, headers, count) {
      const sent: number = sendmmsg(fd, headers, count, doNotWait);
      return sent < 0 ? -koffi.errno() : sent;
    },
    addressOf: (memory) => Number(koffi.address(memory)),
    ...declareInterfaceNumbers(libc),
  };
}

function declareOpen(koffi: Koffi, libc: LibraryHandle, setOption: SocketCalls['setOption']): SocketCalls['open'] {
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const bind = libc.func('int bind(int fd, void *name, uint32_t length)');
  const getsockname = libc.func('int getsockname(int fd, void *name, void *length)');
  const close = libc.func('int close(int fd)');
  return (options) => {
    const layout = nameLayout[options.family];
    const fd = checked(koffi, 'socket', socket(layout.family, datagramType | closeOnExec, 0));
    try {
      if (options.reuseAddress) setOption(fd, SocketOption.ReuseAddress, 1);
      if (options.family === 6) setOption(fd, SocketOption.IPv6Only, options.ipv6Only ? 1 : 0);
      checked(koffi, 'bind', bind(fd, options.name, layout.bytes));
      const name = new Int32Array(nameLayout[6].words);
      checked(koffi, 'getsockname', getsockname(fd, name, new Int32Array([layout.bytes])));
      return { fd, name };
    } catch (error) {
      close(fd);
      throw error;
    }
  };
}

function declareOptions(koffi: Koffi, libc: LibraryHandle) {
  const setsockopt = libc.func('int setsockopt(int fd, int level, int option, void *value, uint32_t length)');
  const getsockopt = libc.func('int getsockopt(int fd, int level, int option, void *value, void *length)');
  return {
    setOption(fd: number, [level, name]: SocketOption, value: number): void {
      checked(koffi, 'setsockopt', setsockopt(fd, level, name, new Int32Array([value]), 4));
    },
    readOption(fd: number, [level, name]: SocketOption, words: number): Int32Array | undefined {
      const value = new Int32Array(words);
      return getsockopt(fd, level, name, value, new Int32Array([4 * words])) < 0 ? undefined : value;
    },
  };
}

function declareInterfaceNumbers(libc: LibraryHandle): InterfaceNumbers {
  const nameToIndex = libc.func('uint32_t if_nametoindex(const char *name)');
  const indexToName = libc.func('void *if_indextoname(uint32_t index, void *name)');
  return {
    indexOf: (name) => nameToIndex(name),
    nameOf(index) {
      const name = new Uint8Array(16); // IF_NAMESIZE
      if (!indexToName(index, name)) return undefined;
      return Buffer.from(name.subarray(0, name.indexOf(0))).toString('latin1');
    },
  };
}

/** @throws SystemCallError when the call failed */
function checked(koffi: Koffi, syscall: string, result: number): number {
  if (result < 0) throw new SystemCallError(syscall, koffi.errno());
  return result;
}

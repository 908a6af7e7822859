import { constants, endianness } from 'node:os';
import { failure, type Result, success } from '@yaolian/kernel';

/** The Linux calls that a socket with many addresses needs. Those that can fail return a negative errno. */
export interface AliasCalls {
  /** An IPv4 UDP socket on a port that is free, for loopback, which says what address a datagram was sent to. */
  open(receiveBufferBytes: number): { readonly fd: number; readonly port: number };
  close(fd: number): void;
  receive(fd: number, headers: number, count: number): number;
  send(fd: number, headers: number, count: number): number;
  /** Calls back when the socket is readable, or after `timeout` milliseconds. */
  waitReadable(fd: number, timeout: number, done: () => void): void;
  addressOf(memory: ArrayBuffer): number;
}

const inet = 2; // AF_INET
const datagramType = 2 | 0o2000000; // SOCK_DGRAM | SOCK_CLOEXEC
const doNotWait = 0x40; // MSG_DONTWAIT
const solSocket = 1;
const bindToDevice = 25; // SO_BINDTODEVICE
const receiveBuffer = 8; // SO_RCVBUF
const receiveBufferForce = 33; // SO_RCVBUFFORCE
const packetInfo = 8; // IP_PKTINFO, level 0
const pollIn = 1; // POLLIN
const supportedArchitectures: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64'];

/** Loads the calls, or says why that is impossible. */
export async function loadAliasCalls(): Promise<Result<AliasCalls, string>> {
  if (process.platform !== 'linux') return failure(`that takes Linux, and this is ${process.platform}`);
  if (!supportedArchitectures.includes(process.arch) || endianness() !== 'LE') {
    return failure(`the layout of the calls' structures is not known for ${process.arch}`);
  }
  try {
    return success(declareCalls((await import('koffi')).default));
  } catch (error) {
    return failure(`the package koffi does not load: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function declareCalls(koffi: typeof import('koffi').default): AliasCalls {
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const bind = libc.func('int bind(int fd, void *name, uint32_t length)');
  const getsockname = libc.func('int getsockname(int fd, void *name, void *length)');
  const setsockopt = libc.func('int setsockopt(int fd, int level, int option, void *value, uint32_t length)');
  const close = libc.func('int close(int fd)');
  const poll = libc.func('int poll(uintptr_t fds, unsigned long count, int timeout)');
  const recvmmsg = libc.func('int recvmmsg(int fd, uintptr_t headers, uint32_t count, int flags, uintptr_t timeout)');
  const sendmmsg = libc.func('int sendmmsg(int fd, uintptr_t headers, uint32_t count, int flags)');
  const addressOf = (memory: ArrayBuffer) => Number(koffi.address(memory));

  function checked(call: string, result: number): number {
    if (result >= 0) return result;
    const name = Object.entries(constants.errno).find(([, number]) => number === koffi.errno())?.[0];
    throw new Error(`${call} failed: ${name ?? koffi.errno()}`);
  }

  return {
    open(receiveBufferBytes) {
      const fd = checked('socket', socket(inet, datagramType, 0));
      try {
        checked('setsockopt', setsockopt(fd, 0, packetInfo, new Int32Array([1]), 4));
        // Both may be refused to ordinary users: then the buffer is smaller, and datagrams from elsewhere are dropped by address.
        const bytes = new Int32Array([receiveBufferBytes]);
        if (setsockopt(fd, solSocket, receiveBufferForce, bytes, 4) < 0)
          setsockopt(fd, solSocket, receiveBuffer, bytes, 4);
        setsockopt(fd, solSocket, bindToDevice, new TextEncoder().encode('lo\0'), 3);
        checked('bind', bind(fd, new Int32Array([inet, 0, 0, 0]), 16));
        const name = new Uint8Array(16);
        checked('getsockname', getsockname(fd, name, new Int32Array([16])));
        return { fd, port: name[2]! * 256 + name[3]! };
      } catch (error) {
        close(fd);
        throw error;
      }
    },
    close(fd) {
      close(fd);
    },
    receive(fd, headers, count) {
      const received: number = recvmmsg(fd, headers, count, doNotWait, 0);
      return received < 0 ? -koffi.errno() : received;
    },
    send(fd, headers, count) {
      const sent: number = sendmmsg(fd, headers, count, doNotWait);
      return sent < 0 ? -koffi.errno() : sent;
    },
    waitReadable(fd, timeout, done) {
      const descriptor = new Int32Array([fd, pollIn]);
      // The closure keeps the memory that the call looks at.
      poll.async(addressOf(descriptor.buffer as ArrayBuffer), 1, timeout, () => {
        if (descriptor.length > 0) done();
      });
    },
    addressOf,
  };
}

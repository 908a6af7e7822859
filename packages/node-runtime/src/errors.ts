import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import { errorCatalogue } from '@yaolian/kernel';

/** Every error that this package throws or reports on purpose. */
export const runtimeErrors = errorCatalogue({
  UDP_ADDRESS_IN_USE: (address: string) => `UDP ${address} is in use; stop the other process or choose another port`,
  UDP_ADDRESS_UNAVAILABLE: (address: string) => `UDP ${address} cannot be opened: this machine has no such address`,
  UDP_ACCESS_DENIED: (address: string) =>
    `UDP ${address} cannot be opened: this user may not (ports below 1024 need privilege)`,
  UDP_OPEN_FAILED: (address: string, reason: string) => `UDP ${address} cannot be opened: ${reason}`,
  UDP_BATCHED_UNAVAILABLE: (reason: string) => `the batched UDP adapter does not work here: ${reason}`,
  UDP_GROUP_FAILED: (group: string, reason: string) => `the multicast group ${group} cannot be joined: ${reason}`,
  UDP_SEND_FAILED: (to: string, reason: string) => `sending to ${to} failed: ${reason}`,
  UDP_SEND_QUEUE_FULL: (to: string) =>
    `a datagram to ${to} was dropped: the network takes no more and the queue is full`,
  TCP_ADDRESS_IN_USE: (address: string) => `TCP ${address} is in use; stop the other process or choose another port`,
  TCP_ADDRESS_UNAVAILABLE: (address: string) => `TCP ${address} cannot be opened: this machine has no such address`,
  TCP_ACCESS_DENIED: (address: string) =>
    `TCP ${address} cannot be opened: this user may not (ports below 1024 need privilege)`,
  TCP_OPEN_FAILED: (address: string, reason: string) => `TCP ${address} cannot be opened: ${reason}`,
  OSCORE_STATES_IN_USE: (folder: string) =>
    `the states of security contexts in ${folder} are in use by another process; stop it, or give each its own folder and its own keys`,
  TLS_CREDENTIALS_BAD: (what: string, reason: string) => `${what} cannot be used: ${reason}`,
  TLS_NOT_STORED: (file: string, reason: string) => `${file} cannot be written: ${reason}`,
});

/** What a system call refused, in the form that Node gives such errors: `code` is `EMSGSIZE`, `syscall` is `sendmmsg`. */
export class SystemCallError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;

  /** @param errno the positive number of <errno.h> */
  constructor(syscall: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${syscall}: ${getSystemErrorMessage(-errno) ?? code} (${code})`);
    this.name = 'SystemCallError';
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
  }
}

/** The `code` of a system error, such as `EADDRINUSE`, or its message when it has none. */
export function systemErrorCode(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.message : String(error);
}

/** Names the reason why a socket could not be opened. */
export function openError(address: string, error: unknown): Error {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE') return runtimeErrors.UDP_ADDRESS_IN_USE(address, error);
  if (code === 'EADDRNOTAVAIL') return runtimeErrors.UDP_ADDRESS_UNAVAILABLE(address, error);
  if (code === 'EACCES' || code === 'EPERM') return runtimeErrors.UDP_ACCESS_DENIED(address, error);
  return runtimeErrors.UDP_OPEN_FAILED(address, code, error);
}

/** Names the reason why a listening TCP socket could not be opened. */
export function tcpOpenError(address: string, error: unknown): Error {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE') return runtimeErrors.TCP_ADDRESS_IN_USE(address, error);
  if (code === 'EADDRNOTAVAIL') return runtimeErrors.TCP_ADDRESS_UNAVAILABLE(address, error);
  if (code === 'EACCES' || code === 'EPERM') return runtimeErrors.TCP_ACCESS_DENIED(address, error);
  return runtimeErrors.TCP_OPEN_FAILED(address, code, error);
}

import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';
import type { SocketAddress } from '@yaolian/kernel';

/** A socket that resolves no names: addresses are addresses. The own look-up of dgram costs a fifth of a message's CPU. */
export function addressSocket(family: 4 | 6, options: Omit<SocketOptions, 'type' | 'lookup'> = {}): Socket {
  return createSocket({
    ...options,
    type: family === 4 ? 'udp4' : 'udp6',
    lookup: (host, _options, callback) => callback(null, host, family),
  });
}

/** Resolves when `bind` has done its work, or rejects with the system's error. */
export async function bound(socket: Socket, bind: (socket: Socket) => void): Promise<void> {
  const listening = once(socket, 'listening');
  try {
    bind(socket);
    await listening;
  } catch (error) {
    listening.catch(() => {}); // `bind` threw first: nothing else will come
    await closed(socket);
    throw error;
  }
}

/** Resolves when the socket's address is free again. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

export function bindTo(address: SocketAddress): (socket: Socket) => void {
  return (socket) => socket.bind({ address: address.host, port: address.port, exclusive: true });
}

/** A plain view of what dgram gives as a Buffer, whose `slice` would not copy. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** Linux answers with twice what it grants: its own book-keeping is in it (socket(7), SO_RCVBUF). */
export function grantedBytes(answer: number): number {
  return process.platform === 'linux' ? answer / 2 : answer;
}

export type { RemoteInfo, Socket };

import type { DatagramListener, DatagramPort, Peer, SocketAddress } from '@yaolian/kernel';

/** Changes a datagram in place, or gives others for it. */
export type Tamper = (datagram: Uint8Array) => readonly Uint8Array[];

/** A port with somebody in the middle. */
export class TamperedPort implements DatagramPort {
  readonly #inner: DatagramPort;
  readonly #outwards: Tamper;
  readonly #inwards: Tamper;

  constructor(inner: DatagramPort, { outwards, inwards }: { readonly outwards?: Tamper; readonly inwards?: Tamper }) {
    this.#inner = inner;
    this.#outwards = outwards ?? ((datagram) => [datagram]);
    this.#inwards = inwards ?? ((datagram) => [datagram]);
  }

  get localAddress(): SocketAddress {
    return this.#inner.localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#inner.listen({
      ...listener,
      onDatagram: (datagram, from, multicast) => {
        for (const one of this.#inwards(datagram.slice())) listener.onDatagram(one, from, multicast);
      },
    });
  }

  send(datagram: Uint8Array, to: Peer): void {
    for (const one of this.#outwards(datagram.slice())) this.#inner.send(one, to);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

const recordHeader = 13;
const handshakeRecord = 22;

/** Calls `change` with where each handshake message in the clear starts, that is with its type. */
export function forEachHandshake(datagram: Uint8Array, change: (at: number) => void): void {
  for (let at = 0; at + recordHeader <= datagram.length; ) {
    const length = (datagram[at + 11]! << 8) | datagram[at + 12]!;
    if (datagram[at] === handshakeRecord && datagram[at + 4] === 0) change(at + recordHeader);
    at += recordHeader + length;
  }
}

import type { DatagramListener, DatagramPort, Peer, SocketAddress } from '@yaolian/kernel';

/**
 * A datagram port that is bound and deaf until it is told to {@link open}: nothing is answered before everything that an
 * answer depends on is there, so that no terminal is told 4.04, and no notification RST, for what is only not restored yet.
 */
export class HeldPort implements DatagramPort {
  readonly #port: DatagramPort;
  #listener: DatagramListener | undefined;
  #isOpen = false;

  constructor(port: DatagramPort) {
    this.#port = port;
  }

  get localAddress(): SocketAddress {
    return this.#port.localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
    if (this.#isOpen) this.#port.listen(listener);
  }

  /** From now on datagrams are taken in. What came before is lost, as on any network, and sent again. */
  open(): void {
    this.#isOpen = true;
    if (this.#listener) this.#port.listen(this.#listener);
  }

  send(datagram: Uint8Array, to: Peer): void {
    this.#port.send(datagram, to);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}

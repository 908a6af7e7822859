import type { DatagramListener, DatagramPort, Peer, SocketAddress } from '@yaolian/kernel';

/** A datagram port whose receiver is switched off while the terminal sleeps (queue mode): what comes then is lost. */
export class RadioPort implements DatagramPort {
  readonly #port: DatagramPort;
  #isAsleep = false;

  constructor(port: DatagramPort) {
    this.#port = port;
  }

  sleep(): void {
    this.#isAsleep = true;
  }

  wake(): void {
    this.#isAsleep = false;
  }

  get localAddress(): SocketAddress {
    return this.#port.localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#port.listen({
      onDatagram: (datagram, from, multicast) => {
        if (!this.#isAsleep) listener.onDatagram(datagram, from, multicast);
      },
      onSendError: (error, to) => listener.onSendError?.(error, to),
    });
  }

  send(datagram: Uint8Array, to: Peer): void {
    this.#port.send(datagram, to);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}

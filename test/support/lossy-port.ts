import type { DatagramListener, DatagramPort, Peer, Random, SocketAddress } from '@yaolian/kernel';

/** A datagram port that loses a part of what goes out and of what comes in. */
export class LossyPort implements DatagramPort {
  readonly #port: DatagramPort;
  readonly #random: Random;
  readonly #loss: number;
  lost = 0;
  passed = 0;

  /** @param loss from 0 to 1, each way */
  constructor(port: DatagramPort, loss: number, random: Random) {
    this.#port = port;
    this.#loss = loss;
    this.#random = random;
  }

  get localAddress(): SocketAddress {
    return this.#port.localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#port.listen({
      onDatagram: (datagram, from, multicast) => {
        if (this.#passes()) listener.onDatagram(datagram, from, multicast);
      },
      onSendError: (error, to) => listener.onSendError?.(error, to),
    });
  }

  send(datagram: Uint8Array, to: Peer): void {
    if (this.#passes()) this.#port.send(datagram, to);
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  #passes(): boolean {
    const passes = this.#random.fraction() >= this.#loss;
    if (passes) this.passed++;
    else this.lost++;
    return passes;
  }
}

import type { DatagramPort, Peer } from '@yaolian/kernel';

export interface ReceivedDatagram {
  readonly datagram: Uint8Array;
  readonly from: Peer;
  readonly multicast: boolean;
}

export interface RefusedSend {
  readonly error: Error;
  readonly to: Peer;
}

/** A port's listener that keeps what comes, for a test to wait for. */
export class DatagramInbox {
  readonly received: ReceivedDatagram[] = [];
  readonly refused: RefusedSend[] = [];
  readonly #waiting: { readonly isReached: () => boolean; readonly resolve: () => void }[] = [];

  /** @param answer is called for each datagram when it arrives */
  constructor(port: DatagramPort, answer?: (received: ReceivedDatagram) => void) {
    port.listen({
      onDatagram: (datagram, from, multicast) => {
        const received = { datagram, from, multicast };
        this.received.push(received);
        answer?.(received);
        this.#wake();
      },
      onSendError: (error, to) => {
        this.refused.push({ error, to });
        this.#wake();
      },
    });
  }

  /** Resolves with everything received so far when that is `count` datagrams or more. */
  async datagrams(count: number): Promise<readonly ReceivedDatagram[]> {
    await this.#until(() => this.received.length >= count);
    return this.received;
  }

  /** Resolves with everything refused so far when that is `count` sends or more. */
  async refusals(count: number): Promise<readonly RefusedSend[]> {
    await this.#until(() => this.refused.length >= count);
    return this.refused;
  }

  #until(isReached: () => boolean): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isReached, resolve }));
  }

  #wake(): void {
    for (const [index, waiting] of [...this.#waiting.entries()].reverse()) {
      if (!waiting.isReached()) continue;
      this.#waiting.splice(index, 1);
      waiting.resolve();
    }
  }
}

import type { DatagramPort } from '@yaolian/kernel';

/** Who wants to know how large messages are: bytes on the IP layer, headers included. */
export interface TrafficListener {
  message(direction: 'sent' | 'received', bytes: number): void;
}

/** Every message of a terminal, told to those who count. */
export class Traffic {
  #listeners: readonly TrafficListener[] = [];

  /** @returns what ends it */
  listen(listener: TrafficListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  message(direction: 'sent' | 'received', bytes: number): void {
    for (const listener of this.#listeners) listener.message(direction, bytes);
  }
}

/** Bytes of the headers of IP and UDP in front of a datagram. */
const headers = { 4: 28, 6: 48 } as const;

/** A port whose datagrams are counted: put it under the endpoint, or under DTLS to count what DTLS adds. */
export function countedPort(port: DatagramPort, traffic: Traffic): DatagramPort {
  const overhead = headers[port.localAddress.family];
  return {
    localAddress: port.localAddress,
    listen: (listener) =>
      port.listen({
        ...(listener.onSendError && { onSendError: (error, to) => listener.onSendError?.(error, to) }),
        onDatagram: (datagram, from, multicast) => {
          traffic.message('received', datagram.length + overhead);
          listener.onDatagram(datagram, from, multicast);
        },
      }),
    send: (datagram, to) => {
      traffic.message('sent', datagram.length + overhead);
      port.send(datagram, to);
    },
    close: () => port.close(),
  };
}

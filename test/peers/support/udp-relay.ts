import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { SeededRandom } from '@yaolian/testkit';

export interface Weather {
  /** Of 1, how many datagrams are lost. */
  readonly loss?: number;
  /** Of 1, how many come twice. */
  readonly duplication?: number;
  /** Of 1, how many come some milliseconds late, behind others. */
  readonly reordering?: number;
  readonly seed?: number;
}

/** A NAT and bad weather between one client and a server on 127.0.0.1. */
export class UdpRelay {
  readonly port: number;
  readonly #inside: Socket;
  #outside: Socket;
  #client: number | undefined;
  readonly #server: number;
  readonly #weather: Weather;
  readonly #random: SeededRandom;
  readonly #passed: { readonly from: number; readonly to: number; readonly datagram: Uint8Array }[] = [];

  private constructor(inside: Socket, outside: Socket, server: number, weather: Weather) {
    this.#inside = inside;
    this.#outside = outside;
    this.#server = server;
    this.#weather = weather;
    this.#random = new SeededRandom(weather.seed ?? 1);
    this.port = inside.address().port;
    inside.on('message', (datagram, from) => {
      this.#client = from.port;
      this.#passed.push({ from: from.port, to: this.port, datagram });
      this.#pass(() => this.#outside.send(datagram, this.#server, '127.0.0.1'));
    });
    this.#listenOutside();
  }

  static async open(t: TestContext, server: number, weather: Weather = {}): Promise<UdpRelay> {
    const relay = new UdpRelay(await bound(), await bound(), server, weather);
    t.after(() => {
      relay.#inside.close();
      relay.#outside.close();
    });
    return relay;
  }

  /** From now on the server sees the client at another port. */
  async rebind(): Promise<void> {
    this.#outside.close();
    this.#outside = await bound();
    this.#listenOutside();
  }

  /** What went between client and relay, as a capture of raw IPv4 (LINKTYPE_RAW, 101). */
  pcap(): Uint8Array {
    const head = Buffer.alloc(24);
    head.writeUInt32LE(0xa1b2c3d4, 0);
    head.writeUInt16LE(2, 4);
    head.writeUInt16LE(4, 6);
    head.writeUInt32LE(65_535, 16);
    head.writeUInt32LE(101, 20);
    const packets = this.#passed.map(({ from, to, datagram }, i) => {
      const length = 28 + datagram.length;
      const packet = Buffer.alloc(16 + 28);
      packet.writeUInt32LE(i, 0);
      packet.writeUInt32LE(length, 8);
      packet.writeUInt32LE(length, 12);
      packet.set([0x45, 0, length >> 8, length & 255, 0, 0, 0x40, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1], 16);
      packet.writeUInt16BE(from, 36);
      packet.writeUInt16BE(to, 38);
      packet.writeUInt16BE(8 + datagram.length, 40);
      return Buffer.concat([packet, datagram]);
    });
    return Buffer.concat([head, ...packets]);
  }

  #listenOutside(): void {
    this.#outside.on('message', (datagram) => {
      const client = this.#client;
      if (client !== undefined) this.#passed.push({ from: this.port, to: client, datagram });
      if (client !== undefined) this.#pass(() => this.#inside.send(datagram, client, '127.0.0.1'));
    });
  }

  #pass(send: () => void): void {
    const { loss = 0, duplication = 0, reordering = 0 } = this.#weather;
    const copies = this.#random.fraction() < loss ? 0 : this.#random.fraction() < duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      if (this.#random.fraction() < reordering) setTimeout(() => this.#sendIfOpen(send), 30);
      else send();
    }
  }

  #sendIfOpen(send: () => void): void {
    try {
      send();
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_SOCKET_DGRAM_NOT_RUNNING') throw error; // the test is over
    }
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

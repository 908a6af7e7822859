import { type DatagramPort, emptyBytes } from '@yaolian/kernel';
import { type ClientHello, encodeClientHello } from '../src/messages/client-hello.ts';
import { encodeHandshakeMessage } from '../src/messages/handshake-header.ts';
import { HandshakeType } from '../src/messages/handshake-type.ts';
import { writeRecordHeader } from '../src/record/record-header.ts';
import { serverAddress, type World } from './world.ts';

export const plainHello: ClientHello = {
  version: 0xfefd,
  random: new Uint8Array(32).fill(9),
  sessionId: emptyBytes,
  cookie: emptyBytes,
  cipherSuites: [0xc0a8],
  compressionMethods: Uint8Array.of(0),
  extensions: new Map(),
};

export function plainRecord(content: Uint8Array, sequence: number, type = 22, epoch = 0): Uint8Array {
  const out = new Uint8Array(13 + content.length);
  out.set(content, writeRecordHeader(out, 0, type, epoch, sequence, content.length));
  return out;
}

export function helloDatagram(hello: Partial<ClientHello> = {}, messageSequence = 0): Uint8Array {
  const body = encodeClientHello({ ...plainHello, ...hello });
  return plainRecord(encodeHandshakeMessage(HandshakeType.ClientHello, messageSequence, body), messageSequence);
}

/** A client that sends what a test says, byte for byte. */
export class RawClient {
  readonly received: Uint8Array[] = [];
  readonly #port: DatagramPort;
  readonly #world: World;

  constructor(world: World, host: string, port = 1) {
    this.#world = world;
    this.#port = world.network.port(host, port);
    this.#port.listen({ onDatagram: (datagram) => void this.received.push(datagram) });
  }

  async send(...datagrams: Uint8Array[]): Promise<Uint8Array[]> {
    const before = this.received.length;
    for (const datagram of datagrams) this.#port.send(datagram, serverAddress);
    await this.#world.time.advance(20 as never);
    return this.received.slice(before);
  }

  async cookie(hello: Partial<ClientHello> = {}): Promise<Uint8Array> {
    const [answer] = await this.send(helloDatagram(hello));
    if (answer?.[13] !== HandshakeType.HelloVerifyRequest) throw new Error('no HelloVerifyRequest came');
    return answer.slice(13 + 12 + 3);
  }

  /** Goes as far as ServerHelloDone. */
  async greet(hello: Partial<ClientHello> = {}): Promise<void> {
    const cookie = await this.cookie(hello);
    await this.send(helloDatagram({ ...hello, cookie }, 1));
  }
}

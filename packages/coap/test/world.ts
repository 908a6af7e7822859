import { type DatagramPort, encodeUtf8, milliseconds, type Peer, seconds } from '@yaolian/kernel';
import { type NetworkConditions, SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { type CoapEndpointOptions, createCoapEndpoint, type DatagramCoapEndpoint } from '../src/endpoint.ts';
import { decodeMessage, type Message, type MessageFields, MessageType } from '../src/message.ts';
import { encodeMessage } from '../src/message-encoder.ts';

/** A network in virtual time with a client and a server on it. */
export interface World {
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  readonly client: DatagramCoapEndpoint;
  readonly server: DatagramCoapEndpoint;
  readonly serverPeer: Peer;
  readonly clientPeer: Peer;
  /** Every message that was sent, in order, lost ones included. */
  readonly sent: Sent[];
  open(host: string, options?: Partial<CoapEndpointOptions>): DatagramCoapEndpoint;
}

export interface Sent {
  readonly at: number;
  readonly from: 'client' | 'server' | string;
  readonly message: Message;
}

export interface WorldOptions {
  readonly seed?: number;
  readonly conditions?: NetworkConditions;
  readonly client?: Partial<CoapEndpointOptions>;
  readonly server?: Partial<CoapEndpointOptions>;
  /** Called for every message; `'drop'` loses it. */
  readonly watch?: (sent: Sent) => 'drop' | undefined;
}

export const clientHost = '192.0.2.1';
export const serverHost = '192.0.2.2';

export function createWorld(options: WorldOptions = {}): World {
  const time = new VirtualTime();
  const random = new SeededRandom(options.seed ?? 1);
  const network = new SimulatedNetwork({ timers: time, random, conditions: options.conditions ?? {} });
  const sent: Sent[] = [];
  network.watch(({ from, datagram }) => {
    const decoded = decodeMessage(datagram);
    const name = from.host === clientHost ? 'client' : from.host === serverHost ? 'server' : from.host;
    if (!decoded.ok) {
      if (name === from.host) return undefined; // a test sends what no endpoint would
      throw new Error(`a malformed message was sent: ${decoded.error.reason}`);
    }
    const one = { at: time.monotonic(), from: name, message: decoded.value };
    sent.push(one);
    return options.watch?.(one);
  });
  const open = (host: string, more: Partial<CoapEndpointOptions> = {}) =>
    createCoapEndpoint({ port: network.port(host, 5683), clock: time, timers: time, random, ...more });
  const client = open(clientHost, options.client);
  const server = open(serverHost, options.server);
  return {
    time,
    network,
    client,
    server,
    sent,
    open,
    serverPeer: peerOf(serverHost),
    clientPeer: peerOf(clientHost),
  };
}

import { socketAddress } from '@yaolian/kernel';

export function peerOf(host: string, port = 5683): Peer {
  return socketAddress(host, port);
}

/** `client CON 0.01 1234`-like lines, for asserting on what went over the wire. */
export function transcript(sent: readonly Sent[]): string[] {
  return sent.map(({ from, message }) => `${from} ${describeMessage(message)}`);
}

const typeNames = ['CON', 'NON', 'ACK', 'RST'];

export function describeMessage({ type, code }: MessageFields): string {
  return `${typeNames[type]} ${code >> 5}.${String(code & 31).padStart(2, '0')}`;
}

/** A peer that speaks in single messages, for lockstep tests. */
export class LockstepPeer {
  readonly received: Message[] = [];
  readonly #port: DatagramPort;
  readonly #to: Peer;
  readonly #time: VirtualTime;

  constructor(world: World, host: string, to: Peer) {
    this.#time = world.time;
    this.#to = to;
    this.#port = world.network.port(host, 5683);
    this.#port.listen({
      onDatagram: (datagram) => {
        const decoded = decodeMessage(datagram);
        if (decoded.ok) this.received.push(decoded.value);
      },
    });
  }

  send(message: Partial<MessageFields>): void {
    this.sendBytes(
      encodeMessage({
        type: MessageType.CON,
        code: 0,
        messageId: 1,
        token: new Uint8Array(0),
        options: [],
        payload: new Uint8Array(0),
        ...message,
      }),
    );
  }

  sendBytes(datagram: Uint8Array): void {
    this.#port.send(datagram, this.#to);
  }

  /** The next message, within `limit` of virtual time. */
  async receive(limit = seconds(100)): Promise<Message> {
    const end = this.#time.monotonic() + limit;
    while (this.received.length === 0) {
      if (this.#time.monotonic() >= end) throw new Error('nothing came');
      await this.#time.advance(milliseconds(1));
    }
    return this.received.shift()!;
  }

  /** Asserts that nothing comes for a while. */
  async silence(duration = seconds(10)): Promise<void> {
    await this.#time.advance(duration);
    if (this.received.length > 0) throw new Error(`${describeMessage(this.received[0]!)} came`);
  }
}

export function text(value: string): Uint8Array {
  return encodeUtf8(value);
}

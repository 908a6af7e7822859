import {
  type CoapEndpointOptions,
  createCoapEndpoint,
  type DatagramCoapEndpoint,
  decodeMessage,
  findOption,
  type Message,
  OptionNumber,
} from '@yaolian/coap';
import { decodeHex, encodeUtf8, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { oscoreCrypto } from '@yaolian/node-runtime';
import { CountingMeter, type NetworkConditions, SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import type { OscoreCredentials } from '../src/credentials.ts';
import { createOscore, type Oscore, type OscoreOptions } from '../src/oscore.ts';
import type { OscorePeer } from '../src/oscore-peer.ts';
import { type OscoreStateStore, VolatileOscoreStates } from '../src/state-store.ts';

export function hex(text: string): Uint8Array {
  return decodeHex(text)!;
}

export const text = encodeUtf8;

/** What both sides of a world agreed on (RFC 8613 Appendix C.1). */
export const clientCredentials: OscoreCredentials = {
  masterSecret: hex('0102030405060708090a0b0c0d0e0f10'),
  masterSalt: hex('9e7ca92223786340'),
  senderId: hex(''),
  recipientId: hex('01'),
  name: 'the server',
};
export const serverCredentials = mirrored(clientCredentials, 'the client');

/** The same credentials as the other side has them. */
export function mirrored(credentials: OscoreCredentials, name: string): OscoreCredentials {
  return { ...credentials, senderId: credentials.recipientId, recipientId: credentials.senderId, name };
}

export const clientAddress = socketAddress('192.0.2.1', 5683);
export const serverAddress = socketAddress('192.0.2.2', 5683);

export interface Sent {
  readonly from: string;
  readonly message: Message;
  readonly datagram: Uint8Array;
}

/** One endpoint with its security contexts. */
export interface Side {
  readonly endpoint: DatagramCoapEndpoint;
  readonly oscore: Oscore;
  readonly store: OscoreStateStore;
  readonly meter: CountingMeter;
}

export interface SideOptions {
  readonly store?: OscoreStateStore;
  readonly oscore?: Partial<OscoreOptions>;
  readonly endpoint?: Partial<CoapEndpointOptions>;
}

/** A network in virtual time, a server that knows the client's credentials, and a client. */
export class World {
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly sent: Sent[] = [];
  readonly client: Side;
  readonly server: Side;
  /** Loses a message when it says so. */
  lose: (sent: Sent) => boolean = () => false;

  constructor(
    options: { client?: SideOptions; server?: SideOptions; conditions?: NetworkConditions; seed?: number } = {},
  ) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.network = new SimulatedNetwork({
      timers: this.time,
      random: this.random,
      conditions: options.conditions ?? {},
    });
    this.network.watch(({ from, datagram }) => {
      const message = decodeMessage(datagram);
      if (!message.ok) return undefined;
      const sent = { from: from.host, message: message.value, datagram };
      this.sent.push(sent);
      return this.lose(sent) ? 'drop' : undefined;
    });
    this.client = this.side(clientAddress, options.client);
    const findCredentials = ({ kid }: { kid: Uint8Array }) => (kid.length === 0 ? serverCredentials : undefined);
    const { oscore, ...server } = options.server ?? {};
    this.server = this.side(serverAddress, { ...server, oscore: { findCredentials, ...oscore } });
  }

  /** An endpoint at an address. */
  side(address: SocketAddress, options: SideOptions = {}): Side {
    const { time: clock, random } = this;
    const store = options.store ?? new VolatileOscoreStates();
    const meter = new CountingMeter('oscore_');
    const oscore = createOscore({ crypto: oscoreCrypto, store, clock, random, meter, ...options.oscore });
    const port = this.network.port(address.host, address.port);
    const endpoint = createCoapEndpoint({
      port,
      clock,
      timers: clock,
      random,
      protection: oscore,
      ...options.endpoint,
    });
    return { endpoint, oscore, store, meter };
  }

  /** The server as the client's contexts know it. */
  serverPeer(credentials: OscoreCredentials = clientCredentials): Promise<OscorePeer> {
    return this.client.oscore.open(credentials, serverAddress);
  }

  /** The messages of one side that carry an OSCORE option, by what it says, in hexadecimal. */
  headers(address: SocketAddress): string[] {
    return this.sent
      .filter(({ from }) => from === address.host)
      .map(({ message }) => findOption(message.options, OptionNumber.OSCORE))
      .filter((option) => option !== undefined)
      .map(({ value }) => Buffer.from(value).toString('hex'));
  }
}

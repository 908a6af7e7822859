import {
  type ByteStream,
  concatBytes,
  emptyBytes,
  milliseconds,
  type Peer,
  seconds,
  socketAddress,
} from '@yaolian/kernel';
import { SeededRandom, SimulatedStreams, type StreamConditions, VirtualTime } from '@yaolian/testkit';
import type { BlockSize } from '../src/block-option.ts';
import type { CoapEndpoint } from '../src/exchange.ts';
import { decodeStreamMessage, type Message } from '../src/message.ts';
import type { Option } from '../src/options.ts';
import { encodeFrame, FrameReader, readWholeFrame } from '../src/stream/frame.ts';
import { SignalCode } from '../src/stream/signaling.ts';
import {
  createStreamCoapEndpoint,
  type StreamCoapEndpoint,
  type StreamCoapEndpointOptions,
} from '../src/stream/stream-endpoint.ts';
import { clientHost, createWorld, type Sent, serverHost, type WorldOptions } from './world.ts';

/** What tests that run over every transport have. */
export interface AnyWorld {
  readonly time: VirtualTime;
  readonly client: CoapEndpoint;
  readonly server: CoapEndpoint;
  readonly serverPeer: Peer;
  /** Every message but signaling, in order of sending. Over streams type and message ID mean nothing. */
  readonly sent: Sent[];
  readonly transport: Transport;
}

export interface StreamWorld extends AnyWorld {
  readonly client: StreamCoapEndpoint;
  readonly server: StreamCoapEndpoint;
  readonly streams: SimulatedStreams;
  /** Signaling messages, in order of sending. */
  readonly signals: Sent[];
  open(options: Partial<StreamCoapEndpointOptions>): StreamCoapEndpoint;
}

export const transports = ['udp', 'tcp', 'ws'] as const;
export type Transport = (typeof transports)[number];

export interface StreamWorldOptions {
  readonly transport?: 'tcp' | 'ws';
  readonly seed?: number;
  readonly streams?: StreamConditions;
  readonly client?: Partial<StreamCoapEndpointOptions>;
  readonly server?: Partial<StreamCoapEndpointOptions>;
}

/** Connections in virtual time, with a client and a server on them. */
export function createStreamWorld(options: StreamWorldOptions = {}): StreamWorld {
  const time = new VirtualTime();
  const random = new SeededRandom(options.seed ?? 1);
  const streams = new SimulatedStreams({ timers: time, conditions: options.streams ?? {} });
  const sent: Sent[] = [];
  const signals: Sent[] = [];
  const transport = options.transport ?? 'tcp';
  streams.watch(({ from, bytes }) => {
    const name = from.host === clientHost ? 'client' : from.host === serverHost ? 'server' : from.host;
    if (name === from.host) return; // a test sends what no endpoint would
    for (const message of framesOf(bytes, transport)) {
      const isSignal = message.code >> 5 === 7;
      (isSignal ? signals : sent).push({ at: time.monotonic(), from: name, message });
    }
  });
  const open = (more: Partial<StreamCoapEndpointOptions>) =>
    createStreamCoapEndpoint({ clock: time, timers: time, random, ...more });
  const listener = streams.listen(serverHost, 5683, transport === 'ws');
  return {
    time,
    streams,
    sent,
    signals,
    transport,
    client: open({ connector: streams.connector(clientHost), ...options.client }),
    server: open({ listener, ...options.server }),
    serverPeer: socketAddress(serverHost, 5683),
    open,
  };
}

/** The messages of one write; every write of ours is whole messages. */
export function framesOf(bytes: Uint8Array, transport: 'tcp' | 'ws'): Message[] {
  const frames: Uint8Array[] = [];
  if (transport === 'ws') {
    const frame = readWholeFrame(bytes, Number.MAX_SAFE_INTEGER);
    if (typeof frame === 'string') throw new Error(`a malformed message was sent: ${frame}`);
    frames.push(frame);
  } else {
    const reader = new FrameReader(Number.MAX_SAFE_INTEGER, { onFrame: (frame) => frames.push(frame) > 0 });
    const problem = reader.push(bytes);
    if (problem !== undefined || reader.held > 0) throw new Error(`a malformed message was sent: ${problem}`);
  }
  return frames.map((frame) => {
    const decoded = decodeStreamMessage(frame, 1000);
    if (!decoded.ok) throw new Error(`a malformed message was sent: ${decoded.error}`);
    return decoded.value;
  });
}

export interface AnyWorldOptions {
  readonly client?: { readonly blockSize?: BlockSize };
  readonly server?: { readonly blockSize?: BlockSize };
  readonly datagrams?: WorldOptions;
  readonly streams?: StreamConditions;
}

/** The same over the transport that is asked for. Over streams bytes arrive in pieces of seven. */
export function createAnyWorld(transport: Transport, options: AnyWorldOptions = {}): AnyWorld {
  const { client = {}, server = {}, datagrams = {}, streams = { segment: 7 } } = options;
  if (transport === 'udp') return { ...createWorld({ client, server, ...datagrams }), transport };
  return createStreamWorld({ transport, streams, client, server });
}

interface ScriptMessage {
  readonly token?: Uint8Array;
  readonly options?: readonly Option[];
  readonly payload?: Uint8Array;
}

/** A peer that speaks in single messages over a stream of its own, for lockstep tests. */
export class StreamPeerScript {
  readonly received: Message[] = [];
  closed: { readonly error: Error | undefined } | undefined;
  readonly #time: VirtualTime;
  #held: Uint8Array = new Uint8Array(0);
  #write: (bytes: Uint8Array) => void = () => {};
  abort: () => void = () => {};
  close: () => void = () => {};
  pause: () => void = () => {};
  resume: () => void = () => {};

  private constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Connects from `host` to the server of `world`. */
  static async connect(world: StreamWorld, host = '192.0.2.66'): Promise<StreamPeerScript> {
    const script = new StreamPeerScript(world.time);
    const connecting = world.streams.connector(host).connect(world.serverPeer, new AbortController().signal);
    const stream = await world.time.until(connecting, seconds(1));
    script.#take(stream, world.transport === 'ws');
    return script;
  }

  /** Listens as a server; the first stream that comes is the script's. */
  static listen(world: StreamWorld, host: string, port = 5683): StreamPeerScript {
    const script = new StreamPeerScript(world.time);
    const isWs = world.transport === 'ws';
    world.streams.listen(host, port, isWs).accept((stream) => script.#take(stream, isWs));
    return script;
  }

  #isWs = false;

  #take(stream: ByteStream, isWs: boolean): void {
    this.#isWs = isWs;
    this.#write = (bytes) => void stream.write(bytes);
    this.abort = () => stream.abort();
    this.close = () => stream.close();
    this.pause = () => stream.pause();
    this.resume = () => stream.resume();
    this.closed = undefined;
    stream.listen({
      onBytes: (bytes) => {
        if (isWs) {
          this.received.push(...framesOf(bytes, 'ws'));
          return;
        }
        this.#held = concatBytes([this.#held, bytes]);
        const frames: Uint8Array[] = [];
        const reader = new FrameReader(Number.MAX_SAFE_INTEGER, { onFrame: (frame) => frames.push(frame) > 0 });
        reader.push(this.#held);
        if (reader.held > 0) return;
        this.#held = new Uint8Array(0);
        for (const frame of frames) {
          const decoded = decodeStreamMessage(frame, 1000);
          if (decoded.ok) this.received.push(decoded.value);
        }
      },
      onDrain: () => {},
      onClosed: (error) => {
        this.closed = { error };
      },
    });
  }

  send(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  sendMessage(code: number, message: ScriptMessage = {}): void {
    const { token = emptyBytes, options = [], payload = emptyBytes } = message;
    this.send(encodeFrame(code, token, options, payload, !this.#isWs));
  }

  /** What came in a second of virtual time, the CSM left out. */
  async receive(time = milliseconds(1000)): Promise<Message[]> {
    await this.#time.advance(time);
    return this.received.splice(0).filter(({ code }) => code !== SignalCode.Csm);
  }
}

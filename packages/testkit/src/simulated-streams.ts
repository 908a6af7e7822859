import {
  type ByteStream,
  type ByteStreamListener,
  type Duration,
  milliseconds,
  type Peer,
  type SocketAddress,
  type StreamConnector,
  type StreamListener,
  StreamPeer,
  socketAddress,
  type Timers,
} from '@yaolian/kernel';

export interface StreamConditions {
  /** One way. Default 1 ms. */
  readonly latency?: Duration;
  /** Bytes arrive in pieces of at most this many, whatever was written. Default: as they were written. */
  readonly segment?: number;
  /** Bytes under way from which on a writer is told to wait. Default 65536. */
  readonly window?: number;
}

/** A write on its way, as {@link SimulatedStreams.watch} sees it. */
export interface StreamPassage {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly bytes: Uint8Array;
}

/** Connections in virtual time: split anywhere, cut, gone silent, read slowly. */
export class SimulatedStreams {
  readonly timers: Timers;
  conditions: StreamConditions;
  readonly #listeners = new Map<string, SimulatedListener>();
  readonly #open = new Set<SimulatedStream>();
  readonly #watchers: ((passage: StreamPassage) => void)[] = [];
  #numbers = 0;
  /** True: nothing arrives any more and nobody is told, as when a NAT forgot a connection or a cable was pulled. */
  silent = false;

  constructor(options: { readonly timers: Timers; readonly conditions?: StreamConditions }) {
    this.timers = options.timers;
    this.conditions = options.conditions ?? {};
  }

  /** Streams that are open, counted at both ends. */
  get size(): number {
    return this.#open.size;
  }

  /** @param keepsBoundaries as of a WebSocket; default false. @throws Error when the address is taken */
  listen(host: string, port: number, keepsBoundaries = false): StreamListener {
    const address = socketAddress(host, port);
    if (this.#listeners.has(address.key)) throw new Error(`${address.key} is in use`);
    const listener = new SimulatedListener(address, keepsBoundaries, () => this.#listeners.delete(address.key));
    this.#listeners.set(address.key, listener);
    return listener;
  }

  /** @param host where its streams come from; each has a port of its own */
  connector(host: string): StreamConnector {
    return { connect: (to, signal) => this.#connect(host, to, signal) };
  }

  /** Sees every write as it is made. */
  watch(watcher: (passage: StreamPassage) => void): void {
    this.#watchers.push(watcher);
  }

  /** Cuts every connection: both ends hear of it at once. */
  cut(): void {
    for (const stream of [...this.#open]) stream.end(new Error('the connection was reset'));
  }

  #connect(host: string, to: Peer, signal: AbortSignal): Promise<ByteStream> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      this.timers.schedule(this.latency, () => {
        if (this.silent) return;
        signal.removeEventListener('abort', abort);
        if (signal.aborted) return;
        const listener = this.#listeners.get(to.address.key);
        if (listener === undefined) reject(new Error(`${to.address.key} refused the connection`));
        else resolve(this.#pair(socketAddress(host, 49_152 + (++this.#numbers % 16_384)), to, listener));
      });
    });
  }

  #pair(from: SocketAddress, to: Peer, listener: SimulatedListener): ByteStream {
    const { keepsBoundaries } = listener;
    const near = new SimulatedStream(this, from, to, keepsBoundaries);
    const far = new SimulatedStream(
      this,
      to.address,
      new StreamPeer(from, this.#numbers, keepsBoundaries ? 'ws' : 'tcp'),
      keepsBoundaries,
    );
    near.other = far;
    far.other = near;
    this.#open.add(near).add(far);
    this.timers.schedule(this.latency, () => listener.offer(far));
    return near;
  }

  /** @internal */
  get latency(): Duration {
    return this.conditions.latency ?? milliseconds(1);
  }

  /** @internal */
  passing(passage: StreamPassage): void {
    for (const watcher of this.#watchers) watcher(passage);
  }

  /** @internal */
  left(stream: SimulatedStream): void {
    this.#open.delete(stream);
  }
}

class SimulatedListener implements StreamListener {
  readonly localAddress: SocketAddress;
  readonly keepsBoundaries: boolean;
  readonly #onClosed: () => void;
  #onStream: ((stream: ByteStream) => void) | undefined;

  constructor(localAddress: SocketAddress, keepsBoundaries: boolean, onClosed: () => void) {
    this.localAddress = localAddress;
    this.keepsBoundaries = keepsBoundaries;
    this.#onClosed = onClosed;
  }

  accept(onStream: (stream: ByteStream) => void): void {
    this.#onStream = onStream;
  }

  offer(stream: SimulatedStream): void {
    if (this.#onStream === undefined) stream.abort();
    else this.#onStream(stream);
  }

  close(): Promise<void> {
    this.#onStream = undefined;
    this.#onClosed();
    return Promise.resolve();
  }
}

class SimulatedStream implements ByteStream {
  readonly peer: Peer;
  readonly localAddress: SocketAddress;
  readonly keepsBoundaries: boolean;
  other!: SimulatedStream;
  readonly #streams: SimulatedStreams;
  #listener: ByteStreamListener | undefined;
  /** What came and was not read. */
  readonly #arrived: Uint8Array[] = [];
  #queued = 0;
  #blocked = false;
  #paused = false;
  #closing = false;
  #over = false;
  /** How it ended, while nobody listens. */
  #ended: { readonly error: Error | undefined } | undefined;

  constructor(streams: SimulatedStreams, localAddress: SocketAddress, peer: Peer, keepsBoundaries: boolean) {
    this.#streams = streams;
    this.localAddress = localAddress;
    this.peer = peer;
    this.keepsBoundaries = keepsBoundaries;
  }

  get queuedBytes(): number {
    return this.#queued;
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    this.#flow();
    if (this.#ended !== undefined) listener.onClosed(this.#ended.error);
  }

  write(bytes: Uint8Array): boolean {
    if (this.#over || this.#closing) return true;
    this.#streams.passing({ from: this.localAddress, to: this.other.localAddress, bytes });
    this.#queued += bytes.length;
    const copy = bytes.slice();
    this.#streams.timers.schedule(this.#streams.latency, () => this.other.arrive(copy));
    this.#blocked ||= this.#queued >= (this.#streams.conditions.window ?? 65_536);
    return !this.#blocked;
  }

  /** @internal Bytes came from the other side. */
  arrive(bytes: Uint8Array): void {
    if (this.#over || this.#streams.silent) return;
    this.#arrived.push(bytes);
    this.#flow();
  }

  #flow(): void {
    while (this.#listener !== undefined && !this.#paused && !this.#over) {
      const bytes = this.#arrived.shift();
      if (bytes === undefined) return;
      const { segment = bytes.length } = this.#streams.conditions;
      const size = this.keepsBoundaries ? bytes.length : segment;
      for (let at = 0; at < bytes.length && !this.#over; at += size) this.#listener.onBytes(bytes.slice(at, at + size));
      this.other.left(bytes.length);
    }
  }

  /** @internal The other side read something. */
  left(count: number): void {
    this.#queued -= count;
    if (!this.#blocked || this.#queued > 0 || this.#over) return;
    this.#blocked = false;
    this.#streams.timers.schedule(this.#streams.latency, () => {
      if (!this.#over) this.#listener?.onDrain();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  close(): void {
    if (this.#closing || this.#over) return;
    this.#closing = true;
    // Behind everything that was written.
    this.#streams.timers.schedule(this.#streams.latency, () => this.#closeWhenRead());
  }

  #closeWhenRead(): void {
    if (this.#over) return;
    if (this.#queued > 0 && !this.other.#over && !this.#streams.silent) {
      this.#streams.timers.schedule(this.#streams.latency, () => this.#closeWhenRead());
      return;
    }
    this.#finish(undefined);
    if (!this.#streams.silent) this.other.#finish(undefined);
  }

  abort(): void {
    if (this.#over) return;
    this.#finish(undefined);
    if (this.#streams.silent) return;
    this.#streams.timers.schedule(this.#streams.latency, () => this.other.end(new Error('the connection was reset')));
  }

  /** @internal */
  end(error: Error | undefined): void {
    this.#finish(error);
  }

  #finish(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#streams.left(this);
    if (this.#listener === undefined) this.#ended = { error };
    else this.#listener.onClosed(error);
  }
}

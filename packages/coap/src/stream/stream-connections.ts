import {
  type ByteStream,
  type Peer,
  parseSocketAddress,
  type StreamConnector,
  type Timer,
  type Timers,
} from '@yaolian/kernel';
import { coapErrors } from '../errors.ts';
import type { RequestControl } from '../exchange.ts';
import { type MessageSizing, streamSizing } from '../message-sizing.ts';
import type { Delivery, DeliveryListener, MessageSender, OutgoingMessage } from '../messaging.ts';
import { StreamConnection } from './connection.ts';
import type { ConnectionHost } from './connection-host.ts';
import { failLater } from './deliveries.ts';
import type { ReleaseNotice, Signal } from './signaling.ts';

export interface StreamConnectionsOptions {
  /** What connections need, besides what this table does for them. */
  readonly host: Omit<ConnectionHost, 'onReady' | 'onRelease' | 'onEnded' | 'onGone'>;
  readonly timers: Timers;
  readonly connector: StreamConnector | undefined;
  /** Go where a Release says (RFC 8323 §5.5). */
  readonly followAlternativeAddress: boolean;
  onDisconnected(peer: Peer): void;
  /** A stream is closed for good. */
  onGone(): void;
}

/** A connection that is being made, and who waits for it. */
interface Attempt {
  readonly abort: AbortController;
  readonly connection: Promise<StreamConnection>;
}

/** What a peer said when it let us go. */
interface Farewell {
  /** Monotonic milliseconds before which we do not come again. */
  readonly notBefore: number;
  readonly instead: Peer | undefined;
}

/** How many farewells are remembered; beyond, the oldest is forgotten. */
const maximumFarewells = 1000;

/** The connections of an endpoint, by peer; made on demand where there is a connector. */
export class StreamConnections implements MessageSender {
  readonly #options: StreamConnectionsOptions;
  readonly #host: ConnectionHost;
  readonly #table = new Map<string, StreamConnection>();
  readonly #perHost = new Map<string, number>();
  readonly #attempts = new Map<string, Attempt>();
  readonly #waiting = new Map<StreamConnection, PromiseWithResolvers<StreamConnection>>();
  readonly #farewells = new Map<string, Farewell>();
  /** Every connection whose stream is not closed, those that were replaced or released included. */
  readonly #all = new Set<StreamConnection>();
  readonly #unconnected: MessageSizing;
  #closed = false;

  constructor(options: StreamConnectionsOptions) {
    this.#options = options;
    this.#host = {
      ...options.host,
      onReady: (connection) => this.#waiting.get(connection)?.resolve(connection),
      onRelease: (connection, notice) => this.#onRelease(connection, notice),
      onEnded: (connection, why) => this.#onEnded(connection, why),
      onGone: (connection) => this.#onGone(connection),
    };
    const { blockSize } = options.host;
    this.#unconnected = streamSizing({ maximumMessageBytes: 1152, bert: false, blockSize });
  }

  get size(): number {
    return this.#all.size;
  }

  /** Takes on a stream that somebody opened to us, if there is room. */
  accept(stream: ByteStream): void {
    if (this.#hasRoom(stream.peer)) this.#add(stream);
    else this.#refuse(stream);
  }

  #hasRoom(peer: Peer): boolean {
    const { maximumConnections, maximumConnectionsPerHost } = this.#host.bounds;
    const ofHost = this.#perHost.get(peer.address.host) ?? 0;
    return !this.#closed && this.#all.size < maximumConnections && ofHost < maximumConnectionsPerHost;
  }

  #refuse(stream: ByteStream): void {
    this.#host.metrics.refused.add();
    stream.listen({ onBytes() {}, onDrain() {}, onClosed() {} });
    stream.abort();
  }

  #add(stream: ByteStream): StreamConnection {
    const connection = new StreamConnection(this.#host, stream);
    const { key, address } = stream.peer;
    this.#host.metrics.opened.add();
    this.#all.add(connection);
    this.#perHost.set(address.host, (this.#perHost.get(address.host) ?? 0) + 1);
    const earlier = this.#table.get(key);
    this.#table.set(key, connection);
    // One that was released finishes what is under way.
    if (earlier !== undefined && !this.#isGoing(earlier)) earlier.abort('another connection took its place', 'closed');
    connection.open();
    return connection;
  }

  #onEnded(connection: StreamConnection, why: string): void {
    const { peer } = connection;
    this.#waiting.get(connection)?.reject(coapErrors.COAP_CONNECT_FAILED(peer.key, why));
    this.#host.log.debug('a CoAP connection ended', { peer: peer.key, reason: why });
    if (this.#table.get(peer.key) === connection) this.#table.delete(peer.key);
    this.#options.onDisconnected(peer);
  }

  #onGone(connection: StreamConnection): void {
    this.#all.delete(connection);
    const { host } = connection.peer.address;
    const left = this.#perHost.get(host)! - 1;
    if (left > 0) this.#perHost.set(host, left);
    else this.#perHost.delete(host);
    this.#options.onGone();
  }

  /** RFC 8323 §5.5: nothing new goes over a connection whose peer wants it to end; the next request makes another. */
  #onRelease(connection: StreamConnection, notice: Extract<Signal, { kind: 'release' }>): void {
    const { peer } = connection;
    if (this.#options.connector === undefined) return;
    const wait = (notice.holdOff ?? 0) * 1000;
    const instead = this.#options.followAlternativeAddress ? addressOf(notice.alternativeAddresses) : undefined;
    this.#farewells.delete(peer.key);
    if (this.#farewells.size >= maximumFarewells) this.#farewells.delete(this.#farewells.keys().next().value!);
    this.#farewells.set(peer.key, { notBefore: this.#host.clock.monotonic() + wait, instead });
  }

  /** The connection to a peer, over which requests may go. Undefined: it has to be {@link connect}ed first. */
  ready(peer: Peer): StreamConnection | undefined {
    const connection = this.#table.get(peer.key);
    return connection?.ready ? connection : undefined;
  }

  /**
   * Waits for a connection to a peer, and makes one where that is possible.
   * @throws YaolianError COAP_NOT_CONNECTED, COAP_CONNECT_FAILED, COAP_TIMEOUT, COAP_ABORTED, COAP_CLOSED, COAP_OVERLOADED
   */
  connect(peer: Peer, control: RequestControl): Promise<StreamConnection> {
    if (this.#closed) return Promise.reject(coapErrors.COAP_CLOSED());
    const opening = this.#table.get(peer.key);
    if (opening !== undefined && !opening.over && !this.#isGoing(opening))
      return this.#await(this.#opened(opening), peer, control);
    const { connector } = this.#options;
    if (connector === undefined) return Promise.reject(coapErrors.COAP_NOT_CONNECTED(peer.key));
    let attempt = this.#attempts.get(peer.key);
    if (attempt === undefined) {
      if (!this.#hasRoom(peer)) return Promise.reject(coapErrors.COAP_OVERLOADED(`${this.#all.size} connections`));
      attempt = this.#attempt(peer, connector);
    }
    return this.#await(attempt.connection, peer, control);
  }

  /** Whether a connection was open and is no more, without being over. */
  #isGoing(connection: StreamConnection): boolean {
    return !connection.ready && !connection.opening;
  }

  #opened(connection: StreamConnection): Promise<StreamConnection> {
    if (connection.ready) return Promise.resolve(connection);
    let waiting = this.#waiting.get(connection);
    if (waiting === undefined) {
      waiting = Promise.withResolvers();
      this.#waiting.set(connection, waiting);
      const done = () => this.#waiting.delete(connection);
      waiting.promise.then(done, done);
    }
    return waiting.promise;
  }

  #attempt(peer: Peer, connector: StreamConnector): Attempt {
    const abort = new AbortController();
    const { connectTimeout } = this.#host.timing;
    const timeout =
      connectTimeout === 0
        ? undefined
        : this.#options.timers.schedule(connectTimeout, () => abort.abort(coapErrors.COAP_TIMEOUT(peer.key)));
    const connection = this.#connect(peer, connector, abort.signal).finally(() => {
      timeout?.cancel();
      this.#attempts.delete(peer.key);
    });
    const attempt = { abort, connection };
    this.#attempts.set(peer.key, attempt);
    return attempt;
  }

  async #connect(peer: Peer, connector: StreamConnector, signal: AbortSignal): Promise<StreamConnection> {
    const farewell = this.#farewells.get(peer.key);
    const wait = farewell === undefined ? 0 : farewell.notBefore - this.#host.clock.monotonic();
    // RFC 8323 §5.5: after a Hold-Off we do not come back sooner.
    if (wait > 0)
      throw coapErrors.COAP_CONNECT_FAILED(peer.key, `it asked to be left alone for ${Math.ceil(wait / 1000)} s`);
    const target = farewell?.instead === undefined ? peer : new RedirectedPeer(peer, farewell.instead);
    let stream: ByteStream;
    try {
      stream = await connector.connect(target, signal);
    } catch (error) {
      if (signal.aborted && signal.reason === error) throw error;
      // An address that a peer named and that is no good is not tried for ever.
      this.#farewells.delete(peer.key);
      throw coapErrors.COAP_CONNECT_FAILED(peer.key, error instanceof Error ? error.message : String(error), error);
    }
    if (signal.aborted || this.#closed) {
      this.#refuse(stream);
      throw signal.aborted ? signal.reason : coapErrors.COAP_CLOSED();
    }
    this.#farewells.delete(peer.key);
    return this.#opened(this.#add(stream));
  }

  /** The wait of one caller, which may be given up without the others'. */
  #await(
    connection: Promise<StreamConnection>,
    peer: Peer,
    { signal, timeout }: RequestControl,
  ): Promise<StreamConnection> {
    if (signal === undefined && timeout === undefined) return connection;
    if (signal?.aborted) {
      connection.catch(() => undefined);
      return Promise.reject(coapErrors.COAP_ABORTED(signal.reason));
    }
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const abort = () => done(() => reject(coapErrors.COAP_ABORTED(signal?.reason)));
      const done = (settle: () => void) => {
        timer?.cancel();
        signal?.removeEventListener('abort', abort);
        settle();
      };
      if (timeout !== undefined) {
        timer = this.#options.timers.schedule(timeout, () => done(() => reject(coapErrors.COAP_TIMEOUT(peer.key))));
      }
      signal?.addEventListener('abort', abort);
      connection.then(
        (opened) => done(() => resolve(opened)),
        (error: unknown) => done(() => reject(error)),
      );
    });
  }

  sizing(peer: Peer): MessageSizing {
    return this.#table.get(peer.key)?.sizing ?? this.#unconnected;
  }

  send(peer: Peer, message: OutgoingMessage, _confirmable: boolean, listener?: DeliveryListener): Delivery | undefined {
    const connection = this.#table.get(peer.key);
    if (connection !== undefined) return connection.send(message, listener);
    return failLater(listener, coapErrors.COAP_DISCONNECTED(peer.key, 'there is none any more'));
  }

  /** A stream has one other end. */
  sendToGroup(): boolean {
    return false;
  }

  ping(peer: Peer, listener: DeliveryListener): Delivery | undefined {
    const connection = this.#table.get(peer.key);
    if (connection !== undefined) return connection.ping(listener);
    return failLater(listener, coapErrors.COAP_DISCONNECTED(peer.key, 'there is none any more'));
  }

  release(peer: Peer, notice: ReleaseNotice): void {
    this.#table.get(peer.key)?.release(notice);
  }

  *peers(): IterableIterator<Peer> {
    for (const { peer } of this.#table.values()) yield peer;
  }

  abort(peer: Peer, diagnostic: string): void {
    this.#table.get(peer.key)?.abort(diagnostic, 'aborted by us');
  }

  /** Releases every connection. */
  close(notice: ReleaseNotice): void {
    this.#closed = true;
    for (const { abort } of this.#attempts.values()) abort.abort(coapErrors.COAP_CLOSED());
    for (const connection of [...this.#all]) connection.releaseNow(notice);
  }
}

/** The same peer, elsewhere. */
class RedirectedPeer implements Peer {
  readonly key: string;
  readonly hash: number;
  readonly address;

  constructor(peer: Peer, instead: Peer) {
    this.key = peer.key;
    this.hash = peer.hash;
    this.address = instead.address;
  }
}

/** The first that is an address and a port: names would have to be looked up, which is not ours to do. */
function addressOf(texts: readonly string[]): Peer | undefined {
  for (const text of texts) {
    const address = parseSocketAddress(text);
    if (address.ok) return address.value;
  }
  return undefined;
}

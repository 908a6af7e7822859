import { type DatagramListener, type DatagramPort, emptyBytes, type Peer, type SocketAddress } from '@yaolian/kernel';
import type { ClientCredentials } from '../credentials.ts';
import { Endpoint } from '../endpoint.ts';
import { dtlsErrors } from '../errors.ts';
import { hasExpired } from '../identity.ts';
import type { DtlsOptions } from '../options.ts';
import type { ResumableState } from '../session/resumable-state.ts';
import { DtlsSession } from '../session/session.ts';
import { decodeSession, exportSession, type SessionExport, type SessionImport } from '../session/session-export.ts';
import { type Settings, settle } from '../settings.ts';
import { ClientHandshake } from './client-handshake.ts';
import { areStillShown, type ShownCredentials } from './shown-credentials.ts';

export interface DtlsClientOptions extends DtlsOptions {
  /** What to show to a server and to believe of it; undefined: it gets no session. */
  readonly credentials: ClientCredentials | ((to: Peer) => ClientCredentials | undefined);
  /**
   * Whether sessions are resumed where the server lets us. Default true. With other credentials than those that a session was made with it
   * is not; nor where the pre-shared key is looked up asynchronously, for it may be another by now.
   */
  readonly resumes?: boolean;
}

/** What a session leaves for the next one with the same server. */
export interface ClientResumption {
  readonly sessionId: Uint8Array;
  /** Empty: the session ID alone. */
  readonly ticket: Uint8Array;
  readonly state: ResumableState;
  /** What we proved ourselves with. */
  readonly shown: ShownCredentials;
}

/**
 * Opens a DTLS client on a datagram port.
 * @throws RangeError when an option makes no sense
 */
export function createDtlsClient(options: DtlsClientOptions): DtlsClient {
  return new DtlsClient(options);
}

/**
 * A datagram port that shakes hands with a peer when something is first sent there. What comes in is from the session, whose
 * key is that of the address. Made by {@link createDtlsClient}.
 */
export class DtlsClient implements DatagramPort {
  readonly #settings: Settings;
  readonly #endpoint: Endpoint;
  readonly #options: DtlsClientOptions;
  /** Datagrams that wait for a handshake, by the key of the address. */
  readonly #queues = new Map<string, Uint8Array[]>();
  readonly #waiters = new Map<string, { resolve(session: DtlsSession): void; reject(error: Error): void }[]>();
  readonly #earlier = new Map<string, ClientResumption>();

  constructor(options: DtlsClientOptions) {
    this.#options = options;
    this.#settings = settle(options, 0);
    this.#endpoint = new Endpoint(this.#settings, {
      onStrangerHandshake: () => this.#settings.counters.dropped('no handshake'),
      onCompleted: (handshake, session) => this.#onCompleted(handshake as ClientHandshake, session),
      onFailed: (handshake, reason) => this.#onFailed(handshake as ClientHandshake, reason),
      // RFC 5246 §7.2.2: what ended with a fatal alert is not resumed.
      onFatalAlert: ({ address }) => this.#forget(address.key),
    });
  }

  get localAddress(): SocketAddress {
    return this.#settings.port.localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#endpoint.listen(listener);
  }

  session(to: Peer): DtlsSession | undefined {
    return this.#endpoint.sessions.byAddress(to.address.key);
  }

  /** Sends, after a handshake when there is no session yet. What does not go out is reported through `onSendError`. */
  send(datagram: Uint8Array, to: Peer): void {
    if (this.#endpoint.isClosed) return;
    const session = to instanceof DtlsSession && to.isOpen ? to : this.session(to);
    if (session !== undefined) {
      this.#endpoint.sender.sendData(session, datagram);
      return;
    }
    const queue = this.#queues.get(to.address.key) ?? [];
    if (queue.length >= this.#settings.bounds.maximumQueuedPerPeer) {
      this.#endpoint.sender.refuse(dtlsErrors.DTLS_OVERLOADED(`datagrams to ${to.key}`), to);
      return;
    }
    queue.push(datagram);
    this.#queues.set(to.address.key, queue);
    this.#begin(to);
  }

  /**
   * Resolves with the session once there is one.
   * @throws YaolianError DTLS_HANDSHAKE_FAILED, DTLS_CLOSED
   */
  connect(to: Peer): Promise<DtlsSession> {
    if (this.#endpoint.isClosed) return Promise.reject(dtlsErrors.DTLS_CLOSED());
    const session = this.session(to);
    if (session !== undefined) return Promise.resolve(session);
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(to.address.key) ?? [];
      this.#waiters.set(to.address.key, waiters);
      waiters.push({ resolve, reject });
      this.#begin(to);
    });
  }

  /** Ends the session with close_notify; the next datagram begins another, which resumes it where it can. */
  disconnect(to: Peer): void {
    const session = this.session(to);
    if (session !== undefined) this.#endpoint.closeSession(session, 'closed by us');
  }

  /** What another process needs to go on with a session: keys, so seal it. Of it and `onExportDue` see the server. */
  exportSession(session: DtlsSession): SessionExport {
    return exportSession(session);
  }

  /** Goes on with an exported session. Undefined when the export is none, or of another format. */
  importSession(state: Uint8Array, options?: SessionImport): DtlsSession | undefined {
    const session = decodeSession(state, this.#settings, options);
    if (session !== undefined) this.#endpoint.adopt(session);
    return session;
  }

  /** Closes without close_notify: the sessions, exported, go on in another process. */
  suspend(): Promise<void> {
    return this.#endpoint.close(false);
  }

  close(): Promise<void> {
    const closing = this.#endpoint.close(true);
    for (const key of [...this.#earlier.keys()]) this.#forget(key);
    return closing;
  }

  #begin(to: Peer): void {
    const address = to.address;
    const current = this.#endpoint.handshakes.get(address);
    if (current !== undefined && !current.isDone) return;
    current?.forget();
    const { credentials } = this.#options;
    const chosen = typeof credentials === 'function' ? credentials(to) : credentials;
    if (chosen === undefined) {
      this.#reject(address, 'there are no credentials for it');
      return;
    }
    if (this.#endpoint.handshakes.size >= this.#settings.bounds.maximumHandshakes) {
      this.#reject(address, 'too many handshakes are under way');
      return;
    }
    const earlier = this.#resumable(address, chosen);
    const handshake = new ClientHandshake(address, this.#endpoint, chosen, earlier);
    this.#endpoint.begin(handshake);
    handshake.start();
  }

  #resumable(address: SocketAddress, credentials: ClientCredentials): ClientResumption | undefined {
    const earlier = this.#options.resumes === false ? undefined : this.#earlier.get(address.key);
    if (earlier === undefined) return undefined;
    const { crypto, clock } = this.#settings;
    const { state, shown } = earlier;
    const isGood = !hasExpired(state.identity, clock.epoch()) && areStillShown(crypto, state.suite, credentials, shown);
    if (isGood) return { ...earlier, state: { ...state, masterSecret: state.masterSecret.slice() } };
    this.#forget(address.key);
    return undefined;
  }

  #forget(key: string): void {
    this.#earlier.get(key)?.state.masterSecret.fill(0);
    this.#earlier.delete(key);
  }

  #onCompleted(handshake: ClientHandshake, session: DtlsSession): void {
    const { key } = handshake.peer.address;
    this.#remember(handshake);
    for (const { resolve } of this.#take(this.#waiters, key)) resolve(session);
    for (const datagram of this.#take(this.#queues, key)) this.#endpoint.sender.sendData(session, datagram);
  }

  #remember(handshake: ClientHandshake): void {
    if (this.#options.resumes === false) return;
    const { earlier, suite, usesExtendedMasterSecret, serverName, identity, settings } = handshake;
    const { key } = handshake.peer.address;
    const ticket =
      handshake.ticket.length > 0 ? handshake.ticket : handshake.isResumption ? earlier!.ticket : emptyBytes;
    // RFC 5077 §3.4: an ID of our own choice, sent beside a ticket, comes back when the ticket was taken.
    const sessionId = ticket.length > 0 ? settings.random.bytes(16) : handshake.sessionId;
    if (sessionId.length === 0) return;
    const since = settings.clock.epoch();
    const masterSecret = handshake.masterSecret.slice();
    const state = { suite, masterSecret, usesExtendedMasterSecret, serverName, identity, since };
    const shown = handshake.isResumption ? earlier!.shown : handshake.shown!;
    this.#forget(key);
    if (this.#earlier.size >= settings.bounds.maximumResumable) this.#forget(this.#earlier.keys().next().value!);
    this.#earlier.set(key, { sessionId, ticket, state, shown });
  }

  #onFailed(handshake: ClientHandshake, reason: string): void {
    // RFC 5246 §7.2.2: what failed is not tried again in the same way.
    this.#forget(handshake.peer.address.key);
    this.#reject(handshake.peer.address, reason);
  }

  #reject(address: SocketAddress, reason: string): void {
    const error = dtlsErrors.DTLS_HANDSHAKE_FAILED(address.key, reason);
    for (const { reject } of this.#take(this.#waiters, address.key)) reject(error);
    if (this.#take(this.#queues, address.key).length > 0) this.#endpoint.sender.refuse(error, address);
  }

  #take<T>(table: Map<string, T[]>, key: string): T[] {
    const taken = table.get(key) ?? [];
    table.delete(key);
    return taken;
  }
}

import {
  type DatagramListener,
  type DatagramPort,
  type Duration,
  minutes,
  type Peer,
  type SocketAddress,
} from '@yaolian/kernel';
import type { ServerCredentials } from '../credentials.ts';
import { Endpoint, type EndpointRole } from '../endpoint.ts';
import { dtlsErrors } from '../errors.ts';
import type { DtlsOptions } from '../options.ts';
import type { RecordView } from '../record/record-header.ts';
import type { ProgressExport, ProgressSelection } from '../session/kept-progress.ts';
import { DtlsSession } from '../session/session.ts';
import { decodeSession, exportSession, type SessionExport, type SessionImport } from '../session/session-export.ts';
import { applyProgress } from '../session/session-progress.ts';
import { type Settings, settle } from '../settings.ts';
import { Cookies } from './cookies.ts';
import { Greeter } from './greeter.ts';
import { Resumption, type ResumptionOptions } from './resumption.ts';
import type { ServerHandshake } from './server-handshake.ts';

export interface DtlsServerOptions extends DtlsOptions {
  readonly credentials: ServerCredentials;
  readonly resumption?: ResumptionOptions;
  /** How long a secret for cookies is used; the one before is good too. Default 1 min. */
  readonly cookieLifetime?: Duration;
  /**
   * For servers whose sessions outlive the process. Records wait until it is stored that they may have been taken, and this asks for it:
   * store what {@link DtlsServer.exportProgress} gives for `due`, soon. Absent: nothing waits, and after a crash an attacker may have the
   * records replayed that came since the last export.
   */
  readonly onProgressDue?: () => void;
}

/**
 * Opens a DTLS server on a datagram port.
 * @throws RangeError when an option makes no sense
 */
export function createDtlsServer(options: DtlsServerOptions): DtlsServer {
  return new DtlsServer(options);
}

/** A datagram port whose peers are sessions. Made by {@link createDtlsServer}. */
export class DtlsServer implements DatagramPort {
  readonly #settings: Settings;
  readonly #endpoint: Endpoint;
  readonly #resumption: Resumption;
  #isGoingOn = false;

  constructor(options: DtlsServerOptions) {
    const settings = settle(options, 6);
    this.#settings = settings;
    this.#resumption = new Resumption(settings, options.resumption ?? {});
    const cookies = new Cookies(settings.crypto, settings.clock, options.cookieLifetime ?? minutes(1));
    const context = { credentials: options.credentials, resumption: this.#resumption };
    const role: EndpointRole = {
      onStrangerHandshake: (datagram, record, from) => greeter.onHandshake(datagram, record, from),
      onCompleted: (handshake) => this.#resumption.remember(handshake as ServerHandshake),
      onFailed: () => {},
      onFatalAlert: (session) => this.#resumption.forget(session),
    };
    this.#endpoint = new Endpoint(settings, role, options.onProgressDue);
    const greeter: { onHandshake(datagram: Uint8Array, record: RecordView, from: Peer): void } = new Greeter(
      this.#endpoint,
      cookies,
      context,
    );
  }

  get localAddress(): SocketAddress {
    return this.#settings.port.localAddress;
  }

  /** Open sessions. */
  get size(): number {
    return this.#endpoint.sessions.size;
  }

  /** Handshakes under way, and those that were just done. */
  get handshakes(): number {
    return this.#endpoint.handshakes.size;
  }

  sessions(): IterableIterator<DtlsSession> {
    return this.#endpoint.sessions.values();
  }

  /** The session with this {@link DtlsSession.key}, which stays the same over a restart. */
  session(key: string): DtlsSession | undefined {
    return this.#endpoint.sessions.get(key);
  }

  listen(listener: DatagramListener): void {
    this.#endpoint.listen(listener);
  }

  /** @param to a session, or a peer with the key or the address of one */
  send(datagram: Uint8Array, to: Peer): void {
    if (this.#endpoint.isClosed) return;
    const session = to instanceof DtlsSession && to.isOpen ? to : this.#find(to);
    if (session === undefined) this.#endpoint.sender.refuse(dtlsErrors.DTLS_NO_SESSION(to.key), to);
    else this.#endpoint.sender.sendData(session, datagram);
  }

  /** Ends a session with close_notify. */
  closeSession(session: DtlsSession): void {
    this.#endpoint.closeSession(session, 'closed by us');
  }

  /**
   * What a server after a restart needs to go on with a session: keys, so seal it. It is good for as many records as
   * {@link exportReserve} says; then `onExportDue` asks for another, and a session that gets none sends no more.
   */
  exportSession(session: DtlsSession): SessionExport {
    return exportSession(session);
  }

  /** Goes on with an exported session. Undefined when the export is none, or of another format. */
  importSession(state: Uint8Array, options?: SessionImport): DtlsSession | undefined {
    const session = decodeSession(state, this.#settings, options);
    if (session !== undefined) this.#endpoint.adopt(session);
    return session;
  }

  /**
   * Which records a restart is to refuse: {@link progressLength} bytes a session. Needs `onProgressDue`. Store exports in the order in
   * which they were made.
   * - `due`: of sessions whose records wait
   * - `changed`: also of those that fell silent since the last such call. To be made now and then, each second say
   * - `final`: of all that have something to store, when the server is about to {@link suspend}
   * - sessions: of these, as they stand, to take the place of all that was stored before
   *
   * Tell what became of each by `stored()` or `failed()`.
   */
  exportProgress(selection: ProgressSelection): ProgressExport {
    const { progress } = this.#endpoint;
    if (progress === undefined) throw new TypeError('exportProgress needs the option onProgressDue');
    return progress.export(selection);
  }

  /**
   * Applies what {@link exportProgress} gave to the sessions that were imported: all of it, in its order, before anything is heard.
   * False when the bytes are none.
   */
  importProgress(progress: Uint8Array): boolean {
    return applyProgress(progress, this.#endpoint.sessions);
  }

  /**
   * Changes the secrets of tickets. Whoever learns a secret reads the sessions whose tickets it sealed: bring a new one, in
   * front, now and then, and forget the oldest.
   * @param secrets as `ticketSecrets` of {@link ResumptionOptions}
   */
  useTicketSecrets(secrets: readonly Uint8Array[]): void {
    this.#resumption.useTicketSecrets(secrets);
  }

  /** Closes without close_notify: the sessions, exported, go on in another process. */
  suspend(): Promise<void> {
    this.#isGoingOn = true;
    return this.close();
  }

  /** Ends all sessions with close_notify and closes the port. */
  close(): Promise<void> {
    this.#resumption.forgetAll();
    return this.#endpoint.close(!this.#isGoingOn);
  }

  #find(to: Peer): DtlsSession | undefined {
    const { sessions } = this.#endpoint;
    return sessions.get(to.key) ?? (to instanceof DtlsSession ? undefined : sessions.byAddress(to.address.key));
  }
}

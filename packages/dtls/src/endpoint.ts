import { type DatagramListener, Expiry, milliseconds, type Peer } from '@yaolian/kernel';
import type { DeadlineSlot, Handshake, HandshakeHost } from './handshake/handshake.ts';
import { HandshakeTable } from './handshake/handshake-table.ts';
import { AlertLevel, alertName, decodeAlert } from './messages/alert.ts';
import { HandshakeType } from './messages/handshake-type.ts';
import type { CloseReason, HandshakeFailure } from './options.ts';
import { ContentType, dtls12, maximumPlaintext } from './record/content-type.ts';
import { decodeRecordHeader, emptyRecordView, type RecordView } from './record/record-header.ts';
import { isReplayed, markReceived } from './record/replay-window.ts';
import { connectionIdNumber } from './session/connection-id.ts';
import { KeptProgress } from './session/kept-progress.ts';
import { beginValidation, continueValidation, onPathMessage } from './session/routability.ts';
import { type DtlsSession, innerContentLength, protectedEpoch } from './session/session.ts';
import { SessionSender } from './session/session-sender.ts';
import { SessionTable } from './session/session-table.ts';
import type { Settings } from './settings.ts';

/** What the roles do differently. */
export interface EndpointRole {
  /** A handshake record in the clear, in `datagram`, from an address without handshake. */
  onStrangerHandshake(datagram: Uint8Array, record: RecordView, from: Peer): void;
  onCompleted(handshake: Handshake, session: DtlsSession): void;
  onFailed(handshake: Handshake, reason: string): void;
  /** The peer ended a session with a fatal alert. */
  onFatalAlert(session: DtlsSession): void;
}

/** What both roles share: finds the session or handshake of each record, and keeps their tables. */
export class Endpoint implements HandshakeHost {
  readonly settings: Settings;
  readonly sessions: SessionTable;
  readonly sender: SessionSender;
  readonly handshakes = new HandshakeTable();
  readonly #role: EndpointRole;
  readonly #cidLength: number;
  readonly #record = emptyRecordView();
  readonly #handshakeDeadlines: Expiry<DeadlineSlot>;
  readonly #idleSessions: Expiry<DtlsSession> | undefined;
  #listener: DatagramListener | undefined;
  #closing: Promise<void> | undefined;

  /** Undefined: nobody stores what came. */
  readonly progress: KeptProgress | undefined;

  /** @param onProgressDue see {@link DtlsServerOptions.onProgressDue} */
  constructor(settings: Settings, role: EndpointRole, onProgressDue?: () => void) {
    this.settings = settings;
    this.progress = onProgressDue && this.#keepProgress(onProgressDue);
    this.#role = role;
    this.#cidLength = settings.connectionIdLength === false ? 0 : settings.connectionIdLength;
    this.sessions = new SessionTable(settings.bounds, (session, reason) => this.#onGone(session, reason));
    this.sender = new SessionSender(settings);
    const { clock, timers, idleTimeout } = settings;
    this.#handshakeDeadlines = new Expiry<DeadlineSlot>({
      clock,
      timers,
      granularity: milliseconds(10),
      deadlineOf: ({ handshake }) => handshake?.deadline,
      onExpired: ({ handshake }) => handshake?.onDeadline(clock.monotonic()),
    });
    if (idleTimeout < Number.MAX_SAFE_INTEGER) {
      this.#idleSessions = new Expiry<DtlsSession>({
        clock,
        timers,
        granularity: milliseconds(Math.max(1, idleTimeout / 16)),
        deadlineOf: (session) => (session.isOpen ? session.lastReceived + idleTimeout : undefined),
        onExpired: (session) => this.closeSession(session, 'idle'),
      });
    }
    settings.port.listen({
      onDatagram: (datagram, from) => this.receive(datagram, from),
      onSendError: (error, to) => this.#listener?.onSendError?.(error, to),
    });
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
    this.sender.listener = listener;
  }

  /** Ends all sessions with close_notify, unless they are to go on elsewhere. */
  close(notifies: boolean): Promise<void> {
    if (this.#closing === undefined) {
      for (const handshake of [...this.handshakes.values()]) handshake.abandon('the endpoint was closed');
      for (const handshake of [...this.handshakes.values()]) handshake.forget();
      for (const session of [...this.sessions.values()]) {
        if (notifies) this.sender.sendAlert(session, 'close_notify');
        this.#end(session, 'closed by us');
      }
      this.#handshakeDeadlines.close();
      this.#idleSessions?.close();
      this.#closing = this.settings.port.close();
      this.#listener = undefined;
      this.sender.listener = undefined;
    }
    return this.#closing;
  }

  closeSession(session: DtlsSession, reason: CloseReason): void {
    if (!session.isOpen) return;
    // RFC 5246 §7.2.1: the peer learns that nothing more comes.
    if (reason !== 'alert') this.sender.sendAlert(session, 'close_notify');
    this.#end(session, reason);
  }

  /** Adds a session that was exported elsewhere. */
  adopt(session: DtlsSession): void {
    session.state = 'open';
    session.lastReceived = this.settings.clock.monotonic();
    this.sessions.add(session);
    this.#idleSessions?.watch(session);
  }

  // ----- HandshakeHost

  transmit(datagram: Uint8Array, to: Peer): void {
    this.settings.tap.current?.onSent(datagram, to);
    this.settings.port.send(datagram, to);
  }

  watch(handshake: Handshake): void {
    if (!this.isClosed) this.#handshakeDeadlines.watch(handshake.deadlineSlot);
  }

  isConnectionIdTaken(id: number): boolean {
    return this.sessions.byCid(id) !== undefined;
  }

  begin(handshake: Handshake): void {
    this.handshakes.set(handshake);
    this.watch(handshake);
  }

  onKeys(session: DtlsSession): void {
    this.sessions.addCid(session);
  }

  onCompleted(handshake: Handshake, session: DtlsSession): void {
    session.readEnd = session.readHighest + 1;
    this.sessions.add(session);
    this.#idleSessions?.watch(session);
    const { counters } = this.settings;
    (handshake.isResumption ? counters.resumptions : counters.handshakes).add();
    this.#tell(session, () => `a session is open: ${session.suite.name}${session.isResumed ? ', resumed' : ''}`);
    this.#notify(() => this.settings.sessions.onSessionOpened?.(session));
    this.#role.onCompleted(handshake, session);
  }

  onFailed(handshake: Handshake, reason: string): void {
    if (handshake.session !== undefined) this.sessions.removeCid(handshake.session);
    const { claimedPskIdentity: pskIdentity } = handshake;
    const peer = handshake.peer.address.key;
    const failure: HandshakeFailure = pskIdentity === undefined ? { peer, reason } : { peer, reason, pskIdentity };
    this.settings.log.debug('a DTLS handshake failed', { peer, reason, state: handshake.state });
    this.#tell(handshake.peer, () => `the handshake failed: ${reason}`);
    this.#notify(() => this.settings.sessions.onHandshakeFailed?.(failure));
    this.#role.onFailed(handshake, reason);
  }

  onForgotten(handshake: Handshake): void {
    this.handshakes.delete(handshake);
  }

  // ----- receiving

  /** A datagram: one record or several (RFC 6347 §4.1.1). Never throws. */
  receive(datagram: Uint8Array, from: Peer): void {
    if (this.isClosed) return;
    this.settings.tap.current?.onReceived(datagram, from);
    for (let at = 0; at < datagram.length && !this.isClosed; ) {
      const record = this.#record;
      const refusal = decodeRecordHeader(datagram, at, this.#cidLength, record);
      if (refusal !== undefined) {
        this.drop(refusal, from);
        return;
      }
      const end = record.fragmentEnd;
      if (record.type === ContentType.Tls12Cid) this.#onCidRecord(datagram, at, record, from);
      else if (record.epoch === 0) this.#onPlainRecord(datagram, record, from);
      else this.#onProtectedRecord(datagram, at, record, from);
      at = end;
    }
  }

  #onPlainRecord(datagram: Uint8Array, record: RecordView, from: Peer): void {
    const { fragmentStart: start, fragmentEnd: end } = record;
    const handshake = this.handshakes.get(from);
    if (record.type === ContentType.Handshake) {
      // RFC 6347 §4.2.8: a client that lost its state, midway or later, begins anew, once it has shown a cookie.
      const isAnother = handshake === undefined || handshake.isAnotherHello(datagram, start, end);
      if (isAnother) this.#role.onStrangerHandshake(datagram, record, from);
      else handshake.onRecord(datagram.subarray(start, end), 0);
    } else if (record.type === ContentType.Alert && handshake !== undefined) {
      const alert = decodeAlert(datagram.subarray(start, end));
      if (alert?.level !== AlertLevel.Fatal) return;
      if (!handshake.isDone) this.#alerted(handshake.peer, alert.description);
      handshake.onFatalAlert(alertName(alert.description));
    } else if (record.type !== ContentType.ChangeCipherSpec) {
      // The epoch of a record says all that ChangeCipherSpec says, and authentically (RFC 6347 §4.1).
      this.drop('unexpected record in the clear', from);
    }
  }

  #onProtectedRecord(datagram: Uint8Array, header: number, record: RecordView, from: Peer): void {
    const handshake = this.handshakes.get(from);
    const session = this.sessions.byAddress(from.key);
    // RFC 6347 §4.2.8: while a new association is made, the old one goes on.
    const candidate = handshake?.session;
    if (candidate !== undefined && candidate !== session && this.#open(candidate, datagram, header, record, from))
      return;
    if (session !== undefined && this.#open(session, datagram, header, record, from)) return;
    this.#onUnreadable(handshake, candidate ?? session, datagram, header, from);
  }

  #onCidRecord(datagram: Uint8Array, header: number, record: RecordView, from: Peer): void {
    const id = connectionIdNumber(datagram, record.cidStart, record.cidLength);
    const session = this.#cidLength === 0 ? undefined : this.sessions.byCid(id);
    if (session !== undefined && this.#open(session, datagram, header, record, from)) return;
    this.#onUnreadable(this.handshakes.get(from), session, datagram, header, from);
  }

  /** RFC 6347 §4.1.2.7: what is not authentic is dropped silently. Before the keys are there, it may become so. */
  #onUnreadable(
    handshake: Handshake | undefined,
    tried: DtlsSession | undefined,
    datagram: Uint8Array,
    header: number,
    from: Peer,
  ): void {
    if (tried !== undefined) return; // counted where it was tried
    if (handshake?.stash(datagram.slice(header), from)) return;
    this.drop('no session', from);
  }

  /** Takes a record of `session`. False when it is none. */
  #open(session: DtlsSession, datagram: Uint8Array, header: number, record: RecordView, from: Peer): boolean {
    const refusal = this.#refusalOf(session, record);
    if (refusal !== undefined) {
      this.drop(refusal, from);
      return false;
    }
    const { sequence, type: outerType } = record;
    const opened = session.open(datagram, header, record);
    if (opened === undefined) {
      this.drop('not authentic', from);
      return false;
    }
    const isNewest = markReceived(session, sequence);
    session.lastReceived = this.settings.clock.monotonic();
    session.wasHeard = true;
    let content = opened;
    let type: number = outerType;
    if (outerType === ContentType.Tls12Cid) {
      const length = innerContentLength(opened);
      type = length < 0 ? 0 : opened[length]!;
      content = opened.subarray(0, Math.max(0, length));
    }
    const bytes = record.fragmentEnd - header;
    if (this.progress?.hasToWait(session, sequence)) {
      const isHeld = this.progress.hold(session, {
        sequence,
        type,
        content: content.slice(),
        from,
        isNewest,
        bytes,
      });
      if (isHeld) this.settings.tap.current?.onHeld(from);
      else this.drop('too much waits to be stored', from);
      return true;
    }
    this.#takeRecord(session, type, content, from, isNewest, bytes);
    return true;
  }

  #keepProgress(onDue: () => void): KeptProgress {
    return new KeptProgress(
      this.settings.bounds.maximumHeldPerSession,
      () => this.#notify(onDue),
      (session, { type, content, from, isNewest, bytes }) =>
        this.#takeRecord(session, type, content, from, isNewest, bytes),
      ({ from }) => this.drop('progress cannot be stored', from),
    );
  }

  /** An authentic record. @param bytes of the whole of it */
  #takeRecord(
    session: DtlsSession,
    type: number,
    content: Uint8Array,
    from: Peer,
    isNewest: boolean,
    bytes: number,
  ): void {
    if (from !== session.address || session.unvalidatedBudget >= 0) this.#onOrigin(session, from, isNewest, bytes);
    // RFC 8449 §4: what is longer than we said is dropped.
    const longest = session.limitsRecords ? this.settings.recordSizeLimit : maximumPlaintext;
    if (content.length > longest) this.drop('too long', from);
    else this.#onContent(session, type, content, from);
  }

  #refusalOf(session: DtlsSession, record: RecordView): string | undefined {
    if (session.state === 'closed') return 'no session';
    if (record.epoch !== protectedEpoch || record.version !== dtls12) return 'wrong epoch';
    // RFC 9146 §3: a session that gave out a Connection ID takes no record without it.
    if (session.ownCidLength > 0 !== (record.type === ContentType.Tls12Cid)) return 'wrong connection id';
    return isReplayed(session, record.sequence) ? 'replayed' : undefined;
  }

  /** Where an authentic record came from. */
  #onOrigin(session: DtlsSession, from: Peer, isNewest: boolean, bytes: number): void {
    const before = session.address.key;
    if (from.key === before) {
      if (session.unvalidatedBudget >= 0 && isNewest) continueValidation(session, bytes, session.hasSentHere);
      return;
    }
    // RFC 9146 §6: only the newest record moves a session, and only one with a Connection ID can be found elsewhere.
    if (!isNewest || session.ownCidLength === 0 || !session.isOpen) return;
    session.address = from.address;
    session.hasSentHere = false;
    this.sessions.moved(session, before);
    this.settings.counters.addressChanges.add();
    beginValidation(session, bytes, this.settings, this.sender.sendRecord);
    this.#tell(session, () => `the session moved here from ${before}`);
    this.#notify(() => this.settings.sessions.onAddressChanged?.(session, before));
  }

  #onContent(session: DtlsSession, type: number, content: Uint8Array, from: Peer): void {
    if (type === ContentType.ApplicationData) {
      if (!session.isOpen) {
        this.drop('data before the handshake was done', from);
        return;
      }
      // The peer speaks: it has got our last flight.
      session.handshake?.forget();
      this.settings.counters.received.add();
      this.#listener?.onDatagram(content, session, false);
    } else if (type === ContentType.Handshake) this.#onProtectedHandshake(session, content);
    else if (type === ContentType.Alert) this.#onAlert(session, content);
    else if (type === ContentType.ReturnRoutabilityCheck && session.isOpen) {
      onPathMessage(session, content, from.key === session.address.key, this.settings, this.sender.sendRecord);
    } else this.drop('unexpected content type', from);
  }

  #onProtectedHandshake(session: DtlsSession, content: Uint8Array): void {
    const type = content[0];
    if (session.isOpen && (type === HandshakeType.HelloRequest || type === HandshakeType.ClientHello)) {
      // RFC 5746 §4.5, RFC 7925 §17: renegotiation is refused.
      this.sender.sendAlert(session, 'no_renegotiation');
      this.drop('renegotiation', session);
    } else session.handshake?.onRecord(content, protectedEpoch);
  }

  #onAlert(session: DtlsSession, content: Uint8Array): void {
    const alert = decodeAlert(content);
    if (alert === undefined) return;
    const name = alertName(alert.description);
    const isClosing = name === 'close_notify';
    if (!isClosing && alert.level !== AlertLevel.Fatal) return;
    if (!isClosing) this.#alerted(session, alert.description);
    if (!session.isOpen) session.handshake?.onFatalAlert(name);
    // RFC 5246 §7.2.1: close_notify is answered with close_notify.
    else if (isClosing) this.closeSession(session, 'closed by the peer');
    else {
      this.#role.onFatalAlert(session);
      this.#end(session, 'alert');
    }
  }

  #alerted(peer: Peer, description: number): void {
    this.#notify(() => this.settings.sessions.onAlert?.(peer, description));
  }

  #onGone(session: DtlsSession, reason: CloseReason): void {
    if (reason === 'evicted') this.sender.sendAlert(session, 'close_notify');
    this.#end(session, reason);
  }

  #end(session: DtlsSession, reason: CloseReason): void {
    this.sessions.remove(session);
    this.progress?.forget(session);
    session.handshake?.forget();
    session.wipe();
    this.#tell(session, () => `the session is over: ${reason}`);
    this.#notify(() => this.settings.sessions.onSessionClosed?.(session, reason));
  }

  /** A record or datagram is not taken. @param reason one of few constant texts */
  drop(reason: string, from: Peer): void {
    this.settings.counters.dropped(reason);
    this.settings.tap.current?.onJudged(reason, from);
  }

  #tell(peer: Peer, event: () => string): void {
    this.settings.tap.current?.onEvent(event(), peer);
  }

  #notify(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.settings.log.error('a listener to DTLS sessions failed', { error });
    }
  }
}

import { emptyBytes, encodeHex, type Peer, type SocketAddress } from '@yaolian/kernel';
import type { CipherSuite } from '../cipher-suites.ts';
import { extendedMasterSecret, keyBlock, masterSecret, verifyData } from '../crypto/prf.ts';
import { type Fault, fault, malformed, type Step } from '../faults.ts';
import { noIdentity, type ProvenIdentity } from '../identity.ts';
import { type AlertName, encodeAlert } from '../messages/alert.ts';
import {
  decodeHandshakeFragment,
  type HandshakeFragment,
  handshakeHeaderLength,
} from '../messages/handshake-header.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { ContentType, maximumPlaintext } from '../record/content-type.ts';
import { recordHeaderLength, writeRecordHeader } from '../record/record-header.ts';
import { DtlsSession } from '../session/session.ts';
import type { Settings } from '../settings.ts';
import { type FlightPart, type FlightSender, sendFlight } from './flight.ts';
import { type HandshakeMessage, Reassembly } from './reassembly.ts';
import { Transcript } from './transcript.ts';

/** What a handshake needs of its endpoint. */
export interface HandshakeHost {
  isConnectionIdTaken(id: number): boolean;
  readonly settings: Settings;
  transmit(datagram: Uint8Array, to: Peer): void;
  /** The deadline of `handshake` has moved. */
  watch(handshake: Handshake): void;
  /** The keys are there: records under them belong to `session` from now on. */
  onKeys(session: DtlsSession): void;
  onCompleted(handshake: Handshake, session: DtlsSession): void;
  onFailed(handshake: Handshake, reason: string): void;
  /** The last flight need not be repeated any more. */
  onForgotten(handshake: Handshake): void;
  /** Takes a datagram that came before it could be read. */
  receive(datagram: Uint8Array, from: Peer): void;
}

/** What waits for a deadline in place of the handshake, so that one that is over is not held until then. */
export interface DeadlineSlot {
  handshake: Handshake | undefined;
}

/** How long the last flight is repeated on request, in milliseconds (RFC 6347 §4.2.4: twice the maximum segment lifetime). */
const lingering = 240_000;
/** Protected datagrams that are kept while the keys are being looked up. */
const maximumStash = 4;

/**
 * One handshake in one role: takes fragments in any order, hands whole messages to {@link step} in theirs, and sends flights
 * until they are answered (RFC 6347 §4.2).
 */
export abstract class Handshake implements FlightSender {
  readonly peer: Peer;
  readonly host: HandshakeHost;
  readonly settings: Settings;
  readonly transcript = new Transcript();
  readonly deadlineSlot: DeadlineSlot = { handshake: this };
  session: DtlsSession | undefined = undefined;
  suite!: CipherSuite;
  clientRandom: Uint8Array = emptyBytes;
  serverRandom: Uint8Array = emptyBytes;
  usesExtendedMasterSecret = false;
  ownCid: Uint8Array = emptyBytes;
  peerCid: Uint8Array = emptyBytes;
  contentLimit = maximumPlaintext;
  routabilityCheck = false;
  /** Whether both sides know RFC 8449. */
  limitsRecords = false;
  serverName: string | undefined = undefined;
  identity: ProvenIdentity = noIdentity;
  masterSecret: Uint8Array = emptyBytes;
  isResumption = false;
  /** For reports: what the peer claimed to be. */
  claimedPskIdentity: Uint8Array | undefined = undefined;
  /** What {@link describeState} says in reports. */
  state = 'start';
  /** The message that comes next from the peer. */
  nextReceive = 0;
  nextSend = 0;
  plainSequence = 0;
  isOver = false;
  isDone = false;
  readonly #reassembly: Reassembly;
  readonly #stash: { readonly datagram: Uint8Array; readonly from: Peer }[] = [];
  #flight: FlightPart[] = [];
  #timeout: number;
  #retransmitAt = Number.POSITIVE_INFINITY;
  #expiresAt: number;
  #resends = 0;
  #isAnsweredBeforeFinished = false;
  #isBusy = false;
  #writesProtected = false;

  constructor(peer: Peer, host: HandshakeHost) {
    this.peer = peer;
    this.host = host;
    this.settings = host.settings;
    const { bounds, clock, reassemblyBudget, retransmission } = this.settings;
    this.#reassembly = new Reassembly(bounds.maximumMessageBytes, reassemblyBudget);
    this.#timeout = retransmission.initialTimeout;
    this.#expiresAt = clock.monotonic() + bounds.handshakeTimeout;
  }

  abstract readonly role: 'client' | 'server';
  /** The key of the session that comes of it, and its hash. */
  abstract sessionKey(): Pick<Peer, 'key' | 'hash'>;
  /** Takes the next message; it is in the transcript afterwards unless the step says otherwise. */
  protected abstract step(message: HandshakeMessage): Step;

  get mtu(): number {
    return this.settings.mtu;
  }

  /** When {@link onDeadline} is due; undefined when never. */
  get deadline(): number | undefined {
    return this.isOver ? undefined : Math.min(this.#retransmitAt, this.#expiresAt);
  }

  takePlainSequence(): number {
    return this.plainSequence++;
  }

  transmit(datagram: Uint8Array): void {
    this.host.transmit(datagram, this.peer);
  }

  // ----- receiving

  /** The content of a handshake record: one or more fragments. */
  onRecord(content: Uint8Array, epoch: number): void {
    for (let at = 0; at < content.length && !this.isOver; ) {
      const fragment = decodeHandshakeFragment(content, at);
      if (fragment === undefined) {
        this.settings.counters.dropped('malformed handshake fragment');
        return;
      }
      at += handshakeHeaderLength + fragment.body.length;
      this.#onFragment(fragment, epoch);
    }
  }

  /** Whether what lies in `datagram` from `start` to `end` is the first of a ClientHello that begins something else than this. */
  isAnotherHello(_datagram: Uint8Array, _start: number, _end: number): boolean {
    return false;
  }

  /** A fatal alert of the peer. */
  onFatalAlert(name: string): void {
    if (!this.isDone) this.#end(`the peer sent ${name}`, `received ${name}`);
  }

  /** Keeps a protected datagram that came before the keys. False when there is no room. */
  stash(datagram: Uint8Array, from: Peer): boolean {
    if (this.session !== undefined || this.#stash.length === maximumStash) return false;
    this.#stash.push({ datagram, from });
    return true;
  }

  onDeadline(now: number): void {
    if (now >= this.#expiresAt) {
      if (this.isDone) this.forget();
      else this.#end('it did not answer in time', 'timeout');
    } else if (now >= this.#retransmitAt) {
      // RFC 6347 §4.2.4.1: the timer doubles with each retransmission.
      this.#timeout = Math.min(2 * this.#timeout, this.settings.retransmission.maximumTimeout);
      this.#retransmitAt = now + this.#timeout;
      this.#sendAgain();
      this.host.watch(this);
    }
  }

  #onFragment(fragment: HandshakeFragment, epoch: number): void {
    // Finished is the one message under keys; anything else there, or a Finished in the clear, is no part of a handshake.
    if ((fragment.type === HandshakeType.Finished) !== (epoch === 1)) {
      this.settings.counters.dropped('handshake message in the wrong epoch');
      return;
    }
    if (fragment.messageSequence < this.nextReceive) {
      this.#onOldFragment(fragment);
      return;
    }
    if (this.isDone) return;
    const refusal = this.#reassembly.add(fragment, epoch, this.nextReceive);
    if (refusal === 'handshake message too long') this.fail(fault('illegal_parameter', refusal));
    else if (refusal !== undefined) this.settings.counters.dropped(refusal);
    else this.#proceed();
  }

  /**
   * RFC 6347 §4.2.4: the peer repeats its flight, so ours got lost. Its last fragment stands for the flight, and where that is Finished,
   * also the last one in the clear before it: pion repeats Finished under the record number that it had, which is a replay to us.
   */
  #onOldFragment(fragment: HandshakeFragment): void {
    if (fragment.offset + fragment.body.length !== fragment.length || this.#isBusy) return;
    const isLast = fragment.messageSequence === this.nextReceive - 1;
    const isBeforeFinished = this.isDone && fragment.messageSequence === this.nextReceive - 2;
    if (!isLast && !isBeforeFinished) return;
    // The Finished of a flight that was answered for what came before it.
    const isAnswered = isLast && this.#isAnsweredBeforeFinished;
    this.#isAnsweredBeforeFinished = isBeforeFinished;
    if (isAnswered || this.#resends >= this.settings.bounds.maximumResends) return;
    this.#resends++;
    this.#sendAgain();
  }

  #proceed(): void {
    while (!this.#isBusy && !this.isOver && !this.isDone) {
      const message = this.#reassembly.take(this.nextReceive);
      if (message === undefined) return;
      this.nextReceive++;
      // The peer has seen our flight: it need not be sent again by the clock.
      const step = this.#attempt(message);
      if (step instanceof Promise) {
        this.#isBusy = true;
        void step.then((outcome) => this.#resume(outcome));
      } else if (step !== undefined) this.fail(step);
    }
  }

  #attempt(message: HandshakeMessage): Step {
    try {
      const step = this.step(message);
      return step instanceof Promise ? step.catch((error: unknown) => this.#internal(error)) : step;
    } catch (error) {
      return this.#internal(error);
    }
  }

  #internal(error: unknown): Fault {
    this.settings.log.error('a DTLS handshake failed on our side', { peer: this.peer.address.key, error });
    return fault('internal_error', 'our side could not go on');
  }

  #resume(outcome: Fault | undefined): void {
    this.#isBusy = false;
    if (this.isOver) return;
    if (outcome !== undefined) this.fail(outcome);
    else this.#proceed();
  }

  // ----- sending

  /** Begins a new flight: what was sent before is not repeated any more. */
  beginFlight(): void {
    this.#flight = [];
    this.#resends = 0;
    this.#retransmitAt = Number.POSITIVE_INFINITY;
  }

  /** Adds a message to the flight and to the transcript. */
  add(type: number, body: Uint8Array): void {
    const messageSequence = this.nextSend++;
    const contentType = ContentType.Handshake;
    this.#flight.push({ contentType, isProtected: this.#writesProtected, type, messageSequence, body });
    this.transcript.add(type, messageSequence, body);
  }

  /** Adds ChangeCipherSpec and our Finished. */
  addFinished(): void {
    const contentType = ContentType.ChangeCipherSpec;
    this.#flight.push({ contentType, isProtected: false, type: 0, messageSequence: 0, body: Uint8Array.of(1) });
    this.#writesProtected = true;
    this.add(HandshakeType.Finished, this.#verifyData(this.role));
  }

  /** Sends the flight. @param awaitsAnswer whether it is repeated until the next one of the peer comes */
  sendFlight(awaitsAnswer: boolean): void {
    sendFlight(this.#flight, this);
    this.#timeout = this.settings.retransmission.initialTimeout;
    this.#retransmitAt = awaitsAnswer ? this.settings.clock.monotonic() + this.#timeout : Number.POSITIVE_INFINITY;
    if (awaitsAnswer) this.host.watch(this);
  }

  #sendAgain(): void {
    if (this.#flight.length === 0) return;
    this.settings.counters.retransmissions.add();
    this.settings.tap.current?.onEvent('the flight of the handshake is sent again', this.peer);
    sendFlight(this.#flight, this);
  }

  // ----- keys

  /** Makes the master secret of the premaster secret, which is wiped, and the session of it. */
  deriveSession(premasterSecret: Uint8Array): void {
    const { crypto } = this.settings;
    const { hash } = this.suite;
    this.masterSecret = this.usesExtendedMasterSecret
      ? extendedMasterSecret(crypto, hash, premasterSecret, this.transcript.hash(crypto, hash))
      : masterSecret(crypto, hash, premasterSecret, this.clientRandom, this.serverRandom);
    premasterSecret.fill(0);
    this.openSession();
  }

  /** Makes the session of the master secret. */
  openSession(): void {
    const { crypto, protections, padTo, keyLog } = this.settings;
    const protection = protections.of(this.suite);
    const { clientRandom, serverRandom, ownCid, peerCid, contentLimit, routabilityCheck, limitsRecords, suite } = this;
    const length = protection.keyBlockLength;
    const keys = keyBlock(crypto, suite.hash, this.masterSecret, clientRandom, serverRandom, length);
    keyLog?.(`CLIENT_RANDOM ${encodeHex(clientRandom)} ${encodeHex(this.masterSecret)}`);
    const address: SocketAddress = this.peer.address;
    const sender = this.role === 'client' ? 0 : 1;
    const cids = { ownCid, peerCid };
    const limits = { contentLimit, padTo, routabilityCheck, limitsRecords };
    const fields = { suite, protection, keys, sender, ...cids, ...limits } as const;
    this.session = new DtlsSession({ ...this.sessionKey(), address, ...fields }, this.identity);
    keys.fill(0);
    this.session.handshake = this;
    this.host.onKeys(this.session);
    const stash = this.#stash.splice(0);
    if (stash.length > 0)
      queueMicrotask(() => stash.forEach(({ datagram, from }) => void this.host.receive(datagram, from)));
  }

  /** Checks the peer's Finished, which is not in the transcript yet. */
  checkFinished(message: HandshakeMessage): Fault | undefined {
    const expected = this.#verifyData(this.role === 'client' ? 'server' : 'client');
    if (message.body.length !== expected.length) return malformed('Finished');
    return this.settings.crypto.equal(expected, message.body)
      ? undefined
      : fault('decrypt_error', 'its Finished does not fit the handshake');
  }

  #verifyData(sender: 'client' | 'server'): Uint8Array {
    const { crypto } = this.settings;
    const { hash } = this.suite;
    return verifyData(crypto, hash, this.masterSecret, sender, this.transcript.hash(crypto, hash));
  }

  // ----- the end

  /** Everything is proved. @param repeats whether the peer may still miss our last flight */
  complete(repeats: boolean): void {
    const session = this.session!;
    this.isDone = true;
    session.prove(this.identity);
    session.serverName = this.serverName;
    session.isResumed = this.isResumption;
    session.state = 'open';
    session.lastReceived = this.settings.clock.monotonic();
    this.#reassembly.clear();
    this.#retransmitAt = Number.POSITIVE_INFINITY;
    this.host.onCompleted(this, session);
    this.masterSecret.fill(0);
    if (!repeats) this.forget();
    else {
      this.#expiresAt = this.settings.clock.monotonic() + lingering;
      this.host.watch(this);
    }
  }

  /** Lets go of everything: the peer has got our last flight, or the handshake is over. */
  forget(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.deadlineSlot.handshake = undefined;
    this.#flight = [];
    this.#stash.length = 0;
    this.#reassembly.clear();
    this.masterSecret.fill(0);
    if (this.session?.handshake === this) this.session.handshake = undefined;
    this.host.onForgotten(this);
  }

  /** Gives up, telling the peer. */
  fail(cause: Fault): void {
    if (this.isOver || this.isDone) return;
    this.sendAlert(cause.alert);
    this.#end(cause.reason, cause.alert);
  }

  /** Gives up without a word. */
  abandon(reason: string): void {
    if (!this.isOver && !this.isDone) this.#end(reason, reason);
  }

  sendAlert(name: AlertName): void {
    const content = encodeAlert(name);
    if (this.#writesProtected && this.session !== undefined) {
      const out = new Uint8Array(this.session.recordLength(content.length));
      const end = this.session.seal(ContentType.Alert, content, out, 0);
      if (end > 0) this.transmit(out.subarray(0, end));
      return;
    }
    const out = new Uint8Array(recordHeaderLength + content.length);
    out.set(content, writeRecordHeader(out, 0, ContentType.Alert, 0, this.takePlainSequence(), content.length));
    this.transmit(out);
  }

  #end(reason: string, label: string): void {
    this.settings.counters.failed(label);
    this.session?.wipe();
    this.forget();
    this.host.onFailed(this, reason);
  }
}

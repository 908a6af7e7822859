import { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import type { StreamHeader } from '../stream/header.ts';
import { decodeHandled, StanzaLedger } from '../stream/stanza-ledger.ts';
import type { XmppStream, XmppStreamListener } from '../stream/stream.ts';
import type { StreamError } from '../stream/stream-error.ts';
import { element, XmlElement } from '../xml/element.ts';
import { failed, type ServerCore } from './binding.ts';
import { InactiveQueue } from './inactive-queue.ts';
import type { XmppSession } from './ports.ts';
import { SenderStamp, Stanza } from './stanza.ts';

/** A client with its resource: it may live longer than its connection (XEP-0198). */
export class ClientSession implements XmppSession, XmppStreamListener {
  readonly jid: Jid;
  readonly #core: ServerCore;
  readonly #stamp: SenderStamp;
  readonly #domain: string;
  readonly #ledger = new StanzaLedger(sizeOf);
  #inactive: InactiveQueue | undefined;
  #stream: XmppStream | undefined;
  /** XEP-0198 was switched on. */
  #acknowledges = false;
  /** By what it is resumed. */
  #resumptionId: string | undefined;
  #endsWhenCut = false;
  /** When it is given up, by the monotonic clock; while it has no stream. */
  #expiresAt: number | undefined;
  /** When it was asked whether it is there. */
  #askedAt: number | undefined;
  #isRequested = false;
  #isHeld = false;
  /** Somebody waits until all that came is taken over. */
  #settling: PromiseWithResolvers<void> | undefined;
  #isOver = false;
  #isActive = true;
  #pings = 0;
  /** By the monotonic clock, in whole milliseconds: other numbers take memory of their own. */
  readonly #boundAt: number;

  constructor(core: ServerCore, jid: Jid, language: string | undefined) {
    this.#core = core;
    this.#boundAt = Math.floor(core.clock.monotonic());
    this.jid = jid;
    this.#domain = jid.domain;
    this.#stamp = new SenderStamp(jid.toString(), language);
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  get address(): string | undefined {
    return this.#stream?.transport.peer.address.key;
  }

  get isSecure(): boolean | undefined {
    return this.#stream?.transport.isSecure;
  }

  get since(): number {
    const { clock } = this.#core;
    return Math.floor(clock.epoch() - (clock.monotonic() - this.#boundAt));
  }

  get isConnected(): boolean {
    return this.#stream !== undefined;
  }

  /** Stanzas of the client that were taken over. */
  get handled(): number {
    return this.#ledger.handled;
  }

  begin(stream: XmppStream, requests: readonly XmlElement[]): void {
    this.#attach(stream);
    this.#core.handler.onBound(this, requests);
  }

  #attach(stream: XmppStream): void {
    this.#stream = stream;
    this.#isRequested = false;
    stream.handOver(this);
    this.#askedAt = undefined;
    this.#expiresAt = undefined;
    this.#core.wake();
    if (stream.isOver) this.onClosed();
  }

  /** XEP-0198 §5: whether the client can have taken over `h` stanzas; what it took over is forgotten. */
  canResumeAt(h: number): boolean {
    return this.#ledger.acknowledge(h);
  }

  /**
   * Leaves the stream that it has for another (XEP-0198 §5).
   * @returns settles once all that came on it is taken over, for only then it counts; undefined: it is
   */
  detach(): Promise<void> | undefined {
    const stream = this.#stream;
    if (stream !== undefined) {
      this.#unplug();
      stream.handOver(deaf);
      stream.fail({ condition: 'conflict', text: 'the session was resumed on another stream' });
    }
    if (this.#ledger.pending === 0) return undefined;
    this.#settling ??= Promise.withResolvers();
    return this.#settling.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** After {@link detach}. */
  resume(stream: XmppStream, h: number): void {
    void this.detach();
    this.#ledger.acknowledge(h);
    const missed = this.#ledger.rest();
    this.#attach(stream);
    for (const stanza of missed) this.#transmit(stanza);
    if (missed.length > 0) this.#request();
    // XEP-0352 §4.2: every stream begins in the active state.
    this.#isActive = true;
    this.#flush();
  }

  deliver(given: Stanza | XmlElement): boolean {
    if (this.#isOver) return false;
    const stanza = given instanceof XmlElement ? new Stanza(given) : given;
    if (!this.#isActive) {
      const { maximumInactive: stanzas, maximumInactiveBytes: bytes } = this.#core.bounds;
      this.#inactive ??= new InactiveQueue({ stanzas, bytes });
      if (this.#inactive.keep(stanza)) return true;
      this.#flush();
    }
    this.#send(stanza);
    return !this.#isOver;
  }

  #send(stanza: Stanza): void {
    if (this.#acknowledges) {
      this.#ledger.sent(stanza, isAnswer(stanza.element));
      const { maximumUnacknowledged, maximumUnacknowledgedBytes } = this.#core.bounds;
      const isTooMuch = this.#ledger.unacknowledgedSize > maximumUnacknowledgedBytes;
      if (isTooMuch || this.#ledger.unacknowledged > maximumUnacknowledged) {
        this.end({ condition: 'resource-constraint', text: 'too many stanzas are not acknowledged' });
        return;
      }
    }
    this.#transmit(stanza);
    if (this.#acknowledges && this.#ledger.isQuestionDue) this.#request();
  }

  #transmit(stanza: Stanza): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    if (stream.relays) stream.relay(stanza.bytes);
    else stream.send(stanza.element);
  }

  /** XEP-0198 §4: asks what was taken over, one question at a time. */
  #request(): void {
    if (this.#isRequested || this.#stream === undefined || !this.#acknowledges) return;
    this.#isRequested = true;
    this.#stream.send(element('r', namespaces.streamManagement));
  }

  end(error?: StreamError): void {
    if (this.#isOver) return;
    const stream = this.#stream;
    this.#finish();
    stream?.handOver(deaf);
    if (error === undefined) stream?.close();
    else stream?.fail(error);
  }

  #finish(): void {
    this.#isOver = true;
    this.#stream = undefined;
    this.#core.sessions.remove(this, this.#resumptionId);
    this.#core.handler.onEnded(this, this.#ledger.rest());
  }

  endWhenCut(): void {
    this.#endsWhenCut = true;
  }

  /** Who does nothing any more has no session. */
  onEnd(): void {
    if (!this.#isOver) this.#finish();
  }

  onClosed(): void {
    if (this.#isOver) return;
    if (this.#resumptionId === undefined || this.#endsWhenCut) this.#finish();
    else this.#unplug();
  }

  /** From now on it waits to be resumed. */
  #unplug(): void {
    this.#stream = undefined;
    this.#expiresAt = this.#core.clock.monotonic() + this.#core.timing.resumptionTimeout;
  }

  onHeader(_header: StreamHeader): void {
    // RFC 6120 §4.3.3: streams are restarted when that was negotiated.
    this.end({ condition: 'bad-format' });
  }

  onElement(received: XmlElement, bytes: Uint8Array | undefined): void {
    const { name, namespace } = received;
    if (namespace === namespaces.client && (name === 'message' || name === 'presence' || name === 'iq')) {
      this.#onStanza(received, bytes);
    } else if (namespace === namespaces.streamManagement) this.#onManagement(received);
    else if (namespace === namespaces.clientState && (name === 'active' || name === 'inactive')) {
      this.#isActive = name === 'active';
      if (this.#isActive) this.#flush();
    } else this.end({ condition: 'unsupported-stanza-type' });
  }

  #flush(): void {
    for (const stanza of this.#inactive?.take() ?? []) this.#send(stanza);
  }

  #onStanza(received: XmlElement, bytes: Uint8Array | undefined): void {
    const from = received.attribute('from');
    // RFC 6120 §8.1.2.1: nobody speaks for somebody else.
    if (from !== undefined && !this.#isOwn(from)) {
      this.end({ condition: 'invalid-from' });
      return;
    }
    const taken = this.#answered(received)
      ? undefined
      : this.#core.handler.onStanza(this, this.#stamp.stamp(received, bytes));
    if (taken === undefined && this.#ledger.pending === 0) {
      this.#ledger.received(undefined, nothing);
      return;
    }
    const settled = taken?.catch((error: unknown) => {
      this.#core.log.error('a stanza was not taken over', { jid: this.jid.toString(), error });
      this.end({ condition: 'internal-server-error' });
    });
    this.#ledger.received(settled, () => this.#releaseWhenTaken());
    if (!this.#isHeld && this.#ledger.pending >= this.#core.bounds.maximumPending && this.#stream !== undefined) {
      this.#isHeld = true;
      this.#stream.hold();
    }
  }

  #isOwn(from: string): boolean {
    if (from === this.jid.toString()) return true;
    const jid = Jid.parse(from);
    return jid !== undefined && (jid.equals(this.jid) || jid.equals(this.jid.bare));
  }

  #releaseWhenTaken(): void {
    if (this.#ledger.pending === 0) {
      this.#settling?.resolve();
      this.#settling = undefined;
    }
    if (!this.#isHeld || this.#ledger.pending > this.#core.bounds.maximumPending / 2) return;
    this.#isHeld = false;
    this.#stream?.release();
  }

  /** XEP-0199 both ways, and the session request of RFC 3921: what the session itself answers, or asked. */
  #answered(received: XmlElement): boolean {
    if (received.name !== 'iq') return false;
    const { type, id, to } = received.attributes;
    const isOurs = to === undefined || to === this.#domain || to === this.jid.bare.toString();
    if (!isOurs) return false;
    if (type === 'result' || type === 'error') return id?.startsWith('yaolian-ping-') === true;
    const isPing = type === 'get' && received.child('ping', namespaces.ping) !== undefined;
    const isSession = type === 'set' && received.child('session', namespaces.session) !== undefined;
    if (!isPing && !isSession) return false;
    const result = { type: 'result', id, from: to ?? this.jid.bare.toString(), to: this.jid.toString() };
    this.deliver(element('iq', namespaces.client, result));
    return true;
  }

  #onManagement(received: XmlElement): void {
    switch (received.name) {
      case 'enable':
        this.#stream?.send(this.enable(received));
        return;
      case 'r':
        this.#stream?.send(element('a', namespaces.streamManagement, { h: String(this.#ledger.handled) }));
        return;
      case 'a':
        this.#onAcknowledged(received);
        return;
      case 'resume':
        this.#stream?.send(failed('unexpected-request'));
        return;
      default:
        this.end({ condition: 'unsupported-stanza-type' });
    }
  }

  /** XEP-0198 §3. @returns the answer */
  enable(request: XmlElement): XmlElement {
    if (this.#acknowledges) return failed('unexpected-request');
    this.#acknowledges = true;
    this.#ledger.reset();
    if (!/^(true|1)$/.test(request.attribute('resume') ?? '')) return element('enabled', namespaces.streamManagement);
    this.#resumptionId = this.#core.newId();
    this.#core.sessions.keep(this.#resumptionId, this);
    const max = String(Math.floor(this.#core.timing.resumptionTimeout / 1000));
    return element('enabled', namespaces.streamManagement, { id: this.#resumptionId, resume: 'true', max });
  }

  #onAcknowledged(received: XmlElement): void {
    const text = received.attribute('h');
    const h = decodeHandled(text);
    this.#isRequested = false;
    if (h === undefined) this.end({ condition: 'bad-format', text: 'h counts stanzas: from 0 to 4294967295' });
    else if (!this.#ledger.acknowledge(h)) {
      // XEP-0198 §4: it acknowledges what it never got.
      const counts = { h: text, 'send-count': String(this.#ledger.sentCount) };
      const detail = element('handled-count-too-high', namespaces.streamManagement, counts);
      this.end({ condition: 'undefined-condition', detail });
    } else if (this.#ledger.isQuestionDue) this.#request();
  }

  /**
   * Asks about answers that are not acknowledged, and a silent client whether it is there; cuts it off when it says nothing, and gives up
   * what is not resumed. @param now monotonic
   */
  look(now: number): void {
    const stream = this.#stream;
    if (stream === undefined) {
      if (this.#expiresAt !== undefined && now >= this.#expiresAt) this.#finish();
      return;
    }
    if (this.#ledger.unacknowledged > 0) this.#request();
    const { pingAfter, pingTimeout } = this.#core.timing;
    if (this.#askedAt !== undefined && stream.lastReceived >= this.#askedAt) this.#askedAt = undefined;
    if (this.#askedAt !== undefined) {
      if (now - this.#askedAt >= pingTimeout) stream.abort();
    } else if (now - stream.lastReceived >= pingAfter) this.#ask(now);
  }

  #ask(now: number): void {
    this.#askedAt = Math.floor(now);
    if (this.#acknowledges) {
      this.#isRequested = false;
      this.#request();
      return;
    }
    const id = `yaolian-ping-${++this.#pings}`;
    const attributes = { type: 'get', id, from: this.#domain, to: this.jid.toString() };
    this.deliver(element('iq', namespaces.client, attributes, element('ping', namespaces.ping)));
  }
}

const nothing = (): void => {};

/** What a client did not get of these is given to nobody else. */
function isAnswer({ name, attributes: { type } }: XmlElement): boolean {
  return name === 'iq' && (type === 'result' || type === 'error');
}

const sizeOf = ({ bytes }: Stanza): number => bytes.length;

/** Listens to a stream that nobody has any more. */
const deaf: XmppStreamListener = {
  onHeader() {},
  onElement() {},
  onEnd() {},
  onClosed() {},
};

import {
  type Clock,
  type Duration,
  encodeBase64Url,
  type Log,
  milliseconds,
  minutes,
  type Random,
  seconds,
  silentLog,
  type Timer,
  type Timers,
  YaolianError,
} from '@yaolian/kernel';
import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import type { SaslClientMechanism } from '../sasl/mechanism.ts';
import type { StreamLimits } from '../stream/framing.ts';
import { decodeHandled, StanzaLedger } from '../stream/stanza-ledger.ts';
import { XmppStream, type XmppStreamListener } from '../stream/stream.ts';
import { decodeStreamError } from '../stream/stream-error.ts';
import type { TransportConnector } from '../stream/transport.ts';
import { element, type XmlContent, type XmlElement } from '../xml/element.ts';
import { xmppErrors } from './errors.ts';
import { ClientNegotiation, type Negotiated } from './negotiation.ts';
import { type IqAnswer, IqRequests, refuseIq } from './requests.ts';

export interface XmppClientOptions {
  /** The account, with the resource that is wanted, if any. */
  readonly jid: Jid;
  readonly connector: TransportConnector;
  /** In the order of preference. */
  readonly mechanisms: readonly SaslClientMechanism[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  /** Default true: nothing is said without TLS. */
  readonly requireTls?: boolean;
  readonly listener?: XmppClientListener;
  readonly limits?: StreamLimits;
  /** Iqs that wait for their answers. Default 1,000. */
  readonly maximumRequests?: number;
  /** Stanzas that the server has not acknowledged; beyond, none is taken. Default 2,000. */
  readonly maximumUnacknowledged?: number;
  readonly timing?: XmppClientTiming;
}

export interface XmppClientTiming {
  /** Until a resource is bound. Default 30 s. */
  readonly connectTimeout?: Duration;
  /** Default 30 s. */
  readonly iqTimeout?: Duration;
  /** How long to wait before the first attempt to come back; doubled at every further one. Default 1 s. */
  readonly reconnectAfter?: Duration;
  /** Default 1 min. */
  readonly reconnectAtMost?: Duration;
  /** A server that was silent so long is asked whether it is there. Default 2 min. */
  readonly pingAfter?: Duration;
  /** Default 30 s. */
  readonly pingTimeout?: Duration;
}

/** What a client tells. */
export interface XmppClientListener {
  /** Errors of the client's own messages too: their `type` is `error`. */
  onMessage?(message: XmlElement): void;
  onPresence?(presence: XmlElement): void;
  /** @param isResumed the old session goes on: presence and roster are as they were */
  onOnline?(jid: Jid, isResumed: boolean): void;
  /** The connection is lost, and the client tries to come back. */
  onOffline?(error: Error): void;
  /** The old session could not be resumed: these may not have arrived. */
  onUndelivered?(stanzas: readonly XmlElement[]): void;
  /** The client gave up: it was closed, or another client took its resource, or the server does not let it in any more. */
  onClosed?(error: Error | undefined): void;
}

/** What an iq of somebody is answered with: the payload of the result, or nothing in it, or why not. */
export type IqOutcome = XmlElement | undefined | StanzaError;

/** Answers an iq of somebody. What it throws becomes `internal-server-error`. */
export type IqHandler = (iq: XmlElement) => IqOutcome | Promise<IqOutcome>;

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: Duration;
}

/** Errors after which coming back would go the same way. */
const finalConditions = [
  'conflict',
  'host-unknown',
  'host-gone',
  'not-authorized',
  'policy-violation',
  'unsupported-version',
];

/** A client: one session with a server, over as many connections as it takes. */
export class XmppClient implements XmppStreamListener {
  readonly #options: XmppClientOptions;
  readonly #listener: XmppClientListener;
  readonly #log: Log;
  readonly #requests: IqRequests;
  readonly #handlers = new Map<string, IqHandler>();
  readonly #closing = new AbortController();
  #ledger = new StanzaLedger<XmlElement>();
  #jid: Jid;
  #stream: XmppStream | undefined;
  #managed: Negotiated['managed'];
  #isRequested = false;
  #attempts = 0;
  #timer: Timer | undefined;
  #lastError: Error | undefined;
  #ids = 0;
  readonly #idPrefix: string;

  constructor(options: XmppClientOptions) {
    this.#options = options;
    this.#listener = options.listener ?? {};
    this.#log = options.log ?? silentLog;
    this.#jid = options.jid;
    this.#requests = new IqRequests(options.timers, options.maximumRequests ?? 1000);
    this.#idPrefix = encodeBase64Url(options.random.bytes(6));
    this.handle('ping', namespaces.ping, () => undefined);
  }

  /** With the resource that the server gave. */
  get jid(): Jid {
    return this.#jid;
  }

  get isOnline(): boolean {
    return this.#stream !== undefined;
  }

  /**
   * Connects, authenticates and binds a resource; afterwards the client comes back by itself until it is closed.
   * @throws YaolianError XMPP_… or of the connector, or the reason of `signal`: and then the client is as it was
   */
  async connect(signal?: AbortSignal): Promise<Jid> {
    if (this.#closing.signal.aborted) throw xmppErrors.XMPP_CLOSED();
    await this.#connect(signal);
    return this.#jid;
  }

  async #connect(signal: AbortSignal | undefined): Promise<void> {
    const { timers, timing = {} } = this.#options;
    const timeout = new AbortController();
    const timer = timers.schedule(timing.connectTimeout ?? seconds(30), () =>
      timeout.abort(xmppErrors.XMPP_TIMEOUT('connecting')),
    );
    const signals = [timeout.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    try {
      await this.#negotiate(AbortSignal.any(signals));
    } finally {
      timer.cancel();
    }
  }

  async #negotiate(signal: AbortSignal): Promise<void> {
    const { connector, clock, timers, limits, mechanisms, requireTls = true } = this.#options;
    const transport = await connector.connect(signal).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : connectError(this.#jid.domain, error);
    });
    const stream = new XmppStream(transport, { clock, timers, limits });
    const resumption =
      this.#managed?.id === undefined ? undefined : { id: this.#managed.id, handled: this.#ledger.handled };
    const jid = this.#jid;
    const negotiation = new ClientNegotiation({ stream, jid, requireTls, mechanisms, resumption });
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const negotiated = await Promise.race([negotiation.run(), aborted]);
      const { resumedAt } = negotiated;
      if (resumedAt !== undefined && !this.#ledger.acknowledge(resumedAt)) {
        // Nobody knows what was lost: the next session is a new one.
        this.#managed = undefined;
        this.#refuseCount(stream, resumedAt);
        throw xmppErrors.XMPP_PROTOCOL('more stanzas are taken over than were sent');
      }
      this.#begin(stream, negotiated, negotiation);
    } catch (error) {
      // What is being said to the server still leaves.
      if (!stream.isEnding) stream.abort();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** @param came what came before the end of the negotiation, and along with it */
  #begin(
    stream: XmppStream,
    { jid, resumedAt, managed }: Negotiated,
    came: Pick<ClientNegotiation, 'early' | 'rest'>,
  ): void {
    this.#jid = jid;
    this.#attempts = 0;
    this.#stream = stream;
    this.#isRequested = false;
    stream.handOver(this);
    const isResumed = resumedAt !== undefined;
    const rest = this.#ledger.rest().filter((stanza) => isResumed || !this.#isAnswered(stanza));
    if (isResumed) {
      for (const stanza of rest) stream.send(stanza);
      if (rest.length > 0) this.#ask();
    } else {
      this.#ledger = new StanzaLedger();
      this.#requests.fail(xmppErrors.XMPP_DISCONNECTED());
    }
    this.#managed = managed;
    this.#watch();
    if (!isResumed && rest.length > 0) this.#listener.onUndelivered?.(rest);
    this.#listener.onOnline?.(jid, isResumed);
    for (const stanza of came.early) this.#onStanza(stanza);
    for (const received of came.rest) this.onElement(received);
    if (stream.isEnding && !stream.isOver) this.onEnd();
    if (stream.isOver) this.onClosed(undefined);
  }

  /**
   * Sends a stanza. While the connection is lost, it waits for the session to be resumed, if it can be.
   * @throws YaolianError XMPP_DISCONNECTED, XMPP_CLOSED; RangeError when too many wait
   */
  send(stanza: XmlElement): void {
    if (this.#closing.signal.aborted) throw xmppErrors.XMPP_CLOSED();
    if (this.#stream === undefined && this.#managed?.id === undefined) throw xmppErrors.XMPP_DISCONNECTED();
    if (this.#managed !== undefined) {
      const { maximumUnacknowledged = 2000 } = this.#options;
      if (this.#ledger.unacknowledged >= maximumUnacknowledged) throw new RangeError('too many stanzas wait');
      // That a request came its answer tells; that an answer came nobody waits for.
      this.#ledger.sent(stanza, stanza.name === 'iq');
    }
    this.#stream?.send(stanza);
    if (this.#managed !== undefined && this.#ledger.isQuestionDue) this.#ask();
  }

  #ask(): void {
    if (this.#isRequested || this.#stream === undefined) return;
    this.#isRequested = true;
    this.#stream.send(element('r', namespaces.streamManagement));
  }

  /** Sends a chat message. @returns its id */
  sendMessage(to: Jid | string, body: string, ...extensions: XmlContent): string {
    const id = this.#newId();
    const text = element('body', namespaces.client, {}, body);
    this.send(element('message', namespaces.client, { type: 'chat', to: to.toString(), id }, text, ...extensions));
    return id;
  }

  /** Sends presence: to everybody who subscribed, or to one. */
  sendPresence(attributes: { readonly type?: string; readonly to?: string } = {}, ...children: XmlContent): void {
    this.send(element('presence', namespaces.client, attributes, ...children));
  }

  /**
   * Asks somebody, or the account itself.
   * @throws YaolianError XMPP_TIMEOUT, XMPP_DISCONNECTED, XMPP_CLOSED; the reason of the signal
   */
  async request(
    type: 'get' | 'set',
    to: Jid | string | undefined,
    payload: XmlElement,
    { signal, timeout }: RequestOptions = {},
  ): Promise<IqAnswer> {
    const id = this.#newId();
    const address = to?.toString();
    this.send(element('iq', namespaces.client, { type, id, to: address }, payload));
    const limit = timeout ?? this.#options.timing?.iqTimeout ?? seconds(30);
    return this.#requests.wait(id, address, limit, signal);
  }

  /** A request of this client that it waits for no more. */
  #isAnswered({ name, attributes: { type, id = '' } }: XmlElement): boolean {
    return name === 'iq' && (type === 'get' || type === 'set') && !this.#requests.waits(id);
  }

  #newId(): string {
    return `${this.#idPrefix}-${(++this.#ids).toString(36)}`;
  }

  /** Answers iqs of type get and set whose payload is of this name. One handler to a name. */
  handle(name: string, namespace: string, handler: IqHandler): void {
    this.#handlers.set(`{${namespace}}${name}`, handler);
  }

  /** Ends the session in order. What waits for answers fails with XMPP_CLOSED. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(xmppErrors.XMPP_CLOSED());
    this.#stop(undefined);
  }

  #stop(error: Error | undefined): void {
    const stream = this.#stream;
    if (!this.#closing.signal.aborted) this.#closing.abort(error ?? xmppErrors.XMPP_CLOSED());
    this.#stream = undefined;
    this.#timer?.cancel();
    this.#requests.fail(error ?? xmppErrors.XMPP_CLOSED());
    // XEP-0198 §4: what the server does not know to be here waits for the next session, and comes twice.
    if (this.#managed !== undefined) stream?.send(this.#acknowledgement());
    stream?.close();
    this.#listener.onClosed?.(error);
  }

  onHeader(): void {}

  onElement(received: XmlElement): void {
    const { namespace } = received;
    if (namespace === namespaces.streamManagement) this.#onManagement(received);
    else if (received.is('error', namespaces.streams)) {
      const { condition, text = '' } = decodeStreamError(received);
      this.#lastError = xmppErrors.XMPP_STREAM_ERROR(condition, text);
      if (finalConditions.includes(condition)) this.#stop(this.#lastError);
    } else if (namespace === namespaces.client) {
      this.#ledger.received(undefined, () => {});
      this.#onStanza(received);
    }
  }

  #onStanza(stanza: XmlElement): void {
    if (stanza.name === 'iq') this.#onIq(stanza);
    else if (stanza.name === 'message') this.#listener.onMessage?.(stanza);
    else if (stanza.name === 'presence') this.#listener.onPresence?.(stanza);
  }

  #onManagement(received: XmlElement): void {
    if (received.name === 'r') {
      this.#stream?.send(this.#acknowledgement());
      return;
    }
    const h = received.name === 'a' ? decodeHandled(received.attribute('h')) : undefined;
    if (h === undefined) return;
    this.#isRequested = false;
    if (!this.#ledger.acknowledge(h)) this.#refuseCount(this.#stream, h);
    else if (this.#ledger.isQuestionDue) this.#ask();
  }

  #acknowledgement(): XmlElement {
    return element('a', namespaces.streamManagement, { h: String(this.#ledger.handled) });
  }

  /** XEP-0198 §4. */
  #refuseCount(stream: XmppStream | undefined, h: number): void {
    const counts = { h: String(h), 'send-count': String(this.#ledger.sentCount) };
    const detail = element('handled-count-too-high', namespaces.streamManagement, counts);
    stream?.fail({ condition: 'undefined-condition', detail });
  }

  #onIq(iq: XmlElement): void {
    const type = iq.attribute('type');
    if (type === 'result' || type === 'error') {
      this.#requests.answer(iq, [this.#jid.toString(), this.#jid.bare.toString(), this.#jid.domain]);
      return;
    }
    const [payload] = iq.elements();
    const handler = payload && this.#handlers.get(`{${payload.namespace}}${payload.name}`);
    if (handler === undefined) this.#answer(refuseIq(iq, 'service-unavailable', 'cancel'));
    else void this.#runHandler(handler, iq);
  }

  async #runHandler(handler: IqHandler, iq: XmlElement): Promise<void> {
    const { id, from: to } = iq.attributes;
    try {
      const outcome = await handler(iq);
      if (outcome instanceof StanzaError) {
        this.#answer(element('iq', namespaces.client, { type: 'error', id, to }, outcome.encode()));
      } else this.#answer(element('iq', namespaces.client, { type: 'result', id, to }, outcome));
    } catch (error) {
      this.#log.error('the handler of an iq failed', { error });
      this.#answer(refuseIq(iq, 'internal-server-error', 'cancel'));
    }
  }

  #answer(iq: XmlElement): void {
    try {
      this.send(iq);
    } catch (error) {
      this.#log.debug('an answer could not be sent', { error });
    }
  }

  onEnd(): void {
    // The server ended the session on purpose: there is nothing to resume.
    this.#managed = this.#managed === undefined ? undefined : { id: undefined };
  }

  onClosed(error: Error | undefined): void {
    if (this.#closing.signal.aborted) return;
    this.#stream = undefined;
    this.#timer?.cancel();
    const reason = this.#lastError ?? xmppErrors.XMPP_DISCONNECTED(error);
    this.#lastError = undefined;
    if (this.#managed?.id === undefined) this.#requests.fail(reason);
    this.#listener.onOffline?.(reason);
    this.#reconnectLater();
  }

  /** Doubles the wait at every attempt, and spreads the clients of a server that was gone (RFC 6120 §3.3). */
  #reconnectLater(): void {
    if (this.#closing.signal.aborted) return;
    const { timers, random, timing = {} } = this.#options;
    const { reconnectAfter = seconds(1), reconnectAtMost = minutes(1) } = timing;
    const wait = Math.min(reconnectAtMost, reconnectAfter * 2 ** Math.min(this.#attempts++, 20));
    this.#timer = timers.schedule(milliseconds(wait * (0.5 + random.fraction() / 2)), () => void this.#reconnect());
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#connect(undefined);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const { code } = error as { code?: string };
      if (code === 'XMPP_AUTHENTICATION_FAILED' || code === 'XMPP_NO_MECHANISM') this.#stop(error as Error);
      else {
        this.#log.info('coming back to the server failed', { reason: (error as Error).message });
        this.#reconnectLater();
      }
    }
  }

  /** Asks a silent server whether it is there, and comes by another connection when it says nothing. */
  #watch(): void {
    const { clock, timers, timing = {} } = this.#options;
    const stream = this.#stream;
    if (stream === undefined) return;
    const rest = (timing.pingAfter ?? minutes(2)) - (clock.monotonic() - stream.lastReceived);
    if (rest > 0) {
      this.#timer = timers.schedule(milliseconds(rest), () => this.#watch());
      return;
    }
    if (this.#managed === undefined) {
      stream.send(
        element('iq', namespaces.client, { type: 'get', id: this.#newId() }, element('ping', namespaces.ping)),
      );
    } else {
      this.#isRequested = false;
      this.#ask();
    }
    const asked = Math.floor(clock.monotonic());
    this.#timer = timers.schedule(timing.pingTimeout ?? seconds(30), () => {
      if (this.#stream !== stream) return;
      if (stream.lastReceived >= asked) this.#watch();
      else stream.abort();
    });
  }
}

/** What keeps from connecting, with a code: connectors throw what the system says. */
function connectError(domain: string, error: unknown): YaolianError {
  if (error instanceof YaolianError) return error;
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  return xmppErrors.XMPP_CONNECT_FAILED(domain, message || code || String(error), error);
}

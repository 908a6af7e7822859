import type { MessageTap, TapSlot } from '@yaolian/coap';
import type { DtlsTap, DtlsTapSlot } from '@yaolian/dtls';
import type { Clock, Peer } from '@yaolian/kernel';
import { MqttPeer } from '@yaolian/lwm2m/mqtt';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { OscoreTap, OscoreTapSlot } from '@yaolian/oscore';
import type { Frame, Transport } from './frame.ts';
import { withoutKeys } from './hidden-keys.ts';
import { InsideOscore } from './inside-oscore.ts';
import { Trace, type TraceBounds, type TraceSubject } from './trace.ts';

export interface TraceSettings {
  readonly device: TraceBounds;
  readonly everything: TraceBounds;
  /** Devices that may be traced at a time. */
  readonly maximumDevices: number;
  /** Bytes that are kept of one message. */
  readonly maximumMessage: number;
}

export interface TraceRecorderOptions {
  readonly settings: TraceSettings;
  readonly server: Pick<Lwm2mServer, 'registrationAt' | 'registration' | 'events'>;
  readonly clock: Clock;
}

/** The last so many messages of senders that nobody is registered at, so that a trace has the handshake and the Register too. */
const strangerBounds: TraceBounds = { messages: 1000, bytes: 2 * 1024 * 1024 };
/** What is put together before it is handed on, at most. */
const maximumPending = 1000;
/** Datagrams whose messages are taken later, at most. */
const maximumHeld = 100;

/** Records messages of devices that are traced, and of everything when that is asked for. Costs nothing while nothing is. */
export class TraceRecorder {
  readonly #options: TraceRecorderOptions;
  readonly #slots: (
    | { readonly slot: TapSlot; readonly tap: MessageTap }
    | { readonly slot: DtlsTapSlot; readonly tap: DtlsTap }
    | { readonly slot: OscoreTapSlot; readonly tap: OscoreTap }
  )[] = [];
  readonly #byEndpoint = new Map<string, Trace>();
  readonly #byAddress = new Map<string, Trace>();
  #everything: Trace | undefined;
  #strangers: Trace | undefined;
  /** Of this turn: what belongs together is put together first. */
  #pending: Frame[] = [];
  readonly #waiting = new Set<(trace: Trace) => void>();
  /** Datagrams whose messages are taken once DTLS has stored that they came, oldest first. */
  readonly #held: Frame[] = [];
  readonly #secrets = new Map<string, string>();
  readonly #inside: InsideOscore;

  constructor(options: TraceRecorderOptions) {
    this.#options = options;
    this.#inside = new InsideOscore(options.settings.maximumMessage, (frame) => this.#push(frame));
    options.server.events.onAny((event) => {
      if (!this.#isActive()) return;
      if (event.type === 'registered' || event.type === 'address-changed') {
        const { endpoint, peerKey, address } = event.registration;
        this.#onAddress(endpoint, placeOf({ key: peerKey ?? address.key, address }));
      }
    });
  }

  /** Watches an endpoint whenever something is traced. */
  watch(transport: Transport, slot: TapSlot): void {
    this.#slots.push({ slot, tap: this.#messageTap(transport) });
  }

  watchDtls(slot: DtlsTapSlot): void {
    this.#slots.push({ slot, tap: this.#dtlsTap() });
  }

  watchOscore(slot: OscoreTapSlot): void {
    this.#slots.push({ slot, tap: this.#inside });
  }

  /** A line of the key log (SSLKEYLOGFILE), which an export may hold. */
  readonly keyLog = (line: string): void => {
    if (!this.#isActive()) return;
    const [, random] = line.split(' ');
    this.#secrets.set(random ?? '', line);
    if (this.#secrets.size > 1000) this.#secrets.delete(this.#secrets.keys().next().value!);
  };

  get secrets(): readonly string[] {
    return [...this.#secrets.values()];
  }

  /** Starts a trace, or lets a running one go on until `until`. Undefined when too many devices are traced. */
  start(subject: TraceSubject, until: number): Trace | undefined {
    const running = this.trace(subject);
    if (running !== undefined) {
      running.until = until;
      this.#adjust();
      return running;
    }
    const { settings, clock } = this.#options;
    const now = clock.epoch();
    if (subject === 'everything') {
      this.#everything = new Trace(subject, now, until, settings.everything);
      this.#adjust();
      this.#tellBegun(this.#everything);
      return this.#everything;
    }
    if (this.#byEndpoint.size >= settings.maximumDevices && !this.#forgetEnded()) return undefined;
    const trace = new Trace(subject, now, until, settings.device);
    this.#byEndpoint.set(subject.endpoint, trace);
    this.#strangers ??= new Trace('everything', now, Number.POSITIVE_INFINITY, strangerBounds);
    this.#adjust();
    this.#tellBegun(trace);
    const registration = this.#options.server.registration({ endpoint: subject.endpoint });
    if (registration === undefined) return trace;
    const { peerKey, address } = registration;
    this.#onAddress(subject.endpoint, placeOf({ key: peerKey ?? address.key, address }));
    return trace;
  }

  /** Calls back for each trace that begins, until what it answers is called. */
  onBegun(listener: (trace: Trace) => void): () => void {
    this.#waiting.add(listener);
    return () => void this.#waiting.delete(listener);
  }

  #tellBegun(trace: Trace): void {
    for (const listener of this.#waiting) listener(trace);
  }

  /** Ends a trace and forgets its messages. */
  remove(subject: TraceSubject): void {
    if (subject === 'everything') this.#everything = undefined;
    else this.#forget(subject.endpoint);
    this.#adjust();
  }

  trace(subject: TraceSubject): Trace | undefined {
    return subject === 'everything' ? this.#everything : this.#byEndpoint.get(subject.endpoint);
  }

  traces(): Trace[] {
    return [...(this.#everything ? [this.#everything] : []), ...this.#byEndpoint.values()];
  }

  #forget(endpoint: string): void {
    const trace = this.#byEndpoint.get(endpoint);
    this.#byEndpoint.delete(endpoint);
    for (const [address, one] of this.#byAddress) if (one === trace) this.#byAddress.delete(address);
    if (this.#byEndpoint.size === 0) this.#strangers = undefined;
  }

  /** Makes room: the trace that ended first goes. */
  #forgetEnded(): boolean {
    const now = this.#options.clock.epoch();
    const ended = [...this.#byEndpoint.values()]
      .filter(({ until }) => until <= now)
      .sort((a, b) => a.until - b.until)[0];
    if (ended === undefined || ended.subject === 'everything') return false;
    this.#forget(ended.subject.endpoint);
    return true;
  }

  #isActive(): boolean {
    const now = this.#options.clock.epoch();
    return this.traces().some(({ until }) => until > now);
  }

  #adjust(): void {
    const isActive = this.#isActive();
    for (const one of this.#slots) (one.slot as { current: unknown }).current = isActive ? one.tap : undefined;
    if (this.traces().length > 0) return;
    this.#secrets.clear();
    this.#inside.clear();
    this.#held.length = 0;
  }

  /** A device speaks from this address: what strangers sent from there was its. */
  #onAddress(endpoint: string, address: string): void {
    const trace = this.#byEndpoint.get(endpoint);
    if (trace === undefined) this.#byAddress.delete(address);
    else {
      this.#adopt(trace, endpoint, address);
    }
    this.#flush();
    this.#everything?.name(address, endpoint);
  }

  #adopt(trace: Trace, endpoint: string, address: string): void {
    this.#byAddress.set(address, trace);
    for (const frame of this.#strangers?.take(address) ?? []) trace.add({ ...frame, device: endpoint });
  }

  #messageTap(transport: Transport): MessageTap {
    return {
      onReceived: (bytes, from) => this.#onMessage('in', transport, bytes, from, undefined),
      onJudged: (verdict, from) => this.#onJudged(verdict, from),
      onSent: (bytes, to, cause) => this.#onMessage('out', transport, bytes, to, cause === 'first' ? undefined : cause),
      onEvent: (event, peer) => this.#push(this.#frame('event', transport, peer, { event })),
    };
  }

  #dtlsTap(): DtlsTap {
    return {
      onReceived: (bytes, from) => this.#push(this.#frame('in', 'coaps', from, this.#wire(bytes))),
      onJudged: (reason, from) => this.#onJudged(reason, from),
      onHeld: (from) => this.#onHeld(from),
      onSent: (bytes, to) => this.#onSentWire(bytes, to),
      onEvent: (event, peer) => this.#push(this.#frame('event', 'coaps', peer, { event })),
    };
  }

  #wire(bytes: Uint8Array): Partial<Frame> {
    return { wire: bytes.slice(0, this.#options.settings.maximumMessage), length: bytes.length };
  }

  /** The record of the message that was just given to DTLS, or one of DTLS's own. */
  #onSentWire(bytes: Uint8Array, to: Peer): void {
    const last = this.#pending.at(-1);
    const isAround =
      last?.direction === 'out' &&
      last.wire === undefined &&
      last.peer === to.address.key &&
      bytes.length > last.length;
    if (isAround) {
      last.wire = bytes.slice(0, this.#options.settings.maximumMessage);
      last.length = bytes.length;
    } else this.#push(this.#frame('out', 'coaps', to, this.#wire(bytes)));
  }

  #onMessage(direction: 'in' | 'out', transport: Transport, bytes: Uint8Array, peer: Peer, note?: string): void {
    const last = this.#lastAround(transport, direction, peer);
    const kept = withoutKeys(direction, transport, bytes.slice(0, this.#options.settings.maximumMessage));
    if (last !== undefined) {
      last.message = kept;
      last.device ??= this.#options.server.registrationAt(peer)?.endpoint;
    } else this.#push(this.#frame(direction, transport, peer, { message: kept, length: bytes.length, note }));
  }

  /** What DTLS decrypted came in the datagram that it was just given, or in one that it held. */
  #lastAround(transport: Transport, direction: Frame['direction'], peer: Peer): Frame | undefined {
    if (transport !== 'coaps' || direction !== 'in') return undefined;
    const last = this.#pending.at(-1);
    if (isDatagramOf(last, peer)) return last;
    const index = this.#held.findIndex((frame) => isDatagramOf(frame, peer));
    const [held] = index < 0 ? [] : this.#held.splice(index, 1);
    if (held !== undefined) this.#push(held);
    return held;
  }

  #onHeld(from: Peer): void {
    if (!isDatagramOf(this.#pending.at(-1), from)) return;
    this.#held.push(this.#pending.pop()!);
    if (this.#held.length > maximumHeld) this.#push(this.#held.shift()!);
  }

  #onJudged(verdict: string, from: Peer): void {
    const last = this.#pending.findLast(({ direction }) => direction === 'in');
    if (last?.peer === placeOf(from)) last.note = verdict;
  }

  #frame(direction: Frame['direction'], transport: Transport, peer: Peer, more: Partial<Frame>): Frame {
    return {
      number: 0,
      time: this.#options.clock.epoch(),
      direction,
      transport,
      peer: placeOf(peer),
      device: this.#options.server.registrationAt(peer)?.endpoint,
      wire: undefined,
      message: undefined,
      plaintext: undefined,
      length: 0,
      note: undefined,
      event: undefined,
      request: undefined,
      ...more,
    };
  }

  #push(frame: Frame): void {
    if (this.#pending.length === 0) queueMicrotask(() => this.#flush());
    else if (this.#pending.length >= maximumPending) this.#flush();
    this.#pending.push(frame);
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const frame of pending) this.#deliver(frame);
  }

  #deliver(frame: Frame): void {
    const { time } = frame;
    const inside = this.#inside.open(frame);
    if (inside === 'held') return;
    if (inside !== undefined) frame.device ??= this.#options.server.registrationAt({ key: inside.peerKey })?.endpoint;
    if (this.#everything !== undefined && time < this.#everything.until) this.#everything.add(frame);
    const named = frame.device === undefined ? undefined : this.#byEndpoint.get(frame.device);
    // The answer to a Register comes before the event that tells of it.
    if (named !== undefined && this.#byAddress.get(frame.peer) !== named) {
      this.#adopt(named, frame.device!, frame.peer);
    }
    const trace = named ?? this.#byAddress.get(frame.peer);
    if (trace === undefined) {
      if (frame.device === undefined) this.#strangers?.add(frame);
    } else if (time < trace.until) trace.add({ ...frame, device: frame.device ?? deviceOf(trace) });
    else if (!this.#isActive()) this.#adjust();
  }
}

function deviceOf({ subject }: Trace): string | undefined {
  return subject === 'everything' ? undefined : subject.endpoint;
}

/** What tells one sender from others: its address, or its topic, for all who come over a broker share an address. */
function placeOf({ key, address }: Pick<Peer, 'key' | 'address'>): string {
  return MqttPeer.isKey(key) ? key : address.key;
}

/** Whether it came from there over DTLS, and nothing of what was in it is known. */
function isDatagramOf(frame: Frame | undefined, peer: Peer): frame is Frame {
  return (
    frame?.direction === 'in' &&
    frame.wire !== undefined &&
    frame.message === undefined &&
    frame.peer === peer.address.key
  );
}

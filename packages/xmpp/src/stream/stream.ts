import {
  type ByteStreamListener,
  type Clock,
  type Duration,
  milliseconds,
  seconds,
  type Timer,
  type Timers,
} from '@yaolian/kernel';
import type { XmlElement } from '../xml/element.ts';
import { DocumentFraming, type Framing, MessageFraming, type StreamLimits } from './framing.ts';
import type { StreamHeader } from './header.ts';
import { encodeStreamError, type StreamError } from './stream-error.ts';
import type { XmppTransport } from './transport.ts';

/** What a stream tells. Nothing comes after `onClosed`. */
export interface XmppStreamListener {
  onHeader(header: StreamHeader): void;
  /** @param bytes as it came, where that can be relayed */
  onElement(element: XmlElement, bytes: Uint8Array | undefined): void;
  /** One side ended the stream on purpose, in order or by a stream error: nothing more is said. Before `onClosed`. */
  onEnd(): void;
  /** The stream is over. @param error absent when it ended in order */
  onClosed(error: Error | undefined): void;
  /** What our side opens with, when it has to say something before it was asked to: a stream error needs a stream. */
  ownHeader?(): StreamHeader;
}

/** Bytes that a peer may send: so many a second, and `burst` at once. */
export interface ByteRate {
  readonly bytesPerSecond: number;
  readonly burst: number;
}

/** What many streams have in common: they share the object. */
export interface XmppStreamOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits?: StreamLimits | undefined;
  /** The namespace of stanzas. Default `jabber:client`. */
  readonly content?: string | undefined;
  /** Who sends faster is read more slowly. Default: any rate. */
  readonly rate?: ByteRate | undefined;
  /** Bytes written that the peer has not taken; beyond, it is cut off. Default 1,048,576. */
  readonly maximumQueuedBytes?: number | undefined;
  /** How long to wait for the peer's part of the closing handshake (RFC 6120 §4.4). Default 5 s. */
  readonly closeTimeout?: Duration | undefined;
  /** The transport is over, whoever listens to the stream then. */
  readonly onClosed?: ((transport: XmppTransport) => void) | undefined;
}

/** One stream of either side: elements in and out, restarts, errors, the closing handshake, and no more reading than is good. */
export class XmppStream implements ByteStreamListener {
  readonly transport: XmppTransport;
  readonly #options: XmppStreamOptions;
  readonly #framing: Framing;
  #listener: XmppStreamListener | undefined;
  #holds = 0;
  #isPumping = false;
  #hasSentHeader = false;
  #hasSentEnd = false;
  #hasReadEnd = false;
  #isOver = false;
  #isStartingTls = false;
  #tokens: number;
  #tokensAt: number;
  #closing: Timer | undefined;
  /** When something came last, by the monotonic clock, in whole milliseconds: other numbers take memory of their own. */
  lastReceived: number;
  receivedBytes = 0;

  constructor(transport: XmppTransport, options: XmppStreamOptions) {
    const { clock, limits = {}, content, rate } = options;
    this.#options = options;
    this.transport = transport;
    this.#framing = transport.keepsBoundaries ? new MessageFraming(limits) : new DocumentFraming(limits, content);
    this.#tokens = rate?.burst ?? 0;
    this.#tokensAt = Math.floor(clock.monotonic());
    this.lastReceived = this.#tokensAt;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing more can be said. */
  get isEnding(): boolean {
    return this.#isOver || this.#hasSentEnd;
  }

  /** Whether {@link relay} can be called. */
  get relays(): boolean {
    return this.#framing.relays;
  }

  listen(listener: XmppStreamListener): void {
    this.#listener = listener;
    this.transport.listen(this);
  }

  /** Hands the stream to another listener. */
  handOver(listener: XmppStreamListener): void {
    this.#listener = listener;
  }

  sendHeader(header: StreamHeader): void {
    if (this.isEnding) return;
    this.#hasSentHeader = true;
    this.#write(this.#framing.encodeHeader(header));
  }

  send(element: XmlElement): void {
    if (!this.isEnding) this.#write(this.#framing.encode(element));
  }

  /** Sends what another stream gave as bytes; only where {@link relays}. */
  relay(bytes: Uint8Array): void {
    if (!this.isEnding) this.#write(bytes);
  }

  /** What one stanza may cost from now on. */
  limit(limits: StreamLimits): void {
    this.#framing.limit(limits);
  }

  /** RFC 6120 §4.3.3: both sides begin anew after this. */
  restart(): void {
    this.#hasSentHeader = false;
    this.#framing.restart();
  }

  /**
   * RFC 6120 §5.4.3.3: says `proceed`; what comes then is TLS, and in it a new stream. Bytes of the peer that are there already
   * would be taken for protected ones.
   * @param domain of a server: the one that the peer asked for
   * @returns after the handshake: nothing, or why there is no TLS, and then the stream is over
   */
  async startTls(proceed: XmlElement | undefined, domain?: string): Promise<Error | undefined> {
    if (this.#framing.hasRest) {
      this.abort();
      return new Error('the peer did not wait for TLS');
    }
    if (proceed !== undefined) this.send(proceed);
    this.restart();
    this.#isStartingTls = true;
    try {
      await this.transport.startTls(domain);
    } catch (error) {
      this.abort();
      return error instanceof Error ? error : new Error(String(error));
    }
    this.#isStartingTls = false;
    return undefined;
  }

  /** Takes nothing more of the peer until {@link release}, once for every hold. */
  hold(): void {
    if (this.#holds++ === 0) this.transport.pause();
  }

  release(): void {
    if (--this.#holds > 0 || this.#isOver) return;
    this.transport.resume();
    this.#pump();
  }

  /** RFC 6120 §4.9.1.1: an error, and the end. */
  fail(error: StreamError): void {
    if (this.isEnding) return;
    if (this.#isStartingTls) {
      // There is no way to say it.
      this.abort();
      return;
    }
    if (!this.#hasSentHeader) this.sendHeader(this.#listener?.ownHeader?.() ?? { version: '1.0' });
    this.send(encodeStreamError(error));
    this.#sendEnd();
    // Nothing that the peer still says matters.
    this.#listener?.onEnd();
    this.#closeTransport();
  }

  /** RFC 6120 §4.4: says that nothing more comes, and waits for the peer to say so too. */
  close(): void {
    if (this.isEnding) return;
    if (!this.#hasSentHeader) {
      this.#closeTransport();
      return;
    }
    this.#sendEnd();
    if (this.#hasReadEnd) this.#closeTransport();
    else this.#closing = this.#options.timers.schedule(this.#closeTimeout, () => this.#closeTransport());
  }

  abort(): void {
    if (!this.#isOver) this.transport.abort();
  }

  get #closeTimeout(): Duration {
    return this.#options.closeTimeout ?? seconds(5);
  }

  #sendEnd(): void {
    this.#write(this.#framing.encodeEnd());
    this.#hasSentEnd = true;
  }

  #closeTransport(): void {
    this.#closing?.cancel();
    this.#hasSentEnd = true;
    this.transport.close();
    if (!this.#isOver) this.#closing = this.#options.timers.schedule(this.#closeTimeout, () => this.abort());
  }

  #write(bytes: Uint8Array): void {
    const { transport } = this;
    if (transport.write(bytes)) return;
    // A peer that does not read is no peer.
    const { maximumQueuedBytes = 1_048_576 } = this.#options;
    if (transport.queuedBytes > maximumQueuedBytes) transport.abort();
  }

  /** @internal */
  onBytes(bytes: Uint8Array): void {
    if (this.#isOver || this.#hasReadEnd) return;
    this.lastReceived = Math.floor(this.#options.clock.monotonic());
    this.receivedBytes += bytes.length;
    if (this.#options.rate !== undefined) this.#spend(this.#options.rate, bytes.length);
    this.#framing.push(bytes);
    this.#pump();
  }

  /** A bucket of tokens, one to a byte; when it is overdrawn, reading stops until it is full enough again. */
  #spend({ bytesPerSecond, burst }: ByteRate, count: number): void {
    const gained = Math.round(((this.lastReceived - this.#tokensAt) * bytesPerSecond) / 1000);
    if (gained > 0) this.#tokensAt = this.lastReceived;
    this.#tokens = Math.min(burst, this.#tokens + gained) - count;
    if (this.#tokens >= 0) return;
    this.hold();
    const wait = milliseconds((-this.#tokens / bytesPerSecond) * 1000);
    this.#options.timers.schedule(wait, () => this.release());
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#holds === 0 && !this.#isOver && !this.#hasReadEnd) {
      const event = this.#framing.next();
      if (event === undefined) break;
      if (event.kind === 'element') {
        if (!this.#hasSentEnd) this.#listener?.onElement(event.element, event.bytes);
      } else if (event.kind === 'header') this.#listener?.onHeader(event.header);
      else if (event.kind === 'end') this.#onEnd();
      else {
        this.#hasReadEnd = true;
        this.fail(event.error);
      }
    }
    this.#isPumping = false;
  }

  #onEnd(): void {
    this.#hasReadEnd = true;
    const wasEnding = this.isEnding;
    if (!wasEnding) this.#listener?.onEnd();
    if (!this.isEnding) this.#sendEnd();
    this.#closeTransport();
  }

  /** @internal */
  onDrain(): void {}

  /** @internal */
  onClosed(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closing?.cancel();
    this.#options.onClosed?.(this.transport);
    this.#listener?.onClosed(error);
  }
}

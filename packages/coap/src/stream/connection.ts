import { type ByteStream, type ByteStreamListener, type Clock, encodeHex, type Log, type Peer } from '@yaolian/kernel';
import type { BlockSize } from '../block-option.ts';
import { Code } from '../codes.ts';
import type { Deadline, DeadlineQueue } from '../deadline-queue.ts';
import { coapErrors } from '../errors.ts';
import { decodeStreamMessage, type Message } from '../message.ts';
import { type MessageSizing, streamSizing } from '../message-sizing.ts';
import type { Delivery, DeliveryListener, MessageReceiver, OutgoingMessage } from '../messaging.ts';
import { uintOption } from '../option-values.ts';
import { OptionNumber } from '../options.ts';
import { encodeFrame, FrameReader, type FrameSink, frameSize, readWholeFrame } from './frame.ts';
import { InboundStreamRequest } from './inbound-stream-request.ts';
import { abort, csm, decodeSignal, ping, pong, type ReleaseNotice, release, type Signal } from './signaling.ts';
import type { EndReason, StreamMetrics } from './stream-metrics.ts';
import type { StreamBounds, StreamTiming } from './stream-options.ts';

/** What a connection needs of the endpoint that has it. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly metrics: StreamMetrics;
  readonly bounds: StreamBounds;
  readonly timing: StreamTiming;
  readonly maximumOptions: number;
  readonly blockSize: BlockSize | undefined;
  readonly receiver: MessageReceiver;
  /** A token for a Ping. */
  newToken(): Uint8Array;
  /** Undefined when the peer may ask; else the seconds after which it may. */
  refuses(peer: Peer): number | undefined;
  /** More or fewer bytes are buffered. False when that is too much for all connections together. */
  buffered(change: number): boolean;
  /** The peer's CSM came: requests may go. */
  onReady(connection: StreamConnection): void;
  /** The peer wants the connection to end (RFC 8323 §5.5): nothing new goes over it. */
  onRelease(connection: StreamConnection, notice: Extract<Signal, { kind: 'release' }>): void;
  /** It is over, once. The stream may still be sending what it was given. */
  onEnded(connection: StreamConnection, why: string): void;
  /** The stream is closed, and nothing is left of it. */
  onGone(connection: StreamConnection): void;
}

/** RFC 8323 §5.3.1: what a peer takes that announced nothing, and RFC 7252 §4.6 reckons with. */
const baseMessageSize = 1152;
const smallestMessageSize = 64;
/** Pings with Custody that wait for requests; further ones are answered at once and without it. */
const maximumCustodies = 8;

type State = 'opening' | 'open' | 'releasing' | 'over';

/** One CoAP connection (RFC 8323 §3 to §5): messages in both directions over a stream, and signaling. */
export class StreamConnection implements ByteStreamListener, FrameSink, Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly peer: Peer;
  readonly #host: ConnectionHost;
  readonly #stream: ByteStream;
  readonly #reader: FrameReader;
  #state: State = 'opening';
  #sizing: MessageSizing;
  #peerMaximum = baseMessageSize;
  #peerBlockWise = false;
  /** Who is told when the connection ends: requests that wait for answers, notifications on their way. */
  readonly #deliveries = new Set<StreamDelivery>();
  /** Of these: in the stream, which has no room at the moment. */
  #unsent: StreamDelivery[] = [];
  /** Of these: sent, and told so in a moment. */
  #sent: StreamDelivery[] = [];
  readonly #pings = new Map<string, StreamDelivery>();
  readonly #requests = new Set<InboundStreamRequest>();
  #custodies: { readonly token: Uint8Array; readonly requests: Set<InboundStreamRequest> }[] = [];
  /** What of this connection the host reckons as buffered. */
  #buffered = 0;
  #paused = false;
  /** Since when the stream has no room, or since when its peer read nothing of what waits. */
  #congestedSince: number | undefined;
  #congestedBytes = 0;
  /** When the first byte of an incomplete message came. */
  #incompleteSince: number | undefined;
  readonly #openedAt: number;
  #heardAt: number;
  #pingedAt: number | undefined;
  #closingSince: number | undefined;

  constructor(host: ConnectionHost, stream: ByteStream) {
    this.#host = host;
    this.#stream = stream;
    this.peer = stream.peer;
    this.#reader = new FrameReader(host.bounds.maximumMessageBytes, this);
    this.#openedAt = host.clock.monotonic();
    this.#heardAt = this.#openedAt;
    this.#sizing = this.#newSizing();
  }

  /** Sends our CSM, which comes before everything else (RFC 8323 §5.3), and starts to read. */
  open(): void {
    this.#write(csm(this.#host.bounds.maximumMessageBytes));
    this.#watch();
    this.#stream.listen(this);
  }

  /** Whether requests may go over it. */
  get ready(): boolean {
    return this.#state === 'open';
  }

  /** Whether the peer's CSM is awaited. */
  get opening(): boolean {
    return this.#state === 'opening';
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  get sizing(): MessageSizing {
    return this.#sizing;
  }

  #newSizing(): MessageSizing {
    const { bounds, blockSize } = this.#host;
    const maximumMessageBytes = Math.max(smallestMessageSize, Math.min(this.#peerMaximum, bounds.maximumMessageBytes));
    // RFC 8323 §5.3.2: Block-Wise-Transfer with a Max-Message-Size above 1152 says that the peer does BERT.
    const bert = this.#peerBlockWise && this.#peerMaximum > baseMessageSize;
    return streamSizing({ maximumMessageBytes, bert, blockSize });
  }

  send(message: OutgoingMessage, listener: DeliveryListener | undefined): Delivery | undefined {
    const isRequest = message.code < 0x20;
    if (this.#state === 'over' || (isRequest && this.#state === 'releasing')) {
      return failLater(listener, coapErrors.COAP_DISCONNECTED(this.peer.key, 'it is being released'));
    }
    if (this.#stream.queuedBytes > this.#host.bounds.maximumQueuedBytesPerConnection) return undefined;
    const size = frameSize(message.token, message.options, message.payload, !this.#stream.keepsBoundaries);
    if (size > Math.max(this.#peerMaximum, baseMessageSize)) {
      const what = `a message of ${size} bytes for ${this.peer.key}, which takes ${this.#peerMaximum},`;
      return failLater(listener, coapErrors.COAP_TOO_LARGE(what));
    }
    const hasRoom = this.#write(message);
    if (listener === undefined) return settled;
    const delivery = new StreamDelivery(this, listener);
    this.#deliveries.add(delivery);
    // A request is over when its response came; anything else when it left.
    if (!isRequest) this.#tellWhenSent(delivery, hasRoom);
    return delivery;
  }

  #tellWhenSent(delivery: StreamDelivery, hasRoom: boolean): void {
    if (!hasRoom) {
      this.#unsent.push(delivery);
      return;
    }
    if (this.#sent.push(delivery) > 1) return;
    void Promise.resolve().then(() => {
      const sent = this.#sent;
      this.#sent = [];
      for (const one of sent) this.#acknowledge(one);
    });
  }

  #acknowledge(delivery: StreamDelivery): void {
    if (this.#deliveries.delete(delivery)) delivery.listener.onAcknowledged();
  }

  /** @internal */
  cancel(delivery: StreamDelivery): void {
    this.#deliveries.delete(delivery);
    if (delivery.pingToken !== undefined) this.#pings.delete(delivery.pingToken);
    this.#endIfIdle();
  }

  ping(listener: DeliveryListener): Delivery | undefined {
    if (this.#state === 'over') {
      return failLater(listener, coapErrors.COAP_DISCONNECTED(this.peer.key, 'it is over'));
    }
    const token = this.#host.newToken();
    const delivery = new StreamDelivery(this, listener, encodeHex(token));
    this.#deliveries.add(delivery);
    this.#pings.set(delivery.pingToken!, delivery);
    this.#write(ping(token));
    return delivery;
  }

  /** @internal */
  answer(request: InboundStreamRequest, response: OutgoingMessage, listener?: DeliveryListener): Delivery | undefined {
    if (this.#state === 'over') return undefined;
    const { token, options, payload } = response;
    const size = frameSize(token, options, payload, !this.#stream.keepsBoundaries);
    let delivery: Delivery | undefined;
    if (size > Math.max(this.#peerMaximum, baseMessageSize)) {
      // Cutting made it as small as it gets: its options alone are too large for the peer.
      this.#write({ code: Code.InternalServerError, token, options: [], payload: payload.subarray(0, 0) });
    } else {
      const hasRoom = this.#write(response);
      if (listener !== undefined) {
        const one = new StreamDelivery(this, listener);
        this.#deliveries.add(one);
        this.#tellWhenSent(one, hasRoom);
        delivery = one;
      }
    }
    this.settle(request);
    return delivery;
  }

  /** @internal The request is dealt with. */
  settle(request: InboundStreamRequest): void {
    if (!this.#requests.delete(request)) return;
    if (this.#custodies.length > 0) this.#keepCustody(request);
    this.#flow();
    this.#endIfIdle();
  }

  /** RFC 8323 §5.4.1: a Pong with Custody says that everything that came before the Ping was processed. */
  #keepCustody(request: InboundStreamRequest): void {
    for (const custody of this.#custodies) {
      custody.requests.delete(request);
      if (custody.requests.size === 0) this.#write(pong(custody.token, true));
    }
    this.#custodies = this.#custodies.filter(({ requests }) => requests.size > 0);
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#state === 'over') return;
    this.#heardAt = this.#host.clock.monotonic();
    this.#pingedAt = undefined;
    try {
      this.#read(bytes);
    } catch (error) {
      // Nothing that a peer sends gets here; if a fault of ours does, it costs one connection and not the process.
      this.#host.log.error('a message could not be processed', { peer: this.peer.key, error });
      this.abort('internal error', 'internal error');
    }
  }

  #read(bytes: Uint8Array): void {
    const { maximumMessageBytes } = this.#host.bounds;
    let problem: string | undefined;
    if (this.#stream.keepsBoundaries) {
      const frame = readWholeFrame(bytes, maximumMessageBytes);
      if (typeof frame === 'string') problem = frame;
      else this.onFrame(frame);
    } else {
      problem = this.#reader.push(bytes);
    }
    if (problem !== undefined) {
      this.#host.metrics.dropped(problem);
      this.abort(problem, 'format');
    }
    if (this.#state === 'over') return;
    if (this.#reader.held === 0) {
      this.#incompleteSince = undefined;
    } else if (this.#incompleteSince === undefined) {
      this.#incompleteSince = this.#heardAt;
      this.#watch();
    }
    this.#reckon();
    this.#flow();
  }

  onFrame(bytes: Uint8Array): boolean {
    this.#host.metrics.received.add();
    this.#incompleteSince = undefined;
    const decoded = decodeStreamMessage(bytes, this.#host.maximumOptions);
    if (decoded.ok) {
      this.#onMessage(decoded.value);
    } else {
      this.#host.metrics.dropped(decoded.error);
      this.abort(decoded.error, 'format');
    }
    return (this.#state as State) !== 'over';
  }

  #onMessage(message: Message): void {
    const { code } = message;
    const codeClass = code >> 5;
    if (codeClass === 7) {
      this.#onSignal(message);
      return;
    }
    if (this.#state === 'opening') {
      // RFC 8323 §5.3: the first message is a CSM.
      this.abort('the first message is a CSM', 'no CSM');
      return;
    }
    // RFC 8323 §3.4: an Empty message keeps a connection alive and is ignored.
    if (code === 0) return;
    if (code < 0x20) this.#onRequest(message);
    else if (codeClass === 1 || codeClass === 6) this.#host.metrics.dropped('reserved code class');
    else if (!this.#host.receiver.onResponse(message, this.peer)) this.#host.metrics.dropped('unexpected response');
  }

  #onRequest(message: Message): void {
    const request = new InboundStreamRequest(this, message);
    this.#requests.add(request);
    const wait = this.#host.refuses(this.peer);
    if (wait === undefined) {
      this.#host.receiver.onRequest(request);
      return;
    }
    this.#host.metrics.tooManyRequests.add();
    request.respond(Code.TooManyRequests, [uintOption(OptionNumber.MaxAge, wait)], message.payload.subarray(0, 0));
  }

  #onSignal(message: Message): void {
    const decoded = decodeSignal(message);
    if (!decoded.ok) {
      // RFC 8323 §5.2, §5.6: an option that had to be understood; for a CSM the Abort says which.
      const { option, isCsm } = decoded.error;
      this.abort(`option ${option} is not understood`, 'bad option', isCsm ? option : undefined);
      return;
    }
    const signal = decoded.value;
    if (this.#state === 'opening' && signal.kind !== 'csm' && signal.kind !== 'abort') {
      this.abort('the first message is a CSM', 'no CSM');
      return;
    }
    switch (signal.kind) {
      case 'csm':
        this.#onCsm(signal);
        break;
      case 'ping':
        this.#onPing(signal);
        break;
      case 'pong':
        this.#onPong(signal.token);
        break;
      case 'release':
        this.#onRelease(signal);
        break;
      case 'abort': {
        const option = signal.badCsmOption === undefined ? '' : ` (CSM option ${signal.badCsmOption})`;
        this.#end(`it aborted: ${signal.diagnostic || 'no reason given'}${option}`, 'aborted by peer');
        this.#stream.close();
        break;
      }
      default:
        this.#host.metrics.dropped('unknown signaling code');
    }
  }

  /** RFC 8323 §5.3: settings may come again and then replace what was said before. */
  #onCsm({ maximumMessageSize, blockWise }: Extract<Signal, { kind: 'csm' }>): void {
    if (maximumMessageSize !== undefined) this.#peerMaximum = maximumMessageSize;
    if (blockWise) this.#peerBlockWise = true;
    this.#sizing = this.#newSizing();
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#watch();
    this.#host.onReady(this);
  }

  #onPing({ custody, token }: Extract<Signal, { kind: 'ping' | 'pong' }>): void {
    if (this.#host.refuses(this.peer) !== undefined) {
      this.#host.metrics.dropped('rate limited');
    } else if (custody && this.#requests.size > 0 && this.#custodies.length < maximumCustodies) {
      this.#custodies.push({ token, requests: new Set(this.#requests) });
    } else {
      this.#write(pong(token, custody && this.#requests.size === 0));
    }
  }

  #onPong(token: Uint8Array): void {
    const delivery = this.#pings.get(encodeHex(token));
    if (delivery === undefined) return; // of a Ping that nobody waits for any more, or of ours that asked whether it is there
    this.#pings.delete(delivery.pingToken!);
    this.#acknowledge(delivery);
    this.#endIfIdle();
  }

  #onRelease(notice: Extract<Signal, { kind: 'release' }>): void {
    this.#host.onRelease(this, notice);
    if (this.#state === 'open') this.#state = 'releasing';
    this.#endIfIdle();
  }

  /** Tells the peer that the connection is to end, and ends it when what is under way is done, or after a while. */
  release(notice: ReleaseNotice): void {
    if (this.#state === 'over' || this.#closingSince !== undefined) return;
    this.#write(release(notice));
    this.#closingSince = this.#host.clock.monotonic();
    this.#state = 'releasing';
    this.#watch();
    this.#endIfIdle();
  }

  /** The same without waiting for anything: nobody is left to answer or to be answered. */
  releaseNow(notice: ReleaseNotice): void {
    if (this.#state === 'over') return;
    this.#write(release(notice));
    this.#end('the endpoint was closed', 'endpoint closed');
    this.#stream.close();
  }

  #endIfIdle(): void {
    if (this.#state !== 'releasing' || this.#deliveries.size > 0 || this.#requests.size > 0) return;
    this.#end('it was released', 'released');
    this.#stream.close();
  }

  /** Tells the peer why, and ends the connection (RFC 8323 §5.6). */
  abort(diagnostic: string, reason: EndReason, badCsmOption?: number): void {
    if (this.#state === 'over') return;
    this.#write(abort(diagnostic, badCsmOption));
    this.#end(diagnostic, reason);
    this.#stream.close();
  }

  onDrain(): void {
    this.#congestedSince = undefined;
    this.#reckon();
    const sent = this.#unsent;
    this.#unsent = [];
    for (const delivery of sent) this.#acknowledge(delivery);
    this.#flow();
  }

  onClosed(error: Error | undefined): void {
    this.#host.deadlines.remove(this);
    this.#host.buffered(-this.#buffered);
    this.#buffered = 0;
    this.#end(error === undefined ? 'it was closed' : error.message, error === undefined ? 'closed' : 'failed');
    this.#host.deadlines.remove(this);
    this.#host.onGone(this);
  }

  #end(why: string, reason: EndReason): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#host.metrics.ended(reason);
    this.#closingSince = this.#host.clock.monotonic();
    this.#watch();
    this.#stream.resume();
    const error = coapErrors.COAP_DISCONNECTED(this.peer.key, why);
    const deliveries = [...this.#deliveries];
    this.#deliveries.clear();
    this.#pings.clear();
    this.#requests.clear();
    this.#custodies = [];
    this.#unsent = [];
    this.#host.onEnded(this, why);
    for (const { listener } of deliveries) listener.onFailed(error);
  }

  /** @returns whether the stream has room for more */
  #write(message: OutgoingMessage): boolean {
    const { code, token, options, payload } = message;
    this.#host.metrics.sent.add();
    const hasRoom = this.#stream.write(encodeFrame(code, token, options, payload, !this.#stream.keepsBoundaries));
    if (hasRoom) return true;
    if (this.#congestedSince === undefined) {
      this.#congestedSince = this.#host.clock.monotonic();
      this.#congestedBytes = this.#stream.queuedBytes;
      this.#watch();
    }
    this.#reckon();
    this.#flow();
    return false;
  }

  /** Tells the host how much is buffered; what is too much for all ends this connection. */
  #reckon(): void {
    const buffered = this.#reader.held + (this.#congestedSince === undefined ? 0 : this.#stream.queuedBytes);
    const change = buffered - this.#buffered;
    if (change === 0) return;
    this.#buffered = buffered;
    if (this.#host.buffered(change) || change < 0 || this.#state === 'over') return;
    this.#end('there is no room for what waits on it', 'no room');
    this.#stream.abort();
  }

  /** Reads on or stops reading: whoever does not read answers, or asks more than is answered, is not read. */
  #flow(): void {
    const { maximumQueuedBytesPerConnection, maximumOpenRequestsPerConnection } = this.#host.bounds;
    const isFull =
      this.#requests.size >= maximumOpenRequestsPerConnection ||
      (this.#congestedSince !== undefined && this.#stream.queuedBytes > maximumQueuedBytesPerConnection);
    if (isFull === this.#paused || this.#state === 'over') return;
    this.#paused = isFull;
    if (isFull) {
      this.#stream.pause();
      return;
    }
    // While nothing was read, nothing could be heard.
    this.#heardAt = this.#host.clock.monotonic();
    this.#pingedAt = undefined;
    if (this.#incompleteSince !== undefined) this.#incompleteSince = this.#heardAt;
    this.#watch();
    this.#stream.resume();
  }

  /** Sets the deadline to what is due first. */
  #watch(): void {
    const due = this.#due();
    if (due < Number.POSITIVE_INFINITY && (this.queueIndex < 0 || due < this.deadline)) {
      this.#host.deadlines.set(this, due);
    }
  }

  #due(): number {
    const { timing } = this.#host;
    if (this.#closingSince !== undefined) return after(this.#closingSince, timing.closeTimeout);
    const congested = after(this.#congestedSince, timing.writeTimeout);
    if (this.#paused) return congested;
    return Math.min(
      congested,
      after(this.#state === 'opening' ? this.#openedAt : undefined, timing.csmTimeout),
      after(this.#incompleteSince, timing.messageTimeout),
      after(this.#pingedAt, timing.pingTimeout),
      after(this.#pingedAt === undefined ? this.#heardAt : undefined, timing.pingAfter),
    );
  }

  onDeadline(): void {
    const now = this.#host.clock.monotonic();
    const { timing } = this.#host;
    if (this.#closingSince !== undefined) {
      this.#onClosingTooLong(now);
    } else if (this.#state === 'opening' && now >= after(this.#openedAt, timing.csmTimeout)) {
      this.abort('no CSM came', 'no CSM');
    } else if (now >= after(this.#congestedSince, timing.writeTimeout)) {
      this.#onCongested(now);
    } else if (this.#paused) {
      this.#watch();
    } else if (now >= after(this.#incompleteSince, timing.messageTimeout)) {
      this.abort('the rest of a message did not come', 'slow message');
    } else if (now >= after(this.#pingedAt, timing.pingTimeout)) {
      this.#end('it does not answer', 'no Pong');
      this.#stream.abort();
    } else {
      this.#pingIfSilent(now);
      this.#watch();
    }
  }

  #onClosingTooLong(now: number): void {
    if (now < after(this.#closingSince, this.#host.timing.closeTimeout)) {
      this.#watch();
      return;
    }
    this.#end('it was released', 'released');
    this.#stream.abort();
  }

  /** A peer may read slowly, but not nothing at all. */
  #onCongested(now: number): void {
    const { queuedBytes } = this.#stream;
    if (queuedBytes < this.#congestedBytes) {
      this.#congestedSince = now;
      this.#congestedBytes = queuedBytes;
      this.#watch();
      return;
    }
    this.#end('it does not read', 'slow reader');
    this.#stream.abort();
  }

  /** A connection may be gone without anybody having said so: a NAT forgot it, a machine lost its power. */
  #pingIfSilent(now: number): void {
    if (this.#pingedAt !== undefined || now < after(this.#heardAt, this.#host.timing.pingAfter)) return;
    this.#pingedAt = now;
    this.#write(ping(this.#host.newToken()));
  }
}

function after(since: number | undefined, wait: number): number {
  return since === undefined || wait === 0 ? Number.POSITIVE_INFINITY : since + wait;
}

/** A message whose fate somebody wants to know. */
export class StreamDelivery implements Delivery {
  readonly listener: DeliveryListener;
  readonly pingToken: string | undefined;
  readonly #connection: StreamConnection;

  constructor(connection: StreamConnection, listener: DeliveryListener, pingToken?: string) {
    this.#connection = connection;
    this.listener = listener;
    this.pingToken = pingToken;
  }

  cancel(): void {
    this.#connection.cancel(this);
  }
}

const settled: Delivery = { cancel() {} };

/** Tells the listener in a moment, when whoever sent has got the delivery; not when it was cancelled meanwhile. */
export function failLater(
  listener: DeliveryListener | undefined,
  error: Parameters<DeliveryListener['onFailed']>[0],
): Delivery {
  if (listener === undefined) return settled;
  let cancelled = false;
  void Promise.resolve().then(() => {
    if (!cancelled) listener.onFailed(error);
  });
  return {
    cancel: () => {
      cancelled = true;
    },
  };
}

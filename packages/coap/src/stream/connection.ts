import type { ByteStream, ByteStreamListener, Peer } from '@yaolian/kernel';
import { Code } from '../codes.ts';
import type { Deadline } from '../deadline-queue.ts';
import { coapErrors } from '../errors.ts';
import { decodeStreamMessage, type Message } from '../message.ts';
import { type MessageSizing, streamSizing } from '../message-sizing.ts';
import type { Delivery, DeliveryListener, OutgoingMessage } from '../messaging.ts';
import { uintOption } from '../option-values.ts';
import { OptionNumber } from '../options.ts';
import type { ConnectionHost } from './connection-host.ts';
import { ConnectionPatience } from './connection-patience.ts';
import { Custodies } from './custodies.ts';
import { Deliveries, failLater, settled } from './deliveries.ts';
import { encodeFrame, FrameReader, type FrameSink, frameOf, frameSize, readWholeFrame } from './frame.ts';
import { InboundStreamRequest } from './inbound-stream-request.ts';
import { abort, csm, decodeSignal, ping, pong, type ReleaseNotice, release, type Signal } from './signaling.ts';
import type { EndReason } from './stream-metrics.ts';

/** RFC 8323 §5.3.1: what a peer takes that announced nothing, and RFC 7252 §4.6 reckons with. */
const baseMessageSize = 1152;
const smallestMessageSize = 64;

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
  readonly #deliveries = new Deliveries(() => this.#endIfIdle());
  readonly #requests = new Set<InboundStreamRequest>();
  readonly #custodies = new Custodies();
  readonly #patience: ConnectionPatience;
  /** What of this connection the host reckons as buffered. */
  #buffered = 0;
  #paused = false;

  constructor(host: ConnectionHost, stream: ByteStream) {
    this.#host = host;
    this.#stream = stream;
    this.peer = stream.peer;
    this.#reader = new FrameReader(host.bounds.maximumMessageBytes, this);
    this.#patience = new ConnectionPatience(host.timing, host.clock.monotonic());
    this.#sizing = this.#newSizing();
  }

  /** Sends our CSM, which comes before everything else (RFC 8323 §5.3), and starts to read. */
  open(): void {
    this.#host.tap.current?.onEvent('a connection was opened', this.peer);
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
    return isRequest ? this.#deliveries.addRequest(listener) : this.#deliveries.addMessage(listener, hasRoom);
  }

  ping(listener: DeliveryListener): Delivery | undefined {
    if (this.#state === 'over') {
      return failLater(listener, coapErrors.COAP_DISCONNECTED(this.peer.key, 'it is over'));
    }
    const token = this.#host.newToken();
    const delivery = this.#deliveries.addPing(listener, token);
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
      if (listener !== undefined) delivery = this.#deliveries.addMessage(listener, hasRoom);
    }
    this.settle(request);
    return delivery;
  }

  /** @internal The request is dealt with. */
  settle(request: InboundStreamRequest): void {
    if (!this.#requests.delete(request)) return;
    for (const token of this.#custodies.settle(request)) this.#write(pong(token, true));
    this.#flow();
    this.#endIfIdle();
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#state === 'over') return;
    this.#patience.heard(this.#host.clock.monotonic());
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
      this.#drop(problem);
      this.abort(problem, 'format');
    }
    if (this.#state === 'over') return;
    if (this.#reader.held === 0) this.#patience.complete();
    else if (this.#patience.incomplete(this.#host.clock.monotonic())) this.#watch();
    this.#reckon();
    this.#flow();
  }

  onFrame(bytes: Uint8Array): boolean {
    this.#host.metrics.received.add();
    this.#host.tap.current?.onReceived(frameOf(bytes, !this.#stream.keepsBoundaries), this.peer, false);
    this.#patience.complete();
    const decoded = decodeStreamMessage(bytes, this.#host.maximumOptions);
    if (decoded.ok) {
      this.#onMessage(decoded.value);
    } else {
      this.#drop(decoded.error);
      this.abort(decoded.error, 'format');
    }
    return (this.#state as State) !== 'over';
  }

  #drop(reason: string): void {
    this.#host.metrics.dropped(reason);
    this.#host.tap.current?.onJudged(reason, this.peer);
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
    else if (codeClass === 1 || codeClass === 6) this.#drop('reserved code class');
    else if (!this.#host.receiver.onResponse(message, this.peer)) this.#drop('unexpected response');
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
    this.#host.tap.current?.onJudged('rate limited', this.peer);
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
        this.#drop('unknown signaling code');
    }
  }

  /** RFC 8323 §5.3: settings may come again and then replace what was said before. */
  #onCsm({ maximumMessageSize, blockWise }: Extract<Signal, { kind: 'csm' }>): void {
    if (maximumMessageSize !== undefined) this.#peerMaximum = maximumMessageSize;
    if (blockWise) this.#peerBlockWise = true;
    this.#sizing = this.#newSizing();
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#patience.opened();
    this.#watch();
    this.#host.onReady(this);
  }

  #onPing({ custody, token }: Extract<Signal, { kind: 'ping' | 'pong' }>): void {
    if (this.#host.refuses(this.peer) !== undefined) {
      this.#drop('rate limited');
      return;
    }
    const waits = custody && this.#requests.size > 0 && this.#custodies.add(token, this.#requests);
    if (!waits) this.#write(pong(token, custody && this.#requests.size === 0));
  }

  #onPong(token: Uint8Array): void {
    if (this.#deliveries.onPong(token)) this.#endIfIdle();
  }

  #onRelease(notice: Extract<Signal, { kind: 'release' }>): void {
    this.#host.onRelease(this, notice);
    if (this.#state === 'open') this.#state = 'releasing';
    this.#endIfIdle();
  }

  /** Tells the peer that the connection is to end, and ends it when what is under way is done, or after a while. */
  release(notice: ReleaseNotice): void {
    if (this.#state === 'over' || this.#patience.closing) return;
    this.#write(release(notice));
    this.#patience.close(this.#host.clock.monotonic());
    this.#state = 'releasing';
    this.#patience.opened();
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
    this.#patience.drained();
    this.#reckon();
    this.#deliveries.drained();
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
    this.#host.tap.current?.onEvent(`the connection ended: ${why}`, this.peer);
    this.#patience.close(this.#host.clock.monotonic());
    this.#watch();
    this.#stream.resume();
    const error = coapErrors.COAP_DISCONNECTED(this.peer.key, why);
    const listeners = this.#deliveries.takeAll();
    this.#requests.clear();
    this.#custodies.clear();
    this.#host.onEnded(this, why);
    for (const listener of listeners) listener.onFailed(error);
  }

  /** @returns whether the stream has room for more */
  #write(message: OutgoingMessage): boolean {
    const { code, token, options, payload } = message;
    const { metrics, tap } = this.#host;
    metrics.sent.add();
    const frame = encodeFrame(code, token, options, payload, !this.#stream.keepsBoundaries);
    tap.current?.onSent(frame, this.peer, 'first');
    const hasRoom = this.#stream.write(frame);
    if (hasRoom) return true;
    if (this.#patience.full(this.#host.clock.monotonic(), this.#stream.queuedBytes)) this.#watch();
    this.#reckon();
    this.#flow();
    return false;
  }

  /** Tells the host how much is buffered; what is too much for all ends this connection. */
  #reckon(): void {
    const buffered = this.#reader.held + (this.#patience.congested ? this.#stream.queuedBytes : 0);
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
      (this.#patience.congested && this.#stream.queuedBytes > maximumQueuedBytesPerConnection);
    if (isFull === this.#paused || this.#state === 'over') return;
    this.#paused = isFull;
    if (isFull) {
      this.#patience.pause();
      this.#stream.pause();
      return;
    }
    this.#patience.resume(this.#host.clock.monotonic());
    this.#watch();
    this.#stream.resume();
  }

  /** Sets the deadline to what is due first. */
  #watch(): void {
    const due = this.#patience.due();
    if (due < Number.POSITIVE_INFINITY && (this.queueIndex < 0 || due < this.deadline)) {
      this.#host.deadlines.set(this, due);
    }
  }

  onDeadline(): void {
    const now = this.#host.clock.monotonic();
    const overdue = this.#patience.overdue(now);
    if (overdue === 'closing') this.#cut('it was released', 'released');
    else if (overdue === 'csm') this.abort('no CSM came', 'no CSM');
    else if (overdue === 'message') this.abort('the rest of a message did not come', 'slow message');
    else if (overdue === 'pong') this.#cut('it does not answer', 'no Pong');
    else if (overdue === 'reading' && !this.#patience.reads(now, this.#stream.queuedBytes)) {
      this.#cut('it does not read', 'slow reader');
    } else {
      if (overdue === 'silence') this.#askWhetherThere(now);
      this.#watch();
    }
  }

  /** A connection may be gone without anybody having said so: a NAT forgot it, a machine lost its power. */
  #askWhetherThere(now: number): void {
    this.#patience.pinged(now);
    this.#write(ping(this.#host.newToken()));
  }

  /** Ends a connection whose peer would not hear why. */
  #cut(why: string, reason: EndReason): void {
    this.#end(why, reason);
    this.#stream.abort();
  }
}

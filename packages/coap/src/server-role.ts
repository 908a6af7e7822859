import { type Clock, type Duration, emptyBytes, type Log, type Peer, seconds } from '@yaolian/kernel';
import { type Block, blockOption, decodeBlock } from './block-option.ts';
import { Code, isResponseCode, isSuccess } from './codes.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { Observer, OutgoingResponse, RequestHandler } from './exchange.ts';
import { diagnostic, interpretRequest, type Refusal, ServerRequest } from './incoming-request.ts';
import { KeptBodies } from './kept-bodies.ts';
import type { InboundRequest, MessageSender } from './messaging.ts';
import { ObserverTable } from './observer-table.ts';
import { uintOption } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import { checkSize, responseOptions, withOption } from './outgoing-options.ts';
import { requestKey } from './request-key.ts';
import { type OutgoingBody, ResponseCutter } from './response-cutter.ts';
import { type ObserverHost, ServerObserver } from './server-observer.ts';
import { UploadAssembly } from './upload-assembly.ts';
import type { UploadRouter } from './upload-sink.ts';
import { UploadStreams } from './upload-streams.ts';

export interface ServerRoleOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly sender: MessageSender;
  readonly additionalOptions: ReadonlySet<number>;
  readonly maximumBodyBytes: number;
  readonly maximumUploads: number;
  readonly maximumUploadsPerPeer: number;
  readonly maximumUploadBytes: number;
  readonly maximumKeptBodyBytes: number;
  readonly maximumHandlers: number;
  readonly maximumObservers: number;
  readonly maximumObserversPerPeer: number;
  readonly maximumObserverBytes: number;
  readonly maximumUnconfirmedNotifications: number;
  readonly notificationInterval: Duration;
  readonly notificationBurst: number;
  /** How long unfinished block-wise transfers are kept. */
  readonly idleTime: Duration;
  /** How long to wait after the message layer had no room. */
  readonly retryDelay: Duration;
}

/** What clients are told to wait when we are full. */
const retryAfter = seconds(10);
const observeRegister = 0;
const observeDeregister = 1;
const lastMethod = Code.iPATCH;

/** The server half of an endpoint: checks requests, puts bodies together, asks the handler, answers, notifies. */
export class ServerRole {
  readonly observers: ObserverTable;
  readonly uploads: UploadAssembly;
  /** Bodies that go to sinks instead. */
  readonly streams: UploadStreams;
  readonly kept: KeptBodies;
  readonly #options: ServerRoleOptions;
  readonly #cutter: ResponseCutter;
  readonly #observerHost: ObserverHost;
  #handler: RequestHandler = () => ({ code: Code.NotFound });
  /** Handlers at work. */
  #handlers = 0;
  #closed = false;

  constructor(options: ServerRoleOptions) {
    this.#options = options;
    this.observers = new ObserverTable(options);
    const blocks = { ...options, sizing: (peer: Peer) => options.sender.sizing(peer) };
    this.uploads = new UploadAssembly(blocks);
    this.streams = new UploadStreams(blocks, (request, response, block) => this.#answerBlock(request, response, block));
    this.kept = new KeptBodies({ ...options, maximumBytes: options.maximumKeptBodyBytes });
    this.#cutter = new ResponseCutter(this.kept);
    this.#observerHost = {
      ...options,
      cutter: this.#cutter,
      onObserverEnded: (observer) => this.observers.remove(observer),
    };
  }

  get handlers(): number {
    return this.#handlers;
  }

  handle(handler: RequestHandler): void {
    this.#handler = handler;
  }

  handleUploads(router: UploadRouter): void {
    this.streams.route(router);
  }

  close(): void {
    this.#closed = true;
    for (const observer of this.observers.all()) observer.terminate();
    this.uploads.clear();
    this.streams.clear();
    this.kept.clear();
  }

  /** RFC 8323 §7.4: observations end with the connection. */
  onDisconnected(peer: Peer): void {
    for (const observer of this.observers.of(peer)) observer.terminate();
  }

  onRequest(inbound: InboundRequest): void {
    const request = new ServerRequest(inbound);
    const refusal = interpretRequest(request, this.#options.additionalOptions) ?? this.#check(request);
    if (refusal !== undefined) {
      this.#refuse(request, refusal);
      return;
    }
    if (request.block1 >= 0 && (this.streams.accept(request) || !this.#assemble(request))) return;
    if (request.block2 >= 0 && this.#serveLaterBlock(request)) return;
    if (request.observe >= 0) this.#prepareObservation(request);
    this.#ask(request);
  }

  #check(request: ServerRequest): Refusal | undefined {
    if (request.method > lastMethod) return { code: Code.MethodNotAllowed, diagnostic: 'unknown method' };
    if (request.block2 >= 0 && this.#blockOf(request, request.block2) === undefined) {
      return { code: Code.BadRequest, diagnostic: 'block size 7 is reserved' };
    }
    if (this.#handlers < this.#options.maximumHandlers) return undefined;
    return { code: Code.ServiceUnavailable, diagnostic: 'too many requests are being handled', retryAfter };
  }

  /** Takes in one block of an upload. True when the body is complete. */
  #assemble(request: ServerRequest): boolean {
    const step = this.uploads.accept(request);
    if (step.step === 'complete') return true;
    const options: Option[] = [];
    if (step.code === Code.ServiceUnavailable) options.push(uintOption(OptionNumber.MaxAge, retryAfter / 1000));
    if (step.block !== undefined) options.push(blockOption(OptionNumber.Block1, step.block));
    if (step.code === Code.RequestEntityTooLarge) {
      options.push(uintOption(OptionNumber.Size1, this.#options.maximumBodyBytes));
    }
    if (request.multicast) request.inbound.ignore();
    else request.inbound.respond(step.code, options, diagnostic(step.diagnostic));
    return false;
  }

  #answerBlock(request: ServerRequest, response: OutgoingResponse, block: Block | undefined): void {
    if (this.#closed) return;
    const options = responseOptions(response);
    const own = block === undefined ? options : withOption(options, blockOption(OptionNumber.Block1, block));
    request.inbound.respond(response.code, own, response.payload ?? emptyBytes);
  }

  /** Answers a request for a block behind the first without asking the handler, where that is possible. */
  #serveLaterBlock(request: ServerRequest): boolean {
    if (this.#blockOf(request, request.block2)!.number === 0) return false;
    const kept = this.kept.find(requestKey(request));
    if (kept !== undefined) {
      this.#respond(request, kept);
      return true;
    }
    // RFC 7959 §2.4: a server without memory cuts the block from the representation of now. Only a read may run again.
    if (request.method === Code.GET) return false;
    this.#refuse(request, { code: Code.RequestEntityIncomplete, diagnostic: 'the body is not kept any more' });
    return true;
  }

  #prepareObservation(request: ServerRequest): void {
    const { method, observe, peer, multicast } = request;
    if ((method !== Code.GET && method !== Code.FETCH) || multicast) return;
    const { token } = request.message;
    if (observe === observeDeregister) {
      // RFC 7641 §4.1: Observe 1 with a known token removes the entry.
      this.observers.find(peer, token)?.terminate();
      request.cancelsObservation = true;
    } else if (observe === observeRegister && this.observers.hasRoom(peer, token, memoryOf(request))) {
      // RFC 7641 §4.1: without room, the request is an ordinary one.
      request.observer = { accept: (onEnded) => this.#observe(request, onEnded) };
    }
  }

  #observe(request: ServerRequest, onEnded: () => void): Observer {
    const { peer, confirmable, block2 } = request;
    // The datagram may be a view of a larger buffer, and whoever answers the observer keeps the request.
    request.message.detach();
    if (request.body !== undefined) request.body = request.body.slice();
    const { token } = request.message;
    // RFC 7641 §4.1: a registration with the same token replaces the one before.
    this.observers.find(peer, token)?.terminate();
    const key = requestKey(request);
    const { binding } = request.inbound;
    const memory = memoryOf(request);
    const registration = { peer, token, confirmable, block2, onEnded, requestKey: key, memory, binding };
    const observer = new ServerObserver(this.#observerHost, registration);
    this.observers.add(observer);
    request.acceptedObserver = observer;
    return observer;
  }

  #ask(request: ServerRequest): void {
    let answer: ReturnType<RequestHandler>;
    try {
      answer = this.#handler(request);
    } catch (error) {
      this.#fail(request, error);
      return;
    }
    if (isPromise(answer)) this.#await(request, answer);
    else this.#answer(request, answer);
  }

  #await(request: ServerRequest, answer: Promise<OutgoingResponse | undefined>): void {
    this.#handlers++;
    answer.then(
      (response) => {
        this.#handlers--;
        this.#answer(request, response);
      },
      (error: unknown) => {
        this.#handlers--;
        this.#fail(request, error);
      },
    );
  }

  #answer(request: ServerRequest, response: OutgoingResponse | undefined): void {
    if (this.#closed) {
      request.acceptedObserver?.terminate();
      return;
    }
    try {
      // RFC 7252 §8.2: a server should not answer a request to a group when it has nothing useful to say.
      if (response === undefined || (request.multicast && !isSuccess(response.code))) {
        request.acceptedObserver?.terminate();
        request.inbound.ignore();
        return;
      }
      if (!isResponseCode(response.code)) throw new RangeError(`${response.code} is no response code`);
      const options = responseOptions(response);
      const payload = response.payload ?? emptyBytes;
      if (request.observe === observeRegister) this.#answerObservation(request, response, options, payload);
      else this.#respond(request, { code: response.code, options, payload });
    } catch (error) {
      this.#fail(request, error);
    }
  }

  #answerObservation(
    request: ServerRequest,
    response: OutgoingResponse,
    options: readonly Option[],
    payload: Uint8Array,
  ): void {
    const observer = request.acceptedObserver;
    const body = { code: response.code, options, payload };
    if (observer?.active && isSuccess(response.code)) {
      this.#respond(request, body, observer, response);
      return;
    }
    observer?.terminate();
    // RFC 7641 §4.1: what is no 2.xx with Observe ends an earlier observation with the same token too.
    this.observers.find(request.peer, request.message.token)?.terminate();
    this.#respond(request, body);
  }

  /** Sends a response, cut into blocks where it has to be. */
  #respond(request: ServerRequest, body: OutgoingBody, observer?: ServerObserver, first?: OutgoingResponse): void {
    let { code, options, payload } = body;
    const sizing = this.#options.sender.sizing(request.peer);
    if (!this.#cutter.fits(body, request.block2, sizing)) {
      const cut = this.#cut(request, body);
      if (cut === undefined) return;
      ({ code, options, payload } = cut);
    }
    if (request.block1 >= 0) options = withOption(options, blockOption(OptionNumber.Block1, this.#finalBlock(request)));
    checkSize(options, payload, sizing);
    if (observer === undefined || first === undefined) {
      request.inbound.respond(code, options, payload);
      return;
    }
    const sequence = observer.establish(first);
    options = withOption(options, uintOption(OptionNumber.Observe, sequence));
    observer.watch(request.inbound.respond(code, options, payload, observer));
  }

  #cut(request: ServerRequest, body: OutgoingBody): OutgoingBody | undefined {
    try {
      return this.#cutter.cut(
        body,
        () => requestKey(request),
        request.block2,
        this.#options.sender.sizing(request.peer),
      );
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#refuse(request, { code: Code.BadRequest, diagnostic: error.message });
      return undefined;
    }
  }

  #refuse(request: ServerRequest, refusal: Refusal): void {
    // RFC 7252 §5.4.1: an unrecognised critical option in a NON makes it be rejected, which is silent or a Reset.
    if (request.multicast || (!request.confirmable && refusal.code === Code.BadOption)) {
      request.inbound.reject();
      return;
    }
    const options =
      refusal.retryAfter === undefined ? [] : [uintOption(OptionNumber.MaxAge, refusal.retryAfter / 1000)];
    request.inbound.respond(refusal.code, options, diagnostic(refusal.diagnostic));
  }

  #blockOf({ peer }: ServerRequest, value: number): Block | undefined {
    return decodeBlock(value, this.#options.sender.sizing(peer).readsBert);
  }

  /** RFC 7959 §2.3: the final response names the block that completed the body. */
  #finalBlock(request: ServerRequest): Block {
    return { ...this.#blockOf(request, request.block1)!, more: false };
  }

  #fail(request: ServerRequest, error: unknown): void {
    this.#options.log.error('a request handler failed', { peer: request.peer.key, path: request.path, error });
    request.acceptedObserver?.terminate();
    if (request.multicast) request.inbound.ignore();
    else request.inbound.respond(Code.InternalServerError, [], emptyBytes);
  }
}

/** What it costs to keep a request, besides the fixed price. The key repeats what the datagram says. */
function memoryOf({ message, body }: ServerRequest): number {
  return 4 * message.bytes.length + (body?.length ?? 0);
}

function isPromise(answer: ReturnType<RequestHandler>): answer is Promise<OutgoingResponse | undefined> {
  return typeof answer === 'object' && typeof (answer as { then?: unknown } | null)?.then === 'function';
}

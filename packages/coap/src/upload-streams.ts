import { type Clock, type Duration, type Log, milliseconds, type Peer } from '@yaolian/kernel';
import { type Block, decodeBlock, isBlockLength } from './block-option.ts';
import { Code } from './codes.ts';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import type { OutgoingResponse } from './exchange.ts';
import type { ServerRequest } from './incoming-request.ts';
import { acceptableBlock, type MessageSizing } from './message-sizing.ts';
import { requestKey } from './request-key.ts';
import { isSink, type SinkAnswer, type UploadRouter, type UploadSink } from './upload-sink.ts';

export interface UploadStreamsOptions {
  readonly clock: Clock;
  readonly deadlines: DeadlineQueue;
  readonly log: Log;
  /** Streams at a time; more are answered 5.03. */
  readonly maximumUploads: number;
  /** A stream that pauses for longer is given up. */
  readonly idleTime: Duration;
  /** How large blocks are that we ask a peer for. */
  readonly sizing: (peer: Peer) => MessageSizing;
}

/** Sends the response to one block; `block` goes into its Block1 option. */
export type AnswerBlock = (request: ServerRequest, response: OutgoingResponse, block: Block | undefined) => void;

class Stream implements Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly key: string;
  readonly sink: UploadSink;
  readonly contentFormat: number | undefined;
  length = 0;
  lastOffset = -1;
  /** A block is at the sink. */
  busy = false;
  readonly #streams: UploadStreams;

  constructor(streams: UploadStreams, key: string, sink: UploadSink, contentFormat: number | undefined) {
    this.#streams = streams;
    this.key = key;
    this.sink = sink;
    this.contentFormat = contentFormat;
  }

  onDeadline(): void {
    this.#streams.abort(this);
  }
}

/** Bodies that go to sinks block by block (RFC 7959 §2.5). */
export class UploadStreams {
  readonly #options: UploadStreamsOptions;
  readonly #answer: AnswerBlock;
  readonly #streams = new Map<string, Stream>();
  #router: UploadRouter | undefined;

  constructor(options: UploadStreamsOptions, answer: AnswerBlock) {
    this.#options = options;
    this.#answer = answer;
  }

  get size(): number {
    return this.#streams.size;
  }

  route(router: UploadRouter): void {
    this.#router = router;
  }

  /** True when the block belongs to a stream, or begins one: then it will be answered from here. */
  accept(request: ServerRequest): boolean {
    if (this.#router === undefined || request.multicast) return false;
    const block = decodeBlock(request.block1, this.#options.sizing(request.peer).readsBert);
    // What is wrong with a block is the assembly's to say.
    if (block === undefined || !isBlockLength(block, request.payload.length)) return false;
    if (block.number === 0 && !block.more) return false;
    const key = requestKey(request);
    if (block.number === 0) return this.#begin(request, key, block);
    const stream = this.#streams.get(key);
    if (stream === undefined) return false;
    this.#take(request, stream, block);
    return true;
  }

  #begin(request: ServerRequest, key: string, block: Block): boolean {
    const before = this.#streams.get(key);
    if (before) this.abort(before);
    const answer = this.#router!(request, request.size1 < 0 ? undefined : request.size1);
    if (answer === undefined) return false;
    if (!isSink(answer)) this.#answer(request, answer, block);
    else if (this.#streams.size >= this.#options.maximumUploads) {
      answer.abort();
      this.#answer(request, { code: Code.ServiceUnavailable, maxAge: milliseconds(10_000) }, undefined);
    } else {
      const stream = new Stream(this, key, answer, request.contentFormat);
      this.#streams.set(key, stream);
      this.#take(request, stream, block);
    }
    return true;
  }

  #take(request: ServerRequest, stream: Stream, block: Block): void {
    const offset = block.number * block.size;
    if (stream.busy) {
      this.#refuse(request, Code.ServiceUnavailable, 'the block before is being written', block);
    } else if (block.more && offset === stream.lastOffset) {
      // The last block once more is no harm, as when the answer to it was lost.
      this.#goOn(request, block);
    } else if (offset !== stream.length || request.contentFormat !== stream.contentFormat) {
      // RFC 7959 §2.9.2: 4.08 says that blocks before this one are missing.
      this.abort(stream);
      this.#refuse(request, Code.RequestEntityIncomplete, `byte ${stream.length} was next, not ${offset}`, block);
    } else {
      this.#options.deadlines.remove(stream);
      void this.#write(request, stream, block, offset);
    }
  }

  async #write(request: ServerRequest, stream: Stream, block: Block, offset: number): Promise<void> {
    stream.busy = true;
    const bytes = request.payload.slice();
    stream.lastOffset = offset;
    stream.length += bytes.length;
    try {
      const written = stream.sink.write(bytes, offset);
      const refusal: SinkAnswer = written instanceof Promise ? await written : written;
      if (!this.#isCurrent(stream)) this.#refuse(request, Code.RequestEntityIncomplete, 'given up', block);
      else if (!refusal && block.more) this.#goOnLater(request, stream, block);
      else {
        this.#forget(stream);
        this.#answer(request, refusal || (await stream.sink.finish(stream.length)), block);
      }
    } catch (error) {
      this.#options.log.error('an upload sink failed', { peer: request.peer.key, path: request.path, error });
      if (this.#isCurrent(stream)) this.abort(stream);
      this.#answer(request, { code: Code.InternalServerError }, block);
    } finally {
      stream.busy = false;
    }
  }

  #goOnLater(request: ServerRequest, stream: Stream, block: Block): void {
    const { clock, deadlines, idleTime } = this.#options;
    deadlines.set(stream, clock.monotonic() + idleTime);
    this.#goOn(request, block);
  }

  #goOn(request: ServerRequest, block: Block): void {
    this.#answer(request, { code: Code.Continue }, acceptableBlock(block, this.#options.sizing(request.peer)));
  }

  #refuse(request: ServerRequest, code: OutgoingResponse['code'], text: string, block: Block): void {
    this.#answer(request, { code, payload: new TextEncoder().encode(text) }, block);
  }

  #isCurrent(stream: Stream): boolean {
    return this.#streams.get(stream.key) === stream;
  }

  #forget(stream: Stream): void {
    if (this.#isCurrent(stream)) this.#streams.delete(stream.key);
    this.#options.deadlines.remove(stream);
  }

  abort(stream: Stream): void {
    this.#forget(stream);
    stream.sink.abort();
  }

  clear(): void {
    for (const stream of [...this.#streams.values()]) this.abort(stream);
  }
}

import type { IncomingRequest, OutgoingResponse } from './exchange.ts';

/** What a sink says to a block: nothing when it goes on, a response that refuses the body (4.xx or 5.xx). */
// biome-ignore lint/suspicious/noConfusingVoidType: sinks that return nothing are what people write
export type SinkAnswer = void | OutgoingResponse;

/** Takes one body block by block, so that it is never whole in memory (RFC 7959 §2.5, without "atomic" assembly). */
export interface UploadSink {
  /**
   * Takes the next bytes; `offset` bytes came before. The view is the sink's until the promise is settled, and the next block
   * is asked for after that. An answer ends the upload.
   */
  write(bytes: Uint8Array, offset: number): SinkAnswer | Promise<SinkAnswer>;
  /** The body is complete: the response to the request. */
  finish(length: number): OutgoingResponse | Promise<OutgoingResponse>;
  /** The upload is given up: the peer paused for too long or began anew, blocks are missing, or the endpoint closes. */
  abort(): void;
}

/**
 * Asked at the first of several blocks of a body. `undefined`: the body is put together, within the bounds of the endpoint,
 * and goes to the handler; a response refuses it.
 * @param size what the peer says that the body has (Size1); undefined when it says nothing
 */
export type UploadRouter = (
  request: IncomingRequest,
  size: number | undefined,
) => UploadSink | OutgoingResponse | undefined;

export function isSink(answer: UploadSink | OutgoingResponse): answer is UploadSink {
  return 'write' in answer;
}

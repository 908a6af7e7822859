import { type Clock, concatBytes, type Duration, equalBytes } from '@yaolian/kernel';
import { type Block, type BlockSize, decodeBlock } from './block-option.ts';
import { Code } from './codes.ts';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import type { ServerRequest } from './incoming-request.ts';
import { requestKey } from './request-key.ts';

export interface UploadAssemblyOptions {
  readonly clock: Clock;
  readonly deadlines: DeadlineQueue;
  /** Larger bodies are answered 4.13. */
  readonly maximumBodyBytes: number;
  /** Uploads at a time. Another one takes the place of the one that has paused for longest, or is answered 5.03. */
  readonly maximumUploads: number;
  /** Bytes of all uploads together; beyond, 5.03. */
  readonly maximumUploadBytes: number;
  /** An upload that pauses for longer is given up. */
  readonly idleTime: Duration;
  /** The largest block that we ask for. */
  readonly blockSize: BlockSize;
}

/** How long a client may take for its next block before it has to give way, in milliseconds. */
const patience = 30_000;

/** What becomes of a request with a Block1 option. */
export type AssemblyStep =
  /** The body is complete: `request.body` has it. */
  | { readonly step: 'complete'; readonly block: Block }
  /** Answer with this code: 2.31, or what is wrong. */
  | { readonly step: 'answer'; readonly code: number; readonly block: Block | undefined; readonly diagnostic: string };

/** One body on its way to us. */
class Upload implements Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly key: string;
  readonly contentFormat: number | undefined;
  readonly parts: Uint8Array[] = [];
  length = 0;
  /** Where the last block started, and what it was: it may come again. */
  lastOffset = 0;
  readonly #assembly: UploadAssembly;

  constructor(assembly: UploadAssembly, key: string, contentFormat: number | undefined) {
    this.#assembly = assembly;
    this.key = key;
    this.contentFormat = contentFormat;
  }

  onDeadline(): void {
    this.#assembly.drop(this);
  }
}

/** Puts bodies together that come in blocks (RFC 7959 §2.5), within bounds of number, size and time. */
export class UploadAssembly {
  readonly #options: UploadAssemblyOptions;
  /** In order of last use. */
  readonly #uploads = new Map<string, Upload>();
  #bytes = 0;

  constructor(options: UploadAssemblyOptions) {
    this.#options = options;
  }

  get uploads(): number {
    return this.#uploads.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes one block in. */
  accept(request: ServerRequest): AssemblyStep {
    const block = decodeBlock(request.block1);
    // RFC 7959 §2.2: SZX 7 is reserved.
    if (block === undefined) return refuse(Code.BadRequest, undefined, 'block size 7 is reserved');
    const { length } = request.payload;
    if (block.more ? length !== block.size : length > block.size) {
      return refuse(Code.BadRequest, undefined, `a block of ${block.size} bytes has ${length}`);
    }
    const { maximumBodyBytes } = this.#options;
    const end = block.number * block.size + length;
    // RFC 7959 §2.9.3: refused as soon as it is known, with the size that would do.
    if (Math.max(end, request.size1) > maximumBodyBytes) {
      this.#dropKey(request);
      return refuse(Code.RequestEntityTooLarge, block, `at most ${maximumBodyBytes} bytes`);
    }
    if (block.number === 0 && !block.more) return this.#single(request, block);
    return this.#append(request, block);
  }

  /** A body of one block. */
  #single(request: ServerRequest, block: Block): AssemblyStep {
    this.#dropKey(request);
    request.body = request.payload;
    return { step: 'complete', block };
  }

  #append(request: ServerRequest, block: Block): AssemblyStep {
    const key = requestKey(request);
    let upload = this.#uploads.get(key);
    if (block.number === 0) {
      if (upload !== undefined) this.drop(upload);
      upload = this.#begin(request, key);
      if (upload === undefined) return refuse(Code.ServiceUnavailable, undefined, 'too many uploads');
    }
    // RFC 7959 §2.9.2: 4.08 says that blocks before this one are missing.
    if (upload === undefined) return refuse(Code.RequestEntityIncomplete, block, 'the first block is missing');
    if (request.contentFormat !== upload.contentFormat) {
      this.drop(upload);
      return refuse(Code.RequestEntityIncomplete, block, 'the Content-Format changed');
    }
    const offset = block.number * block.size;
    if (offset !== upload.length) return this.#onOutOfOrder(request, upload, block, offset);
    if (this.#bytes + request.payload.length > this.#options.maximumUploadBytes) {
      this.drop(upload);
      return refuse(Code.ServiceUnavailable, undefined, 'no memory for uploads');
    }
    return this.#take(request, upload, block);
  }

  #begin(request: ServerRequest, key: string): Upload | undefined {
    if (this.#uploads.size >= this.#options.maximumUploads && !this.#dropPaused()) return undefined;
    const upload = new Upload(this, key, request.contentFormat);
    this.#uploads.set(key, upload);
    return upload;
  }

  /** Lets the upload go that has waited longest for its next block, if that is long enough. */
  #dropPaused(): boolean {
    const { clock, idleTime } = this.#options;
    for (const oldest of this.#uploads.values()) {
      if (oldest.deadline - idleTime + patience > clock.monotonic()) return false;
      this.drop(oldest);
      return true;
    }
    return false;
  }

  #take(request: ServerRequest, upload: Upload, block: Block): AssemblyStep {
    const { payload } = request;
    // The datagram may be a view of a much larger buffer: keep what counts.
    upload.parts.push(payload.slice());
    upload.lastOffset = upload.length;
    upload.length += payload.length;
    this.#bytes += payload.length;
    if (block.more) {
      // Last in order of use.
      this.#uploads.delete(upload.key);
      this.#uploads.set(upload.key, upload);
      this.#options.deadlines.set(upload, this.#options.clock.monotonic() + this.#options.idleTime);
      return { step: 'answer', code: Code.Continue, block: this.#reply(block), diagnostic: '' };
    }
    this.drop(upload);
    request.body = concatBytes(upload.parts);
    return { step: 'complete', block };
  }

  /** The last block once more is no harm, as when its NON answer was lost; anything else leaves a hole. */
  #onOutOfOrder(request: ServerRequest, upload: Upload, block: Block, offset: number): AssemblyStep {
    const last = upload.parts[upload.parts.length - 1];
    if (block.more && offset === upload.lastOffset && last !== undefined && equalBytes(last, request.payload)) {
      return { step: 'answer', code: Code.Continue, block: this.#reply(block), diagnostic: '' };
    }
    return refuse(Code.RequestEntityIncomplete, block, `byte ${upload.length} is next, not ${offset}`);
  }

  /** RFC 7959 §2.3: the size in the answer tells the client how large the next ones shall be. */
  #reply(block: Block): Block {
    return block.size <= this.#options.blockSize ? block : { ...block, size: this.#options.blockSize };
  }

  #dropKey(request: ServerRequest): void {
    if (this.#uploads.size === 0) return;
    const upload = this.#uploads.get(requestKey(request));
    if (upload !== undefined) this.drop(upload);
  }

  drop(upload: Upload): void {
    if (!this.#uploads.delete(upload.key)) return;
    this.#options.deadlines.remove(upload);
    this.#bytes -= upload.length;
  }

  clear(): void {
    for (const upload of [...this.#uploads.values()]) this.drop(upload);
  }
}

function refuse(code: number, block: Block | undefined, diagnostic: string): AssemblyStep {
  return { step: 'answer', code, block, diagnostic };
}

import { type Clock, type Duration, emptyBytes, equalBytes, type Peer } from '@yaolian/kernel';
import { type Block, decodeBlock, isBlockLength } from './block-option.ts';
import { Code } from './codes.ts';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import type { ServerRequest } from './incoming-request.ts';
import { acceptableBlock, type MessageSizing } from './message-sizing.ts';
import { requestKey } from './request-key.ts';

export interface UploadAssemblyOptions {
  readonly clock: Clock;
  readonly deadlines: DeadlineQueue;
  /** Larger bodies are answered 4.13. */
  readonly maximumBodyBytes: number;
  /** Uploads at a time. Another one takes the place of the one that has paused for longest, or is answered 5.03. */
  readonly maximumUploads: number;
  /** The same of one peer. */
  readonly maximumUploadsPerPeer: number;
  /** Memory of all uploads together; beyond, as with their number. */
  readonly maximumUploadBytes: number;
  /** An upload that pauses for longer is given up. */
  readonly idleTime: Duration;
  /** How large blocks are that we ask a peer for. */
  readonly sizing: (peer: Peer) => MessageSizing;
}

/** How long a client may take for its next block before it has to give way, in milliseconds. */
const patience = 30_000;

/** What becomes of a request with a Block1 option. */
export type AssemblyStep =
  /** The body is complete: `request.body` has it. */
  | { readonly step: 'complete'; readonly block: Block }
  /** Answer with this code: 2.31, or what is wrong. */
  | { readonly step: 'answer'; readonly code: number; readonly block: Block | undefined; readonly diagnostic: string };

/** What an upload costs besides its body and its key. */
const entryBytes = 200;

/** One body on its way to us. */
class Upload implements Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly key: string;
  readonly peer: string;
  readonly contentFormat: number | undefined;
  /** One buffer, not a list of blocks: these may have 16 bytes each. */
  buffer = emptyBytes;
  length = 0;
  /** Where the last block started: it may come again. */
  lastOffset = 0;
  readonly #assembly: UploadAssembly;

  constructor(assembly: UploadAssembly, key: string, peer: string, contentFormat: number | undefined) {
    this.#assembly = assembly;
    this.key = key;
    this.peer = peer;
    this.contentFormat = contentFormat;
  }

  get memory(): number {
    return entryBytes + 2 * this.key.length + this.buffer.length;
  }

  append(block: Uint8Array): void {
    this.buffer.set(block, this.length);
    this.lastOffset = this.length;
    this.length += block.length;
  }

  /** Whether `block` is what came last. */
  endsWith(block: Uint8Array): boolean {
    return equalBytes(this.buffer.subarray(this.lastOffset, this.length), block);
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
  readonly #ofPeer = new Map<string, number>();
  #bytes = 0;

  constructor(options: UploadAssemblyOptions) {
    this.#options = options;
  }

  get uploads(): number {
    return this.#uploads.size;
  }

  /** Memory of all uploads, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes one block in. */
  accept(request: ServerRequest): AssemblyStep {
    const block = decodeBlock(request.block1, this.#options.sizing(request.peer).readsBert);
    // RFC 7959 §2.2: SZX 7 is reserved over datagrams.
    if (block === undefined) return refuse(Code.BadRequest, undefined, 'block size 7 is reserved');
    const { length } = request.payload;
    if (!isBlockLength(block, length)) {
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
    if (!this.#makeRoom(upload, request.payload.length)) {
      this.drop(upload);
      return refuse(Code.ServiceUnavailable, undefined, 'no memory for uploads');
    }
    return this.#take(request, upload, block);
  }

  #begin(request: ServerRequest, key: string): Upload | undefined {
    const { maximumUploads, maximumUploadsPerPeer } = this.#options;
    const peer = request.peer.key;
    const ofPeer = this.#ofPeer.get(peer) ?? 0;
    if (ofPeer >= maximumUploadsPerPeer) return undefined;
    if (this.#uploads.size >= maximumUploads && !this.#dropPaused()) return undefined;
    const upload = new Upload(this, key, peer, request.contentFormat);
    this.#uploads.set(key, upload);
    this.#ofPeer.set(peer, ofPeer + 1);
    this.#bytes += upload.memory;
    return upload;
  }

  /** Makes the buffer of `upload` large enough for `more` bytes. False when that is too much memory. */
  #makeRoom(upload: Upload, more: number): boolean {
    const needed = upload.length + more;
    if (needed <= upload.buffer.length) return true;
    const { maximumBodyBytes, maximumUploadBytes } = this.#options;
    // Size1 is no hint: whoever announces much has sent nothing yet.
    const capacity = Math.max(needed, Math.min(2 * upload.buffer.length, maximumBodyBytes));
    const growth = capacity - upload.buffer.length;
    while (this.#bytes + growth > maximumUploadBytes) {
      if (!this.#dropPaused(upload)) return false;
    }
    const buffer = new Uint8Array(capacity);
    buffer.set(upload.buffer.subarray(0, upload.length));
    upload.buffer = buffer;
    this.#bytes += growth;
    return true;
  }

  /** Lets the upload go that has waited longest for its next block, if that is long enough. */
  #dropPaused(except?: Upload): boolean {
    const { clock, idleTime } = this.#options;
    for (const oldest of this.#uploads.values()) {
      if (oldest === except) continue;
      if (oldest.deadline - idleTime + patience > clock.monotonic()) return false;
      this.drop(oldest);
      return true;
    }
    return false;
  }

  #take(request: ServerRequest, upload: Upload, block: Block): AssemblyStep {
    upload.append(request.payload);
    if (block.more) {
      // Last in order of use.
      this.#uploads.delete(upload.key);
      this.#uploads.set(upload.key, upload);
      this.#options.deadlines.set(upload, this.#options.clock.monotonic() + this.#options.idleTime);
      return { step: 'answer', code: Code.Continue, block: this.#reply(request, block), diagnostic: '' };
    }
    this.drop(upload);
    request.body = upload.buffer.subarray(0, upload.length);
    return { step: 'complete', block };
  }

  /** The last block once more is no harm, as when its NON answer was lost; anything else leaves a hole. */
  #onOutOfOrder(request: ServerRequest, upload: Upload, block: Block, offset: number): AssemblyStep {
    if (block.more && offset === upload.lastOffset && upload.endsWith(request.payload)) {
      return { step: 'answer', code: Code.Continue, block: this.#reply(request, block), diagnostic: '' };
    }
    return refuse(Code.RequestEntityIncomplete, block, `byte ${upload.length} is next, not ${offset}`);
  }

  #reply(request: ServerRequest, block: Block): Block {
    return acceptableBlock(block, this.#options.sizing(request.peer));
  }

  #dropKey(request: ServerRequest): void {
    if (this.#uploads.size === 0) return;
    const upload = this.#uploads.get(requestKey(request));
    if (upload !== undefined) this.drop(upload);
  }

  drop(upload: Upload): void {
    if (!this.#uploads.delete(upload.key)) return;
    this.#options.deadlines.remove(upload);
    this.#bytes -= upload.memory;
    const left = this.#ofPeer.get(upload.peer)! - 1;
    if (left > 0) this.#ofPeer.set(upload.peer, left);
    else this.#ofPeer.delete(upload.peer);
  }

  clear(): void {
    for (const upload of [...this.#uploads.values()]) this.drop(upload);
  }
}

function refuse(code: number, block: Block | undefined, diagnostic: string): AssemblyStep {
  return { step: 'answer', code, block, diagnostic };
}

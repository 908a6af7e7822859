import { emptyBytes } from '@yaolian/kernel';
import { nameStride } from './socket-name.ts';

/** The largest UDP payload fits: 65,535 bytes less the UDP header. */
const payloadCapacity = 65_535;
/**
 * From one payload to the next: an odd number of cache lines, so that short datagrams do not fight for the same cache sets.
 * Memory that no long datagram touched stays unmapped.
 */
const payloadStride = 65_536 + 23 * 64;
const headerWords = 16;
const iovecWords = 4;

/** Bytes of one `struct mmsghdr`. */
export const headerBytes = 4 * headerWords;

/** From here on a payload has memory of its own. */
const chunkedUpTo = 1024;
const chunkBytes = 4096;
/** V8 keeps typed arrays up to this length in its own heap: making one costs a twentieth of a longer one. */
const inHeapUpTo = 64;

/**
 * An array of `struct mmsghdr` as recvmmsg(2) and sendmmsg(2) take it on 64-bit little-endian Linux, each with one iovec
 * over a payload of its own and a name. All pointers are written once. Native code holds the addresses: the owner keeps
 * this object for as long as it makes calls with it.
 *
 * ```
 * mmsghdr, in 32-bit words
 *  0-1 name pointer   2 name length   4-5 iovec pointer   6-7 iovec count
 *  8-9 control       10-11 length    12 flags            14 message length
 * ```
 */
export class MessageArray {
  readonly length: number;
  /** The address of the first header. */
  readonly address: number;
  /** {@link nameStride} words for each message. */
  readonly names: Int32Array;
  readonly #headers: Int32Array;
  readonly #iovecs: Int32Array;
  readonly #payloads: Uint8Array;
  readonly #payloadWords: Int32Array;
  #chunk = new ArrayBuffer(chunkBytes);
  #chunkWords = new Int32Array(this.#chunk);
  #chunkUsed = 0;

  /**
   * @param nameBytes the length of a name of the socket's family
   * @param addressOf the address of an array buffer's memory
   */
  constructor(length: number, nameBytes: number, addressOf: (memory: ArrayBuffer) => number) {
    this.length = length;
    this.names = new Int32Array(length * nameStride);
    this.#headers = new Int32Array(length * headerWords);
    this.#iovecs = new Int32Array(length * iovecWords);
    this.#payloads = new Uint8Array(length * payloadStride);
    this.#payloadWords = new Int32Array(this.#payloads.buffer as ArrayBuffer);
    this.address = addressOf(this.#headers.buffer as ArrayBuffer);
    const names = addressOf(this.names.buffer as ArrayBuffer);
    const iovecs = addressOf(this.#iovecs.buffer as ArrayBuffer);
    const payloads = addressOf(this.#payloads.buffer as ArrayBuffer);
    for (let i = 0; i < length; i++) {
      const header = i * headerWords;
      writePointer(this.#headers, header, names + 4 * nameStride * i);
      this.#headers[header + 2] = nameBytes;
      writePointer(this.#headers, header + 4, iovecs + 4 * iovecWords * i);
      this.#headers[header + 6] = 1;
      writePointer(this.#iovecs, i * iovecWords, payloads + payloadStride * i);
      this.#iovecs[i * iovecWords + 2] = payloadCapacity;
    }
  }

  /** Fills in message `index` for sending. The payload is copied. */
  setPayload(index: number, payload: Uint8Array): void {
    this.#payloads.set(payload, index * payloadStride);
    this.#iovecs[index * iovecWords + 2] = payload.length;
  }

  /**
   * The payload of message `index` as it was received, copied into memory that is never written again. Short ones share a
   * chunk of {@link chunkBytes} bytes: who keeps one for long and wants less memory copies it.
   */
  takePayload(index: number): Uint8Array {
    const length = this.#headers[index * headerWords + 14]!;
    const start = index * payloadStride;
    if (length === 0) return emptyBytes;
    if (length <= inHeapUpTo || length > chunkedUpTo) return this.#payloads.slice(start, start + length);
    return this.#copyIntoChunk(start, length);
  }

  /** The payload of message `index` as it was filled in. */
  copyOutgoing(index: number): Uint8Array {
    const start = index * payloadStride;
    return this.#payloads.slice(start, start + this.#iovecs[index * iovecWords + 2]!);
  }

  #copyIntoChunk(start: number, length: number): Uint8Array {
    const words = (length + 3) >> 2;
    if (this.#chunkUsed + 4 * words > chunkBytes) {
      this.#chunk = new ArrayBuffer(chunkBytes);
      this.#chunkWords = new Int32Array(this.#chunk);
      this.#chunkUsed = 0;
    }
    const target = this.#chunkWords;
    const source = this.#payloadWords;
    const to = this.#chunkUsed >> 2;
    const from = start >> 2;
    for (let i = 0; i < words; i++) target[to + i] = source[from + i]!;
    const payload = new Uint8Array(this.#chunk, this.#chunkUsed, length);
    this.#chunkUsed += 4 * words;
    return payload;
  }
}

/** Addresses of a process are below 2^47: a number holds them exactly. */
function writePointer(words: Int32Array, at: number, address: number): void {
  words[at] = (address % 2 ** 32) | 0;
  words[at + 1] = Math.floor(address / 2 ** 32);
}

/** What a datagram may have at most: IPv4 and UDP headers leave 65,507 bytes, IPv6 65,527. */
export const largestDatagram = payloadCapacity;

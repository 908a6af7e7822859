/** Datagrams longer than this are not of CoAP (RFC 7252 §4.6) and are dropped. */
export const aliasPayloadCapacity = 4096;

const headerWords = 16;
const iovecWords = 4;
const nameWords = 4;
const controlWords = 8;

/** Bytes of one `struct mmsghdr`. */
export const aliasHeaderBytes = 4 * headerWords;

/**
 * An array of `struct mmsghdr` of 64-bit little-endian Linux, with IPv4 names and one control message `IP_PKTINFO` each: the
 * local address that a datagram was sent to, or is to come from. Native code holds the addresses: the owner keeps this
 * object for as long as it makes calls with it.
 *
 * ```
 * mmsghdr, in 32-bit words                              control message
 *  0-1 name pointer    2 name length  4-5 iovec pointer  0-1 length 28  2 level 0  3 type 8
 *  6-7 iovec count     8-9 control pointer               4 interface    5 local address to send from
 *  10-11 its length    12 flags       14 message length  6 address that it was sent to
 * ```
 */
export class AliasMessages {
  readonly length: number;
  /** The address of the first header. */
  readonly address: number;
  readonly #headers: Int32Array;
  readonly #iovecs: Int32Array;
  readonly #names: Int32Array;
  readonly #controls: Int32Array;
  readonly #payloads: Uint8Array;

  constructor(length: number, addressOf: (memory: ArrayBuffer) => number) {
    this.length = length;
    this.#headers = new Int32Array(length * headerWords);
    this.#iovecs = new Int32Array(length * iovecWords);
    this.#names = new Int32Array(length * nameWords);
    this.#controls = new Int32Array(length * controlWords);
    this.#payloads = new Uint8Array(length * aliasPayloadCapacity);
    const at = (memory: Int32Array | Uint8Array) => addressOf(memory.buffer as ArrayBuffer);
    this.address = at(this.#headers);
    const [iovecs, names, controls, payloads] = [this.#iovecs, this.#names, this.#controls, this.#payloads].map(at);
    for (let i = 0; i < length; i++) {
      const header = i * headerWords;
      writePointer(this.#headers, header, names! + 4 * nameWords * i);
      this.#headers[header + 2] = 4 * nameWords;
      writePointer(this.#headers, header + 4, iovecs! + 4 * iovecWords * i);
      this.#headers[header + 6] = 1;
      writePointer(this.#headers, header + 8, controls! + 4 * controlWords * i);
      writePointer(this.#iovecs, i * iovecWords, payloads! + aliasPayloadCapacity * i);
      this.#iovecs[i * iovecWords + 2] = aliasPayloadCapacity;
    }
    this.prepareToReceive(length);
  }

  /** The kernel writes the lengths of what it gives over the room that there is: the room is said again. */
  prepareToReceive(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#headers[i * headerWords + 2] = 4 * nameWords;
      this.#headers[i * headerWords + 10] = 4 * controlWords;
    }
  }

  /** The peer: its port and address as two words of a `sockaddr_in`. */
  peerWords(index: number): readonly [number, number] {
    return [this.#names[index * nameWords]!, this.#names[index * nameWords + 1]!];
  }

  /** The local address that message `index` was sent to, as a word. */
  destination(index: number): number {
    return this.#controls[index * controlWords + 6]!;
  }

  /** A copy of the payload of message `index`; undefined when it was cut short. */
  payload(index: number): Uint8Array | undefined {
    const header = index * headerWords;
    if (this.#headers[header + 12]! & 0x20) return undefined; // MSG_TRUNC
    const start = index * aliasPayloadCapacity;
    return this.#payloads.slice(start, start + this.#headers[header + 14]!);
  }

  /** Fills in message `index` for sending. */
  fill(index: number, payload: Uint8Array, source: number, peer: readonly [number, number]): void {
    this.#payloads.set(payload, index * aliasPayloadCapacity);
    this.#iovecs[index * iovecWords + 2] = payload.length;
    this.#names[index * nameWords] = peer[0];
    this.#names[index * nameWords + 1] = peer[1];
    const control = index * controlWords;
    this.#controls.set([28, 0, 0, 8, 0, source, 0, 0], control);
    this.#headers[index * headerWords + 10] = 4 * controlWords;
  }
}

/** Addresses of a process are below 2^47: a number holds them exactly. */
function writePointer(words: Int32Array, at: number, address: number): void {
  words[at] = (address % 2 ** 32) | 0;
  words[at + 1] = Math.floor(address / 2 ** 32);
}

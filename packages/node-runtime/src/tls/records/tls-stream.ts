import {
  type ByteStream,
  type ByteStreamListener,
  concatBytes,
  milliseconds,
  type Peer,
  type SocketAddress,
  type Timer,
  type Timers,
} from '@yaolian/kernel';
import type { TrafficKeys } from './traffic-keys.ts';

/** RFC 8446 §5.1. */
const ContentType = { ChangeCipherSpec: 20, Alert: 21, Handshake: 22, ApplicationData: 23 } as const;
/** RFC 8446 §6. */
const Alert = { CloseNotify: 0, UnexpectedMessage: 10, BadRecordMac: 20, RecordOverflow: 22, DecodeError: 50 } as const;
const userCanceled = 90;
/** RFC 8446 §4.6.3. */
const keyUpdate = 24;

const headerLength = 5;
const maximumPlaintext = 2 ** 14;
/** RFC 8446 §5.2. */
const maximumCiphertext = maximumPlaintext + 256;
/** More waits than is good. */
const highWater = 65_536;

export interface TlsStreamOptions {
  /** Records that one key seals before the next key takes over. RFC 8446 §5.5: at most 2^24.5 with AES-GCM. Default 2^24. */
  readonly recordsPerKey?: number;
  /** Key updates of the peer without data in between before it is turned away. Default 32. */
  readonly maximumKeyUpdates?: number;
  /** Records without content, and user_canceled, one after another, before it is turned away. Default 32. */
  readonly maximumEmptyRecords?: number;
  /** For how long a connection that failed may be busy with sending the alert, in milliseconds. Default 1000. */
  readonly alertTime?: number;
  /** For how long a peer that sent close_notify may leave the connection open, in milliseconds. Default 5000. */
  readonly closeTime?: number;
}

/** Keys of both directions after a handshake. */
export interface TlsKeys {
  readonly send: TrafficKeys;
  readonly receive: TrafficKeys;
}

// What is sealed is put together here: one record at a time, for all streams.
const scratch = new Uint8Array(maximumPlaintext + 1);

let dirty: TlsStream[] = [];

function flushDirty(): void {
  const streams = dirty;
  dirty = [];
  for (const stream of streams) stream.flush();
}

/**
 * TLS 1.3 above another stream, from the end of the handshake on (RFC 8446 §5): records, alerts and key updates. A connection that is idle
 * holds its keys and nothing else, where OpenSSL holds some 36 KB.
 */
export class TlsStream implements ByteStream, ByteStreamListener {
  readonly keepsBoundaries = false;
  readonly #below: ByteStream;
  readonly #keys: TlsKeys;
  readonly #timers: Timers;
  readonly #options: TlsStreamOptions;
  #listener: ByteStreamListener | undefined;
  /** What was received and is not opened yet. */
  #rest: Uint8Array | undefined;
  /** Of a message of the handshake that goes on in the next record. */
  #message: Uint8Array | undefined;
  #keyUpdates = 0;
  #owesKeyUpdate = false;
  #emptyRecords = 0;
  #error: Error | undefined;
  #isPaused = false;
  #isReading = false;
  /** The peer said that nothing more comes, or what came was wrong. */
  #isDone = false;
  #isClosing = false;
  #isOver = false;
  #pending: Uint8Array[] | undefined;
  #pendingBytes = 0;
  #isBlocked = false;
  #ending: Timer | undefined;

  /** @param early what came behind the handshake and belongs to this stream */
  constructor(
    below: ByteStream,
    keys: TlsKeys,
    early: Uint8Array,
    timers: Timers,
    options: TlsStreamOptions = noOptions,
  ) {
    this.#below = below;
    this.#keys = keys;
    this.#timers = timers;
    this.#options = options;
    if (early.length > 0) this.#rest = new Uint8Array(early);
  }

  get peer(): Peer {
    return this.#below.peer;
  }

  get localAddress(): SocketAddress {
    return this.#below.localAddress;
  }

  get queuedBytes(): number {
    return this.#pendingBytes + this.#below.queuedBytes;
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    this.#read();
    this.#below.listen(this);
    if (this.#isPaused) this.#below.pause();
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#isDone) return;
    this.#rest = this.#rest === undefined ? bytes : concatBytes([this.#rest, bytes]);
    this.#read();
  }

  onDrain(): void {
    this.#drained();
  }

  onClosed(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = this.#isDone = true;
    this.#ending?.cancel();
    this.#rest = this.#message = this.#pending = undefined;
    this.#pendingBytes = 0;
    this.#keys.send.wipe();
    this.#keys.receive.wipe();
    this.#listener?.onClosed(this.#error ?? error);
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isOver || this.#isClosing) return true;
    // An empty record would say nothing, and peers take so many of them only.
    if (bytes.length === 0) return !this.#isBlocked;
    if (this.#pending === undefined) {
      this.#pending = [bytes];
      if (dirty.push(this) === 1) process.nextTick(flushDirty);
    } else this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#isBlocked ||= this.queuedBytes >= highWater;
    return !this.#isBlocked;
  }

  /** Seals and passes on what was written. @internal */
  flush(): void {
    const pending = this.#pending;
    if (pending === undefined || this.#isOver) return;
    this.#pending = undefined;
    const length = this.#pendingBytes;
    this.#pendingBytes = 0;
    if (this.#send(ContentType.ApplicationData, pending, length)) this.#drained();
  }

  pause(): void {
    this.#isPaused = true;
    this.#below.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#read();
    if (!this.#isPaused) this.#below.resume();
  }

  /** RFC 8446 §6.1: close_notify, and then the end. */
  close(): void {
    if (this.#isClosing || this.#isOver) return;
    // First: who hears of room for more would else write behind the end.
    this.#isClosing = true;
    this.flush();
    this.#alert(1, Alert.CloseNotify);
    this.#below.close();
    if (this.#isPaused) this.resume();
  }

  abort(): void {
    this.#isDone = true;
    this.#pending = undefined;
    this.#pendingBytes = 0;
    this.#below.abort();
  }

  #drained(): void {
    if (!this.#isBlocked || this.#pending !== undefined) return;
    this.#isBlocked = false;
    this.#listener?.onDrain();
  }

  /** Opens what is there of whole records. */
  #read(): void {
    if (this.#isReading || this.#listener === undefined || this.#rest === undefined) return;
    this.#isReading = true;
    const bytes = this.#rest;
    let at = 0;
    while (!this.#isPaused && !this.#isDone && bytes.length - at >= headerLength) {
      const length = (bytes[at + 3]! << 8) | bytes[at + 4]!;
      if (bytes[at] !== ContentType.ApplicationData) {
        this.#fail(Alert.UnexpectedMessage, `a record of type ${bytes[at]} that is not encrypted`);
      } else if (length > maximumCiphertext) {
        this.#fail(Alert.RecordOverflow, `a record of ${length} bytes, where ${maximumCiphertext} are the most`);
      } else if (bytes.length - at < headerLength + length) {
        break;
      } else {
        const end = at + headerLength + length;
        const header = bytes.subarray(at, at + headerLength);
        this.#take(this.#keys.receive.open(header, bytes.subarray(at + headerLength, end)));
        at = end;
      }
    }
    // What is left of a large piece does not hold the whole of it: a copy, which `slice` of a Buffer is not.
    this.#rest =
      this.#isDone || at === bytes.length ? undefined : at === 0 ? bytes : new Uint8Array(bytes.subarray(at));
    this.#isReading = false;
  }

  /** @param plaintext TLSInnerPlaintext of RFC 8446 §5.2: content, its type, and zeros as many as the peer likes */
  #take(plaintext: Uint8Array | undefined): void {
    if (plaintext === undefined) {
      this.#fail(Alert.BadRecordMac, 'a record that is not authentic');
      return;
    }
    let end = plaintext.length - 1;
    while (end >= 0 && plaintext[end] === 0) end--;
    if (end > maximumPlaintext) {
      this.#fail(Alert.RecordOverflow, `a record of ${end} bytes of content, where ${maximumPlaintext} are the most`);
    } else if (end < 0) {
      this.#fail(Alert.UnexpectedMessage, 'a record without a type');
    } else this.#takeContent(plaintext[end]!, plaintext.subarray(0, end));
  }

  #takeContent(type: number, content: Uint8Array): void {
    if (this.#message !== undefined && type !== ContentType.Handshake) {
      this.#fail(Alert.UnexpectedMessage, 'a record in the middle of a message of the handshake');
    } else if (type === ContentType.ApplicationData) {
      if (content.length > 0) {
        this.#emptyRecords = this.#keyUpdates = 0;
        this.#listener!.onBytes(content);
      } else this.#countEmpty();
    } else if (type === ContentType.Alert) this.#takeAlert(content);
    else if (type === ContentType.Handshake) this.#takeMessage(content);
    else this.#fail(Alert.UnexpectedMessage, `a record of type ${type}`);
  }

  #countEmpty(): void {
    const { maximumEmptyRecords = 32 } = this.#options;
    if (++this.#emptyRecords > maximumEmptyRecords) {
      this.#fail(Alert.UnexpectedMessage, 'too many records without content');
    }
  }

  #takeAlert(content: Uint8Array): void {
    const { closeTime = 5000 } = this.#options;
    const [, description] = content;
    if (content.length !== 2) this.#fail(Alert.DecodeError, `an alert of ${content.length} bytes`);
    else if (description === Alert.CloseNotify) {
      this.#isDone = true;
      // As at the end of a TCP connection: half of one is of no use here.
      this.close();
      this.#endWithin(closeTime);
    } else if (description === userCanceled) this.#countEmpty();
    else {
      // RFC 8446 §6.2: an error is fatal, whatever its level says. Nothing more is sent.
      this.#isDone = true;
      this.#error = new Error(`the peer ended TLS with alert ${description}`);
      this.abort();
    }
  }

  /** RFC 8446 §4.6.3. Clients of ours are not asked for certificates later, so that a KeyUpdate is all that may come. */
  #takeMessage(content: Uint8Array): void {
    const message = this.#message === undefined ? content : concatBytes([this.#message, content]);
    const expected = [keyUpdate, 0, 0, 1];
    if (content.length === 0) this.#fail(Alert.UnexpectedMessage, 'a message of the handshake without content');
    else if (expected.some((value, i) => i < message.length && message[i] !== value)) {
      this.#fail(Alert.UnexpectedMessage, `message ${message[0]} of the handshake, or a KeyUpdate of a wrong length`);
    } else if (message.length < 5) this.#message = message.slice();
    else {
      this.#message = undefined;
      this.#updateKeys(message);
    }
  }

  #updateKeys(message: Uint8Array): void {
    const { maximumKeyUpdates = 32 } = this.#options;
    // RFC 8446 §5.1: what changes keys ends its record.
    if (message.length > 5) this.#fail(Alert.UnexpectedMessage, 'something behind a KeyUpdate');
    else if (message[4]! > 1) this.#fail(Alert.DecodeError, `request_update ${message[4]}`);
    else if (++this.#keyUpdates > maximumKeyUpdates) this.#fail(Alert.UnexpectedMessage, 'too many key updates');
    else {
      this.#keys.receive.update();
      // Before the next record goes out is soon enough, and once for as many as are asked for.
      this.#owesKeyUpdate ||= message[4] === 1;
    }
  }

  #send(type: number, pieces: readonly Uint8Array[], length: number): boolean {
    const { recordsPerKey = 2 ** 24 } = this.#options;
    if (this.#owesKeyUpdate || this.#keys.send.sequence >= recordsPerKey) {
      this.#owesKeyUpdate = false;
      this.#below.write(this.#seal(ContentType.Handshake, [Uint8Array.of(keyUpdate, 0, 0, 1, 0)], 5));
      this.#keys.send.update();
    }
    return this.#below.write(this.#seal(type, pieces, length));
  }

  /** One record, or as many as it takes. */
  #seal(type: number, pieces: readonly Uint8Array[], length: number): Uint8Array {
    const { send } = this.#keys;
    const { tagLength } = send.suite.aead;
    const records = Math.max(1, Math.ceil(length / maximumPlaintext));
    const out = Buffer.allocUnsafe(length + records * (headerLength + 1 + tagLength));
    let at = 0;
    let filled = 0;
    const finish = () => {
      const size = filled + 1 + tagLength;
      scratch[filled] = type;
      out[at] = ContentType.ApplicationData;
      out[at + 1] = out[at + 2] = 3;
      out[at + 3] = size >> 8;
      out[at + 4] = size & 0xff;
      send.seal(out.subarray(at, at + headerLength), scratch.subarray(0, filled + 1), out, at + headerLength);
      at += headerLength + size;
      filled = 0;
    };
    for (const piece of pieces) {
      for (let from = 0; from < piece.length; ) {
        const count = Math.min(piece.length - from, maximumPlaintext - filled);
        scratch.set(count === piece.length ? piece : piece.subarray(from, from + count), filled);
        filled += count;
        from += count;
        if (filled === maximumPlaintext) finish();
      }
    }
    if (filled > 0 || at === 0) finish();
    return out;
  }

  #alert(level: number, description: number): void {
    this.#send(ContentType.Alert, [Uint8Array.of(level, description)], 2);
  }

  /** Tells the peer what was wrong and ends the connection. */
  #fail(description: number, what: string): void {
    if (this.#isDone) return;
    const { alertTime = 1000 } = this.#options;
    this.#isDone = true;
    this.#error = new Error(`TLS: ${what}`);
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#pending = undefined;
      this.#pendingBytes = 0;
      this.#alert(2, description);
      this.#below.close();
    }
    // Who does wrong is not waited for.
    this.#endWithin(alertTime);
  }

  #endWithin(time: number): void {
    if (this.#isOver) return;
    this.#ending = this.#timers.schedule(milliseconds(time), () => this.#below.abort());
  }
}

const noOptions: TlsStreamOptions = {};

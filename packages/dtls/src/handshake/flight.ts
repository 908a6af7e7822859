import type { Peer } from '@yaolian/kernel';
import { handshakeHeaderLength, writeHandshakeHeader } from '../messages/handshake-header.ts';
import { ContentType } from '../record/content-type.ts';
import { recordHeaderLength, writeRecordHeader } from '../record/record-header.ts';
import type { DtlsSession } from '../session/session.ts';

/** One message of a flight, or its ChangeCipherSpec, ready to be sent as often as it takes. */
export interface FlightPart {
  readonly contentType: typeof ContentType.Handshake | typeof ContentType.ChangeCipherSpec;
  /** Under the session's keys. */
  readonly isProtected: boolean;
  readonly type: number;
  readonly messageSequence: number;
  readonly body: Uint8Array;
}

/** What a flight is sent with. */
export interface FlightSender {
  readonly peer: Peer;
  readonly session: DtlsSession | undefined;
  readonly mtu: number;
  /** The largest content of a record that the peer takes. */
  readonly contentLimit: number;
  /** The next sequence number of epoch 0. */
  takePlainSequence(): number;
  transmit(datagram: Uint8Array): void;
}

/** Fragments smaller than this are not worth a record at the end of a datagram. */
const smallestFragment = 32;

/** Sends a flight, cut and packed into as few datagrams as the MTU allows (RFC 6347 §4.1.1, §4.2.3). */
export function sendFlight(parts: readonly FlightPart[], sender: FlightSender): void {
  const packer = new Packer(sender);
  for (const part of parts) {
    if (part.contentType === ContentType.ChangeCipherSpec) packer.addChangeCipherSpec(part.body);
    else packer.addMessage(part);
  }
  packer.flush();
}

class Packer {
  readonly #sender: FlightSender;
  #out: Uint8Array;
  #at = 0;

  constructor(sender: FlightSender) {
    this.#sender = sender;
    this.#out = new Uint8Array(sender.mtu);
  }

  addChangeCipherSpec(body: Uint8Array): void {
    if (this.#at + recordHeaderLength + body.length > this.#sender.mtu) this.flush();
    this.#writePlain(ContentType.ChangeCipherSpec, body);
  }

  addMessage(part: FlightPart): void {
    const { session } = this.#sender;
    const overhead = part.isProtected ? session!.recordLength(0) + session!.padTo - 1 : recordHeaderLength;
    let offset = 0;
    do {
      const rest = part.body.length - offset;
      if (this.#room(overhead) < Math.min(rest, smallestFragment)) this.flush();
      const length = Math.min(rest, this.#room(overhead));
      const content = new Uint8Array(handshakeHeaderLength + length);
      writeHandshakeHeader(content, 0, part.type, part.body.length, part.messageSequence, offset, length);
      content.set(part.body.subarray(offset, offset + length), handshakeHeaderLength);
      if (part.isProtected)
        this.#at = Math.max(this.#at, session!.seal(ContentType.Handshake, content, this.#out, this.#at));
      else this.#writePlain(ContentType.Handshake, content);
      offset += length;
    } while (offset < part.body.length);
  }

  flush(): void {
    if (this.#at === 0) return;
    this.#sender.transmit(this.#out.slice(0, this.#at));
    this.#at = 0;
  }

  /** How much of a message fits into the datagram; negative when not even the headers do. */
  #room(overhead: number): number {
    const { mtu, contentLimit } = this.#sender;
    return Math.min(mtu - this.#at - overhead, contentLimit) - handshakeHeaderLength;
  }

  #writePlain(type: number, content: Uint8Array): void {
    const at = writeRecordHeader(this.#out, this.#at, type, 0, this.#sender.takePlainSequence(), content.length);
    this.#out.set(content, at);
    this.#at = at + content.length;
  }
}

import type { Peer } from '@yaolian/kernel';
import type { Endpoint } from '../endpoint.ts';
import { decodeClientHelloStart, emptyClientHelloStart } from '../messages/client-hello.ts';
import {
  decodeHandshakeHeader,
  emptyHandshakeHeader,
  handshakeHeaderLength,
  writeHandshakeHeader,
} from '../messages/handshake-header.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { helloVerifyRequestLength, writeHelloVerifyRequest } from '../messages/hello-verify-request.ts';
import { ContentType, dtls10 } from '../record/content-type.ts';
import { type RecordView, recordHeaderLength, writeRecordHeader } from '../record/record-header.ts';
import { type Cookies, cookieLength } from './cookies.ts';
import { type ServerContext, ServerHandshake } from './server-handshake.ts';

const bodyLength = helloVerifyRequestLength(cookieLength);
const messageLength = handshakeHeaderLength + bodyLength;

/**
 * Meets strangers without remembering them (RFC 6347 §4.2.1): a ClientHello without a good cookie is answered with one,
 * and only a ClientHello with a good one costs memory. Strangers are what a flood is made of: what they send is read where it
 * lies, and the answer, which is never longer than the question, is all that is allocated.
 */
export class Greeter {
  readonly #endpoint: Endpoint;
  readonly #cookies: Cookies;
  readonly #context: ServerContext;
  readonly #header = emptyHandshakeHeader();
  readonly #hello = emptyClientHelloStart();

  constructor(endpoint: Endpoint, cookies: Cookies, context: ServerContext) {
    this.#endpoint = endpoint;
    this.#cookies = cookies;
    this.#context = context;
  }

  /** @param record a handshake record in the clear that lies in `datagram` */
  onHandshake(datagram: Uint8Array, record: RecordView, from: Peer): void {
    const header = this.#header;
    const isFragment = decodeHandshakeHeader(datagram, record.fragmentStart, record.fragmentEnd, header);
    // The first fragment of a hello has all that the cookie is about; others mean nothing without it.
    if (!isFragment || header.type !== HandshakeType.ClientHello || header.offset !== 0) {
      this.#endpoint.drop('no handshake', from);
      return;
    }
    const hello = this.#hello;
    if (!decodeClientHelloStart(datagram, header.bodyStart, header.bodyEnd, hello))
      this.#endpoint.drop('malformed ClientHello', from);
    else if (this.#cookies.isValid(datagram, hello, from)) this.#begin(datagram, record, from);
    else this.#verify(datagram, record, from);
  }

  #verify(datagram: Uint8Array, record: RecordView, from: Peer): void {
    const { bodyStart, bodyEnd, messageSequence } = this.#header;
    // Never an answer that is longer than the question.
    if (bodyLength > bodyEnd - bodyStart) {
      this.#endpoint.drop('ClientHello too short for a cookie', from);
      return;
    }
    const out = new Uint8Array(recordHeaderLength + messageLength);
    const type = HandshakeType.HelloVerifyRequest;
    const at = writeRecordHeader(out, 0, ContentType.Handshake, 0, record.sequence, messageLength, dtls10);
    writeHandshakeHeader(out, at, type, bodyLength, messageSequence, 0, bodyLength);
    const cookieAt = writeHelloVerifyRequest(out, at + handshakeHeaderLength, cookieLength);
    this.#cookies.write(datagram, this.#hello, from, out, cookieAt);
    this.#endpoint.settings.counters.cookies.add();
    this.#endpoint.transmit(out, from);
  }

  #begin(datagram: Uint8Array, record: RecordView, from: Peer): void {
    const { handshakes, settings, sessions } = this.#endpoint;
    if (handshakes.size >= settings.bounds.maximumHandshakes) {
      this.#endpoint.drop('too many handshakes', from);
      return;
    }
    if (sessions.isFull && settings.bounds.whenFull === 'refuse') {
      this.#endpoint.drop('too many sessions', from);
      return;
    }
    handshakes.get(from)?.forget();
    const { messageSequence } = this.#header;
    const handshake = new ServerHandshake(from, this.#endpoint, this.#context, messageSequence, record.sequence);
    this.#endpoint.begin(handshake);
    handshake.onRecord(datagram.subarray(record.fragmentStart, record.fragmentEnd), 0);
  }
}

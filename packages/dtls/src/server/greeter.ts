import type { Peer } from '@yaolian/kernel';
import type { Endpoint } from '../endpoint.ts';
import { type ClientHelloStart, decodeClientHelloStart } from '../messages/client-hello.ts';
import {
  decodeHandshakeFragment,
  type HandshakeFragment,
  handshakeHeaderLength,
  writeHandshakeHeader,
} from '../messages/handshake-header.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { encodeHelloVerifyRequest } from '../messages/hello-verify-request.ts';
import { ContentType, dtls10 } from '../record/content-type.ts';
import { type RecordView, recordHeaderLength, writeRecordHeader } from '../record/record-header.ts';
import type { Cookies } from './cookies.ts';
import { type ServerContext, ServerHandshake } from './server-handshake.ts';

/**
 * Meets strangers without remembering them (RFC 6347 §4.2.1): a ClientHello without a good cookie is answered with one,
 * and only a ClientHello with a good one costs memory.
 */
export class Greeter {
  readonly #endpoint: Endpoint;
  readonly #cookies: Cookies;
  readonly #context: ServerContext;

  constructor(endpoint: Endpoint, cookies: Cookies, context: ServerContext) {
    this.#endpoint = endpoint;
    this.#cookies = cookies;
    this.#context = context;
  }

  onHandshake(content: Uint8Array, record: RecordView, from: Peer): void {
    const fragment = decodeHandshakeFragment(content, 0);
    // The first fragment of a hello has all that the cookie is about; others mean nothing without it.
    if (fragment?.type !== HandshakeType.ClientHello || fragment.offset !== 0) {
      this.#endpoint.drop('no handshake', from);
      return;
    }
    const hello = decodeClientHelloStart(fragment.body);
    if (hello === undefined) this.#endpoint.drop('malformed ClientHello', from);
    else if (this.#cookies.isValid(hello, from)) this.#begin(content, fragment, record, from);
    else this.#verify(hello, fragment, record, from);
  }

  #verify(hello: ClientHelloStart, fragment: HandshakeFragment, record: RecordView, from: Peer): void {
    const { settings } = this.#endpoint;
    const cookie = this.#cookies.make(hello, from);
    // RFC 6347 §4.2.1: HelloVerifyRequest says DTLS 1.0, whichever version is spoken later.
    const body = encodeHelloVerifyRequest({ version: dtls10, cookie });
    const length = handshakeHeaderLength + body.length;
    // Never an answer that is longer than the question.
    if (recordHeaderLength + length > recordHeaderLength + handshakeHeaderLength + fragment.body.length) {
      this.#endpoint.drop('ClientHello too short for a cookie', from);
      return;
    }
    const out = new Uint8Array(recordHeaderLength + length);
    const type = HandshakeType.HelloVerifyRequest;
    const at = writeRecordHeader(out, 0, ContentType.Handshake, 0, record.sequence, length, dtls10);
    writeHandshakeHeader(out, at, type, body.length, fragment.messageSequence, 0, body.length);
    out.set(body, at + handshakeHeaderLength);
    settings.counters.cookies.add();
    this.#endpoint.transmit(out, from);
  }

  #begin(content: Uint8Array, fragment: HandshakeFragment, record: RecordView, from: Peer): void {
    const { handshakes, settings, sessions } = this.#endpoint;
    if (handshakes.size >= settings.bounds.maximumHandshakes) {
      this.#endpoint.drop('too many handshakes', from);
      return;
    }
    if (sessions.isFull && settings.bounds.whenFull === 'refuse') {
      this.#endpoint.drop('too many sessions', from);
      return;
    }
    handshakes.get(from.key)?.forget();
    const handshake = new ServerHandshake(
      from,
      this.#endpoint,
      this.#context,
      fragment.messageSequence,
      record.sequence,
    );
    this.#endpoint.begin(handshake);
    handshake.onRecord(content, 0);
  }
}

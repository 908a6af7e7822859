import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { concatBytes, milliseconds, type Timer } from '@yaolian/kernel';
import { nodeTimers } from '../clock.ts';
import { openCrypto } from '../crypto/openssl-crypto.ts';
import type { TlsServerOptions } from '../stream/tls-options.ts';
import { ServerContext } from '../tls/openssl/server-context.ts';
import { ServerHandshake } from '../tls/openssl/server-handshake.ts';
import { loadTlsCalls, type TlsCalls } from '../tls/openssl/tls-calls.ts';
import { type ClientHello, peekClientHello } from '../tls/records/client-hello.ts';
import { isRecordSuite, RecordSuites } from '../tls/records/traffic-keys.ts';
import { certificateHash } from './channel-binding.ts';
import { RecordSocket } from './secure-socket.ts';

const headerLength = 5;
const handshakeRecord = 22;
const maximumRecord = 16_384 + 256;
/** What a client says until it is finished: two ClientHellos at most, and a Finished. */
const maximumHandshake = 65_536;

/** What a server shows to those who name one domain. */
export interface ShownCertificate {
  readonly context: ServerContext;
  /** RFC 5929 §4.1. */
  readonly endPoint: Uint8Array;
}

/**
 * Shakes hands over TLS 1.3 in such a way that OpenSSL is let go afterwards. Clients for which that does not go, of TLS 1.2, with other
 * suites or with short records, are left to Node, which shakes hands as if nothing had been read.
 */
export class TlsAcceptor {
  readonly #calls: TlsCalls;
  readonly #suites: RecordSuites;

  private constructor(calls: TlsCalls, suites: RecordSuites) {
    this.#calls = calls;
    this.#suites = suites;
  }

  /** Undefined where OpenSSL cannot be called from outside of Node, or shall not be (`YAOLIAN_CRYPTO_ADAPTER`). */
  static async open(): Promise<TlsAcceptor | undefined> {
    const crypto = await openCrypto();
    const calls = crypto.name === 'libcrypto' ? await loadTlsCalls() : undefined;
    return calls?.ok ? new TlsAcceptor(calls.value, new RecordSuites(crypto)) : undefined;
  }

  /** Undefined where clients are asked who they are, or TLS 1.3 is not wanted, or OpenSSL does not take the certificate for it. */
  certificateOf(options: TlsServerOptions, protocol: string): ShownCertificate | undefined {
    const { credentials, psk, clientAuthorities, storedCertificate, maximumVersion } = options;
    if (credentials === undefined || psk || clientAuthorities || storedCertificate) return undefined;
    if (maximumVersion === 'TLSv1.2') return undefined;
    try {
      const shown = new X509Certificate(Buffer.from(credentials.certificate));
      return { context: new ServerContext(this.#calls, credentials, protocol), endPoint: certificateHash(shown) };
    } catch {
      return undefined; // Node has another opinion, or says what is wrong
    }
  }

  /**
   * @param socket of which nothing is read
   * @param timeout of the whole handshake, in milliseconds
   * @returns undefined: nothing happened, and Node may shake hands. Rejects when the handshake failed; the socket ends then.
   */
  shakeHands(
    socket: Socket,
    timeout: number,
    choose: (hello: ClientHello) => ShownCertificate | undefined,
  ): Promise<RecordSocket | undefined> {
    return new Promise((resolve, reject) => {
      new Handshaking(socket, this.#suites, timeout, choose, { resolve, reject });
    });
  }
}

interface Outcome {
  resolve(socket: RecordSocket | undefined): void;
  reject(error: Error): void;
}

/** A handshake under way. */
class Handshaking {
  readonly #socket: Socket;
  readonly #suites: RecordSuites;
  readonly #choose: (hello: ClientHello) => ShownCertificate | undefined;
  readonly #outcome: Outcome;
  readonly #timer: Timer;
  readonly #onData = (bytes: Uint8Array) => this.#received(bytes);
  readonly #onEnd = () => this.#fail(new Error('the client left in the middle of the TLS handshake'));
  #pending: Uint8Array = new Uint8Array(0);
  #receivedBytes = 0;
  #handshake: ServerHandshake | undefined;
  #shown: ShownCertificate | undefined;

  constructor(
    socket: Socket,
    suites: RecordSuites,
    timeout: number,
    choose: (hello: ClientHello) => ShownCertificate | undefined,
    outcome: Outcome,
  ) {
    this.#socket = socket;
    this.#suites = suites;
    this.#choose = choose;
    this.#outcome = outcome;
    this.#timer = nodeTimers.schedule(milliseconds(timeout), () =>
      this.#fail(new Error('the TLS handshake took too long')),
    );
    socket.setNoDelay(true);
    socket.on('data', this.#onData);
    for (const event of ['end', 'close', 'error']) socket.on(event, this.#onEnd);
    socket.resume();
  }

  #received(bytes: Uint8Array): void {
    this.#receivedBytes += bytes.length;
    this.#pending = this.#pending.length === 0 ? bytes : concatBytes([this.#pending, bytes]);
    try {
      if (this.#handshake !== undefined || this.#begin()) this.#advance();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Looks at the first record, once it is there. @returns whether it goes on here */
  #begin(): boolean {
    const length = this.#recordLength();
    // What is no handshake at all Node refuses as it always did.
    const isOdd =
      this.#pending[0] !== handshakeRecord || (length !== undefined && length > headerLength + maximumRecord);
    if (!isOdd && (length === undefined || this.#pending.length < length)) return false;
    const hello = isOdd ? undefined : peekClientHello(this.#pending.subarray(0, length));
    const isOurs = hello?.offersTls13 && !hello.limitsRecords && hello.suites.some(isRecordSuite);
    this.#shown = isOurs ? this.#choose(hello) : undefined;
    if (this.#shown === undefined) {
      this.#stop();
      this.#socket.unshift(this.#pending);
      this.#outcome.resolve(undefined);
      return false;
    }
    this.#handshake = new ServerHandshake(this.#shown.context, this.#suites);
    return true;
  }

  /** Record by record, so that OpenSSL never sees what comes behind the Finished of the client. */
  #advance(): void {
    for (;;) {
      const length = this.#recordLength();
      if (length !== undefined && length > headerLength + maximumRecord) throw new Error('a TLS record is too long');
      if (length === undefined || this.#pending.length < length) break;
      const record = this.#pending.subarray(0, length);
      this.#pending = this.#pending.subarray(length);
      const { output, state } = this.#handshake!.step(record);
      if (state === 'failed') {
        this.#fail(new Error('the TLS handshake failed'), output);
        return;
      }
      if (output.length > 0) this.#socket.write(output);
      if (state !== 'goes on') {
        this.#stop();
        this.#outcome.resolve(new RecordSocket(this.#socket, state, this.#shown!.endPoint, this.#pending));
        return;
      }
    }
    if (this.#receivedBytes > maximumHandshake) throw new Error('the TLS handshake is too long');
  }

  /** With its header; undefined when that is not there yet. */
  #recordLength(): number | undefined {
    const { length } = this.#pending;
    return length < headerLength ? undefined : headerLength + ((this.#pending[3]! << 8) | this.#pending[4]!);
  }

  #stop(): void {
    this.#timer.cancel();
    this.#socket.pause();
    this.#socket.off('data', this.#onData);
    for (const event of ['end', 'close', 'error']) this.#socket.off(event, this.#onEnd);
    this.#handshake?.free();
  }

  /** @param alert what the client is told */
  #fail(error: Error, alert?: Uint8Array): void {
    this.#stop();
    // Who keeps it open is not waited for; and nobody else hears of its errors.
    this.#socket.on('error', () => {});
    if (alert === undefined || alert.length === 0) this.#socket.destroy();
    else this.#socket.end(alert, () => this.#socket.destroy());
    this.#outcome.reject(error);
  }
}

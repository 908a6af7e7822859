import type { TlsCredentials } from '../../stream/tls-options.ts';
import type { TlsCalls } from './tls-calls.ts';

/** <openssl/ssl.h> */
const Command = {
  ExtraChainCertificate: 14,
  SetSessionCacheMode: 44,
  SetMinimumVersion: 123,
  SetMaximumVersion: 124,
} as const;
const preferServerCiphers = 0x400000;
const tls13 = 0x0304;

const suiteNames = new Map([
  [0x1301, 'TLS_AES_128_GCM_SHA256'],
  [0x1303, 'TLS_CHACHA20_POLY1305_SHA256'],
  [0x1302, 'TLS_AES_256_GCM_SHA384'],
]);

/** What OpenSSL shares between the handshakes of a server that shows one certificate: an SSL_CTX for TLS 1.3 alone. */
export class ServerContext {
  readonly calls: TlsCalls;
  readonly #pointer: number;
  /** Where the protocol of RFC 7301 lies that is chosen; kept, because OpenSSL reads it there. */
  readonly #protocol: ArrayBuffer;
  #isFree = false;

  /**
   * @param protocol the one protocol that clients may ask for (RFC 7301)
   * @throws Error when OpenSSL does not take the credentials
   */
  constructor(calls: TlsCalls, { certificate, key }: TlsCredentials, protocol: string) {
    this.calls = calls;
    this.#pointer = calls.newContext(calls.serverMethod());
    this.#protocol = this.#lay(protocol);
    try {
      this.#set('version', this.#control(Command.SetMinimumVersion, tls13));
      this.#set('version', this.#control(Command.SetMaximumVersion, tls13));
      this.#set('cipher suites', calls.setCipherSuites(this.#pointer, [...suiteNames.values()].join(':')));
      // Sessions are resumed by tickets, which hold everything.
      this.#control(Command.SetSessionCacheMode, 0);
      calls.setOptions(this.#pointer, preferServerCiphers);
      this.#useCertificates(certificate);
      this.#useKey(key);
      calls.setKeyLog(this.#pointer, calls.keyLog);
      calls.setProtocolChoice(this.#pointer, calls.protocolChoice, calls.addressOf(this.#protocol));
    } catch (error) {
      this.free();
      throw error;
    } finally {
      calls.clearErrors();
    }
  }

  /** @throws Error when the context was let go */
  get pointer(): number {
    if (this.#isFree) throw new Error('the certificate was replaced meanwhile');
    return this.#pointer;
  }

  /** Handshakes that go on hold what they need of it. */
  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    this.calls.freeContext(this.#pointer);
  }

  #control(command: number, argument: number, pointer = 0): number {
    return this.calls.controlContext(this.#pointer, command, argument, pointer);
  }

  #set(what: string, done: number): void {
    if (done !== 1) throw new Error(`OpenSSL does not take the ${what}`);
  }

  /** The certificate of the server, and those between it and the root. */
  #useCertificates(pem: string | Uint8Array): void {
    const { calls } = this;
    this.#reading(pem, (bio) => {
      for (let count = 0; ; count++) {
        const certificate = calls.readCertificate(bio, 0, 0, 0);
        if (certificate === 0 && count > 0) return;
        if (count === 0) {
          const done = certificate === 0 ? 0 : calls.useCertificate(this.#pointer, certificate);
          calls.freeCertificate(certificate);
          this.#set('certificate', done);
        } else if (this.#control(Command.ExtraChainCertificate, 0, certificate) !== 1) {
          calls.freeCertificate(certificate);
          this.#set('certificate of the authority', 0);
        }
      }
    });
  }

  #useKey(pem: string | Uint8Array): void {
    const { calls } = this;
    this.#reading(pem, (bio) => {
      const key = calls.readPrivateKey(bio, 0, 0, 0);
      const done = key === 0 ? 0 : calls.usePrivateKey(this.#pointer, key);
      calls.freePrivateKey(key);
      this.#set('private key', done && calls.checkPrivateKey(this.#pointer));
    });
  }

  #reading(pem: string | Uint8Array, read: (bio: number) => void): void {
    const { calls } = this;
    const given = typeof pem === 'string' ? new TextEncoder().encode(pem) : pem;
    // In memory of its own, with nothing in front: a Buffer is a part of something larger, and is its owner's.
    const bytes = new Uint8Array(new ArrayBuffer(given.length));
    bytes.set(given);
    const bio = calls.newBio(calls.memoryMethod());
    try {
      this.#set('PEM', calls.write(bio, calls.addressOf(bytes.buffer), bytes.length) === bytes.length ? 1 : 0);
      read(bio);
    } finally {
      calls.freeBio(bio);
      bytes.fill(0);
    }
  }

  /** As the callback wants it: the address of the name, its length in a byte, and the name. */
  #lay(protocol: string): ArrayBuffer {
    const memory = new ArrayBuffer(64);
    const name = new TextEncoder().encode(protocol);
    const view = new DataView(memory);
    view.setBigUint64(0, BigInt(this.calls.addressOf(memory) + 16), true);
    view.setUint8(8, name.length);
    new Uint8Array(memory).set(name, 16);
    return memory;
  }
}

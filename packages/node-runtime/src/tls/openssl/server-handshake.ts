import { decodeHex } from '@yaolian/kernel';
import type { TlsKeys } from '../records/tls-stream.ts';
import type { RecordSuites } from '../records/traffic-keys.ts';
import { TrafficKeys } from '../records/traffic-keys.ts';
import type { ServerContext } from './server-context.ts';
import { hearKeys, type TlsCalls } from './tls-calls.ts';

const wantsRead = 2; // SSL_ERROR_WANT_READ
const headerLength = 5;
const applicationData = 23;
const inputBytes = 16_384 + 256 + headerLength;
const outputBytes = 32_768;
const exporterLength = 32;

/** What a handshake came to. */
export interface Established {
  readonly keys: TlsKeys;
  /** RFC 9266: data that this connection has and no other. */
  readonly exporter: Uint8Array;
}

/** A step of a handshake. @see ServerHandshake.step */
export interface HandshakeStep {
  /** What goes to the client: answers, or an alert. */
  readonly output: Uint8Array;
  readonly state: 'goes on' | 'failed' | Established;
}

let memory: { readonly bytes: Uint8Array; readonly address: number } | undefined;

/**
 * The server's side of a handshake of TLS 1.3, by OpenSSL: it checks, decides and signs, and is let go as soon as both sides are finished, with
 * the some 36 KB that it holds. The secrets of the application's data are taken over (RFC 8446 §7.1).
 */
export class ServerHandshake {
  readonly #calls: TlsCalls;
  readonly #suites: RecordSuites;
  readonly #session: number;
  readonly #input: number;
  readonly #output: number;
  readonly #secrets = new Map<string, Uint8Array>();
  #isFree = false;

  constructor(context: ServerContext, suites: RecordSuites) {
    const { calls } = context;
    this.#calls = calls;
    this.#suites = suites;
    const method = calls.memoryMethod();
    this.#session = calls.newSession(context.pointer);
    if (this.#session === 0) throw new Error('OpenSSL has no memory');
    this.#input = calls.newBio(method);
    this.#output = calls.newBio(method);
    calls.setBios(this.#session, this.#input, this.#output);
    calls.setAccepting(this.#session);
    if (memory === undefined) {
      const buffer = new ArrayBuffer(inputBytes + outputBytes);
      memory = { bytes: new Uint8Array(buffer), address: calls.addressOf(buffer) };
    }
  }

  /** @param record one whole record of the client: nothing behind its Finished may be taken in here */
  step(record: Uint8Array): HandshakeStep {
    const calls = this.#calls;
    const { bytes, address } = memory!;
    if (this.#isFree || record.length > inputBytes) return { output: new Uint8Array(0), state: 'failed' };
    bytes.set(record);
    calls.clearErrors();
    calls.write(this.#input, address, record.length);
    const result = hearKeys(
      (label, secret) => {
        if (isKept(label)) this.#secrets.set(label, decodeHex(secret) ?? new Uint8Array(0));
      },
      () => calls.handshake(this.#session),
    );
    const failed = result !== 1 && calls.errorOf(this.#session, result) !== wantsRead;
    calls.clearErrors();
    const output = this.#takeOutput();
    if (failed) return { output, state: 'failed' };
    if (result !== 1) return { output, state: 'goes on' };
    return { output, state: this.#establish(output) ?? 'failed' };
  }

  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
    this.#calls.freeSession(this.#session);
  }

  #takeOutput(): Uint8Array {
    const { bytes, address } = memory!;
    const pieces: Uint8Array[] = [];
    for (;;) {
      const length = this.#calls.read(this.#output, address + inputBytes, outputBytes);
      if (length <= 0) return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      pieces.push(bytes.slice(inputBytes, inputBytes + length));
    }
  }

  /** @param output what the server says after the Finished of the client: tickets, sealed with the keys that are taken over */
  #establish(output: Uint8Array): Established | undefined {
    const calls = this.#calls;
    const suite = this.#suites.of(calls.suiteOf(calls.cipherOf(this.#session)));
    const client = this.#secrets.get('CLIENT_TRAFFIC_SECRET_0');
    const server = this.#secrets.get('SERVER_TRAFFIC_SECRET_0');
    if (suite === undefined || client === undefined || server === undefined) return undefined;
    const { bytes, address } = memory!;
    const label = 'EXPORTER-Channel-Binding';
    if (calls.exportKey(this.#session, address, exporterLength, label, label.length, 0, 0, 1) !== 1) return undefined;
    const exporter = bytes.slice(0, exporterLength);
    bytes.fill(0, 0, exporterLength);
    const send = new TrafficKeys(suite, server.slice());
    if (!passes(send, output)) return undefined;
    return { exporter, keys: { send, receive: new TrafficKeys(suite, client.slice()) } };
  }
}

function isKept(label: string): boolean {
  return label === 'CLIENT_TRAFFIC_SECRET_0' || label === 'SERVER_TRAFFIC_SECRET_0';
}

/**
 * Goes past the records that OpenSSL sealed with these keys. Each is opened: were one not what it is taken for, a nonce would be used twice.
 */
function passes(keys: TrafficKeys, records: Uint8Array): boolean {
  for (let at = 0; at < records.length; ) {
    const end = at + headerLength + ((records[at + 3]! << 8) | records[at + 4]!);
    const header = records.subarray(at, at + headerLength);
    if (records[at] !== applicationData || end > records.length) return false;
    if (keys.open(header, records.subarray(at + headerLength, end)) === undefined) return false;
    at = end;
  }
  return true;
}

import { decodeUtf8 } from '@yaolian/kernel';

const headerLength = 5;
const handshake = 22;
const clientHello = 1;
/** IANA's numbers of extensions. */
const Extension = { ServerName: 0, MaximumFragmentLength: 1, Protocols: 16, SupportedVersions: 43 } as const;
const tls13 = 0x0304;

/** What a ClientHello says of what it would like (RFC 8446 §4.1.2). */
export interface ClientHello {
  readonly offersTls13: boolean;
  /** IANA's numbers of cipher suites. */
  readonly suites: readonly number[];
  /** RFC 6066 §3. */
  readonly serverName: string | undefined;
  /** RFC 7301; undefined when the client offers none. */
  readonly protocols: readonly string[] | undefined;
  /** Whether it asks for records shorter than others (RFC 6066 §4), which OpenSSL grants. */
  readonly limitsRecords: boolean;
}

/**
 * Looks into the first record of a client. OpenSSL reads and checks it afterwards: this is to choose who shakes hands.
 * @returns undefined when it is not one whole ClientHello that is put together well
 */
export function peekClientHello(record: Uint8Array): ClientHello | undefined {
  try {
    return read(record);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads on; what is not there is a RangeError. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(length: number): number {
    let value = 0;
    for (const byte of this.bytes(length)) value = value * 256 + byte;
    return value;
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('it ends early');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** A vector with its length in front. */
  vector(lengthBytes: number): Reader {
    return new Reader(this.bytes(this.number(lengthBytes)));
  }
}

function read(record: Uint8Array): ClientHello | undefined {
  if (record[0] !== handshake) return undefined;
  const message = new Reader(record.subarray(headerLength));
  if (message.number(1) !== clientHello) return undefined;
  const body = message.vector(3);
  if (!message.isAtEnd) return undefined;
  body.bytes(2 + 32); // legacy_version, random
  body.vector(1); // legacy_session_id
  const suites = numbers(body.vector(2));
  body.vector(1); // legacy_compression_methods
  const extensions = body.isAtEnd ? new Reader(new Uint8Array(0)) : body.vector(2);
  let offersTls13 = false;
  let serverName: string | undefined;
  let protocols: string[] | undefined;
  let limitsRecords = false;
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const data = extensions.vector(2);
    if (type === Extension.SupportedVersions) offersTls13 = numbers(data.vector(1)).includes(tls13);
    else if (type === Extension.MaximumFragmentLength) limitsRecords = true;
    else if (type === Extension.ServerName) serverName = nameIn(data.vector(2));
    else if (type === Extension.Protocols) protocols = textsIn(data.vector(2));
  }
  return { offersTls13, suites, serverName, protocols, limitsRecords };
}

function numbers(reader: Reader): number[] {
  const found: number[] = [];
  while (!reader.isAtEnd) found.push(reader.number(2));
  return found;
}

function nameIn(list: Reader): string | undefined {
  while (!list.isAtEnd) {
    const isHostName = list.number(1) === 0;
    const name = decodeUtf8(list.bytes(list.number(2)));
    if (isHostName) return name;
  }
  return undefined;
}

function textsIn(list: Reader): string[] {
  const found: string[] = [];
  while (!list.isAtEnd) found.push(decodeUtf8(list.bytes(list.number(1))) ?? '');
  return found;
}

import { emptyBytes, encodeUtf8 } from '@yaolian/kernel';
import type { CipherSuite } from '../cipher-suites.ts';
import type { ClientCredentials, ClientPsk } from '../credentials.ts';
import type { CryptoPort } from '../crypto/crypto-port.ts';
import { Writer } from '../wire.ts';

/** What a client proved itself with: who proves another thing is somebody else, and does not go on with the session. */
export interface ShownCredentials {
  /** Of the server name, and with a pre-shared key of it and its identity; else of all certificates and keys that could be shown, and of whom is believed. */
  readonly digest: Uint8Array;
  /** The server's, with which a key can be looked up again. */
  readonly pskIdentityHint: Uint8Array;
}

/** @param psk the one that was used, where the suite takes one */
export function shownCredentials(
  crypto: CryptoPort,
  { keyExchange }: CipherSuite,
  credentials: ClientCredentials,
  psk: ClientPsk | undefined,
  pskIdentityHint: Uint8Array = emptyBytes,
): ShownCredentials {
  const writer = new Writer().vector16(encodeUtf8(credentials.serverName ?? ''));
  if (keyExchange === 'ECDHE_ECDSA') writeCertificates(writer, credentials);
  else writer.vector16(psk?.identity ?? emptyBytes).vector16(psk?.key ?? emptyBytes);
  const digest = crypto.hash('sha256', writer.view());
  writer.view().fill(0);
  return { digest, pskIdentityHint };
}

/** Whether `credentials` are still what was shown. A key that is only promised may be any: then they count as others. */
export function areStillShown(
  crypto: CryptoPort,
  suite: CipherSuite,
  credentials: ClientCredentials,
  shown: ShownCredentials,
): boolean {
  const { psk } = credentials;
  const found = typeof psk === 'function' ? psk(shown.pskIdentityHint) : psk;
  if (found instanceof Promise) {
    found.catch(() => {}); // the handshake asks again
    return false;
  }
  return crypto.equal(shownCredentials(crypto, suite, credentials, found).digest, shown.digest);
}

function writeCertificates(writer: Writer, { own = [], trust = {} }: ClientCredentials): void {
  writer.uint16(own.length);
  for (const { privateKey, chain = [] } of own) writeList(writer, [privateKey.publicKey, ...chain]);
  writeList(writer, trust.authorities ?? []);
  writeList(writer, trust.trustedCertificates ?? []);
  writeList(writer, (trust.names ?? []).map(encodeUtf8));
}

function writeList(writer: Writer, values: readonly Uint8Array[]): void {
  writer.uint16(values.length);
  for (const value of values) writer.vector24(value);
}

import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ChannelBindingType } from '@yaolian/xmpp';

/**
 * Types for which {@link channelBindingData} has data. RFC 9266 §3: with TLS 1.2 `tls-exporter` needs the extended master secret, of
 * which Node does not tell; so it is for TLS 1.3.
 */
export function channelBindingTypesOf(socket: TLSSocket): ChannelBindingType[] {
  return socket.getProtocol() === 'TLSv1.3' ? ['tls-exporter', 'tls-server-end-point'] : ['tls-server-end-point'];
}

/** @param isServer whether the server's certificate is ours */
export function channelBindingData(
  socket: TLSSocket,
  type: ChannelBindingType,
  isServer: boolean,
): Uint8Array | undefined {
  if (type === 'tls-exporter') {
    if (socket.getProtocol() !== 'TLSv1.3') return undefined;
    return new Uint8Array(socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)));
  }
  const certificate = isServer ? socket.getX509Certificate() : socket.getPeerX509Certificate();
  return certificate && certificateHash(certificate);
}

/** RFC 5929 §4.1: `tls-server-end-point` of a server that shows this certificate. */
export function certificateHash(certificate: X509Certificate): Uint8Array {
  return new Uint8Array(createHash(hashOf(certificate)).update(certificate.raw).digest());
}

/** RFC 5929 §4.1: the hash of the certificate's signature, or SHA-256 where that is weaker or none. */
function hashOf(certificate: X509Certificate): string {
  const { signatureAlgorithm = '' } = certificate as { readonly signatureAlgorithm?: string };
  return /sha(?:384|512)/i.exec(signatureAlgorithm)?.[0].toLowerCase() ?? 'sha256';
}

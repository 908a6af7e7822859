/** The messages of a handshake (RFC 5246 §7.4, RFC 6347 §4.3.2, RFC 5077 §3.3). */
export const HandshakeType = {
  HelloRequest: 0,
  ClientHello: 1,
  ServerHello: 2,
  HelloVerifyRequest: 3,
  NewSessionTicket: 4,
  Certificate: 11,
  ServerKeyExchange: 12,
  CertificateRequest: 13,
  ServerHelloDone: 14,
  CertificateVerify: 15,
  ClientKeyExchange: 16,
  Finished: 20,
} as const;
export type HandshakeType = (typeof HandshakeType)[keyof typeof HandshakeType];

const names = new Map<number, string>(Object.entries(HandshakeType).map(([name, type]) => [type, name]));

export function handshakeTypeName(type: number): string {
  return names.get(type) ?? `handshake message ${type}`;
}

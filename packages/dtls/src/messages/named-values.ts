import type { GroupName, KeyKind, SignatureAlgorithm } from '../crypto/crypto-port.ts';

/** RFC 8422 §5.1.1. */
const groupNumbers: Readonly<Record<GroupName, number>> = { secp256r1: 23, secp384r1: 24, x25519: 29 };

export const defaultGroups: readonly GroupName[] = ['x25519', 'secp256r1', 'secp384r1'];

export function groupNumber(group: GroupName): number {
  return groupNumbers[group];
}

export function groupOf(number: number): GroupName | undefined {
  return number === 29 ? 'x25519' : number === 23 ? 'secp256r1' : number === 24 ? 'secp384r1' : undefined;
}

/** RFC 5246 §7.4.1.4.1 and RFC 8422 §5.1.3: what signs handshakes, in the order of our preference. */
export const signatureNumbers = { 'ecdsa-sha256': 0x0403, 'ecdsa-sha384': 0x0503, ed25519: 0x0807 } as const;
export type HandshakeSignature = keyof typeof signatureNumbers;

/** SignatureSchemes that this package knows, by IANA's numbers. */
export const signatureSchemes: readonly number[] = Object.values(signatureNumbers);

export function signatureOf(number: number): HandshakeSignature | undefined {
  return number === 0x0403
    ? 'ecdsa-sha256'
    : number === 0x0503
      ? 'ecdsa-sha384'
      : number === 0x0807
        ? 'ed25519'
        : undefined;
}

/** The signature algorithm to use with a key, of those that both take; undefined when there is none. */
export function signatureFor(
  kind: KeyKind,
  peerTakes: readonly number[],
  weTake: readonly number[],
): HandshakeSignature | undefined {
  const fitting: readonly HandshakeSignature[] =
    kind === 'Ed25519'
      ? ['ed25519']
      : kind === 'P-384'
        ? ['ecdsa-sha384', 'ecdsa-sha256']
        : ['ecdsa-sha256', 'ecdsa-sha384'];
  const numberOf = (signature: HandshakeSignature): number => signatureNumbers[signature];
  return fitting.find((one) => peerTakes.includes(numberOf(one)) && weTake.includes(numberOf(one)));
}

/** Whether a key of this kind makes signatures by `algorithm`. */
export function fitsKey(algorithm: SignatureAlgorithm, kind: KeyKind): boolean {
  return algorithm === 'ed25519' ? kind === 'Ed25519' : kind !== 'Ed25519';
}

import { equalBytes } from '@yaolian/kernel';
import type { PeerTrust } from '../credentials.ts';
import type { KeyKind } from '../crypto/crypto-port.ts';
import { type Fault, fault, type Step } from '../faults.ts';
import { verifyChain } from '../x509/verify-chain.ts';
import type { Handshake } from './handshake.ts';

/** A handshake whose peer proves itself by a key pair. */
export interface AuthenticatedHandshake extends Handshake {
  peerKey: { readonly publicKey: Uint8Array; readonly kind: KeyKind } | undefined;
}

/** Judges a raw public key; the peer's key and identity are noted when it is good. */
export function judgeRawPublicKey(handshake: AuthenticatedHandshake, publicKey: Uint8Array, trust: PeerTrust): Step {
  const kind = handshake.settings.crypto.publicKeyKind(publicKey);
  if (kind === undefined) return fault('unsupported_certificate', 'its public key is none that signs');
  const key = publicKey.slice();
  const settle = (isTrusted: boolean): Fault | undefined => {
    if (!isTrusted) return fault('certificate_unknown', 'its raw public key is not trusted');
    handshake.peerKey = { publicKey: key, kind };
    handshake.identity = { kind: 'RPK', publicKey: key };
    return undefined;
  };
  const verdict = trust.rawPublicKey?.(key, handshake.peer) ?? false;
  return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
}

/** Judges a chain of certificates; the peer's key and identity are noted when it is good. */
export function judgeChain(
  handshake: AuthenticatedHandshake,
  chain: readonly Uint8Array[],
  trust: PeerTrust,
  expectedName: string | undefined,
): Step {
  const { bounds } = handshake.settings;
  if (chain.some((certificate) => certificate.length > bounds.maximumCertificateBytes)) {
    return fault('bad_certificate', 'a certificate is too large');
  }
  const own = chain.map((certificate) => certificate.slice());
  const leaf = own[0];
  const isStored = leaf !== undefined && (trust.storedCertificate?.(leaf, handshake.peer) ?? false);
  const judge = (stored: boolean): Step => {
    const known = stored && leaf !== undefined ? { ...trust, trustedCertificates: [leaf] } : trust;
    return judgeCertificates(handshake, own, known, expectedName);
  };
  return isStored instanceof Promise ? isStored.then(judge) : judge(isStored);
}

function judgeCertificates(
  handshake: AuthenticatedHandshake,
  own: readonly Uint8Array[],
  trust: PeerTrust,
  expectedName: string | undefined,
): Step {
  const { crypto, clock } = handshake.settings;
  const peerRole = handshake.role === 'server' ? 'client' : 'server';
  const names = trust.names ?? (expectedName === undefined ? [] : [expectedName]);
  const judged = verifyChain(own, { crypto, now: clock.epoch(), trust, peerRole, names });
  if (!judged.ok) return judged.error;
  const certificates = judged.value;
  const leaf = certificates[0]!;
  const settle = (isTrusted: boolean): Fault | undefined => {
    if (!isTrusted) return fault('access_denied', 'its certificate is refused');
    const kind = crypto.publicKeyKind(leaf.publicKey);
    if (kind === undefined) return fault('unsupported_certificate', 'the key of its certificate is none that signs');
    handshake.peerKey = { publicKey: leaf.publicKey, kind };
    const { subject, names: bears } = leaf;
    const isStored = trust.trustedCertificates?.some((stored) => equalBytes(stored, leaf.der)) ?? false;
    handshake.identity = {
      ...{ kind: 'X.509', certificate: leaf.der, chain: own, subject, names: bears },
      ...(!isStored && { authority: crypto.hash('sha256', certificates.at(-1)!.der) }),
    };
    return undefined;
  };
  const verdict = trust.certificate?.(certificates, handshake.peer) ?? true;
  return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
}

import type { Peer } from '@yaolian/kernel';
import type { OwnCredential } from './options.ts';
import type { Certificate } from './x509/certificate.ts';

/** Finds the key of an identity; undefined: unknown, which looks to the client just like a wrong key. */
export type PskLookup = (
  identity: Uint8Array,
  context: { readonly peer: Peer; readonly serverName: string | undefined },
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Whom to believe. */
export interface PeerTrust {
  /** Certificates of authorities, DER. A chain must lead to one of them. */
  readonly authorities?: readonly Uint8Array[];
  /**
   * Certificates (DER) that are believed because they are stored, whoever issued them (LwM2M: certificate usage 3). Their
   * names and their validity are not judged.
   */
  readonly trustedCertificates?: readonly Uint8Array[];
  /** The same, asked for the peer's own certificate (DER): for those that are kept elsewhere. */
  readonly storedCertificate?: (certificate: Uint8Array, peer: Peer) => boolean | Promise<boolean>;
  /** Whether a raw public key (SubjectPublicKeyInfo, DER) is believed. Absent: none is. */
  readonly rawPublicKey?: (publicKey: Uint8Array, peer: Peer) => boolean | Promise<boolean>;
  /** Whether a certificate (DER) that the peer shows is one of an authority that is trusted, known by a digest say. */
  readonly isAuthority?: (certificate: Uint8Array) => boolean;
  /**
   * Judges a path that is otherwise good, from the peer's own certificate to the authority: revocation, names of one's own.
   * One of {@link PeerTrust.trustedCertificates} comes with what the peer shows.
   */
  readonly certificate?: (chain: readonly Certificate[], peer: Peer) => boolean | Promise<boolean>;
  /**
   * Names of which the peer's certificate must bear one: DNS names (a leading `*.` in the certificate stands for one label)
   * or addresses. Absent: on the client the server name it asked for, on the server none.
   */
  readonly names?: readonly string[];
}

/** Whether some certificate could be believed. */
export function believesCertificates(trust: PeerTrust): boolean {
  const { authorities, trustedCertificates, storedCertificate, isAuthority } = trust;
  return [authorities, trustedCertificates, storedCertificate, isAuthority].some((way) => way !== undefined);
}

/** What a server shows and believes. */
export interface ServerCredentials {
  readonly psk?: PskLookup;
  /** RFC 4279 §5.2; most clients ignore it. */
  readonly pskIdentityHint?: Uint8Array;
  /** By the server name that the client asked for; the first that fits the client is taken. */
  readonly own?: readonly OwnCredential[] | ((serverName: string | undefined) => readonly OwnCredential[]);
  /** Whether clients of ECDHE_ECDSA suites must prove who they are. Default `require`. */
  readonly clientAuthentication?: 'none' | 'request' | 'require';
  readonly trust?: PeerTrust;
}

/** What a client shows to one server, and believes of it. */
export interface ClientCredentials {
  /** `identity` may depend on the server's hint. */
  readonly psk?: ClientPsk | ((hint: Uint8Array) => ClientPsk | undefined | Promise<ClientPsk | undefined>);
  /** For ECDHE_ECDSA, when the server asks for it. */
  readonly own?: readonly OwnCredential[];
  readonly trust?: PeerTrust;
  /** Sent to the server (RFC 6066 §3), unless it is an address, and looked for in its certificate. */
  readonly serverName?: string;
}

export interface ClientPsk {
  readonly identity: Uint8Array;
  readonly key: Uint8Array;
}

import { encodeHex, type PeerIdentity } from '@yaolian/kernel';

/** What a terminal does with a credential. Credentials of different purposes do not supersede each other. */
export const credentialPurposes = ['any', 'register', 'bootstrap'] as const;

export type CredentialPurpose = (typeof credentialPurposes)[number];

/** With what a terminal proves that it is the endpoint. No secret is in it. */
export type CredentialProof =
  | { readonly kind: 'psk'; readonly identity: string }
  /** SHA-256 of the SubjectPublicKeyInfo in DER, in lower-case hex. */
  | { readonly kind: 'rpk'; readonly keyDigest: string }
  /** A certificate, whoever issued it, by SHA-256 of its DER in lower-case hex. */
  | { readonly kind: 'certificate'; readonly digest: string }
  /** A certificate of an authority that the platform trusts, by a name it bears: common name, DNS name or URI. */
  | { readonly kind: 'certificate-name'; readonly name: string }
  /**
   * A security context of OSCORE (RFC 8613), by what requests of the terminal name: its own Sender ID and, if it has one, the ID
   * Context, in lower-case hex.
   */
  | { readonly kind: 'oscore'; readonly senderId: string; readonly idContext?: string };

export type CredentialKind = CredentialProof['kind'];

/** A credential of an endpoint. Times are milliseconds since the epoch. */
export interface Credential {
  readonly id: string;
  readonly endpoint: string;
  readonly purpose: CredentialPurpose;
  readonly proof: CredentialProof;
  /** Of kind `oscore`, and of it alone. */
  readonly oscore?: OscoreParameters;
  /** The platform made it and gave it to the terminal at bootstrap. Absent: somebody added it. */
  readonly issued?: true;
  readonly createdAt: number;
  /** When the terminal first used it. */
  readonly usedAt: number | undefined;
  /** When a newer one of the same endpoint and purpose was first used: from then on this one is refused. */
  readonly supersededAt: number | undefined;
}

/** What a security context has besides the Master Secret and what names it, as the terminal sees it (object 21 of LwM2M). */
export interface OscoreParameters {
  /** The terminal's Recipient ID, which is the platform's Sender ID, in lower-case hex. */
  readonly recipientId: string;
  /** COSE's number of the AEAD. */
  readonly aead: number;
  /** COSE's number of the HKDF. */
  readonly kdf: number;
  /** Lower-case hex; absent: empty. */
  readonly masterSalt?: string;
  /** Whether terminal and platform agreed that either makes a new context where it lost its state (RFC 8613 Appendix B.2). Absent: no. */
  readonly rederives?: true;
}

/** A security context that a terminal may prove itself with. */
export interface OscoreKeys {
  readonly credential: Credential & {
    readonly proof: CredentialProof & { readonly kind: 'oscore' };
    readonly oscore: OscoreParameters;
  };
  readonly masterSecret: Uint8Array;
}

export type NewCredential = Omit<Credential, 'usedAt' | 'supersededAt'>;

/** A credential with its secret, where its kind has one. */
export interface CredentialEntry {
  readonly credential: NewCredential;
  readonly key: Uint8Array | undefined;
}

export interface CredentialQuery {
  readonly endpoint?: string;
  /** Credentials after this one, in the order of endpoints and ids. */
  readonly after?: Pick<Credential, 'endpoint' | 'id'>;
  readonly limit: number;
}

/**
 * Where credentials of terminals are kept; pre-shared keys and Master Secrets are sealed. A promise resolves when the change is on disk. Every
 * adapter passes `credentialStoreContract`.
 */
export interface CredentialStore {
  /**
   * False, and nothing changed, when the id or the proof is taken: one proof stands for one endpoint.
   * @param key the pre-shared key of kind `psk`, the Master Secret of kind `oscore`; for those alone
   */
  addCredential(credential: NewCredential, key?: Uint8Array): Promise<boolean>;
  /** Adds many, in their order: of each what {@link addCredential} tells. Those that are added are on disk together, or none is. */
  addCredentials(entries: readonly CredentialEntry[]): Promise<readonly boolean[]>;
  credential(id: string): Promise<Credential | undefined>;
  credentials(query: CredentialQuery): Promise<readonly Credential[]>;
  /** False when there is no such credential. */
  removeCredential(id: string): Promise<boolean>;
  /** The credential with this proof, superseded ones included. */
  findCredential(proof: CredentialProof): Promise<Credential | undefined>;
  /** Whether an endpoint has a credential that is not superseded. At once where the store can: every Register asks. */
  hasCredential(endpoint: string): boolean | Promise<boolean>;
  /** Whether there is a security context of OSCORE, superseded ones included. At once where the store can: every connection asks. */
  hasOscore(): boolean | Promise<boolean>;
  /**
   * The pre-shared key of an identity that is not superseded. At once where the store has it at hand: TLS cannot wait.
   */
  preSharedKey(identity: string): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /**
   * The security context of a terminal, by its Sender ID and the ID Context that its request names, in lower-case hex; superseded
   * ones are none. Without an ID Context: the one that has none, or else the only one with this Sender ID.
   */
  oscoreKeys(senderId: string, idContext?: string): OscoreKeys | undefined | Promise<OscoreKeys | undefined>;
  /** Notes the first use, which supersedes all older credentials of the same endpoint and purpose. Later uses change nothing. */
  recordUse(id: string, time: number): Promise<void>;
}

/** The proof as one text, equal for equal proofs only. */
export function proofText(proof: CredentialProof): string {
  if (proof.kind === 'psk') return `psk:${proof.identity}`;
  if (proof.kind === 'rpk') return `rpk:${proof.keyDigest}`;
  if (proof.kind === 'certificate') return `certificate:${proof.digest}`;
  if (proof.kind === 'oscore') {
    return `oscore:${proof.senderId}${proof.idContext === undefined ? '' : `@${proof.idContext}`}`;
  }
  return `certificate-name:${proof.name}`;
}

/** What credentials an identity can be in the store by, the most exact first. @param digest SHA-256 in lower-case hex */
export function proofsOf(identity: PeerIdentity, digest: (bytes: Uint8Array) => string): readonly CredentialProof[] {
  if (identity.kind === 'psk') return [{ kind: 'psk', identity: identity.identity }];
  if (identity.kind === 'rpk') return [{ kind: 'rpk', keyDigest: digest(identity.publicKey) }];
  if (identity.kind === 'oscore') {
    const { recipientId, idContext } = identity;
    return [
      { kind: 'oscore', senderId: encodeHex(recipientId), ...(idContext && { idContext: encodeHex(idContext) }) },
    ];
  }
  const names = identity.names.map((name): CredentialProof => ({ kind: 'certificate-name', name }));
  return [{ kind: 'certificate', digest: digest(identity.certificate) }, ...names];
}

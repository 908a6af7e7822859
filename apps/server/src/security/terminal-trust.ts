import { X509Certificate } from 'node:crypto';
import type { Credential, CredentialProof, CredentialStore, SecretDigest } from '@yaolian/directory';
import { type PeerTrust, type ProvenIdentity, peerIdentity, type ServerCredentials } from '@yaolian/dtls';
import { type Clock, decodeUtf8, encodeHex } from '@yaolian/kernel';
import { certificatesOfPem } from '@yaolian/node-runtime';

export interface TerminalTrustOptions {
  readonly store: CredentialStore;
  readonly digest: SecretDigest;
  readonly clock: Clock;
  /** Certificates of authorities of terminals, PEM. Absent: there are none. */
  readonly authorities: string | Uint8Array | undefined;
}

/** Whom the platform believes over DTLS and TLS: terminals whose credentials are stored, and those with certificates of authorities. */
export class TerminalTrust {
  readonly #options: TerminalTrustOptions;
  readonly #authorities: readonly Uint8Array[];

  /** @throws YaolianError TLS_CREDENTIALS_BAD when the authorities are no certificates */
  constructor(options: TerminalTrustOptions) {
    this.#options = options;
    const { authorities } = options;
    this.#authorities = authorities === undefined ? [] : certificatesOfPem(authorities, 'tls.client-ca');
  }

  /** RFC 4279 §5.1: identities are UTF-8. */
  readonly preSharedKey: NonNullable<ServerCredentials['psk']> = (identity) => {
    const text = decodeUtf8(identity);
    return text === undefined ? undefined : this.#options.store.preSharedKey(text);
  };

  get ofPeers(): PeerTrust {
    return {
      authorities: this.#authorities,
      rawPublicKey: (key) => this.#isGood({ kind: 'rpk', keyDigest: this.#digest(key) }),
      storedCertificate: this.storedCertificate,
    };
  }

  /**
   * Whether a certificate (DER) is a credential itself, whoever issued it. One that an operator stored is believed for what it is (as by
   * certificate usage 3); one that the platform issued, by EST or in a bootstrap, while it is good (RFC 5280 §4.1.2.5).
   */
  readonly storedCertificate = async (certificate: Uint8Array): Promise<boolean> => {
    const found = await this.#good({ kind: 'certificate', digest: this.#digest(certificate) });
    if (found?.issued !== true) return found !== undefined;
    return this.#options.clock.epoch() <= new X509Certificate(certificate).validToDate.getTime();
  };

  /** Whether a session may be resumed: what was withdrawn since is not good any more. */
  readonly isStillGood = async (proof: ProvenIdentity): Promise<boolean> => {
    const identity = peerIdentity(proof);
    if (identity === undefined) return false;
    if (identity.kind === 'psk') return this.#isGood({ kind: 'psk', identity: identity.identity });
    if (identity.kind === 'rpk') return this.#isGood({ kind: 'rpk', keyDigest: this.#digest(identity.publicKey) });
    if (identity.kind !== 'certificate') return false;
    const isStored = await this.storedCertificate(identity.certificate);
    return isStored || this.#authorities.length > 0;
  };

  async #isGood(proof: CredentialProof): Promise<boolean> {
    return (await this.#good(proof)) !== undefined;
  }

  async #good(proof: CredentialProof): Promise<Credential | undefined> {
    const found = await this.#options.store.findCredential(proof);
    return found?.supersededAt === undefined ? found : undefined;
  }

  #digest(bytes: Uint8Array): string {
    return encodeHex(this.#options.digest.sha256(bytes));
  }
}

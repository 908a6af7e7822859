import { X509Certificate } from 'node:crypto';
import type { Credential, CredentialProof, CredentialStore, SecretDigest } from '@yaolian/directory';
import { type PeerTrust, type ProvenIdentity, peerIdentity, type ServerCredentials } from '@yaolian/dtls';
import { type Clock, decodeUtf8, encodeHex } from '@yaolian/kernel';
import type { LiveAuthorities } from '../start/live-authorities.ts';

export interface TerminalTrustOptions {
  readonly store: CredentialStore;
  readonly digest: SecretDigest;
  readonly clock: Clock;
  /** Of terminals. */
  readonly authorities: Pick<LiveAuthorities, 'ders' | 'has'>;
}

/** Whom the platform believes over DTLS and TLS: terminals whose credentials are stored, and those with certificates of authorities. */
export class TerminalTrust {
  readonly #options: TerminalTrustOptions;

  constructor(options: TerminalTrustOptions) {
    this.#options = options;
  }

  /** RFC 4279 §5.1: identities are UTF-8. */
  readonly preSharedKey: NonNullable<ServerCredentials['psk']> = (identity) => {
    const text = decodeUtf8(identity);
    return text === undefined ? undefined : this.#options.store.preSharedKey(text);
  };

  get ofPeers(): PeerTrust {
    const { authorities } = this.#options;
    return {
      // Each handshake is judged by those of its time.
      get authorities() {
        return authorities.ders;
      },
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

  /** Whether a session may go on or be resumed: what was withdrawn since is not good any more, nor is what an authority that is gone signed. */
  readonly isStillGood = async (proof: ProvenIdentity): Promise<boolean> => {
    const identity = peerIdentity(proof);
    if (identity === undefined) return false;
    if (identity.kind === 'psk') return this.#isGood({ kind: 'psk', identity: identity.identity });
    if (identity.kind === 'rpk') return this.#isGood({ kind: 'rpk', keyDigest: this.#digest(identity.publicKey) });
    if (identity.kind !== 'certificate') return false;
    return (await this.storedCertificate(identity.certificate)) || this.#isByAuthority(proof);
  };

  /** Sessions that were stored before authorities were noted tell by their certificate alone. */
  #isByAuthority(proof: ProvenIdentity): boolean {
    if (proof.kind !== 'X.509') return false;
    const { authorities } = this.#options;
    if (proof.authority !== undefined) return authorities.has(encodeHex(proof.authority));
    const shown = new X509Certificate(proof.certificate);
    return authorities.ders.some((der) => {
      const authority = new X509Certificate(der);
      return shown.checkIssued(authority) && shown.verify(authority.publicKey);
    });
  }

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

import { type CertificateFacts, certificateFacts, type TlsCredentials } from '@yaolian/node-runtime';

/** What shows a certificate, and which one now. */
export interface ServedCertificate {
  /** `https://[::]:8443` */
  readonly url: string;
  /** It shows other files without a restart. */
  readonly reloads: boolean;
  /** Ours first, then those between it and the root. */
  readonly chain: readonly CertificateFacts[];
}

/** Which listener shows which certificate. */
export class ServedCertificates {
  readonly #shown: { readonly url: string; readonly reloads: boolean; readonly current: () => TlsCredentials }[] = [];
  readonly #facts = new Map<TlsCredentials, readonly CertificateFacts[]>();

  /** @param current what the listener shows to whom connects now */
  add(url: string, reloads: boolean, current: () => TlsCredentials): void {
    this.#shown.push({ url, reloads, current });
  }

  list(): readonly ServedCertificate[] {
    const facts = this.#shown.map(({ url, reloads, current }) => ({ url, reloads, credentials: current() }));
    for (const known of [...this.#facts.keys()]) {
      if (!facts.some(({ credentials }) => credentials === known)) this.#facts.delete(known);
    }
    return facts.map(({ url, reloads, credentials }) => ({ url, reloads, chain: this.#factsOf(credentials) }));
  }

  #factsOf(credentials: TlsCredentials): readonly CertificateFacts[] {
    const known = this.#facts.get(credentials);
    if (known !== undefined) return known;
    const facts = certificateFacts(credentials.certificate, 'tls.certificate');
    this.#facts.set(credentials, facts);
    return facts;
  }
}

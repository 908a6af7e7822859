import { createHash, X509Certificate } from 'node:crypto';
import { Code } from '@yaolian/coap';
import type { Credential, CredentialProof, CredentialStore, SecretDigest } from '@yaolian/directory';
import {
  type Clock,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  failure,
  type Log,
  type Random,
  type Result,
  success,
} from '@yaolian/kernel';
import { type BootstrapPreparation, type BootstrapSecurity, SecurityMode } from '@yaolian/lwm2m/bootstrap';
import type { EnrolmentRefusal } from '@yaolian/lwm2m/server';
import {
  certificatesOfPem,
  makeTerminalCertificate,
  makeTerminalKeys,
  type TlsCredentials,
} from '@yaolian/node-runtime';

export interface BootstrapKeysOptions {
  readonly store: CredentialStore;
  readonly digest: SecretDigest;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What this platform shows over DTLS and TLS. */
  readonly own: () => TlsCredentials;
}

/** Issued credentials of one endpoint and purpose that were never used: of more, the oldest goes. */
const maximumUnused = 3;

/** Credentials of one endpoint that are looked through; it has a handful. */
const maximumLooked = 1000;

type Prepared<T> = Promise<Result<T, EnrolmentRefusal>>;

/**
 * Puts keys into bootstrap configurations: those that the platform makes for a terminal and keeps among its credentials, those
 * that it has stored, and what it shows itself. Keys go to terminals alone that proved who they are, so never in the clear.
 */
export class BootstrapKeys {
  readonly #options: BootstrapKeysOptions;

  constructor(options: BootstrapKeysOptions) {
    this.#options = options;
  }

  readonly prepare: BootstrapPreparation = async (config, { endpoint, identity }) => {
    const isOpen = config.security.every(({ securityMode }) => isNoSec(securityMode));
    if (isOpen) return success(config);
    if (identity === undefined) {
      return refused('its configuration holds keys, which a terminal gets by coaps alone, once it proved who it is');
    }
    const security: BootstrapSecurity[] = [];
    for (const account of config.security) {
      const whole = isNoSec(account.securityMode) ? success(account) : await this.#complete(account, endpoint);
      if (!whole.ok) return whole;
      security.push(whole.value);
    }
    return success({ ...config, security });
  };

  async #complete(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    const { issue, ...rest } = account;
    const keyed = issue === undefined ? success(rest) : await this.#withKeys(rest, issue, endpoint);
    if (!keyed.ok) return keyed;
    // With EST the terminal makes its key itself.
    const isEst = account.securityMode === SecurityMode.CertificateWithEst;
    if (!isEst && keyed.value.secretKey === undefined) return refused('the key of its configuration cannot be read');
    return success(this.#withServerKey(keyed.value));
  }

  #withKeys(account: BootstrapSecurity, issue: 'new' | 'stored', endpoint: string): Prepared<BootstrapSecurity> {
    if (issue === 'stored') return this.#stored(account, endpoint);
    return account.securityMode === SecurityMode.Psk
      ? this.#newKey(account, endpoint)
      : this.#newPair(account, endpoint);
  }

  /** The newest pre-shared key of the endpoint that is good for what the account is for. */
  async #stored(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    const { store } = this.#options;
    const purpose = purposeOf(account);
    const good = (await store.credentials({ endpoint, limit: maximumLooked }))
      .filter((one) => one.supersededAt === undefined && (one.purpose === 'any' || one.purpose === purpose))
      .sort((a, b) => b.createdAt - a.createdAt);
    for (const { proof } of good) {
      const key = proof.kind === 'psk' ? await store.preSharedKey(proof.identity) : undefined;
      if (proof.kind === 'psk' && key !== undefined) return success(withPsk(account, proof.identity, key));
    }
    return refused('its configuration wants its stored pre-shared key, and the platform has none for it');
  }

  async #newKey(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    const { random } = this.#options;
    const identity = encodeHex(random.bytes(12));
    const key = random.bytes(16);
    await this.keep(endpoint, purposeOf(account), { kind: 'psk', identity }, key);
    return success(withPsk(account, identity, key));
  }

  async #newPair(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    const { digest, clock } = this.#options;
    const digestOf = (bytes: Uint8Array) => encodeHex(digest.sha256(bytes));
    if (account.securityMode === SecurityMode.RawPublicKey) {
      const { publicKey, privateKey } = await makeTerminalKeys();
      await this.keep(endpoint, purposeOf(account), { kind: 'rpk', keyDigest: digestOf(publicKey) });
      return success(withPair(account, publicKey, privateKey));
    }
    const { certificate, privateKey } = await makeTerminalCertificate(endpoint, clock);
    await this.keep(endpoint, purposeOf(account), { kind: 'certificate', digest: digestOf(certificate) });
    return success(withPair(account, certificate, privateKey));
  }

  /** Keeps what is issued to a terminal: it is on disk before the terminal hears of it. */
  async keep(
    endpoint: string,
    purpose: 'bootstrap' | 'register',
    proof: CredentialProof,
    key?: Uint8Array,
  ): Promise<void> {
    const { store, random, clock, log } = this.#options;
    const id = encodeHex(random.bytes(8));
    const credential = { id, endpoint, purpose, proof, issued: true, createdAt: clock.epoch() } as const;
    if (!(await store.addCredential(credential, key)))
      throw new Error('a credential that was just made is there already');
    log.info('credential issued', { credential: id, endpoint, kind: proof.kind, purpose });
    await this.#removeOld(endpoint, purpose);
  }

  async #removeOld(endpoint: string, purpose: Credential['purpose']): Promise<void> {
    const { store } = this.#options;
    const issued = (await store.credentials({ endpoint, limit: maximumLooked }))
      .filter((one) => one.issued && one.purpose === purpose)
      .sort((a, b) => b.createdAt - a.createdAt);
    const unused = issued.filter((one) => one.usedAt === undefined && one.supersededAt === undefined);
    const over = issued.filter((one) => one.supersededAt !== undefined);
    for (const { id } of [...over, ...unused.slice(maximumUnused)]) await store.removeCredential(id);
  }

  /** What the account does not say of the server is what this platform shows. */
  #withServerKey(account: BootstrapSecurity): BootstrapSecurity {
    const isMissing = account.serverPublicKey === undefined && account.securityMode !== SecurityMode.Psk;
    if (!isMissing) return account;
    const { certificate: pem } = this.#options.own();
    const chain = certificatesOfPem(pem, 'tls.certificate');
    if (account.securityMode === SecurityMode.RawPublicKey) {
      const { publicKey } = new X509Certificate(chain[0]!);
      return { ...account, serverPublicKey: encodeBase64(publicKey.export({ format: 'der', type: 'spki' })) };
    }
    // As CA constraint and trust anchor the authority is meant, as far up as the platform shows it.
    const { certificateUsage = 3, matchingType = 0 } = account;
    const shown = certificateUsage % 2 === 0 ? chain.at(-1)! : chain[0]!;
    const algorithm = [undefined, 'sha256', 'sha384', 'sha512'][matchingType];
    const bytes = algorithm === undefined ? shown : createHash(algorithm).update(shown).digest();
    return { ...account, serverPublicKey: encodeBase64(bytes) };
  }
}

function isNoSec(mode: number | undefined): boolean {
  return mode === undefined || mode === SecurityMode.NoSec;
}

function purposeOf({ isBootstrapServer = false }: BootstrapSecurity): 'bootstrap' | 'register' {
  return isBootstrapServer ? 'bootstrap' : 'register';
}

function withPsk(account: BootstrapSecurity, identity: string, key: Uint8Array): BootstrapSecurity {
  return { ...account, publicKeyOrIdentity: encodeBase64(encodeUtf8(identity)), secretKey: encodeBase64(key) };
}

function withPair(account: BootstrapSecurity, shown: Uint8Array, privateKey: Uint8Array): BootstrapSecurity {
  return { ...account, publicKeyOrIdentity: encodeBase64(shown), secretKey: encodeBase64(privateKey) };
}

function refused(reason: string): { readonly ok: false; readonly error: EnrolmentRefusal } {
  return failure({ code: Code.Forbidden, reason });
}

import { createHash, X509Certificate } from 'node:crypto';
import { Code } from '@yaolian/coap';
import { defaultOscoreAead, defaultOscoreHkdf, oscoreAeads, oscoreHkdfs } from '@yaolian/contract';
import type {
  Credential,
  CredentialProof,
  CredentialStore,
  OscoreKeys,
  OscoreParameters,
  SecretDigest,
} from '@yaolian/directory';
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
    const isOpen = config.security.every(isWithoutKeys);
    if (isOpen) return success(config);
    if (identity === undefined) {
      return refused(
        'its configuration holds keys, which a terminal gets by coaps or OSCORE alone, once it proved who it is',
      );
    }
    const security: BootstrapSecurity[] = [];
    for (const account of config.security) {
      const whole = isWithoutKeys(account) ? success(account) : await this.#complete(account, endpoint);
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
    if (account.securityMode === SecurityMode.NoSec) {
      return issue === 'stored' ? this.#storedContext(account, endpoint) : this.#newContext(account, endpoint);
    }
    if (issue === 'stored') return this.#stored(account, endpoint);
    return account.securityMode === SecurityMode.Psk
      ? this.#newKey(account, endpoint)
      : this.#newPair(account, endpoint);
  }

  /** Credentials of the endpoint that are good for what the account is for, the newest first. */
  async #good(account: BootstrapSecurity, endpoint: string): Promise<readonly Credential[]> {
    const purpose = purposeOf(account);
    return (await this.#options.store.credentials({ endpoint, limit: maximumLooked }))
      .filter((one) => one.supersededAt === undefined && (one.purpose === 'any' || one.purpose === purpose))
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  /** The newest pre-shared key of the endpoint. */
  async #stored(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    const { store } = this.#options;
    for (const { proof } of await this.#good(account, endpoint)) {
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

  /** The newest security context of the endpoint. */
  async #storedContext(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    for (const { proof } of await this.#good(account, endpoint)) {
      if (proof.kind !== 'oscore') continue;
      const keys = await this.#options.store.oscoreKeys(proof.senderId, proof.idContext);
      if (keys !== undefined && keys.credential.endpoint === endpoint) return success(withContext(account, keys));
    }
    return refused('its configuration wants its stored security context of OSCORE, and the platform has none for it');
  }

  async #newContext(account: BootstrapSecurity, endpoint: string): Prepared<BootstrapSecurity> {
    const { random } = this.#options;
    // Object 21 has text in its versions 1.x, bytes in 2.0 (LwM2M 1.2): ASCII is both. RFC 8613 §3.3: with the default AEAD an
    // ID has up to 7 bytes; 7 letters of base64 are 42 random bits. IDs of different length are never the same.
    const ascii = (text: string) => encodeHex(encodeUtf8(text));
    const proof = { kind: 'oscore', senderId: ascii(encodeBase64(random.bytes(6)).slice(0, 7)) } as const;
    const oscore = {
      recipientId: ascii('0'),
      aead: oscoreAeads[defaultOscoreAead],
      kdf: oscoreHkdfs[defaultOscoreHkdf],
    };
    const masterSecret = encodeUtf8(encodeHex(random.bytes(16)));
    await this.keep(endpoint, purposeOf(account), proof, masterSecret, oscore);
    return success(withContext(account, { credential: { proof, oscore }, masterSecret }));
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
    oscore?: OscoreParameters,
  ): Promise<void> {
    const { store, random, clock, log } = this.#options;
    const id = encodeHex(random.bytes(8));
    const createdAt = clock.epoch();
    const credential = { id, endpoint, purpose, proof, ...(oscore && { oscore }), issued: true, createdAt } as const;
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
    const isMissing = account.serverPublicKey === undefined && !isSymmetric(account);
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

function isWithoutKeys({ securityMode: mode, oscore, issue }: BootstrapSecurity): boolean {
  return (mode === undefined || mode === SecurityMode.NoSec) && oscore === undefined && issue === undefined;
}

function isSymmetric({ securityMode }: BootstrapSecurity): boolean {
  return securityMode === SecurityMode.Psk || securityMode === SecurityMode.NoSec;
}

/** Object 21 names key derivations by their HMAC: COSE's numbers of both (RFC 9053 §3.1, §6.1.2). */
export function hmacOfKdf(kdf: number): number {
  return kdf === oscoreHkdfs['HKDF-SHA-512'] ? 7 : 5;
}

function purposeOf({ isBootstrapServer = false }: BootstrapSecurity): 'bootstrap' | 'register' {
  return isBootstrapServer ? 'bootstrap' : 'register';
}

function withPsk(account: BootstrapSecurity, identity: string, key: Uint8Array): BootstrapSecurity {
  return { ...account, publicKeyOrIdentity: encodeBase64(encodeUtf8(identity)), secretKey: encodeBase64(key) };
}

interface Context {
  readonly credential: Pick<OscoreKeys['credential'], 'proof' | 'oscore'>;
  readonly masterSecret: Uint8Array;
}

function withContext(account: BootstrapSecurity, context: Context): BootstrapSecurity {
  const { proof, oscore } = context.credential;
  const { recipientId, aead, kdf, masterSalt } = oscore;
  return {
    ...account,
    secretKey: encodeBase64(context.masterSecret),
    oscore: {
      ...{ senderId: proof.senderId, recipientId, aead, hmac: hmacOfKdf(kdf) },
      ...(masterSalt !== undefined && { masterSalt }),
      ...(proof.idContext !== undefined && { idContext: proof.idContext }),
    },
  };
}

function withPair(account: BootstrapSecurity, shown: Uint8Array, privateKey: Uint8Array): BootstrapSecurity {
  return { ...account, publicKeyOrIdentity: encodeBase64(shown), secretKey: encodeBase64(privateKey) };
}

function refused(reason: string): { readonly ok: false; readonly error: EnrolmentRefusal } {
  return failure({ code: Code.Forbidden, reason });
}

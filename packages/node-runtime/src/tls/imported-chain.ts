import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@yaolian/kernel';
import { runtimeErrors, systemErrorCode } from '../errors.ts';
import { pemOf } from './certificate-rule.ts';
import { makeFolder, type Pair, storing, writeWhole } from './kept-pair.ts';
import { certificateBlocks, certificatesOfPem } from './pem.ts';

/** Why a chain and a key are not taken, and of which of the two it is said. */
export type ChainFault = {
  [Reason in keyof ChainFaults]: {
    readonly of: 'certificate' | 'key';
    readonly reason: Reason;
    readonly params: ChainFaults[Reason];
  };
}[keyof ChainFaults];

interface ChainFaults {
  readonly 'pem-no-certificate': Record<never, never>;
  /** The number counts from 1. */
  readonly 'pem-certificate-unreadable': { readonly number: number };
  readonly 'too-many': { readonly limit: number };
  readonly 'pem-no-key': Record<never, never>;
  readonly 'key-encrypted': Record<never, never>;
  readonly 'key-kind-unfit': { readonly kind: string; readonly fit: string };
  readonly 'key-of-another': { readonly subject: string };
  readonly 'chain-own-not-first': { readonly subject: string; readonly number: number };
  readonly 'chain-broken': { readonly subject: string; readonly issuer: string; readonly next: string };
  /** Days of the calendar, in UTC. */
  readonly 'chain-over': { readonly subject: string; readonly date: string };
  readonly 'chain-early': { readonly subject: string; readonly date: string };
  readonly 'certificate-not-for-servers': { readonly subject: string };
  readonly 'certificate-no-authority': { readonly subject: string };
}

export interface ChainRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether DTLS shows it too, which signs with fewer kinds of keys. */
  readonly forDtls: boolean;
}

/** Certificates of one chain. */
const longestChain = 10;
const serverAuth = '1.3.6.1.5.5.7.3.1';
const anyPurpose = '2.5.29.37.0';
const shortestRsa = 2048;
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
const ofDtls: readonly string[] = ['P-256', 'P-384', 'Ed25519'];
const ofTls: readonly string[] = [...ofDtls, 'P-521'];

/**
 * A chain of certificates and the key of the first of them, both PEM, as servers show it (RFC 8446 §4.4.2: each certifies the one before
 * it), put down anew without what else is in the files.
 */
export function checkChain(certificate: string, key: string, rules: ChainRules): Result<Pair, ChainFault> {
  const read = readCertificates(certificate, longestChain);
  if (!read.ok) return read;
  const chain = read.value;
  const privateKey = readKey(key);
  if (!privateKey.ok) return privateKey;
  const wrong =
    judgeKey(privateKey.value, rules.forDtls) ?? judgeOwner(privateKey.value, chain) ?? judgeChain(chain, rules.now);
  if (wrong !== undefined) return failure(wrong);
  return success({
    certificate: chain.map(({ raw }) => pemOf(new Uint8Array(raw))).join(''),
    key: privateKey.value.export({ type: 'pkcs8', format: 'pem' }) as string,
  });
}

/**
 * Certificates of authorities (PEM) that are to be believed (RFC 5280 §4.2.1.9: they are marked as such), in DER.
 * @param rules `limit`: so many at most
 */
export function checkAuthorities(
  pem: string,
  { now, limit }: { readonly now: number; readonly limit: number },
): Result<readonly Uint8Array[], ChainFault> {
  const read = readCertificates(pem, limit);
  if (!read.ok) return read;
  for (const one of read.value) {
    if (!one.ca) return fault('certificate', 'certificate-no-authority', { subject: nameOf(one.subject) });
    const wrong = judgeValidity(one, now);
    if (wrong !== undefined) return failure(wrong);
  }
  return success(read.value.map(({ raw }) => new Uint8Array(raw)));
}

function readCertificates(pem: string, limit: number): Result<readonly X509Certificate[], ChainFault> {
  const blocks = certificateBlocks(pem);
  if (blocks.length === 0) return fault('certificate', 'pem-no-certificate', {});
  if (blocks.length > limit) return fault('certificate', 'too-many', { limit });
  const found: X509Certificate[] = [];
  for (const block of blocks) {
    try {
      found.push(new X509Certificate(block));
    } catch {
      return fault('certificate', 'pem-certificate-unreadable', { number: found.length + 1 });
    }
  }
  return success(found);
}

function readKey(pem: string): Result<KeyObject, ChainFault> {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem))
    return fault('key', 'key-encrypted', {});
  try {
    return success(createPrivateKey(pem));
  } catch {
    return fault('key', 'pem-no-key', {});
  }
}

function judgeKey(key: KeyObject, forDtls: boolean): ChainFault | undefined {
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const kinds: Readonly<Record<string, string>> = {
    ec: curves[namedCurve] ?? namedCurve,
    ed25519: 'Ed25519',
    rsa: `RSA ${modulusLength}`,
  };
  const kind = kinds[key.asymmetricKeyType ?? ''] ?? key.asymmetricKeyType ?? '';
  const fit = forDtls ? ofDtls : ofTls;
  const isLongRsa = !forDtls && key.asymmetricKeyType === 'rsa' && modulusLength >= shortestRsa;
  if (fit.includes(kind) || isLongRsa) return undefined;
  const all = forDtls ? fit : [...fit, `RSA ≥ ${shortestRsa}`];
  return faultOf('key', 'key-kind-unfit', { kind, fit: all.join(', ') });
}

function judgeOwner(key: KeyObject, chain: readonly X509Certificate[]): ChainFault | undefined {
  const place = chain.findIndex((one) => one.checkPrivateKey(key));
  if (place === 0) return undefined;
  if (place < 0) return faultOf('key', 'key-of-another', { subject: nameOf(chain[0]!.subject) });
  return faultOf('certificate', 'chain-own-not-first', { subject: nameOf(chain[place]!.subject), number: place + 1 });
}

function judgeChain(chain: readonly X509Certificate[], now: number): ChainFault | undefined {
  for (const [index, one] of chain.entries()) {
    const subject = nameOf(one.subject);
    const late = judgeValidity(one, now);
    if (late !== undefined) return late;
    const next = chain[index + 1];
    if (next === undefined) continue;
    if (!(next.ca && one.checkIssued(next) && one.verify(next.publicKey))) {
      const names = { subject, issuer: nameOf(one.issuer), next: nameOf(next.subject) };
      return faultOf('certificate', 'chain-broken', names);
    }
  }
  // What Node calls keyUsage are the purposes of extKeyUsage; without the extension it is for all (RFC 5280 §4.2.1.12).
  const purposes: readonly string[] | undefined = chain[0]!.keyUsage;
  if (purposes === undefined || purposes.includes(serverAuth) || purposes.includes(anyPurpose)) return undefined;
  return faultOf('certificate', 'certificate-not-for-servers', { subject: nameOf(chain[0]!.subject) });
}

function judgeValidity({ subject: name, validFromDate, validToDate }: X509Certificate, now: number) {
  const subject = nameOf(name);
  if (now > validToDate.getTime()) return faultOf('certificate', 'chain-over', { subject, date: dayOf(validToDate) });
  if (now >= validFromDate.getTime()) return undefined;
  return faultOf('certificate', 'chain-early', { subject, date: dayOf(validFromDate) });
}

function faultOf<Reason extends keyof ChainFaults>(
  of: ChainFault['of'],
  reason: Reason,
  params: ChainFaults[Reason],
): ChainFault {
  return { of, reason, params } as ChainFault;
}

const fault = (...what: Parameters<typeof faultOf>) => failure(faultOf(...what));
const nameOf = (name: string | undefined) => (name ?? '').split('\n').join(', ');
const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** A chain with its key in one file of a folder, so that no crash leaves one of them without the other. */
export class ImportedChain {
  readonly file: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, 'imported.pem');
  }

  /** Undefined: there is none. @throws YaolianError TLS_CREDENTIALS_BAD */
  async read(): Promise<Pair | undefined> {
    const what = `the imported certificate in ${this.file}`;
    try {
      const text = await readFile(this.file, 'utf8');
      certificatesOfPem(text, what);
      return {
        certificate: certificateBlocks(text)
          .map((block) => `${block}\n`)
          .join(''),
        key: createPrivateKey(text).export({ type: 'pkcs8', format: 'pem' }) as string,
      };
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'ENOENT') return undefined;
      throw runtimeErrors.TLS_CREDENTIALS_BAD(what, code, error);
    }
  }

  /** The one before stays in `previous-imported.pem`. @throws YaolianError TLS_NOT_STORED */
  async write({ certificate, key }: Pair): Promise<void> {
    await storing(this.file, async () => {
      await makeFolder(this.#folder);
      const before = await readFile(this.file).catch(() => undefined);
      if (before !== undefined) await writeWhole(this.#previous, before, 0o600);
      await writeWhole(this.file, key + certificate, 0o600);
    });
  }

  /** It stays in `previous-imported.pem`. @throws YaolianError TLS_NOT_STORED */
  async remove(): Promise<void> {
    await storing(this.file, () => rename(this.file, this.#previous));
  }

  get #previous(): string {
    return join(this.#folder, 'previous-imported.pem');
  }
}

import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { canonicalIPv6 } from '@yaolian/kernel';
import { runtimeErrors, systemErrorCode } from '../errors.ts';
import { makeFolder, storing, writeWhole } from './kept-pair.ts';

/** Whom a certificate is asked for (X.520), and for which key. */
export interface WantedCertificate {
  readonly commonName?: string | undefined;
  readonly organization?: string | undefined;
  readonly organizationalUnit?: string | undefined;
  readonly locality?: string | undefined;
  readonly state?: string | undefined;
  /** ISO 3166, two letters. */
  readonly country?: string | undefined;
  readonly names: readonly ServerName[];
  readonly keyKind: RequestKeyKind;
}

/** A host that a certificate is for (RFC 5280 §4.2.1.6). */
export interface ServerName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

export type RequestKeyKind = 'P-256' | 'P-384';

/** A request for a certificate whose key waits for it. */
export interface PendingRequest {
  /** PKCS #10 (RFC 2986), PEM (RFC 7468 §7). */
  readonly request: string;
  /** PKCS #8, PEM. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** On one line. */
  readonly subject: string;
  readonly names: readonly string[];
  readonly keyKind: RequestKeyKind;
}

const subjectAltName = '2.5.29.17';
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const sinceLine = /^Requested: (\S+)$/m;
const requestBlock = /-----BEGIN CERTIFICATE REQUEST-----[^-]+-----END CERTIFICATE REQUEST-----/;

/** A name of DNS in ASCII (RFC 5890 §2.3.2.1), also `*.` before one (RFC 9525 §6.3), or an address. Undefined: it is neither. */
export function serverName(text: string): ServerName | undefined {
  if (isIP(text) === 4) return { type: 'ip', value: text };
  const address = canonicalIPv6(text);
  if (address !== undefined) return address.includes('%') ? undefined : { type: 'ip', value: address };
  const stars = text.startsWith('*.') ? '*.' : '';
  const name = domainToASCII(text.slice(stars.length));
  const labels = name.split('.');
  const isName = name.length <= 253 && labels.every((one) => label.test(one));
  // What ends in a number is an address, or was meant to be one (RFC 3696 §2).
  return isName && !/^\d+$/.test(labels.at(-1)!) ? { type: 'dns', value: stars + name } : undefined;
}

/** A key pair, and the request for a certificate of it for servers, signed with it. @param now milliseconds since 1970 */
export async function makeServerRequest(wanted: WantedCertificate, now: number): Promise<PendingRequest> {
  const x509 = await library();
  const hash = wanted.keyKind === 'P-256' ? 'SHA-256' : 'SHA-384';
  const algorithm = { name: 'ECDSA', namedCurve: wanted.keyKind, hash };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const subject = nameOf(wanted);
  const made = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: subject as never,
      keys: keys as never,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        // RFC 5280 §4.2.1.6: without a subject the names are all that there is.
        new x509.SubjectAlternativeNameExtension([...wanted.names], subject.length === 0),
      ],
    },
    webcrypto as never,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string;
  return pendingOf(`${made.toString('pem').trimEnd()}\n`, key, now);
}

/** As typed text: the library would look for quotation marks and hex in a plain one. The country is printable (RFC 5280, appendix A). */
function nameOf(wanted: WantedCertificate): readonly object[] {
  const { country, state, locality, organization, organizationalUnit, commonName } = wanted;
  const parts = { C: country, ST: state, L: locality, O: organization, OU: organizationalUnit, CN: commonName };
  return Object.entries(parts).flatMap(([type, text]) =>
    text === undefined ? [] : [{ [type]: [type === 'C' ? { printableString: text } : { utf8String: text }] }],
  );
}

async function pendingOf(request: string, key: string, since: number): Promise<PendingRequest> {
  const x509 = await library();
  const read = new x509.Pkcs10CertificateRequest(request);
  const alternative = read.getExtension(subjectAltName);
  const names = alternative ? new x509.SubjectAlternativeNameExtension(alternative.rawData).names.toJSON() : [];
  const { namedCurve } = createPrivateKey(key).asymmetricKeyDetails ?? {};
  return {
    ...{ request, key, since, subject: read.subject },
    names: names.map(({ value }) => canonicalIPv6(value) ?? value),
    keyKind: namedCurve === 'prime256v1' ? 'P-256' : 'P-384',
  };
}

/** The request that waits, in one file of a folder with its key, for the user alone. */
export class PendingRequestFile {
  readonly #file: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, 'request.pem');
  }

  /** Undefined: there is none. @throws YaolianError TLS_CREDENTIALS_BAD */
  async read(): Promise<PendingRequest | undefined> {
    try {
      const text = await readFile(this.#file, 'utf8');
      const key = createPrivateKey(text).export({ type: 'pkcs8', format: 'pem' }) as string;
      const since = Date.parse(sinceLine.exec(text)?.[1] ?? '');
      if (Number.isNaN(since)) throw new Error('it does not say since when');
      return await pendingOf(`${requestBlock.exec(text)?.[0]}\n`, key, since);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'ENOENT') return undefined;
      throw runtimeErrors.TLS_CREDENTIALS_BAD(`the request for a certificate in ${this.#file}`, code, error);
    }
  }

  /** In place of the one before. @throws YaolianError TLS_NOT_STORED */
  async write({ request, key, since }: PendingRequest): Promise<void> {
    // What stands before the first block is for people (RFC 7468 §5.2).
    const text = `Requested: ${new Date(since).toISOString()}\n${key}${request}`;
    await storing(this.#file, async () => {
      await makeFolder(this.#folder);
      await writeWhole(this.#file, text, 0o600);
    });
  }

  /** The key is gone with it. @throws YaolianError TLS_NOT_STORED */
  async remove(): Promise<void> {
    await storing(this.#file, () => rm(this.#file));
  }
}

/** Loaded when it is needed: few platforms ask for a certificate. */
async function library() {
  await import('reflect-metadata'); // what the next needs
  return import('@peculiar/x509');
}

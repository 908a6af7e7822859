import { decodeUtf8, encodeHex, equalBytes } from '@yaolian/kernel';
import type { SignatureAlgorithm } from '../crypto/crypto-port.ts';
import { DerReader, DerTag, derBoolean, derTime, objectIdentifierText } from './der.ts';

/** What a certificate (RFC 5280) says, as far as a chain is judged by it. */
export interface Certificate {
  readonly der: Uint8Array;
  /** What is signed. */
  readonly tbs: Uint8Array;
  /** Undefined: an algorithm that we do not know. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly signature: Uint8Array;
  readonly serialNumber: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly isAuthority: boolean;
  /** How many authorities may come below; undefined: any number. */
  readonly pathLength: number | undefined;
  /** Bits of KeyUsage; undefined: not limited. */
  readonly keyUsage: number | undefined;
  /** OIDs; undefined: not limited. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly names: SubjectNames;
  /** Whether an extension is marked critical that we do not know. */
  readonly hasUnknownCritical: boolean;
}

export interface DistinguishedName {
  readonly der: Uint8Array;
  /** `CN=…, O=…` for people. */
  readonly text: string;
  readonly commonName: string | undefined;
}

/** The subjectAltName. */
export interface SubjectNames {
  readonly dns: readonly string[];
  /** `192.0.2.1` or 32 hex digits. */
  readonly addresses: readonly string[];
  readonly uris: readonly string[];
}

/** KeyUsage bits as this module numbers them: bit n of RFC 5280 §4.2.1.3 is 1 << n. */
export const KeyUsage = { digitalSignature: 1 << 0, keyCertSign: 1 << 5 } as const;

export const ExtendedKeyUsage = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  any: '2.5.29.37.0',
} as const;

const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.2.840.10045.4.3.4': 'ecdsa-sha512',
  '1.3.101.112': 'ed25519',
  '1.2.840.113549.1.1.11': 'rsa-pkcs1-sha256',
  '1.2.840.113549.1.1.12': 'rsa-pkcs1-sha384',
  '1.2.840.113549.1.1.13': 'rsa-pkcs1-sha512',
};

/** Undefined when `der` is no certificate of version 3 (or 1), strictly in DER. Never throws. */
export function decodeCertificate(der: Uint8Array): Certificate | undefined {
  const outer = new DerReader(der);
  const certificate = outer.sequence();
  const tbs = certificate.read(DerTag.Sequence);
  const algorithm = certificate.read(DerTag.Sequence);
  const signature = certificate.read(DerTag.BitString).content;
  const fields = new DerReader(tbs.content);
  fields.optional(0xa0); // version
  const serialNumber = encodeHex(fields.read(DerTag.Integer).content);
  const innerAlgorithm = fields.read(DerTag.Sequence);
  const issuer = readName(fields);
  const validity = fields.sequence();
  const notBefore = derTime(validity.read());
  const notAfter = derTime(validity.read());
  const subject = readName(fields);
  const publicKey = fields.read(DerTag.Sequence).whole;
  fields.optional(0x81);
  fields.optional(0x82);
  const extensions = readExtensions(fields);
  const failed = outer.failed || certificate.failed || fields.failed || validity.failed;
  if (failed || !outer.isAtEnd || !certificate.isAtEnd || !fields.isAtEnd || extensions === undefined) return undefined;
  if (notBefore === undefined || notAfter === undefined || signature[0] !== 0) return undefined;
  // RFC 5280 §4.1.1.2: both fields name the same algorithm.
  if (!equalBytes(algorithm.content, innerAlgorithm.content)) return undefined;
  return {
    der,
    tbs: tbs.whole,
    signatureAlgorithm: signatureAlgorithms[new DerReader(algorithm.content).objectIdentifier()],
    signature: signature.subarray(1),
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    ...extensions,
  };
}

type ExtensionFields = {
  -readonly [Field in
    | 'isAuthority'
    | 'pathLength'
    | 'keyUsage'
    | 'extendedKeyUsage'
    | 'names'
    | 'hasUnknownCritical']: Certificate[Field];
};

function readExtensions(fields: DerReader): ExtensionFields | undefined {
  const found: ExtensionFields = {
    isAuthority: false,
    pathLength: undefined,
    keyUsage: undefined,
    extendedKeyUsage: undefined,
    names: { dns: [], addresses: [], uris: [] },
    hasUnknownCritical: false,
  };
  const explicit = fields.optional(0xa3);
  if (explicit === undefined) return found;
  const list = new DerReader(explicit.content).sequence();
  const seen = new Set<string>();
  while (!list.isAtEnd) {
    const extension = list.sequence();
    const type = extension.objectIdentifier();
    const critical = readFlag(extension);
    const value = new DerReader(extension.read(DerTag.OctetString).content);
    if (extension.failed || seen.has(type)) return undefined;
    seen.add(type);
    const known = readExtension(type, value, found);
    if (value.failed || (known && !value.isAtEnd)) return undefined;
    if (critical && !known) found.hasUnknownCritical = true;
  }
  return list.failed ? undefined : found;
}

/** False when the type is unknown. */
function readExtension(type: string, value: DerReader, found: ExtensionFields): boolean {
  switch (type) {
    case '2.5.29.19':
      readBasicConstraints(value, found);
      return true;
    case '2.5.29.15':
      found.keyUsage = readKeyUsage(value);
      return true;
    case '2.5.29.37':
      found.extendedKeyUsage = readIdentifiers(value);
      return true;
    case '2.5.29.17':
      found.names = readNames(value);
      return true;
    default:
      return false;
  }
}

/** A BOOLEAN that is FALSE where there is none. */
function readFlag(reader: DerReader): boolean {
  const value = reader.optional(DerTag.Boolean);
  const flag = value === undefined ? false : derBoolean(value);
  if (flag === undefined) reader.fail();
  return flag ?? false;
}

function readBasicConstraints(value: DerReader, found: ExtensionFields): void {
  const constraints = value.sequence();
  found.isAuthority = readFlag(constraints);
  const length = constraints.optional(DerTag.Integer)?.content;
  if (constraints.failed || !constraints.isAtEnd) value.fail();
  if (length === undefined) return;
  if (length.length !== 1 || length[0]! > 127) value.fail();
  else found.pathLength = length[0]!;
}

function readKeyUsage(value: DerReader): number {
  const bits = value.read(DerTag.BitString).content;
  let usage = 0;
  for (let n = 0; n < 9; n++) if (((bits[1 + (n >> 3)] ?? 0) >> (7 - (n & 7))) & 1) usage |= 1 << n;
  return usage;
}

function readIdentifiers(value: DerReader): string[] {
  const list = value.sequence();
  const identifiers: string[] = [];
  while (!list.isAtEnd) identifiers.push(list.objectIdentifier());
  if (list.failed) value.fail();
  return identifiers;
}

function readNames(value: DerReader): SubjectNames {
  const list = value.sequence();
  const names = { dns: [] as string[], addresses: [] as string[], uris: [] as string[] };
  while (!list.isAtEnd) {
    const { tag, content } = list.read();
    const text = String.fromCharCode(...content);
    if (tag === 0x82) names.dns.push(text.toLowerCase());
    else if (tag === 0x86) names.uris.push(text);
    else if (tag === 0x87) names.addresses.push(content.length === 4 ? content.join('.') : encodeHex(content));
  }
  if (list.failed) value.fail();
  return names;
}

const nameTypes: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};

function readName(fields: DerReader): DistinguishedName {
  const name = fields.read(DerTag.Sequence);
  const parts: string[] = [];
  let commonName: string | undefined;
  const sets = new DerReader(name.content);
  while (!sets.isAtEnd) {
    const set = new DerReader(sets.read(DerTag.Set).content);
    while (!set.isAtEnd) {
      const pair = set.sequence();
      const type = objectIdentifierText(pair.read(DerTag.ObjectIdentifier).content);
      const value = decodeUtf8(pair.read().content) ?? '?';
      if (pair.failed) fields.fail();
      parts.push(`${nameTypes[type] ?? type}=${value}`);
      if (type === '2.5.4.3') commonName = value;
    }
  }
  if (sets.failed) fields.fail();
  return { der: name.whole, text: parts.join(', '), commonName };
}

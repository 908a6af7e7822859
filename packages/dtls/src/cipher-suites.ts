import type { AeadAlgorithm, HashAlgorithm } from './crypto/crypto-port.ts';

export type KeyExchange = 'PSK' | 'ECDHE_PSK' | 'ECDHE_ECDSA';

/** What a cipher suite stands for. */
export interface CipherSuite {
  readonly name: CipherSuiteName;
  /** The number of the IANA registry. */
  readonly id: number;
  readonly keyExchange: KeyExchange;
  /** `aes-128-cbc` is used with HMAC-SHA256 and encrypt-then-MAC (RFC 7366) alone. */
  readonly cipher: AeadAlgorithm | 'aes-128-cbc';
  /** The hash of the PRF and of the handshake. */
  readonly hash: HashAlgorithm;
}

type Row = readonly [id: number, keyExchange: KeyExchange, cipher: CipherSuite['cipher'], hash: HashAlgorithm];

/** RFC 5487, 5489, 5289, 6655, 7251, 7905, 8442. In the order of our preference: the first that both can is taken. */
const rows = {
  TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8: [0xc0ae, 'ECDHE_ECDSA', 'aes-128-ccm-8', 'sha256'],
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: [0xc02b, 'ECDHE_ECDSA', 'aes-128-gcm', 'sha256'],
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: [0xc02c, 'ECDHE_ECDSA', 'aes-256-gcm', 'sha384'],
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: [0xcca9, 'ECDHE_ECDSA', 'chacha20-poly1305', 'sha256'],
  TLS_ECDHE_ECDSA_WITH_AES_128_CCM: [0xc0ac, 'ECDHE_ECDSA', 'aes-128-ccm', 'sha256'],
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256: [0xd001, 'ECDHE_PSK', 'aes-128-gcm', 'sha256'],
  TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384: [0xd002, 'ECDHE_PSK', 'aes-256-gcm', 'sha384'],
  TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256: [0xd003, 'ECDHE_PSK', 'aes-128-ccm-8', 'sha256'],
  TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256: [0xd005, 'ECDHE_PSK', 'aes-128-ccm', 'sha256'],
  TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256: [0xccac, 'ECDHE_PSK', 'chacha20-poly1305', 'sha256'],
  TLS_PSK_WITH_AES_128_CCM_8: [0xc0a8, 'PSK', 'aes-128-ccm-8', 'sha256'],
  TLS_PSK_WITH_AES_128_GCM_SHA256: [0x00a8, 'PSK', 'aes-128-gcm', 'sha256'],
  TLS_PSK_WITH_AES_256_GCM_SHA384: [0x00a9, 'PSK', 'aes-256-gcm', 'sha384'],
  TLS_PSK_WITH_AES_128_CCM: [0xc0a4, 'PSK', 'aes-128-ccm', 'sha256'],
  TLS_PSK_WITH_CHACHA20_POLY1305_SHA256: [0xccab, 'PSK', 'chacha20-poly1305', 'sha256'],
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256: [0xc037, 'ECDHE_PSK', 'aes-128-cbc', 'sha256'],
  TLS_PSK_WITH_AES_128_CBC_SHA256: [0x00ae, 'PSK', 'aes-128-cbc', 'sha256'],
} as const satisfies Record<string, Row>;

export type CipherSuiteName = keyof typeof rows;

/** All suites, by name, in the order of preference. Deprecated ones are not here. */
export const cipherSuites = Object.fromEntries(
  Object.entries(rows).map(([name, [id, keyExchange, cipher, hash]]) => [
    name,
    { name, id, keyExchange, cipher, hash },
  ]),
) as Readonly<Record<CipherSuiteName, CipherSuite>>;

const suitesById = new Map(Object.values(cipherSuites).map((suite) => [suite.id, suite]));

export function cipherSuiteOf(id: number): CipherSuite | undefined {
  return suitesById.get(id);
}

/** @throws RangeError that lists what is right when a name is unknown */
export function chosenSuites(names: readonly CipherSuiteName[] | undefined): readonly CipherSuite[] {
  if (names === undefined) return Object.values(cipherSuites);
  return names.map((name) => {
    const suite = cipherSuites[name];
    if (suite) return suite;
    throw new RangeError(`"${name}" is no cipher suite of ours; these are: ${Object.keys(rows).join(', ')}`);
  });
}

/** RFC 5746 §3.3: stands for an empty renegotiation_info. */
export const emptyRenegotiationInfoScsv = 0x00ff;

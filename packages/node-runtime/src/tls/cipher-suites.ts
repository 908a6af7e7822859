import { runtimeErrors } from '../errors.ts';

/** The cipher suites of TLS that we offer and serve: IANA's numbers, and the names that OpenSSL has for them. */
const names = new Map<number, string>([
  [0x1301, 'TLS_AES_128_GCM_SHA256'],
  [0x1302, 'TLS_AES_256_GCM_SHA384'],
  [0x1303, 'TLS_CHACHA20_POLY1305_SHA256'],
  [0x1304, 'TLS_AES_128_CCM_SHA256'],
  [0xc02b, 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  [0xc02c, 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  [0xc02f, 'ECDHE-RSA-AES128-GCM-SHA256'],
  [0xc030, 'ECDHE-RSA-AES256-GCM-SHA384'],
  [0xc0ac, 'ECDHE-ECDSA-AES128-CCM'],
  [0xc0ae, 'ECDHE-ECDSA-AES128-CCM8'],
  [0xcca8, 'ECDHE-RSA-CHACHA20-POLY1305'],
  [0xcca9, 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  [0x00a8, 'PSK-AES128-GCM-SHA256'],
  [0x00a9, 'PSK-AES256-GCM-SHA384'],
  [0xc0a4, 'PSK-AES128-CCM'],
  [0xc0a8, 'PSK-AES128-CCM8'],
  [0xccab, 'PSK-CHACHA20-POLY1305'],
  [0xccac, 'ECDHE-PSK-CHACHA20-POLY1305'],
]);

const isOfTls13 = (number: number) => number >> 8 === 0x13;

/** Options of TLS that offer these alone, of which those that we do not know are left out; undefined when none is left. */
export function suiteOptions(numbers: readonly number[]) {
  const known = numbers.filter((number) => names.has(number));
  if (known.length === 0) return undefined;
  return {
    ciphers: known.map((number) => names.get(number)!).join(':'),
    ...(known.every(isOfTls13) && { minVersion: 'TLSv1.3' as const }),
    ...(!known.some(isOfTls13) && { maxVersion: 'TLSv1.2' as const }),
  };
}

/** SignatureSchemes: IANA's numbers, and OpenSSL's names. */
const signatures = new Map<number, string>([
  [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0503, 'ecdsa_secp384r1_sha384'],
  [0x0603, 'ecdsa_secp521r1_sha512'],
  [0x0807, 'ed25519'],
  [0x0808, 'ed448'],
  [0x0804, 'rsa_pss_rsae_sha256'],
  [0x0805, 'rsa_pss_rsae_sha384'],
  [0x0806, 'rsa_pss_rsae_sha512'],
  [0x0809, 'rsa_pss_pss_sha256'],
  [0x080a, 'rsa_pss_pss_sha384'],
  [0x080b, 'rsa_pss_pss_sha512'],
  [0x0401, 'rsa_pkcs1_sha256'],
  [0x0501, 'rsa_pkcs1_sha384'],
  [0x0601, 'rsa_pkcs1_sha512'],
]);

/**
 * The list for OpenSSL; what we do not know is left out.
 * @throws YaolianError TLS_CREDENTIALS_BAD when nothing is left
 */
export function signatureNames(numbers: readonly number[]): string {
  const known = numbers.flatMap((number) => signatures.get(number) ?? []);
  if (known.length > 0) return known.join(':');
  throw runtimeErrors.TLS_CREDENTIALS_BAD('the list of signature algorithms', 'none of them is known here', undefined);
}

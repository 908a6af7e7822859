import type { ClientCredentials, CryptoPort, OwnCredential, PeerTrust } from '@yaolian/dtls';
import { encodeUtf8 } from '@yaolian/kernel';
import { runtimeErrors } from '../errors.ts';
import type { TlsClientOptions, TlsCredentials } from '../stream/tls-options.ts';
import { certificatesOfPem } from '../tls/pem.ts';

/**
 * What a DTLS client shows and believes, from the options that TLS takes too. Without authorities no server is believed but
 * by a pre-shared key.
 * @throws YaolianError TLS_CREDENTIALS_BAD
 */
export function dtlsClientCredentials(options: TlsClientOptions, crypto: CryptoPort): ClientCredentials {
  const { psk, credentials, serverName } = options;
  // With a pre-shared key alone no certificate is believed, lest somebody with any certificate passes for the server.
  if (psk !== undefined) return { psk: { identity: encodeUtf8(psk.identity), key: psk.key } };
  return {
    trust: trustOf(options),
    ...(credentials && { own: [ownCredential(credentials, crypto)] }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function trustOf({ authorities, insecure = false }: TlsClientOptions): PeerTrust {
  if (insecure) return { storedCertificate: () => true, rawPublicKey: () => true };
  const list = authorities === undefined ? [] : Array.isArray(authorities) ? authorities : [authorities];
  return { authorities: list.flatMap((pem) => certificatesOfPem(pem as string | Uint8Array, 'the authorities')) };
}

/** @throws YaolianError TLS_CREDENTIALS_BAD */
function ownCredential({ certificate, key }: TlsCredentials, crypto: CryptoPort): OwnCredential {
  try {
    const privateKey = crypto.importPrivateKey(key);
    return { privateKey, chain: certificatesOfPem(certificate, 'the certificate of the client') };
  } catch (error) {
    throw runtimeErrors.TLS_CREDENTIALS_BAD('the key of the client', (error as Error).message, error);
  }
}

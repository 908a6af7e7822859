import { type CoapEndpoint, type CoapUri, createStreamCoapEndpoint } from '@yaolian/coap';
import { decodeUtf8 } from '@yaolian/kernel';
import { type Connector, SecurityMode, type ServerAccess, transportConnector } from '@yaolian/lwm2m/client';
import { coapStreamConnector, nodeClock, nodeRandom, nodeTimers, type TlsClientOptions } from '@yaolian/node-runtime';
import { resolveHost } from '../udp/resolve.ts';

/** The way to servers by every transport but DTLS. @param tls what goes for all servers, beside their accounts */
export function terminalConnector(datagrams: CoapEndpoint, tls: TlsClientOptions = {}): Connector {
  return transportConnector({
    datagrams,
    resolve: resolveHost,
    openStreams: (uri: CoapUri, access, onLost) =>
      createStreamCoapEndpoint({
        connector: coapStreamConnector(uri, { ...tls, ...credentialsOf(access) }),
        clock: nodeClock,
        timers: nodeTimers,
        random: nodeRandom,
        onDisconnected: onLost,
      }),
  });
}

/** What an account of object 0 says of TLS (OMA-TS-LightweightM2M_Transport 1.1 §5.2): a key, or whom to trust. */
function credentialsOf(access: ServerAccess): TlsClientOptions {
  const { securityMode, publicKeyOrIdentity, serverPublicKey, secretKey } = access;
  if (securityMode === SecurityMode.PreSharedKey) {
    return { psk: { identity: decodeUtf8(publicKeyOrIdentity) ?? '', key: secretKey } };
  }
  return serverPublicKey.length > 0 ? { authorities: certificatePem(serverPublicKey) } : {};
}

function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

import { isIPv4, isIPv6, type StreamConnector } from '@yaolian/kernel';
import { tcpConnector } from './tcp.ts';
import { tlsConnector } from './tls.ts';
import type { TlsClientOptions } from './tls-options.ts';
import { webSocketConnector } from './websocket.ts';

/** Where a `coap+tcp`, `coaps+tcp`, `coap+ws` or `coaps+ws` URI leads. */
export interface CoapStreamTarget {
  readonly scheme: string;
  /** A name, or an address as URIs have it. */
  readonly host: string;
}

/**
 * The connector for the scheme of a URI (RFC 8323 §8). Servers are to carry the URI's host in their certificates.
 * @throws YaolianError TLS_CREDENTIALS_BAD
 * @throws RangeError for a scheme that is none of the four
 */
export function coapStreamConnector({ scheme, host }: CoapStreamTarget, tls: TlsClientOptions = {}): StreamConnector {
  const isName = !isIPv4(host) && !isIPv6(host);
  const named = isName ? { serverName: host, ...tls } : tls;
  const hostName = isName ? { hostName: host } : {};
  switch (scheme) {
    case 'coap+tcp':
      return tcpConnector();
    case 'coaps+tcp':
      return tlsConnector(named);
    case 'coap+ws':
      return webSocketConnector(hostName);
    case 'coaps+ws':
      return webSocketConnector({ ...hostName, tls: named });
    default:
      throw new RangeError(`${scheme} is no CoAP over streams`);
  }
}

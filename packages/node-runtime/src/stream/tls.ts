import { connect, createServer } from 'node:tls';
import { type StreamConnector, type StreamListener, StreamPeer } from '@yaolian/kernel';
import { addressOf, SocketStream } from './socket-stream.ts';
import { bind, type ListenOptions, nextConnection, ServerListener } from './stream-server.ts';
import { opened } from './tcp.ts';
import {
  clientIdentity,
  clientTlsOptions,
  serverTlsOptions,
  type TlsClientOptions,
  type TlsServerOptions,
} from './tls-options.ts';

/** RFC 8323 §8.2: the ALPN protocol of CoAP over TLS. */
const alpn = 'coap';

/**
 * Listens for TLS connections. The peer of a stream carries the identity that the client proved.
 * @throws YaolianError TCP_…, TLS_CREDENTIALS_BAD
 */
export async function listenTls(options: ListenOptions & TlsServerOptions): Promise<StreamListener> {
  const server = createServer({ ...serverTlsOptions(options), ALPNProtocols: [alpn] });
  const listener = new ServerListener(server, await bind(server, options));
  // A handshake that failed: the socket is gone, and who it was proved nothing.
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    const from = addressOf(socket.remoteAddress, socket.remotePort);
    if (from === undefined) socket.destroy();
    else listener.offer(new SocketStream(socket, new StreamPeer(from, nextConnection(), clientIdentity(socket))));
  });
  return listener;
}

/** Connects by TLS. @throws YaolianError TLS_CREDENTIALS_BAD */
export function tlsConnector(options: TlsClientOptions = {}): StreamConnector {
  const tls = clientTlsOptions(options);
  return {
    connect: (to, signal) => {
      const { host, port } = to.address;
      const open = () => connect(port, host, { ...tls, ALPNProtocols: [alpn] });
      return opened(to, signal, open, 'secureConnect');
    },
  };
}

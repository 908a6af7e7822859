import type { Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { type StreamConnector, StreamPeer } from '@yaolian/kernel';
import { listenForAlert } from '../tls/alert.ts';
import { BelievedAuthorities } from '../tls/believed-authorities.ts';
import { type HandshakeBounds, HandshakeGate } from './handshake-count.ts';
import { addressOf, SocketStream } from './socket-stream.ts';
import { bind, type ListenOptions, nextConnection, ServerListener, type TlsListener } from './stream-server.ts';
import { opened } from './tcp.ts';
import {
  clientTlsOptions,
  provenIdentity,
  serverTlsOptions,
  type TlsClientOptions,
  type TlsServerOptions,
} from './tls-options.ts';

/** RFC 8323 §8.2: the ALPN protocol of CoAP over TLS. */
const alpn = 'coap';

export interface TlsListenOptions extends ListenOptions, TlsServerOptions, HandshakeBounds {}

/**
 * Listens for TLS connections. The peer of a stream carries the identity that the client proved.
 * @throws YaolianError TCP_…, TLS_CREDENTIALS_BAD
 */
export async function listenTls(options: TlsListenOptions): Promise<TlsListener> {
  const server = createServer({ ...serverTlsOptions(options), ALPNProtocols: [alpn] });
  const believed = new BelievedAuthorities(options.clientAuthorities);
  const gate = new HandshakeGate(server, options);
  const listener = new ServerListener(server, await bind(server, options), { server, options, believed });
  // Who did not shake hands proved nothing. Node leaves the socket open when it took too long.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('secureConnection', (socket) => {
    // Whoever leaves while it is looked up who it is leaves nobody in doubt.
    socket.on('error', () => {});
    void provenIdentity(socket, options).then(
      (identity) => {
        gate.through(socket);
        const from = addressOf(socket.remoteAddress, socket.remotePort);
        if (from === undefined || socket.destroyed || !believed.admit(socket, identity)) socket.destroy();
        else listener.offer(new SocketStream(socket, new StreamPeer(from, nextConnection(), 'tls', identity)));
      },
      () => socket.destroy(),
    );
  });
  return listener;
}

/** Connects by TLS. @throws YaolianError TLS_CREDENTIALS_BAD */
export function tlsConnector(options: TlsClientOptions = {}): StreamConnector {
  const { judge, ...tls } = clientTlsOptions(options);
  return {
    connect: (to, signal) => {
      const { host, port } = to.address;
      const open = () => {
        const socket = connect(port, host, { ...tls, ALPNProtocols: [alpn] });
        if (options.onAlert) listenForAlert(socket, options.onAlert);
        return socket;
      };
      const judgeSocket = judge && ((socket: Socket) => judge(socket as TLSSocket, options.serverName ?? host));
      return opened(to, signal, open, 'secureConnect', judgeSocket);
    },
  };
}

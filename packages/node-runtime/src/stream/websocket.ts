import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type ByteStream, type Peer, type StreamConnector, StreamPeer } from '@yaolian/kernel';
import { WebSocket, WebSocketServer } from 'ws';
import { listenForAlert } from '../tls/alert.ts';
import { BelievedAuthorities } from '../tls/believed-authorities.ts';
import { type HandshakeBounds, HandshakeGate } from './handshake-count.ts';
import { addressOf } from './socket-stream.ts';
import { bind, type ListenOptions, nextConnection, ServerListener, type TlsListener } from './stream-server.ts';
import {
  clientTlsOptions,
  provenIdentity,
  serverTlsOptions,
  type TlsClientOptions,
  type TlsServerOptions,
} from './tls-options.ts';
import { dropWebSocket, pathOf, refuseUpgrade } from './upgrade.ts';
import { WebSocketStream } from './websocket-stream.ts';

/** RFC 8323 §4.1: where CoAP over WebSockets lives, and what it is called. */
export const coapWebSocketPath = '/.well-known/coap';
const subprotocol = 'coap';

export interface WebSocketOptions {
  /** Larger messages end the connection. Default 128 KiB. */
  readonly maximumMessageBytes?: number;
}

/** Until its WebSocket is open, a connection counts among the handshakes. */
export interface WebSocketListenOptions extends ListenOptions, WebSocketOptions, HandshakeBounds {
  /** `wss`, where it is there. */
  readonly tls?: TlsServerOptions;
  /** How long a client may take to ask for the WebSocket, in milliseconds, after TLS where that is there. Default 10,000. */
  readonly upgradeTimeout?: number;
}

const defaultMaximum = 128 * 1024;

/** Listens for WebSockets at {@link coapWebSocketPath}. @throws YaolianError TCP_…, TLS_CREDENTIALS_BAD */
export async function listenWebSocket(options: WebSocketListenOptions): Promise<TlsListener> {
  const { tls, maximumMessageBytes: maxPayload = defaultMaximum, upgradeTimeout = 10_000 } = options;
  const timeouts = {
    headersTimeout: upgradeTimeout,
    requestTimeout: upgradeTimeout,
    // How often Node looks at the two above; by itself every 30 s only.
    connectionsCheckingInterval: Math.min(1000, upgradeTimeout),
    keepAliveTimeout: 1000,
  };
  const secure = tls && {
    server: createTlsServer({ ...serverTlsOptions(tls), ...timeouts }),
    options: tls,
    believed: new BelievedAuthorities(tls.clientAuthorities),
  };
  const http: Server = secure?.server ?? createServer(timeouts);
  const gate = new HandshakeGate(http, options);
  // Anything but a WebSocket: RFC 9110 §15.5.22.
  http.on('request', (_request, response) => {
    response
      .writeHead(426, { Connection: 'close', Upgrade: 'websocket' })
      .end('CoAP is spoken here over WebSockets.\n');
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: (protocols) => (protocols.has(subprotocol) ? subprotocol : false),
  });
  const listener = new ServerListener(http, await bind(http, options), secure);
  http.on('upgrade', async (request: IncomingMessage, socket, head) => {
    socket.on('error', () => {});
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
    const isHere = pathOf(request) === coapWebSocketPath;
    if (!isHere || !offered?.includes(subprotocol)) {
      refuseUpgrade(socket, isHere ? 400 : 404);
      return;
    }
    const unknown = () => undefined;
    const identity = tls ? await provenIdentity(request.socket as TLSSocket, tls).catch(unknown) : undefined;
    if (socket.destroyed) return;
    if (secure?.believed.admit(request.socket as TLSSocket, identity) === false) {
      socket.destroy();
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      gate.through(request.socket);
      const { remoteAddress, remotePort, localAddress, localPort } = request.socket;
      const from = addressOf(remoteAddress, remotePort);
      const here = addressOf(localAddress, localPort);
      if (from === undefined || here === undefined) {
        dropWebSocket(webSocket);
        return;
      }
      const peer = new StreamPeer(from, nextConnection(), tls ? 'wss' : 'ws', identity);
      listener.offer(new WebSocketStream(webSocket, peer, here));
    });
  });
  return listener;
}

export interface WebSocketConnectOptions extends WebSocketOptions {
  /** `wss`, where it is there. */
  readonly tls?: TlsClientOptions;
  /** What the Host header says; absent: the address. */
  readonly hostName?: string;
}

/** Connects by WebSocket. @throws YaolianError TLS_CREDENTIALS_BAD */
export function webSocketConnector(options: WebSocketConnectOptions = {}): StreamConnector {
  const { tls, hostName, maximumMessageBytes: maxPayload = defaultMaximum } = options;
  const { judge, ...tlsOptions } = tls ? clientTlsOptions(tls) : {};
  const open = ({ address }: Peer) => {
    const host = address.family === 6 ? `[${address.host.replace(/%.*/, '')}]` : address.host;
    const url = `${tls ? 'wss' : 'ws'}://${host}:${address.port}${coapWebSocketPath}`;
    const socket = new WebSocket(url, [subprotocol], {
      ...tlsOptions,
      perMessageDeflate: false,
      maxPayload,
      ...(hostName !== undefined && { headers: { Host: `${hostName}:${address.port}` } }),
    });
    if (tls?.onAlert) listenForAlert(socket, tls.onAlert);
    return socket;
  };
  return {
    connect: (to, signal) => {
      const host = tls?.serverName ?? to.address.host;
      return openedWebSocket(to, signal, open, (socket) => judge?.(socket as TLSSocket, host));
    },
  };
}

function openedWebSocket(
  to: Peer,
  signal: AbortSignal,
  open: (to: Peer) => WebSocket,
  judge: (socket: Socket) => Error | undefined,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = open(to);
    let here = to.address;
    socket.once('upgrade', (response) => {
      const wrong = judge(response.socket);
      if (wrong) {
        onError(wrong);
        socket.terminate();
      }
      here = addressOf(response.socket.localAddress, response.socket.localPort) ?? here;
    });
    const onAbort = () => {
      reject(signal.reason);
      socket.terminate();
    };
    const onError = (error: Error) => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError);
    socket.once('open', () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      resolve(new WebSocketStream(socket, to, here));
    });
  });
}

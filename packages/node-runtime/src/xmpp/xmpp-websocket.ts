import type { IncomingMessage, Server } from 'node:http';
import { type TLSSocket, TLSSocket as TlsSocketClass } from 'node:tls';
import type { ByteStreamListener, Peer, PeerIdentity, SocketAddress } from '@yaolian/kernel';
import { StreamPeer, socketAddress } from '@yaolian/kernel';
import type { ChannelBindingType, TransportListener, XmppTransport } from '@yaolian/xmpp';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressOf } from '../stream/socket-stream.ts';
import { nextConnection } from '../stream/stream-server.ts';
import { dropWebSocket, pathOf, refuseUpgrade, upgradeAt } from '../stream/upgrade.ts';
import { WebSocketStream } from '../stream/websocket-stream.ts';
import { channelBindingData, channelBindingTypesOf } from './channel-binding.ts';

export interface XmppWebSocketOptions {
  /** Default `/xmpp-websocket`. */
  readonly path?: string;
  /** Larger messages end the connection. Default 256 KiB. */
  readonly maximumMessageBytes?: number;
  /** TLS ends at a proxy in front of this server, which is the only one that reaches it. Default false. */
  readonly isBehindTls?: boolean;
}

/**
 * Takes the WebSockets of XMPP (RFC 7395) that come to an HTTP server at one path; requests for other paths are left to whoever
 * else listens for upgrades.
 */
export function xmppWebSockets(server: Server, options: XmppWebSocketOptions = {}): TransportListener {
  const { path = '/xmpp-websocket', maximumMessageBytes: maxPayload = 262_144, isBehindTls = false } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: (protocols) => (protocols.has('xmpp') ? 'xmpp' : false),
  });
  let onTransport: ((transport: XmppTransport) => void) | undefined;
  const onUpgrade = (request: IncomingMessage, socket: TLSSocket, head: Buffer) => {
    if (pathOf(request) !== path) return;
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
    // RFC 7395 §3.1.
    if (onTransport === undefined || offered?.includes('xmpp') !== true) {
      refuseUpgrade(socket, 400);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const transport = transportOf(webSocket, request, isBehindTls);
      if (transport === undefined || onTransport === undefined) dropWebSocket(webSocket);
      else onTransport(transport);
    });
  };
  const stopUpgrading = upgradeAt(server, path);
  server.on('upgrade', onUpgrade);
  return {
    get localAddress() {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') return socketAddress('0.0.0.0', 0);
      return addressOf(bound.address, bound.port)!;
    },
    accept: (listener) => {
      onTransport = listener;
    },
    close: async () => {
      onTransport = undefined;
      server.off('upgrade', onUpgrade);
      stopUpgrading();
    },
  };
}

function transportOf(
  webSocket: WebSocket,
  { socket }: IncomingMessage,
  isBehindTls: boolean,
): XmppTransport | undefined {
  const from = addressOf(socket.remoteAddress, socket.remotePort);
  const here = addressOf(socket.localAddress, socket.localPort);
  if (from === undefined || here === undefined) return undefined;
  const stream = new WebSocketStream(webSocket, new StreamPeer(from, nextConnection(), 'ws'), here, false);
  return new WebSocketTransport(stream, socket instanceof TlsSocketClass ? socket : undefined, isBehindTls);
}

class WebSocketTransport implements XmppTransport {
  readonly keepsBoundaries = true;
  readonly canStartTls = false;
  readonly identity: PeerIdentity | undefined = undefined;
  readonly isSecure: boolean;
  readonly #stream: WebSocketStream;
  readonly #tls: TLSSocket | undefined;

  constructor(stream: WebSocketStream, tls: TLSSocket | undefined, isBehindTls: boolean) {
    this.#stream = stream;
    this.#tls = tls;
    this.isSecure = tls !== undefined || isBehindTls;
  }

  get peer(): Peer {
    return this.#stream.peer;
  }

  get localAddress(): SocketAddress {
    return this.#stream.localAddress;
  }

  get channelBindingTypes(): readonly ChannelBindingType[] {
    return this.#tls === undefined ? [] : channelBindingTypesOf(this.#tls);
  }

  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    return this.#tls && channelBindingData(this.#tls, type, true);
  }

  startTls(): Promise<void> {
    return Promise.reject(new TypeError('a WebSocket has TLS below it or none'));
  }

  listen(listener: ByteStreamListener): void {
    this.#stream.listen(listener);
  }

  write(bytes: Uint8Array): boolean {
    return this.#stream.write(bytes);
  }

  get queuedBytes(): number {
    return this.#stream.queuedBytes;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.close();
  }

  abort(): void {
    this.#stream.abort();
  }
}

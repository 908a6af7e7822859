import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** The path that a request asks for; undefined: its target is none (`//` would be a host without a name). */
export function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  return URL.parse(url, 'ws://here')?.pathname;
}

/** Ends a WebSocket that nobody takes, whatever is still on its way: what it says of that is heard, or it would end the program. */
export function dropWebSocket(webSocket: WebSocket): void {
  webSocket.on('error', () => {});
  webSocket.terminate();
}

/** Answers a request for a WebSocket that is none of ours. The socket is gone then, also where the peer keeps its half of the connection open. */
export function refuseUpgrade(socket: Duplex, status: 400 | 404): void {
  socket.on('error', () => {});
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Which of the requests that want another protocol get it; the server answers the others as if they had not asked (RFC 9110 §7.8). */
interface UpgradingServer {
  shouldUpgradeCallback?: (request: IncomingMessage) => boolean;
}

/**
 * Lets a server upgrade to WebSockets at one path, besides what it upgrades already. Without, Node takes the sockets of all requests with
 * an `Upgrade` header away from it, and who asks for another path waits for ever.
 * @returns takes it back
 */
export function upgradeAt(server: Server, path: string): () => void {
  const upgrading = server as UpgradingServer;
  const before = upgrading.shouldUpgradeCallback;
  const isAlone = server.listenerCount('upgrade') === 0;
  upgrading.shouldUpgradeCallback = (request) => {
    const isOurs = /^websocket$/i.test(request.headers.upgrade ?? '') && pathOf(request) === path;
    return isOurs || (!isAlone && before?.call(server, request) === true);
  };
  return () => {
    if (before !== undefined) upgrading.shouldUpgradeCallback = before;
  };
}

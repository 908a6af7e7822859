import { connect, createServer, type Socket } from 'node:net';
import { type ByteStream, type Peer, type StreamConnector, type StreamListener, StreamPeer } from '@yaolian/kernel';
import { addressOf, SocketStream } from './socket-stream.ts';
import { bind, type ListenOptions, nextConnection, ServerListener } from './stream-server.ts';

/** Listens for TCP connections. @throws YaolianError TCP_… */
export async function listenTcp(options: ListenOptions): Promise<StreamListener> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const listener = new ServerListener(server, await bind(server, options));
  server.on('connection', (socket) => {
    const from = addressOf(socket.remoteAddress, socket.remotePort);
    if (from === undefined)
      socket.destroy(); // gone before we looked
    else listener.offer(new SocketStream(socket, new StreamPeer(from, nextConnection(), 'tcp')));
  });
  return listener;
}

/** Connects by TCP. */
export function tcpConnector(): StreamConnector {
  return {
    connect: (to, signal) =>
      opened(
        to,
        signal,
        () => connect({ host: to.address.host, port: to.address.port, allowHalfOpen: true }),
        'connect',
      ),
  };
}

/** Waits until a socket is ready, and makes a stream of it. @param judge why it is not good after all */
export function opened(
  to: Peer,
  signal: AbortSignal,
  open: () => Socket,
  ready: string,
  judge: (socket: Socket) => Error | undefined = () => undefined,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = open();
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    const onError = (error: Error) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError);
    socket.once(ready, () => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) return;
      const wrong = judge(socket);
      if (wrong) {
        onError(wrong);
        return;
      }
      socket.off('error', onError);
      resolve(new SocketStream(socket, to));
    });
  });
}

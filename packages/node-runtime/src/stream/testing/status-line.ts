import { once } from 'node:events';
import { connect } from 'node:net';

/** The first line of what a server says to a request for another protocol. */
export async function statusLine(port: number, target: string, upgrade = 'websocket'): Promise<string> {
  const head = [`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', `Upgrade: ${upgrade}`];
  const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString('latin1').split('\r\n', 1)[0]!;
}

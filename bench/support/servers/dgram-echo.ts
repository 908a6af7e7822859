/** Sends every datagram back over bare `node:dgram`, as fast as that goes. `node dgram-echo.ts PORT` */
import { createSocket } from 'node:dgram';

const socket = createSocket({
  type: 'udp4',
  recvBufferSize: 4 * 1024 * 1024,
  lookup: (host, _options, callback) => callback(null, host, 4),
});
socket.on('message', (datagram, from) => socket.send(datagram, 0, datagram.length, from.port, from.address));
socket.bind(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));

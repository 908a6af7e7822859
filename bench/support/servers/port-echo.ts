/** Sends every datagram back over an adapter of the datagram port. `node port-echo.ts ADAPTER PORT` */
import { openUdpPort, type UdpAdapter } from '@yaolian/node-runtime';

const [adapter, port] = process.argv.slice(2);
const socket = await openUdpPort({ host: '127.0.0.1', port: Number(port), adapter: adapter as UdpAdapter });
socket.listen({ onDatagram: (datagram, from) => socket.send(datagram, from) });
console.log('ready');

export * from './clock.ts';
export * from './errors.ts';
export * from './log.ts';
export * from './process-metrics.ts';
export * from './prometheus-meter.ts';
export * from './random.ts';
export type { ListenOptions } from './stream/stream-server.ts';
export { listenTcp, tcpConnector } from './stream/tcp.ts';
export { openUdpPort } from './udp/open-udp-port.ts';
export {
  type MulticastOptions,
  UdpAdapter,
  type UdpPort,
  type UdpPortOptions,
  udpAdapterVariable,
} from './udp/udp-port.ts';

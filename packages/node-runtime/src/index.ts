export * from './clock.ts';
export { nodeCrypto } from './crypto/node-crypto.ts';
export { CryptoAdapter, cryptoAdapterVariable, openCrypto } from './crypto/openssl-crypto.ts';
export * from './errors.ts';
export * from './log.ts';
export * from './process-metrics.ts';
export * from './prometheus-meter.ts';
export * from './random.ts';
export { type CoapStreamTarget, coapStreamConnector } from './stream/coap-connector.ts';
export type { ListenOptions } from './stream/stream-server.ts';
export { listenTcp, tcpConnector } from './stream/tcp.ts';
export { listenTls, tlsConnector } from './stream/tls.ts';
export type { TlsClientOptions, TlsCredentials, TlsServerOptions } from './stream/tls-options.ts';
export {
  coapWebSocketPath,
  listenWebSocket,
  type WebSocketConnectOptions,
  type WebSocketListenOptions,
  webSocketConnector,
} from './stream/websocket.ts';
export { type OwnCertificate, type OwnCertificateOptions, ownCertificate } from './tls/own-certificate.ts';
export { openUdpPort } from './udp/open-udp-port.ts';
export {
  type MulticastOptions,
  UdpAdapter,
  type UdpPort,
  type UdpPortOptions,
  udpAdapterVariable,
} from './udp/udp-port.ts';

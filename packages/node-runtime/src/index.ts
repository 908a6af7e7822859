export * from './clock.ts';
export { cbcCrypto } from './crypto/aes-cbc.ts';
export { nodeCrypto, privateKeyPem } from './crypto/node-crypto.ts';
export { CryptoAdapter, cryptoAdapterVariable, openCrypto } from './crypto/openssl-crypto.ts';
export { openOscoreCrypto, oscoreCrypto } from './crypto/oscore-crypto.ts';
export { saslCrypto } from './crypto/sasl-crypto.ts';
export * from './descriptor-watch.ts';
export { dtlsClientCredentials } from './dtls/client-credentials.ts';
export * from './errors.ts';
export * from './log.ts';
export { type MqttConnection, type MqttConnectionOptions, openMqttPort, socketTrouble } from './mqtt/mqtt-port.ts';
export { type OscoreStates, openOscoreStates } from './oscore-states.ts';
export { openPeerConnections } from './peer-connections/open-peer-connections.ts';
export * from './process-metrics.ts';
export * from './prometheus-meter.ts';
export * from './random.ts';
export { type CoapStreamTarget, coapStreamConnector } from './stream/coap-connector.ts';
export type { ListenOptions, TlsListener } from './stream/stream-server.ts';
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
export { type CertificateFacts, certificateFacts } from './tls/certificate-facts.ts';
export {
  makeServerRequest,
  type PendingRequest,
  PendingRequestFile,
  type RequestKeyKind,
  type ServerName,
  serverName,
  type WantedCertificate,
} from './tls/certificate-request.ts';
export { type CertificateRule, isOfRule, pemOf, trustByRule } from './tls/certificate-rule.ts';
export { type ChainFault, type ChainRules, checkAuthorities, checkChain, ImportedChain } from './tls/imported-chain.ts';
export { writePem } from './tls/kept-pair.ts';
export { type OwnCertificate, type OwnCertificateOptions, ownCertificate } from './tls/own-certificate.ts';
export { certificatesOfPem } from './tls/pem.ts';
export {
  certificateValidity,
  encodeCertsOnly,
  isCertificateOf,
  makeCertificateRequest,
  openTerminalAuthority,
  type TerminalAuthority,
} from './tls/terminal-authority.ts';
export { makeTerminalCertificate, makeTerminalKeys, type TerminalKeys } from './tls/terminal-keys.ts';
export { openUdpPort } from './udp/open-udp-port.ts';
export {
  type MulticastOptions,
  UdpAdapter,
  type UdpPort,
  type UdpPortOptions,
  udpAdapterVariable,
} from './udp/udp-port.ts';
export { listenXmpp, type XmppListener, type XmppListenOptions } from './xmpp/listen-xmpp.ts';
export { webSocketOpener, type XmppConnectorOptions, xmppConnector } from './xmpp/xmpp-connector.ts';
export { type XmppWebSocketOptions, xmppWebSockets } from './xmpp/xmpp-websocket.ts';

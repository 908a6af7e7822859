export {
  type IqHandler,
  type IqOutcome,
  type RequestOptions,
  XmppClient,
  type XmppClientListener,
  type XmppClientOptions,
  type XmppClientTiming,
} from './client/client.ts';
export { xmppErrors } from './client/errors.ts';
export { type IqAnswer, IqRequests, refusalOf, refuseIq } from './client/requests.ts';
export {
  type FetchText,
  type WebSocketConnectorOptions,
  type WebSocketLike,
  webSocketConnector,
  webSocketOf,
} from './client/websocket.ts';
export {
  type ComponentAccess,
  type ComponentBounds,
  ComponentServer,
  type ComponentServerOptions,
} from './component/component-server.ts';
export {
  ArchivePruning,
  type ArchivePruningOptions,
  type ArchiveRetention,
  defaultArchiveRetention,
} from './im/archive-pruning.ts';
export { BoundClient, ClientTable } from './im/client-table.ts';
export { delayOf, readTimestamp, timestamp } from './im/delay.ts';
export { ImDomains, type StanzaRouter } from './im/im-domains.ts';
export { ImServer } from './im/im-server.ts';
export * from './im/module.ts';
export { archiveModule } from './im/modules/archive.ts';
export { blockingModule } from './im/modules/blocking.ts';
export { discoveryModules, verificationString } from './im/modules/caps.ts';
export { carbonsModule } from './im/modules/carbons.ts';
export { discoModule, encodeInfo } from './im/modules/disco.ts';
export { type ExternalService, externalServicesModule } from './im/modules/external-services.ts';
export { pingModule } from './im/modules/ping.ts';
export { pushModule, pushNotification, pushOptions } from './im/modules/push.ts';
export { type AccountRegistrar, registrationModule } from './im/modules/registration.ts';
export { relayedModules } from './im/modules/relayed.ts';
export { timeModule } from './im/modules/time.ts';
export { type UploadSlot, type UploadSlots, uploadModule } from './im/modules/upload.ts';
export { VcardBook, vcardModule } from './im/modules/vcard.ts';
export { versionModule } from './im/modules/version.ts';
export { defaultImBounds, type ImBounds, type ImServerOptions, type ImService } from './im/options.ts';
export { avatarModules } from './im/pep/avatars.ts';
export { type Pep, personalEventing } from './im/pep/pep-module.ts';
export type { PepService } from './im/pep/pep-service.ts';
export { privateXmlModule } from './im/pep/private-xml.ts';
export { rosterFeatures } from './im/roster.ts';
export * from './im/stanza-error.ts';
export * from './im/stores.ts';
export { isSubscription, newItem, type SubscriptionType } from './im/subscription.ts';
export { Jid, JidCache } from './jid/jid.ts';
export { maxJidPart, prepareDomain, prepareLocal, prepareResource } from './jid/preparation.ts';
export { namespaces } from './namespaces.ts';
export type { Affiliation, Role } from './rooms/privileges.ts';
export type { Room } from './rooms/room.ts';
export type { RoomConfig } from './rooms/room-config.ts';
export { defaultRoomBounds, type RoomBounds, type RoomServiceOptions } from './rooms/room-options.ts';
export { RoomService } from './rooms/room-service.ts';
export type * from './rooms/room-store.ts';
export * from './sasl/crypto.ts';
export * from './sasl/mechanism.ts';
export { preparePassword } from './sasl/password.ts';
export * from './sasl/plain-external.ts';
export { type ScramClientOptions, scramClients, scramErrors } from './sasl/scram-client.ts';
export { type CredentialStore, defaultIterations, type ScramKeys, scramKeysOf } from './sasl/scram-keys.ts';
export { type ScramServerOptions, scramMechanisms } from './sasl/scram-server.ts';
export type { AttemptLimits } from './server/attempt-limiter.ts';
export type { ConflictPolicy, XmppServerBounds, XmppServerOptions, XmppServerTiming } from './server/options.ts';
export type { SessionHandler, XmppSession } from './server/ports.ts';
export { XmppServer } from './server/server.ts';
export { Stanza } from './server/stanza.ts';
export type { StreamLimits } from './stream/framing.ts';
export type { StreamHeader } from './stream/header.ts';
export { type ScannedPiece, type ScannerLimits, StanzaScanner } from './stream/scanner.ts';
export { type ByteRate, XmppStream, type XmppStreamListener, type XmppStreamOptions } from './stream/stream.ts';
export {
  decodeStreamError,
  encodeStreamError,
  type StreamError,
  type StreamErrorCondition,
  streamErrorConditions,
} from './stream/stream-error.ts';
export type { TransportConnector, TransportListener, XmppTransport } from './stream/transport.ts';
export {
  element,
  type XmlAttributes,
  type XmlAttributeValues,
  type XmlContent,
  XmlElement,
  type XmlNode,
  xmlNamespace,
} from './xml/element.ts';
export {
  defaultXmlLimits,
  type XmlFault,
  type XmlFaultCondition,
  type XmlFaultReason,
  type XmlLimits,
  xmlFaultConditions,
} from './xml/fault.ts';
export { clientContext, xml } from './xml/literal.ts';
export { parseXml, parseXmlText, type XmlContext, type XmlParseOptions } from './xml/parse.ts';
export { encodeXml, escapeAttribute, escapeText, serialiseXml } from './xml/serialise.ts';

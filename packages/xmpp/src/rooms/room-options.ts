import type { Clock, Log, Random } from '@yaolian/kernel';
import type { StanzaRouter } from '../im/im-domains.ts';
import type { Refusal } from '../im/module.ts';
import type { Jid } from '../jid/jid.ts';
import type { SaslCrypto } from '../sasl/crypto.ts';
import type { XmlElement } from '../xml/element.ts';
import type { RoomStore } from './room-store.ts';

/** Bounds of rooms and of what is kept for them. */
export interface RoomBounds {
  /** Rooms of the service. Default 1,000. */
  readonly rooms?: number;
  /** Rooms that one account made and that are there. Default 20. */
  readonly roomsPerAccount?: number;
  /** Nicks in one room. Default 200. */
  readonly occupants?: number;
  /** Sessions of one account under one nick. Default 16. */
  readonly sessionsPerOccupant?: number;
  /** Owners, admins, members and outcasts of one room. Default 1,000. */
  readonly affiliations?: number;
  /** Characters of a nick. Default 64. */
  readonly nick?: number;
  /** Characters of the name of a room. Default 128. */
  readonly roomName?: number;
  /** Characters of the description of a room. Default 1,024. */
  readonly roomDescription?: number;
  /** Characters of a password of a room. Default 256. */
  readonly password?: number;
  /** Characters of all affiliations of one room: addresses, nicks, reasons. Default 262,144. */
  readonly affiliationText?: number;
  /** Characters of why somebody is made what, or a room ends. Default 1,024. */
  readonly reason?: number;
  /** Bytes of what somebody in a room says of itself, each presence. Default 8,192. */
  readonly presence?: number;
  /** Characters of the id of a private message or a request. Default 1,023. */
  readonly id?: number;
  /** Characters of a subject, XML included. Default 4,096. */
  readonly subject?: number;
  /** Messages that somebody who comes in may be shown. Default 50. */
  readonly historyMessages?: number;
  /** Bytes of these messages. Default 131,072. */
  readonly historyBytes?: number;
  /** Messages, presences and entries of one account in one room, lasting. Default 10. */
  readonly messagesPerSecond?: number;
  /** As many at once beyond. Default 50. */
  readonly messageBurst?: number;
  /** Requests between occupants of one room that wait for an answer. Default 500. */
  readonly requests?: number;
  /** Those of one occupant among them. Default 100. */
  readonly requestsPerOccupant?: number;
  /** People invited to one room who have not come. Default 200. */
  readonly invitations?: number;
}

export const defaultRoomBounds: Required<RoomBounds> = {
  rooms: 1000,
  roomsPerAccount: 20,
  occupants: 200,
  sessionsPerOccupant: 16,
  affiliations: 1000,
  nick: 64,
  roomName: 128,
  roomDescription: 1024,
  password: 256,
  affiliationText: 262_144,
  reason: 1024,
  presence: 8192,
  id: 1023,
  subject: 4096,
  historyMessages: 50,
  historyBytes: 131_072,
  messagesPerSecond: 10,
  messageBurst: 50,
  requests: 500,
  requestsPerOccupant: 100,
  invitations: 200,
};

export interface RoomServiceOptions {
  /** Of the service, prepared: `rooms.example.com`. */
  readonly domain: string;
  readonly router: StanzaRouter;
  readonly store: RoomStore;
  readonly crypto: Pick<SaslCrypto, 'hmac'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  readonly bounds?: RoomBounds;
  /** Rooms may keep archives of what is said in them (XEP-0313). Default true. */
  readonly archives?: boolean;
  /** Messages of one page of an archive. Default 100. */
  readonly archivePage?: number;
  /** Who may make rooms. Default: anybody. */
  readonly mayCreate?: (from: Jid) => boolean;
  /** Whom the service lets in at all. Default: everybody. */
  readonly serves?: (from: Jid) => boolean;
  /** Why somebody may not be invited by somebody through a room, if so. Default: everybody may. */
  readonly invitable?: (from: Jid, to: Jid, invitation: XmlElement) => Refusal | Promise<Refusal>;
}

import type { ArchiveStore } from '../im/stores.ts';
import type { Affiliation } from './privileges.ts';
import type { RoomConfig } from './room-config.ts';

/** What somebody is to a room for longer than a visit (XEP-0045 §5.2). */
export interface RoomAffiliation {
  /** Bare JID. */
  readonly jid: string;
  /** `none` is kept nowhere. */
  readonly affiliation: Affiliation;
  /** The nick that is kept for this account. */
  readonly nick: string | undefined;
  readonly reason: string | undefined;
}

export interface RoomSubject {
  /** The message that set it, XML, from the occupant who did. */
  readonly stanza: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a room is besides who is in it. */
export interface RoomRecord {
  /** Bare JID. */
  readonly jid: string;
  readonly config: RoomConfig;
  readonly subject: RoomSubject | undefined;
  /** From which ids of occupants are made (XEP-0421). */
  readonly secret: string;
  /** The bare JID of who made it. */
  readonly createdBy: string;
  readonly createdAt: number;
}

export interface StoredRoom extends RoomRecord {
  readonly affiliations: readonly RoomAffiliation[];
}

/** Persistent rooms. A promise resolves when the change is on disk. */
export interface RoomStore {
  /** Archives of rooms, by their JIDs; nobody else sees them. */
  readonly archive: ArchiveStore;
  /** All rooms of a service, in the order of JIDs; affiliations too. */
  rooms(domain: string): Promise<readonly StoredRoom[]>;
  /** Adds or replaces a room, and sets affiliations as {@link affiliate} does, all or nothing; its archive stays. */
  put(room: RoomRecord, changes?: readonly RoomAffiliation[]): Promise<void>;
  /** Sets affiliations, all or none. `none` removes one. */
  affiliate(room: string, changes: readonly RoomAffiliation[]): Promise<void>;
  /** Forgets a room with its affiliations and its archive. */
  remove(room: string): Promise<void>;
}

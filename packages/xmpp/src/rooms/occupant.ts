import type { Jid } from '../jid/jid.ts';
import type { XmlElement } from '../xml/element.ts';
import type { Role } from './privileges.ts';

/** How many private messages to a session are remembered, so that errors that answer them are told apart. */
const rememberedPrivate = 64;

/** One connection of somebody in a room. */
export class OccupantSession {
  /** As the room knows it: a full JID, or the bare one of a service. */
  readonly jid: Jid;
  readonly occupant: Occupant;
  /** What it last said of itself, with the room's own taken out. */
  presence: XmlElement;
  /** What is on its way to it; undefined: nothing. */
  tail: Promise<void> | undefined;
  #privateIds: string[] = [];

  constructor(jid: Jid, occupant: Occupant, presence: XmlElement) {
    this.jid = jid;
    this.occupant = occupant;
    this.presence = presence;
  }

  /** A private message went to it. */
  privately(id: string | undefined): void {
    if (id === undefined) return;
    this.#privateIds = [...this.#privateIds.slice(1 - rememberedPrivate), id];
  }

  /** Whether an error answers such a message; once. */
  answersPrivately(id: string | undefined): boolean {
    const at = id === undefined ? -1 : this.#privateIds.indexOf(id);
    if (at >= 0) this.#privateIds.splice(at, 1);
    return at >= 0;
  }
}

/** Somebody in a room under a nick, by one or several sessions of one account. */
export class Occupant {
  /** `room@service/nick`. */
  jid: Jid;
  /** The account. */
  readonly bare: Jid;
  /** XEP-0421. */
  readonly id: string;
  role: Role;
  /** The one whose presence is shown comes last. */
  sessions: readonly OccupantSession[] = [];

  constructor(jid: Jid, bare: Jid, id: string, role: Role) {
    this.jid = jid;
    this.bare = bare;
    this.id = id;
    this.role = role;
  }

  get nick(): string {
    return this.jid.resource!;
  }

  /** The session whose presence is shown. */
  get shown(): OccupantSession {
    return this.sessions.at(-1)!;
  }

  /** Adds a session, or shows its presence. */
  show(session: OccupantSession): void {
    this.sessions = [...this.sessions.filter((other) => other !== session), session];
  }

  remove(session: OccupantSession): void {
    this.sessions = this.sessions.filter((other) => other !== session);
  }
}

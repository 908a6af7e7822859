import type { DatabaseSync } from 'node:sqlite';
import type { Sealer } from '@yaolian/directory';
import type { ArchiveStore, RoomAffiliation, RoomConfig, RoomRecord, RoomStore, StoredRoom } from '@yaolian/xmpp';
import { storageErrors } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';

/** Rooms in SQLite, their passwords sealed. */
export class SqliteRoomStore implements RoomStore {
  readonly archive: ArchiveStore;
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements;

  /** @param archive that of accounts */
  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer, archive: ArchiveStore) {
    this.#commit = commit;
    this.#sealer = sealer;
    this.archive = {
      add: (room, message) => archive.add(archiveOf(room), message),
      page: (room, query) => archive.page(archiveOf(room), query),
      count: (room, query) => archive.count(archiveOf(room), query),
      message: (room, id) => archive.message(archiveOf(room), id),
      removeBefore: (at, limit) => archive.removeBefore(at, limit),
      removeBeyond: (kept, limit) => archive.removeBeyond(kept, limit),
    };
    this.#statements = {
      rooms: database.prepare(
        `SELECT jid, config, secrets, subject, subject_at, created_by, created_at FROM room WHERE domain = ? ORDER BY jid`,
      ),
      affiliations: database.prepare(
        'SELECT jid, affiliation, nick, reason FROM room_affiliation WHERE room = ? ORDER BY jid',
      ),
      put: database.prepare(
        `INSERT OR REPLACE INTO room (jid, domain, config, secrets, subject, subject_at, created_by, created_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      affiliate: database.prepare(
        'INSERT OR REPLACE INTO room_affiliation (room, jid, affiliation, nick, reason) VALUES (?, ?, ?, ?, ?)',
      ),
      unaffiliate: database.prepare('DELETE FROM room_affiliation WHERE room = ? AND jid = ?'),
      removals: [
        database.prepare('DELETE FROM room_affiliation WHERE room = ?'),
        database.prepare('DELETE FROM room WHERE jid = ?'),
      ],
      // In this order: the size counts what goes.
      archiveRemovals: ['archived_message', 'archive_size'].map((table) =>
        database.prepare(`DELETE FROM ${table} WHERE account = ?`),
      ),
    };
  }

  async rooms(domain: string): Promise<readonly StoredRoom[]> {
    const { rooms, affiliations } = this.#statements;
    return (rooms.all(domain) as unknown as RoomRow[]).map((row) => {
      const found = affiliations.all(row.jid) as unknown as AffiliationRow[];
      return { ...this.#read(row), affiliations: found.map(readAffiliation) };
    });
  }

  async put(room: RoomRecord, changes: readonly RoomAffiliation[] = []): Promise<void> {
    const { jid, subject, createdBy, createdAt, secret } = room;
    const { password, ...config } = room.config;
    const secrets = this.#sealer.seal(Buffer.from(JSON.stringify({ password, secret }), 'utf8'), contextOf(jid));
    const domain = jid.slice(jid.indexOf('@') + 1);
    const told = [subject?.stanza ?? null, subject?.at ?? null] as const;
    await this.#commit.changeTogether(() => {
      this.#statements.put.run(jid, domain, JSON.stringify(config), secrets, ...told, createdBy, createdAt);
      this.#affiliate(jid, changes);
    });
  }

  async affiliate(room: string, changes: readonly RoomAffiliation[]): Promise<void> {
    await this.#commit.changeTogether(() => this.#affiliate(room, changes));
  }

  #affiliate(room: string, changes: readonly RoomAffiliation[]): void {
    for (const { jid, affiliation, nick, reason } of changes) {
      if (affiliation === 'none') this.#statements.unaffiliate.run(room, jid);
      else this.#statements.affiliate.run(room, jid, affiliation, nick ?? null, reason ?? null);
    }
  }

  async remove(room: string): Promise<void> {
    const { removals, archiveRemovals } = this.#statements;
    await this.#commit.changeTogether(() => {
      for (const removal of archiveRemovals) removal.run(archiveOf(room));
      for (const removal of removals) removal.run(room);
    });
  }

  #read(row: RoomRow): RoomRecord {
    const { jid, subject, created_by: createdBy, created_at: createdAt } = row;
    const opened = this.#sealer.open(row.secrets, contextOf(jid));
    if (opened === undefined) throw storageErrors.SECRET_UNREADABLE(`the secrets of room ${jid}`);
    const { password, secret } = JSON.parse(Buffer.from(opened).toString('utf8')) as Secrets;
    const config = { ...(JSON.parse(row.config) as Omit<RoomConfig, 'password'>), password };
    const told = subject === null ? undefined : { stanza: subject, at: row.subject_at ?? 0 };
    return { jid, config, subject: told, secret, createdBy, createdAt };
  }
}

interface Secrets {
  readonly password: string;
  readonly secret: string;
}

interface RoomRow {
  readonly jid: string;
  readonly config: string;
  readonly secrets: Uint8Array;
  readonly subject: string | null;
  readonly subject_at: number | null;
  readonly created_by: string;
  readonly created_at: number;
}

interface AffiliationRow {
  readonly jid: string;
  readonly affiliation: RoomAffiliation['affiliation'];
  readonly nick: string | null;
  readonly reason: string | null;
}

function readAffiliation({ jid, affiliation, nick, reason }: AffiliationRow): RoomAffiliation {
  return { jid, affiliation, nick: nick ?? undefined, reason: reason ?? undefined };
}

const contextOf = (jid: string): string => `room ${jid}`;

/** Under what a room has its archive: no account is called so, for no local part has a colon (RFC 7622 §3.3.1). */
const archiveOf = (room: string): string => `room:${room}`;

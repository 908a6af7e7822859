import type { RoomAffiliation, RoomRecord, RoomStore, StoredRoom } from '../rooms/room-store.ts';
import { MemoryArchiveStore } from './memory-im-stores.ts';

/** A {@link RoomStore} that lives as long as the process. */
export class MemoryRoomStore implements RoomStore {
  readonly archive = new MemoryArchiveStore();
  readonly #rooms = new Map<string, RoomRecord>();
  readonly #affiliations = new Map<string, Map<string, RoomAffiliation>>();

  async rooms(domain: string): Promise<readonly StoredRoom[]> {
    const found = [...this.#rooms.values()].filter(({ jid }) => jid.endsWith(`@${domain}`));
    return found
      .sort((a, b) => (a.jid < b.jid ? -1 : 1))
      .map((room) => ({ ...room, affiliations: this.#affiliationsOf(room.jid) }));
  }

  async put(room: RoomRecord, changes: readonly RoomAffiliation[] = []): Promise<void> {
    this.#rooms.set(room.jid, { ...room });
    this.#affiliate(room.jid, changes);
  }

  async affiliate(room: string, changes: readonly RoomAffiliation[]): Promise<void> {
    this.#affiliate(room, changes);
  }

  #affiliate(room: string, changes: readonly RoomAffiliation[]): void {
    const known = this.#affiliations.get(room) ?? new Map<string, RoomAffiliation>();
    this.#affiliations.set(room, known);
    for (const change of changes) {
      if (change.affiliation === 'none') known.delete(change.jid);
      else known.set(change.jid, { ...change });
    }
  }

  async remove(room: string): Promise<void> {
    this.#rooms.delete(room);
    this.#affiliations.delete(room);
    this.archive.forget(room);
  }

  #affiliationsOf(room: string): readonly RoomAffiliation[] {
    return [...(this.#affiliations.get(room)?.values() ?? [])].sort((a, b) => (a.jid < b.jid ? -1 : 1));
  }
}

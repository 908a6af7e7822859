import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultRoomConfig } from '../rooms/room-config.ts';
import { defaultRoomBounds } from '../rooms/room-options.ts';
import type { RoomAffiliation, RoomRecord, RoomStore } from '../rooms/room-store.ts';

/** A store under a contract test. */
export interface OpenedRoomStore {
  readonly store: RoomStore;
  /** Closes it and opens it again from what it kept. Absent where nothing outlives the process. */
  reopen?(): Promise<RoomStore>;
  close(): Promise<void>;
}

function room(jid: string, change: Partial<RoomRecord> = {}): RoomRecord {
  return {
    jid,
    config: { ...defaultRoomConfig(defaultRoomBounds, true), name: 'Garden ♥', isPersistent: true, password: 'sesame' },
    subject: undefined,
    secret: 'a secret',
    createdBy: 'juliet@example.com',
    createdAt: 1000,
    ...change,
  };
}

function affiliation(jid: string, change: Partial<RoomAffiliation> = {}): RoomAffiliation {
  return { jid, affiliation: 'member', nick: undefined, reason: undefined, ...change };
}

const garden = 'garden@rooms.example.com';

/** What every {@link RoomStore} does. */
export function roomStoreContract(name: string, open: () => Promise<OpenedRoomStore>): void {
  const scenario = (title: string, run: (opened: OpenedRoomStore) => Promise<void>) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of RoomStore`, () => {
    scenario('gives back the rooms of a service as they were put, in the order of JIDs', async ({ store, reopen }) => {
      await store.put(room(garden));
      await store.put(room('attic@rooms.example.com', { subject: { stanza: '<message/>', at: 7 } }));
      await store.put(room('attic@rooms.example.net'));
      const changed = room(garden, { subject: { stanza: '<message>♥</message>', at: 9 } });
      await store.put(changed);
      const expected = [
        { ...room('attic@rooms.example.com', { subject: { stanza: '<message/>', at: 7 } }), affiliations: [] },
        { ...changed, affiliations: [] },
      ];
      assert.deepEqual(await store.rooms('rooms.example.com'), expected);
      if (reopen) assert.deepEqual(await (await reopen()).rooms('rooms.example.com'), expected);
    });

    scenario('keeps affiliations of each room', async ({ store, reopen }) => {
      await store.put(room(garden));
      const owner = affiliation('b@example.com', { affiliation: 'owner', nick: 'B ♥' });
      const banned = affiliation('a@example.com', { affiliation: 'outcast', reason: 'noise' });
      await store.affiliate(garden, [owner, banned, affiliation('c@example.com')]);
      await store.affiliate(garden, [affiliation('c@example.com', { affiliation: 'none' }), owner]);
      await store.put(room(garden, { createdAt: 2 }));
      const of = async (from: RoomStore) => (await from.rooms('rooms.example.com')).map((one) => one.affiliations);
      assert.deepEqual(await of(store), [[banned, owner]]);
      if (reopen) assert.deepEqual(await of(await reopen()), [[banned, owner]]);
    });

    scenario('forgets a room with all that it has', async ({ store, reopen }) => {
      const attic = 'attic@rooms.example.com';
      const said = { id: '1', with: `${garden}/B`, at: 5, stanza: '<message/>' };
      for (const jid of [garden, attic]) {
        await store.put(room(jid));
        await store.affiliate(jid, [affiliation('a@example.com', { affiliation: 'owner' })]);
        await store.archive.add(jid, said);
      }
      await store.remove(garden);
      const kept = reopen ? await reopen() : store;
      assert.deepEqual((await kept.archive.page(garden, { limit: 9 })).messages, []);
      assert.deepEqual((await kept.archive.page(attic, { limit: 9 })).messages, [said]);
      assert.deepEqual(
        (await kept.rooms('rooms.example.com')).map(({ jid }) => jid),
        [attic],
      );
      await kept.put(room(garden));
      assert.deepEqual((await kept.rooms('rooms.example.com'))[1]?.affiliations, []);
    });
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecureSessionStore, StoredSession } from '../secure-session.ts';
import type { OpenStore } from './opened-store.ts';

const session = (number: number, run = 1): StoredSession => ({
  key: `dtls:${number}`,
  run,
  state: Uint8Array.of(number, run, 3),
});
const sorted = (store: SecureSessionStore) => [...store.sessions()].sort((a, b) => (a.key < b.key ? -1 : 1));

/** What every {@link SecureSessionStore} does. */
export function secureSessionStoreContract(name: string, open: OpenStore<SecureSessionStore>): void {
  describe(`${name} keeps the contract of SecureSessionStore`, () => {
    it('counts runs, also over restarts', async () => {
      const opened = await open();
      assert.equal(await opened.store.begin(1_800_000_000), 1_800_000_000);
      assert.equal(await opened.store.begin(1_800_000_000), 1_800_000_001);
      assert.equal(await opened.store.begin(1_700_000_000), 1_800_000_002, 'also when the clock goes back');
      await opened.store.clear();
      if (opened.reopen) assert.equal(await (await opened.reopen()).begin(0), 1_800_000_003);
      await opened.close();
    });

    it('keeps the newest state of each session until it is removed', async () => {
      const { store, close } = await open();
      await Promise.all([store.put(session(1)), store.put(session(2)), store.put(session(1, 2))]);
      assert.deepEqual(sorted(store), [session(1, 2), session(2)]);
      await store.remove('dtls:1');
      await store.remove('dtls:1');
      assert.deepEqual(sorted(store), [session(2)]);
      await close();
    });

    it('keeps progress in its order', async () => {
      const { store, close } = await open();
      const numbers = await Promise.all([1, 2, 3].map((value) => store.addProgress(Uint8Array.of(value))));
      assert.ok(numbers[0]! < numbers[1]! && numbers[1]! < numbers[2]!);
      await store.removeProgressBefore(numbers[1]!);
      assert.deepEqual([...store.progress()], [Uint8Array.of(2), Uint8Array.of(3)]);
      await store.removeProgressBefore(numbers[2]! + 1);
      const next = await store.addProgress(Uint8Array.of(4));
      assert.ok(next > numbers[2]!, 'a number is not given again');
      await close();
    });

    it('keeps everything over a restart, and forgets it when told to', async () => {
      const opened = await open();
      await opened.store.put(session(1));
      await opened.store.addProgress(Uint8Array.of(1));
      const store = opened.reopen ? await opened.reopen() : opened.store;
      assert.deepEqual([sorted(store), [...store.progress()]], [[session(1)], [Uint8Array.of(1)]]);
      await store.clear();
      assert.deepEqual([sorted(store), [...store.progress()]], [[], []]);
      await opened.close();
    });
  });
}

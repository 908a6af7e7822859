import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QueuedRequest, QueuedRequestStore } from '../server/request-queue/queued-request.ts';

interface OpenedStore {
  readonly store: QueuedRequestStore;
  reopen?(): Promise<QueuedRequestStore>;
  close(): Promise<void>;
}

function request(id: number, change: Partial<QueuedRequest> = {}): QueuedRequest {
  return {
    id,
    deviceKey: 'a',
    operation: { kind: 'read', path: '/3/0/9' },
    unchecked: false,
    asker: undefined,
    state: 'queued',
    attempts: 0,
    createdAt: 1_700_000_000_000 + id,
    expiresAt: 1_700_000_100_000,
    outcome: undefined,
    ...change,
  };
}

/** What every {@link QueuedRequestStore} does. */
export function queuedRequestStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of QueuedRequestStore`, () => {
    it('gives back what was put, of every kind, and replaces', async () => {
      const { store, close } = await open();
      const write = request(1, {
        deviceKey: '设备 1',
        operation: {
          kind: 'write',
          path: '/3/0/15',
          node: { kind: 'resource', id: 15, type: 'string', value: '"文"' },
        },
        unchecked: true,
        asker: 'ann',
      });
      await store.put(write);
      await store.put(request(2));
      assert.deepEqual(await store.get(1), write);
      const done = { ...write, state: 'done' as const, attempts: 2, outcome: { at: 1_700_000_050_000, code: 0x44 } };
      await store.put(done);
      assert.deepEqual(await store.get(1), done);
      assert.equal(await store.get(3), undefined);
      await close();
    });

    it('loads those that are not finished, in order, with the largest id there was', async () => {
      const opened = await open();
      const { store } = opened;
      await store.put(request(3, { state: 'sent', attempts: 1 }));
      await store.put(request(1, { asker: 'ann' }));
      await store.put(
        request(7, { state: 'failed', outcome: { at: 5, error: 'LWM2M_TIMEOUT', message: 'no answer' } }),
      );
      const after = opened.reopen ? await opened.reopen() : store;
      const { requests, lastId } = await after.load();
      assert.deepEqual([...requests], [request(1, { asker: 'ann' }), request(3, { state: 'sent', attempts: 1 })]);
      assert.equal(lastId, 7);
      await opened.close();
    });

    it('lists by device and state, from page to page', async () => {
      const { store, close } = await open();
      for (const id of [1, 2, 3, 4]) await store.put(request(id, { deviceKey: id % 2 === 0 ? 'b' : 'a' }));
      await store.put(request(3, { deviceKey: 'a', state: 'cancelled', outcome: { at: 9 } }));
      const ids = async (query: Partial<Parameters<QueuedRequestStore['list']>[0]>) =>
        (await store.list({ limit: 10, ...query })).map(({ id }) => id);
      assert.deepEqual(await ids({}), [1, 2, 3, 4]);
      assert.deepEqual(await ids({ deviceKey: 'b' }), [2, 4]);
      assert.deepEqual(await ids({ states: ['cancelled', 'done'] }), [3]);
      assert.deepEqual(await ids({ deviceKey: 'a', states: ['queued'] }), [1]);
      assert.deepEqual(await ids({ after: 2, limit: 1 }), [3]);
      assert.deepEqual(await ids({ deviceKey: "b' OR 1=1" }), []);
      await close();
    });

    it('forgets what was finished before a time', async () => {
      const { store, close } = await open();
      await store.put(request(1, { state: 'done', outcome: { at: 100 } }));
      await store.put(request(2, { state: 'done', outcome: { at: 200 } }));
      await store.put(request(3));
      assert.equal(await store.removeFinished(200), 1);
      assert.deepEqual(
        (await store.list({ limit: 10 })).map(({ id }) => id),
        [2, 3],
      );
      await close();
    });
  });
}

/** Package servers that break, as a delivery sees them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { type DeliveryOutcome, PackageDelivery } from './delivery.ts';
import { MemoryPackageStore } from './memory-package-store.ts';
import type { FetchRequest } from './ports.ts';

/** Sends `bytes` from where it may go on, and breaks off. */
function broken(etag: string | undefined, lengths: (attempt: number) => number) {
  let attempts = 0;
  const offsets: number[] = [];
  const fetch = async ({ offset, onStart, onBytes }: FetchRequest) => {
    const end = lengths(attempts++);
    const start = etag === undefined ? 0 : offset;
    offsets.push(start);
    if (!(await onStart(start, etag, undefined))) return 'stopped' as const;
    if (end > start && !(await onBytes(new Uint8Array(end - start)))) return 'stopped' as const;
    return 'connection-lost' as const;
  };
  return { fetcher: { fetch }, offsets };
}

async function pulled(fetcher: { fetch: ReturnType<typeof broken>['fetcher']['fetch'] }) {
  const time = new VirtualTime();
  const { promise, resolve } = Promise.withResolvers<DeliveryOutcome>();
  const store = new MemoryPackageStore();
  const delivery = new PackageDelivery(
    { store, fetchers: { http: fetcher }, timers: time, resumptions: 2 },
    { pulling: () => {}, progressed: () => {}, delivered: resolve },
  );
  delivery.pull('http://192.0.2.2/fw');
  return time.until(promise, seconds(3_600));
}

const lost = { ok: false, problem: 'connection-lost' };

test('a package without ETag that always breaks off at the same byte is given up', async () => {
  const { fetcher, offsets } = broken(undefined, () => 1_000);
  assert.deepEqual(await pulled(fetcher), lost);
  assert.deepEqual(offsets, [0, 0, 0]);
});

test('so is one that breaks off sooner each time, and one that breaks off before a byte comes', async () => {
  const sooner = broken(undefined, (attempt) => 1_000 - attempt);
  assert.deepEqual(await pulled(sooner.fetcher), lost);
  assert.deepEqual(sooner.offsets, [0, 0, 0]);
  const never = broken('"1"', () => 0);
  assert.deepEqual(await pulled(never.fetcher), lost);
  assert.deepEqual(never.offsets, [0, 0, 0]);
});

test('as long as each attempt brings more, another one follows', async () => {
  const { fetcher, offsets } = broken('"1"', (attempt) => Math.min(attempt + 1, 20) * 100);
  assert.deepEqual(await pulled(fetcher), lost);
  assert.deepEqual(offsets.slice(0, 4), [0, 100, 200, 300]);
  assert.deepEqual(offsets.slice(-3), [1_900, 2_000, 2_000]);
});

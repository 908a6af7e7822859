import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StandingObservation } from '@yaolian/lwm2m/server';
import { storeInTemporaryFolder } from './testing/temporary-folder.ts';

test('standing observations are kept over a restart, replaced and removed', async () => {
  const opened = await storeInTemporaryFolder((storage) => storage.standingObservations)();
  const plain: StandingObservation = {
    deviceKey: 'a',
    path: '/3/0/9',
    accept: undefined,
    createdAt: 1_700_000_000_000,
  };
  const composite = { ...plain, path: '/3/0/9 /3/0/13', composite: true, query: 'pmin=10&con=1', accept: 112 };
  for (const one of [plain, composite, { ...plain, deviceKey: 'b' }]) await opened.store.putStanding(one);
  await opened.store.putStanding({ ...plain, accept: 0 });
  const store = await opened.reopen!();
  assert.deepEqual(
    [...(await store.loadStanding())],
    [{ ...plain, accept: 0 }, composite, { ...plain, deviceKey: 'b' }].toSorted(byKey),
  );
  await store.removeStanding('a', '/3/0/9');
  await store.removeStanding('a', '/3/0/13');
  assert.deepEqual([...(await store.loadStanding())], [composite, { ...plain, deviceKey: 'b' }]);
  await store.removeStandingOf('a');
  assert.deepEqual([...(await store.loadStanding())], [{ ...plain, deviceKey: 'b' }]);
  await opened.close();
});

function byKey(a: StandingObservation, b: StandingObservation): number {
  return a.deviceKey === b.deviceKey ? (a.path < b.path ? -1 : 1) : a.deviceKey < b.deviceKey ? -1 : 1;
}

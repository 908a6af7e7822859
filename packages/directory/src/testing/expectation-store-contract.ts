import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AwaitedAnswer, ExpectationStore, KeptWatch } from '../ra/expectations.ts';
import type { OpenStore } from './opened-store.ts';

const answer: AwaitedAnswer = {
  ...{
    request: 7,
    account: 'ann',
    device: 'lamp',
    terminal: 't',
    operation: 'read',
    path: '/3/0',
    resource: 'phone',
    door: 'ra',
  },
};
const watch: KeptWatch = { account: 'ann', device: 'lamp', terminal: 't', path: '/3303/0/5700', isOurs: true };

/** What every {@link ExpectationStore} does. */
export function expectationStoreContract(name: string, open: OpenStore<ExpectationStore>): void {
  test(`${name}: answers and observations that accounts wait for`, async () => {
    const { store, close, reopen } = await open();
    const atHome: AwaitedAnswer = { ...answer, request: 9, resource: undefined, door: 'https' };
    await store.putAwaitedAnswer(atHome);
    await store.putAwaitedAnswer(answer);
    await store.putWatch({ ...watch, isOurs: false });
    await store.putWatch(watch);
    await store.putWatch({ ...watch, account: 'bob' });
    const kept = (await reopen?.()) ?? store;
    assert.deepEqual(await kept.awaitedAnswers(), [answer, atHome]);
    assert.deepEqual(await kept.watches(), [watch, { ...watch, account: 'bob' }]);
    await kept.removeAwaitedAnswer(7);
    await kept.removeWatch(watch);
    assert.deepEqual([(await kept.awaitedAnswers()).length, (await kept.watches()).length], [1, 1]);
    await kept.removeExpectations('bob');
    assert.deepEqual([(await kept.awaitedAnswers()).length, (await kept.watches()).length], [1, 0]);
    await kept.removeExpectations('lamp');
    assert.deepEqual(await kept.awaitedAnswers(), []);
    await close();
  });

  test(`${name}: observations of operators that go on`, async () => {
    const { store, close, reopen } = await open();
    const first = { device: 'kettle', path: '/3303/0/5700', startedAt: 5 };
    const others = [
      { device: 'kettle', path: '/3308/0', startedAt: 6 },
      { device: 'oven', path: '/3303/0/5700', startedAt: 7 },
    ];
    for (const one of [...others, first, { ...first, startedAt: 9 }]) await store.putObservation(one);
    const kept = (await reopen?.()) ?? store;
    assert.deepEqual(await kept.observations(), [first, ...others]);
    await kept.removeObservation(first);
    assert.deepEqual(await kept.observations(), others);
    await kept.removeExpectations('kettle');
    assert.deepEqual(await kept.observations(), [others[1]]);
    await close();
  });
}

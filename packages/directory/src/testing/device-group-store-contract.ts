import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceGroup, DeviceGroupStore } from '../device-group.ts';
import type { OpenStore } from './opened-store.ts';

const group = (name: string, query?: DeviceGroup['query']): DeviceGroup => ({ name, note: '', query, createdAt: 1 });

/** What every {@link DeviceGroupStore} does. */
export function deviceGroupStoreContract(name: string, open: OpenStore<DeviceGroupStore>): void {
  test(`${name}: groups with their members, until they or the devices go`, async () => {
    const { store, close, reopen } = await open();
    assert.equal(await store.addGroup(group('b', { search: 'x', vendor: 'Acme' }), 2), true);
    assert.equal(await store.addGroup(group('a'), 2), true);
    assert.equal(await store.addGroup(group('a'), 9), false);
    assert.equal(await store.addGroup(group('c'), 2), false);
    assert.equal(await store.addMembers('a', ['d1', 'd2', 'd1']), 2);
    assert.equal(await store.addMembers('a', ['d2', 'd3']), 1);
    assert.equal(await store.addMembers('none', ['d1']), 0);
    const kept = (await reopen?.()) ?? store;
    assert.deepEqual(await kept.groups(), [group('a'), group('b', { search: 'x', vendor: 'Acme' })]);
    assert.equal(await kept.countMembers('a'), 3);
    assert.deepEqual(await kept.groupsOf('d1'), ['a']);
    assert.equal(await kept.removeMembers('a', ['d1', 'd9']), 1);
    await kept.removeDevice('d2');
    assert.equal(await kept.countMembers('a'), 1);
    assert.equal(await kept.changeGroup('a', { note: 'n', query: undefined }), true);
    assert.equal(await kept.changeGroup('z', { note: 'n', query: undefined }), false);
    assert.equal((await kept.group('a'))?.note, 'n');
    assert.equal(await kept.removeGroup('a'), true);
    assert.equal(await kept.removeGroup('a'), false);
    await kept.addGroup(group('a'), 2);
    assert.equal(await kept.countMembers('a'), 0, 'who takes the name has no members of it');
    await close();
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssociationChangeStore, KeptChange } from '../ra/association-change.ts';
import type { OpenStore } from './opened-store.ts';

const binding = { user: 'ann', device: 'lamp', state: 'active', name: 'Lamp', groups: ['hall'], since: 5 } as const;
const kept: readonly KeptChange[] = [
  { id: 'ff', change: { kind: 'bound', binding } },
  { id: '0a', change: { kind: 'unbound', binding, by: 'ann' } },
  { id: '77', change: { kind: 'unlinked', device: 'lamp', other: 'fan' } },
];

/** What every {@link AssociationChangeStore} does. */
export function associationChangeStoreContract(name: string, open: OpenStore<AssociationChangeStore>): void {
  test(`${name}: changes wait in their order until they are told`, async () => {
    const { store, close, reopen } = await open();
    assert.deepEqual(await store.keptChanges(), []);
    await Promise.all(kept.map((one) => store.keepChange(one)));
    const again = (await reopen?.()) ?? store;
    assert.deepEqual(await again.keptChanges(), kept);
    await again.removeChange('0a');
    await again.removeChange('nothing');
    assert.deepEqual(await again.keptChanges(), [kept[0], kept[2]]);
    const later = (await reopen?.()) ?? again;
    assert.deepEqual(await later.keptChanges(), [kept[0], kept[2]]);
    await later.keepChange({ ...kept[1]!, id: '01' });
    const ids = (await ((await reopen?.()) ?? later).keptChanges()).map(({ id }) => id);
    assert.deepEqual(ids, ['ff', '77', '01']);
    await close();
  });
}

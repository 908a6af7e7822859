import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditStore } from '../ra/audit.ts';
import type { RaDevice, RaDeviceStore } from '../ra/ra-device.ts';
import type { OpenStore } from './opened-store.ts';

const device: RaDevice = {
  account: 'lamp',
  terminal: 'imei-1',
  deviceType: 'light',
  vendor: 'V',
  model: 'M',
  confirms: true,
  createdAt: 1000,
};

/** What every {@link RaDeviceStore} does. */
export function raDeviceStoreContract(name: string, open: OpenStore<RaDeviceStore>): void {
  test(`${name}: devices by account and terminal, one account for a terminal`, async () => {
    const { store, close } = await open();
    assert.equal(await store.putRaDevice(device), true);
    assert.equal(await store.putRaDevice({ ...device, account: 'other' }), false);
    assert.equal(await store.putRaDevice({ ...device, model: 'N', confirms: false }), true);
    assert.equal(await store.putRaDevice({ ...device, account: 'ac', terminal: undefined }), true);
    assert.deepEqual(await store.raDeviceOfTerminal('imei-1'), { ...device, model: 'N', confirms: false });
    assert.deepEqual(await store.raDevice('ac'), { ...device, account: 'ac', terminal: undefined });
    const accounts = async (query: Parameters<RaDeviceStore['raDevices']>[0]) =>
      (await store.raDevices(query)).map(({ account }) => account);
    assert.deepEqual(await accounts({ limit: 9 }), ['ac', 'lamp']);
    assert.deepEqual(await accounts({ limit: 9, after: 'ac' }), ['lamp']);
    assert.equal(await store.removeRaDevice('lamp'), true);
    assert.equal(await store.removeRaDevice('lamp'), false);
    assert.equal(await store.raDeviceOfTerminal('imei-1'), undefined);
    await close();
  });

  test(`${name}: a change leaves what it does not name, and what changes at once`, async () => {
    const { store, close } = await open();
    await store.putRaDevice(device);
    const changes = [{ confirms: false }, { model: 'N' }, { vendor: '', deviceType: 'lamp' }];
    const done = await Promise.all(changes.map((change) => store.changeRaDevice('lamp', change)));
    assert.deepEqual(done, [true, true, true]);
    const changed = { ...device, confirms: false, model: 'N', vendor: '', deviceType: 'lamp' };
    assert.deepEqual(await store.raDevice('lamp'), changed);
    assert.equal(await store.changeRaDevice('nobody', { confirms: true }), false);
    assert.equal(await store.raDevice('nobody'), undefined);
    await close();
  });
}

/** What every {@link AuditStore} does. */
export function auditStoreContract(name: string, open: OpenStore<AuditStore>): void {
  test(`${name}: the newest first, by actor and device, and no more than are kept`, async () => {
    const { store, close } = await open();
    for (let time = 1; time <= 6; time++) {
      const actor = time % 2 ? 'ann' : 'bob';
      const rest = { door: 'ra', action: 'read', device: time < 4 ? 'lamp' : undefined, subject: '/3/0' } as const;
      await store.append({ time, actor, ...rest, outcome: 'done' });
    }
    const times = async (query: Parameters<AuditStore['entries']>[0]) =>
      (await store.entries(query)).map(({ time }) => time);
    assert.deepEqual(await times({ limit: 2 }), [6, 5]);
    assert.deepEqual(await times({ actor: 'ann', limit: 9 }), [5, 3, 1]);
    assert.deepEqual(await times({ device: 'lamp', actor: 'ann', limit: 9 }), [3, 1]);
    const [newest] = await store.entries({ limit: 1 });
    assert.deepEqual(await times({ before: newest!.id, limit: 1 }), [5]);
    assert.deepEqual(await times({ from: 3, to: 5, limit: 9 }), [4, 3]);
    assert.deepEqual(await times({ from: 6, limit: 9 }), [6]);
    assert.deepEqual(await times({ to: 2, actor: 'ann', limit: 9 }), [1]);
    assert.deepEqual(await times({ from: 7, limit: 9 }), []);
    assert.deepEqual(await times({ to: 1, limit: 9 }), []);
    assert.equal(newest!.device, undefined);
    assert.equal(await store.prune(2, 3, []), 3);
    assert.deepEqual(await times({ limit: 9 }), [6, 5, 4]);
    const changed = { door: 'rest', actor: 'ann', device: 'lamp', subject: '/3/0', outcome: 'done' } as const;
    for (const action of ['write', 'share']) await store.append({ time: 7, action, ...changed });
    assert.deepEqual(await times({ limit: 9, without: ['read', 'share'] }), [7]);
    assert.deepEqual(await times({ limit: 9, actor: 'ann', without: ['read'] }), [7, 7]);
    assert.deepEqual(await times({ limit: 1, device: 'lamp', actor: 'ann', without: ['write'] }), [7]);
    assert.equal(await store.prune(2, 4, ['read', 'look']), 1);
    assert.deepEqual(await times({ limit: 9 }), [7, 7, 6, 5]);
    assert.equal(await store.prune(2, 4, ['read', 'look']), 0);
    const bounded = { to: 'bob', feature: '*', operations: ['read', 'observe'], expiresAt: 9000 } as const;
    const unbounded = { to: 'friends', feature: 'urn:a', operations: [], expiresAt: undefined };
    for (const permission of [bounded, unbounded])
      await store.append({ time: 8, action: 'grant', ...changed, permission });
    const given = (await store.entries({ limit: 3 })).map(({ permission }) => permission);
    assert.deepEqual(given, [unbounded, bounded, undefined]);
    await close();
  });

  test(`${name}: who fills the trail loses lines of its own`, async () => {
    const { store, close } = await open();
    const line = { action: 'grant', device: 'lamp', subject: undefined, outcome: 'done' } as const;
    await store.append({ ...line, time: 1, door: 'ra', actor: 'ann' });
    await store.append({ ...line, time: 2, door: 'rest', actor: 'mallory' }); // an operator of the same name
    for (let time = 3; time < 20; time++) await store.append({ ...line, time, door: 'ra', actor: 'mallory' });
    assert.equal(await store.prune(0, 5, []), 14);
    const kept = (await store.entries({ limit: 9 })).map(({ time }) => time);
    assert.deepEqual(kept, [19, 18, 17, 2, 1]);
    assert.equal(await store.prune(0, 5, []), 0);
    // The same line by line.
    for (let time = 20; time < 23; time++) {
      await store.append({ ...line, time, door: 'ra', actor: 'mallory' });
      await store.prune(0, 5, []);
    }
    assert.deepEqual(
      (await store.entries({ limit: 9 })).map(({ time }) => time),
      [22, 21, 20, 2, 1],
    );
    await close();
  });
}

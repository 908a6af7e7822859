import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Storage } from './storage.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

it('an account, its device and its code are kept together, and neither replaces what has the name', async () => {
  const folder = temporaryFolder();
  const storage = Storage.open({ folder: folder.path });
  const { raAccounts, raDevices } = storage;
  const account = { name: 'lamp', kind: 'device', keys: [], nick: undefined, createdAt: 1 } as const;
  const device = {
    account: 'lamp',
    terminal: undefined,
    deviceType: 'Lamp',
    vendor: 'V',
    model: 'M',
    confirms: true,
  } as const;
  assert.equal(await raAccounts.addAccount(account, { ...device, createdAt: 1 }), true);
  assert.deepEqual(await raDevices.raDevice('lamp'), { ...device, createdAt: 1 });
  const code = (id: string) => ({
    ...{ device: 'oven', id, salt: new Uint8Array(16), digest: new Uint8Array(32), issuedAt: 1, expiresAt: undefined },
  });
  const oven = { ...device, account: 'oven' };
  const both = [
    raAccounts.addAccount({ ...account, name: 'oven' }, { ...oven, model: 'first', createdAt: 2 }, code('first')),
    raAccounts.addAccount({ ...account, name: 'oven' }, { ...oven, model: 'second', createdAt: 3 }, code('second')),
  ];
  assert.deepEqual(await Promise.all(both), [true, false]);
  assert.equal((await raDevices.raDevice('oven'))?.model, 'first');
  assert.equal((await storage.associations.code('oven'))?.id, 'first');
  await storage.close();
  folder.remove();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryImStores } from '@yaolian/xmpp/testing';
import { AccountNames, storesUnderNames } from './account-names.ts';

test('accounts of the first domain have short names, those of the others their address', () => {
  const names = new AccountNames(['im.example.com', 'im.example.net']);
  for (const [text, name] of [
    ['Juliet', 'juliet'],
    ['juliet@IM.example.com', 'juliet'],
    ['Juliet@im.example.net', 'juliet@im.example.net'],
    ['juliet@elsewhere.example', undefined],
    ['juliet@im.example.net/balcony', undefined],
    ['im.example.net', 'im.example.net'],
    ['@im.example.net', undefined],
    ['a b', undefined],
  ] as const) {
    assert.equal(names.read(text), name, text);
  }
  for (const [local, domain] of [
    ['juliet', 'im.example.com'],
    ['juliet', 'im.example.net'],
  ] as const) {
    assert.deepEqual(names.parts(names.of(local, domain)), { local, domain });
  }
  assert.equal(names.parts('juliet@gone.example'), undefined);
  assert.equal(new AccountNames([]).read('juliet'), 'juliet');
  assert.equal(new AccountNames([]).parts('juliet'), undefined);
});

test('what accounts of another domain keep is under their address, and that of others is not touched', async () => {
  const shared = memoryImStores();
  const own = storesUnderNames(shared, (local) => `${local}@im.example.net`);
  const item = { jid: 'romeo@example.com', name: 'R', groups: [], subscription: 'none', asked: false } as const;
  await own.rosters.put('juliet', { ...item, request: undefined, approved: false, listed: true });
  await own.offline.add('juliet', '<message/>', 1, 10);
  await own.archive.add('juliet', { id: 'a', with: 'romeo@example.com', at: 1, stanza: '<message/>' });
  await own.vcards.setVcard('juliet', '<vCard/>');
  await own.blocking.block('juliet', ['tybalt@example.com']);
  const all = async (stores: typeof own, account: string) => [
    (await stores.rosters.roster(account)).items.length,
    (await stores.rosters.item(account, item.jid)) === undefined ? 0 : 1,
    await stores.rosters.version(account),
    (await stores.offline.messages(account, 9)).length,
    (await stores.archive.page(account, { limit: 9 })).messages.length,
    (await stores.archive.message(account, 'a')) === undefined ? 0 : 1,
    (await stores.vcards.vcard(account)) === undefined ? 0 : 1,
    (await stores.blocking.blocked(account)).length,
  ];
  assert.deepEqual(await all(shared, 'juliet'), [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(await all(own, 'juliet'), [1, 1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(await all(shared, 'juliet@im.example.net'), [1, 1, 1, 1, 1, 1, 1, 1]);
  await own.rosters.remove('juliet', item.jid);
  await own.blocking.unblock('juliet', undefined);
  await own.offline.removeUntil('juliet', (await own.offline.messages('juliet', 1))[0]!.id);
  assert.deepEqual(await all(shared, 'juliet@im.example.net'), [0, 0, 2, 0, 1, 1, 1, 0]);
});

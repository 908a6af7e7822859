/** Nothing is kept for an account that goes, in whatever order things happen: who takes its name later inherits nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Storage } from '@yaolian/storage';
import fc from 'fast-check';
import { AccountRemoval } from './account-removal.ts';

const item = { jid: 'bob@home.example', name: 'Bob', groups: [], subscription: 'none', asked: false } as const;
const contact = { ...item, request: undefined, approved: false, listed: true };
const bounds = { count: 9, since: 0 };
const news = { key: 'k', time: 1, event: '{}' };
const message = { id: '1', with: 'bob@home.example', at: 1, stanza: '<message/>' };
const notice = { group: 'binding lamp', topic: 'binding lamp ann' };
const node = { name: 'n', state: '{}' };

const doings: Readonly<Record<string, (storage: Storage) => Promise<unknown>>> = {
  'a contact': ({ im }) => im.rosters.put('ann', contact),
  'a message that waits': ({ im }) => im.offline.add('ann', '<message/>', 1, 9),
  'a push that waits': ({ im }) => im.offline.add('ann', '<message/>', 1, 9, notice),
  'a message of the archive': ({ im }) => im.archive.add('ann', message),
  'a vCard': ({ im }) => im.vcards.setVcard('ann', '<vCard/>'),
  'a block': ({ im }) => im.blocking.block('ann', ['bob@home.example']),
  'a target of pushes': ({ im }) =>
    im.push.enable('ann', { service: 'push.example', node: undefined, options: undefined }, 9),
  'an item': ({ im }) => im.pubsub.publish('ann', node, { id: 'i', at: 1, payload: '<a/>' }, 9, 9999),
  'a node': ({ im }) => im.pubsub.putNode('ann', node),
  'a piece of news': ({ homeNews }) => homeNews.addNews('ann', news, bounds),
  'news for friends': ({ homeNews }) => homeNews.addNewsForFriends('ann', news, bounds),
  'news that were read': ({ homeNews }) => homeNews.readNews('ann', 99),
};

async function leftOf({ im, homeNews }: Storage) {
  const seen = { since: 0, friendOf: [{ user: 'ann', since: 0 }] };
  return {
    roster: await im.rosters.roster('ann'),
    offline: await im.offline.messages('ann', 9),
    archive: (await im.archive.page('ann', { limit: 9 })).messages,
    vcard: await im.vcards.vcard('ann'),
    blocked: await im.blocking.blocked('ann'),
    targets: await im.push.targets('ann'),
    nodes: await im.pubsub.nodes('ann'),
    news: await homeNews.newsOf('ann', { ...seen, limit: 9 }),
    unread: await homeNews.countUnread('ann', seen),
  };
}

test('nothing is kept for an account that goes, whatever happens at the same time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-test-'));
  const storage = Storage.open({ folder });
  const account = { name: 'ann', kind: 'user', keys: [], nick: undefined, createdAt: 1 } as const;
  const nothing = await leftOf(storage);
  const some = fc.shuffledSubarray(Object.keys(doings), { minLength: 1 });
  const property = fc.asyncProperty(some, fc.nat(12), fc.nat(3), async (chosen, before, turns) => {
    await storage.raAccounts.addAccount(account);
    const removal = new AccountRemoval(storage);
    const ask = (names: readonly string[]) => names.map((name) => doings[name]!(storage));
    const asked = ask(chosen.slice(0, before));
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    const removed = removal.remove('ann');
    asked.push(...ask(chosen.slice(before)));
    await removed;
    asked.push(...ask(chosen));
    await Promise.all(asked);
    assert.deepEqual(await leftOf(storage), nothing);
    // Of what was read a new ann knows nothing either.
    await storage.raAccounts.addAccount(account);
    await storage.homeNews.addNews('ann', { ...news, key: undefined }, bounds);
    assert.equal(await storage.homeNews.countUnread('ann', { since: 0 }), 1);
    await removal.remove('ann');
  });
  try {
    await fc.assert(property, { numRuns: 40 });
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

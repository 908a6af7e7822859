/** RFC 6121 §3: what comes for one contact from both sides at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryImStores } from '../memory/memory-im-stores.ts';
import { available, ImWorld } from '../testing/im-world.ts';
import { xml } from '../xml/literal.ts';
import type { RosterStore } from './stores.ts';

/** A store that takes its time to read, so that changes overlap. */
function slowly(rosters: RosterStore): RosterStore {
  return {
    roster: (account) => rosters.roster(account),
    version: (account) => rosters.version(account),
    item: async (account, jid) => {
      const found = await rosters.item(account, jid);
      await new Promise(setImmediate);
      return found;
    },
    put: (account, item) => rosters.put(account, item),
    remove: (account, jid) => rosters.remove(account, jid),
  };
}

test('an answer that comes with the question, and a name that is set meanwhile, change nothing of each other', async () => {
  const stores = memoryImStores();
  const world = new ImWorld({ stores: { ...stores, rosters: slowly(stores.rosters) } });
  const [juliet, romeo] = await available(world, 'juliet@example.com/balcony', 'romeo@example.com/orchard');
  const chamber = await world.bind('juliet@example.com/chamber');
  await Promise.all([
    juliet!.send(xml`<presence type='subscribe' to='romeo@example.com'/>`),
    romeo!.send(xml`<presence type='subscribed' to='juliet@example.com'/>`),
    romeo!.send(xml`<presence type='subscribe' to='juliet@example.com'/>`),
    juliet!.send(xml`<presence type='subscribed' to='romeo@example.com'/>`),
    chamber.send(
      xml`<iq type='set' id='n'><query xmlns='jabber:iq:roster'><item jid='romeo@example.com' name='R'/></query></iq>`,
    ),
  ]);
  for (let turn = 0; turn < 20; turn++) await world.settle();
  const [item] = (await stores.rosters.roster('juliet')).items;
  assert.deepEqual([item?.subscription, item?.name], ['both', 'R']);
  assert.equal((await stores.rosters.item('romeo', 'juliet@example.com'))?.subscription, 'both');
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ArchivedMessage, type ImStores, pubsubItemSize, type RosterItem } from '../im/stores.ts';

/** Stores under a contract test. */
export interface OpenedStores {
  readonly stores: ImStores;
  /** Closes them and opens them again from what they kept. Absent where nothing outlives the process. */
  reopen?(): Promise<ImStores>;
  close(): Promise<void>;
}

type Scenario = (title: string, run: (opened: OpenedStores) => Promise<void>) => void;

function item(jid: string, change: Partial<RosterItem> = {}): RosterItem {
  return {
    jid,
    name: undefined,
    groups: [],
    subscription: 'none',
    asked: false,
    request: undefined,
    approved: false,
    listed: true,
    ...change,
  };
}

function message(id: string, change: Partial<ArchivedMessage> = {}): ArchivedMessage {
  return { id, with: 'romeo@example.com', at: 100, stanza: `<message id='${id}'/>`, ...change };
}

/** What all stores of a message server do. */
export function imStoresContract(name: string, open: () => Promise<OpenedStores>): void {
  const scenario: Scenario = (title, run) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of RosterStore`, () => rosterScenarios(scenario));
  describe(`${name} keeps the contract of OfflineStore`, () => {
    offlineScenarios(scenario);
    noticeScenarios(scenario);
  });
  describe(`${name} keeps the contract of ArchiveStore`, () => archiveScenarios(scenario));
  describe(`${name} keeps the contract of PubsubStore`, () => pubsubScenarios(scenario));
  describe(`${name} keeps the contract of VcardStore, BlockingStore and PushStore`, () => otherScenarios(scenario));
}

function rosterScenarios(scenario: Scenario): void {
  scenario('gives back items as they were put, in the order of JIDs', async ({ stores: { rosters }, reopen }) => {
    const full = item('b@example.com', {
      name: 'B ♥',
      groups: ['Friends', 'Œuvre'],
      subscription: 'to',
      asked: true,
      request: '<presence/>',
      approved: true,
      listed: false,
    });
    await rosters.put('juliet', full);
    await rosters.put('juliet', item('a@example.com'));
    assert.deepEqual((await rosters.roster('juliet')).items, [item('a@example.com'), full]);
    assert.deepEqual(await rosters.item('juliet', 'b@example.com'), full);
    assert.equal(await rosters.item('romeo', 'b@example.com'), undefined);
    if (reopen)
      assert.deepEqual((await (await reopen()).rosters.roster('juliet')).items, [item('a@example.com'), full]);
  });

  scenario('has another version after every change', async ({ stores: { rosters } }) => {
    assert.deepEqual(await rosters.roster('juliet'), { version: 0, items: [] });
    const first = await rosters.put('juliet', item('a@example.com'));
    const second = await rosters.put('juliet', item('a@example.com', { name: 'A' }));
    const third = await rosters.remove('juliet', 'a@example.com');
    assert.equal(new Set([0, first, second, third]).size, 4);
    assert.deepEqual(await rosters.roster('juliet'), { version: third, items: [] });
    assert.equal(await rosters.version('juliet'), third);
    assert.equal(await rosters.remove('juliet', 'a@example.com'), undefined);
    assert.equal((await rosters.roster('romeo')).version, 0);
  });
}

function offlineScenarios(scenario: Scenario): void {
  scenario(
    'keeps messages in order, up to the limit, until they are removed',
    async ({ stores: { offline }, reopen }) => {
      for (const text of ['1', '2', '3']) assert.equal(await offline.add('juliet', text, 10, 3), true);
      assert.equal(await offline.add('juliet', '4', 10, 3), false);
      assert.equal(await offline.add('romeo', '5', 11, 3), true);
      const texts = async () => (await offline.messages('juliet', 10)).map(({ stanza }) => stanza);
      assert.deepEqual(await texts(), ['1', '2', '3']);
      const [first, second] = await offline.messages('juliet', 2);
      assert.equal(first?.at, 10);
      await offline.removeUntil('juliet', second!.id);
      assert.deepEqual(await texts(), ['3']);
      assert.equal((await offline.messages('romeo', 10)).length, 1);
      if (reopen) assert.equal((await (await reopen()).offline.messages('juliet', 10))[0]?.stanza, '3');
    },
  );
}

function noticeScenarios(scenario: Scenario): void {
  const notice = (group: string, topic: string) => ({ group, topic: `${group} ${topic}` });

  scenario('a later notice takes the place of the one about the same', async ({ stores: { offline }, reopen }) => {
    assert.equal(await offline.add('juliet', 'bound', 10, 3, notice('lamp', 'binding')), true);
    assert.equal(await offline.add('juliet', 'code', 11, 3, notice('lamp', 'code')), true);
    assert.equal(await offline.add('romeo', 'bound', 12, 3, notice('lamp', 'binding')), true);
    assert.equal(await offline.add('juliet', 'unbound', 13, 3, notice('lamp', 'binding')), true);
    const waiting = await offline.messages('juliet', 10);
    assert.deepEqual(
      waiting.map(({ stanza, at, notice: told }) => [stanza, at, told]),
      [
        ['code', 11, notice('lamp', 'code')],
        ['unbound', 13, notice('lamp', 'binding')],
      ],
    );
    assert.equal((await offline.messages('romeo', 10)).length, 1);
    if (reopen) assert.deepEqual(await (await reopen()).offline.messages('juliet', 10), waiting);
  });

  scenario('notices and messages take no room of each other', async ({ stores: { offline } }) => {
    const texts = async () => (await offline.messages('juliet', 10)).map(({ stanza }) => stanza);
    for (const topic of ['1', '2', '3']) await offline.add('juliet', topic, 10, 2, notice('lamp', topic));
    assert.equal(await offline.add('juliet', 'hello', 11, 1), true);
    assert.equal(await offline.add('juliet', 'who is there?', 11, 1), false);
    assert.equal(await offline.add('juliet', '4', 12, 2, notice('lamp', '4')), true);
    assert.deepEqual(await texts(), ['3', 'hello', '4']);
    assert.equal(await offline.add('juliet', '5', 12, 0, notice('lamp', '5')), false);
    assert.deepEqual(await texts(), ['3', 'hello', '4']);
  });

  scenario('of too many notices the oldest of the largest group goes', async ({ stores: { offline } }) => {
    await offline.add('juliet', 'door', 10, 3, notice('door', 'binding'));
    for (const topic of ['1', '2', '3', '4']) await offline.add('juliet', topic, 10, 3, notice('lamp', topic));
    await offline.add('juliet', 'fan', 10, 3, notice('fan', 'binding'));
    const texts = (await offline.messages('juliet', 10)).map(({ stanza }) => stanza);
    assert.deepEqual(texts, ['door', '4', 'fan']);
    // A lower limit holds at once.
    await offline.add('juliet', 'kettle', 10, 2, notice('kettle', 'binding'));
    assert.equal((await offline.messages('juliet', 10)).length, 2);
  });
}

function archiveScenarios(scenario: Scenario): void {
  const ids = (page: { readonly messages: readonly ArchivedMessage[] }) => page.messages.map(({ id }) => id);

  scenario('gives pages forwards and backwards', async ({ stores: { archive } }) => {
    for (const id of ['a', 'b', 'c', 'd']) await archive.add('juliet', message(id));
    await archive.add('romeo', message('x'));
    const first = await archive.page('juliet', { limit: 3 });
    assert.deepEqual(first.messages[0], message('a'));
    assert.deepEqual([ids(first), first.complete], [['a', 'b', 'c'], false]);
    const second = await archive.page('juliet', { limit: 3, after: 'c' });
    assert.deepEqual([ids(second), second.complete], [['d'], true]);
    const last = await archive.page('juliet', { limit: 2, before: '' });
    assert.deepEqual([ids(last), last.complete], [['c', 'd'], false]);
    const earlier = await archive.page('juliet', { limit: 2, before: 'c' });
    assert.deepEqual([ids(earlier), earlier.complete], [['a', 'b'], true]);
    assert.deepEqual(ids(await archive.page('nobody', { limit: 2 })), []);
  });

  scenario('finds by contact and time', async ({ stores: { archive } }) => {
    await archive.add('juliet', message('a', { at: 100 }));
    await archive.add('juliet', message('b', { at: 200, with: 'nurse@example.com' }));
    await archive.add('juliet', message('c', { at: 300 }));
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9, with: 'nurse@example.com' })), ['b']);
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9, start: 200 })), ['b', 'c']);
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9, end: 200 })), ['a', 'b']);
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9, start: 150, with: 'romeo@example.com' })), ['c']);
    assert.equal((await archive.message('juliet', 'b'))?.at, 200);
    assert.equal(await archive.message('romeo', 'b'), undefined);
  });

  scenario('counts messages by contact and between ids', async ({ stores: { archive } }) => {
    for (const id of ['a', 'b', 'c', 'd']) await archive.add('juliet', message(id));
    await archive.add('juliet', message('e', { with: 'nurse@example.com' }));
    await archive.add('romeo', message('x'));
    assert.equal(await archive.count('juliet', {}), 5);
    assert.equal(await archive.count('juliet', { after: 'b' }), 3);
    assert.equal(await archive.count('juliet', { after: 'a', before: 'd' }), 2);
    assert.equal(await archive.count('juliet', { with: 'nurse@example.com' }), 1);
    assert.equal(await archive.count('juliet', { with: 'romeo@example.com', before: 'c' }), 2);
    assert.equal(await archive.count('nobody', {}), 0);
  });

  scenario('forgets what is older', async ({ stores: { archive } }) => {
    await archive.add('juliet', message('a', { at: 100 }));
    await archive.add('romeo', message('b', { at: 200 }));
    assert.equal(await archive.removeBefore(200, 9), 1);
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9 })), []);
    assert.deepEqual(ids(await archive.page('romeo', { limit: 9 })), ['b']);
  });

  scenario('forgets no more at once than it is told, the oldest first', async ({ stores: { archive } }) => {
    for (const [index, id] of ['a', 'b', 'c'].entries()) await archive.add('juliet', message(id, { at: 100 + index }));
    assert.equal(await archive.removeBefore(200, 2), 2);
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9 })), ['c']);
    assert.equal(await archive.removeBefore(200, 2), 1);
    assert.equal(await archive.removeBefore(200, 2), 0);
  });

  scenario('forgets the oldest of accounts that have too many', async ({ stores: { archive }, reopen }) => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await archive.add('juliet', message(id));
    for (const id of ['v', 'w', 'x']) await archive.add('nurse', message(id));
    await archive.add('romeo', message('y'));
    assert.equal(await archive.removeBeyond(2, 2), 2);
    assert.equal(await archive.removeBeyond(2, 9), 2);
    assert.equal(await archive.removeBeyond(2, 9), 0);
    assert.deepEqual(ids(await archive.page('juliet', { limit: 9 })), ['d', 'e']);
    assert.deepEqual(ids(await archive.page('nurse', { limit: 9 })), ['w', 'x']);
    assert.deepEqual(ids(await archive.page('romeo', { limit: 9 })), ['y']);
    await archive.add('juliet', message('f'));
    assert.equal(await (reopen ? (await reopen()).archive : archive).removeBeyond(2, 9), 1);
  });
}

function pubsubScenarios(scenario: Scenario): void {
  const node = (name: string, state = '{}') => ({ name, state });
  const item = (id: string) => ({ id, at: 100, payload: `<x id='${id}'/>` });
  const none = Number.MAX_SAFE_INTEGER;
  const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).join('');

  scenario('keeps nodes and items in their order', async ({ stores: { pubsub }, reopen }) => {
    await pubsub.putNode('juliet', node('b'));
    await pubsub.putNode('juliet', node('a', '{"x":1}'));
    for (const id of ['1', '2', '3']) assert.equal(await pubsub.publish('juliet', node('b'), item(id), 9, none), true);
    assert.equal(
      await pubsub.publish('juliet', node('b', '{"y":2}'), { ...item('1'), payload: undefined }, 9, none),
      true,
    );
    await pubsub.publish('romeo', node('b'), item('9'), 9, none);
    const store = reopen === undefined ? pubsub : (await reopen()).pubsub;
    assert.deepEqual(await store.nodes('juliet'), [node('a', '{"x":1}'), node('b', '{"y":2}')]);
    const all = await store.items('juliet', 'b', { limit: 9 });
    assert.deepEqual(all, [item('2'), item('3'), { id: '1', at: 100, payload: undefined }]);
    assert.deepEqual(await store.item('juliet', 'b', '2'), item('2'));
    assert.equal(await store.item('juliet', 'a', '2'), undefined);
    assert.deepEqual(await store.nodes('nobody'), []);
  });

  scenario('gives pages of items and counts them', async ({ stores: { pubsub } }) => {
    for (const id of ['1', '2', '3', '4']) await pubsub.publish('juliet', node('a'), item(id), 9, none);
    const page = async (query: object) => ids(await pubsub.items('juliet', 'a', { limit: 2, ...query }));
    assert.equal(await page({}), '12');
    assert.equal(await page({ after: '2' }), '34');
    assert.equal(await page({ before: '' }), '34');
    assert.equal(await page({ before: '3' }), '12');
    assert.equal(await page({ after: '1', before: '4' }), '23');
    assert.equal(await pubsub.count('juliet', 'a'), 4);
    assert.equal(await pubsub.count('juliet', 'a', '3'), 2);
    assert.equal(await pubsub.count('juliet', 'b'), 0);
  });

  scenario('removes the oldest items beyond what a node keeps', async ({ stores: { pubsub } }) => {
    for (const id of ['1', '2', '3', '4']) await pubsub.publish('juliet', node('a'), item(id), 3, none);
    assert.equal(ids(await pubsub.items('juliet', 'a', { limit: 9 })), '234');
    await pubsub.publish('juliet', node('a'), item('2'), 3, none);
    assert.equal(ids(await pubsub.items('juliet', 'a', { limit: 9 })), '342');
    await pubsub.trim('juliet', 'a', 2);
    assert.equal(ids(await pubsub.items('juliet', 'a', { limit: 9 })), '42');
    await pubsub.publish('juliet', node('a'), item('5'), 1, none);
    assert.equal(ids(await pubsub.items('juliet', 'a', { limit: 9 })), '5');
  });

  scenario('keeps no more of an account than its bound, whatever goes makes room', async ({ stores: { pubsub } }) => {
    const one = pubsubItemSize(item('1'));
    const publish = (name: string, id: string, kept: number) =>
      pubsub.publish('juliet', node(name), item(id), kept, 2 * one);
    assert.equal(await publish('a', '1', 9), true);
    assert.equal(await publish('b', '2', 9), true);
    assert.equal(await publish('c', '3', 9), false);
    assert.deepEqual(ids((await pubsub.nodes('juliet')).map(({ name }) => ({ id: name }))), 'ab');
    assert.equal(await publish('b', '2', 9), true, 'the same again');
    assert.equal(await publish('b', '3', 1), true, 'in place of the oldest');
    assert.deepEqual(await pubsub.retract('juliet', 'a', ['1', 'x']), ['1']);
    assert.equal(await publish('a', '4', 9), true);
    await pubsub.removeNode('juliet', 'b');
    assert.equal(await publish('a', '5', 9), true);
    assert.equal(await publish('a', '6', 9), false);
    assert.equal(ids(await pubsub.items('juliet', 'a', { limit: 9 })), '45');
    assert.equal(await pubsub.publish('romeo', node('a'), item('1'), 9, one), true);
  });
}

function otherScenarios(scenario: Scenario): void {
  scenario('keeps one vCard of each account', async ({ stores: { vcards } }) => {
    assert.equal(await vcards.vcard('juliet'), undefined);
    await vcards.setVcard('juliet', '<vCard/>');
    await vcards.setVcard('juliet', '<vCard>2</vCard>');
    assert.equal(await vcards.vcard('juliet'), '<vCard>2</vCard>');
    assert.equal(await vcards.vcard('romeo'), undefined);
  });

  scenario('keeps whom accounts block', async ({ stores: { blocking }, reopen }) => {
    await blocking.block('juliet', ['b', 'a']);
    await blocking.block('juliet', ['a', 'c']);
    await blocking.block('romeo', ['d']);
    assert.deepEqual(await blocking.blocked('juliet'), ['a', 'b', 'c']);
    await blocking.unblock('juliet', ['a', 'x']);
    if (reopen) assert.deepEqual(await (await reopen()).blocking.blocked('juliet'), ['b', 'c']);
  });

  scenario('unblocks all at once', async ({ stores: { blocking } }) => {
    await blocking.block('juliet', ['a', 'b']);
    await blocking.block('romeo', ['c']);
    await blocking.unblock('juliet', undefined);
    assert.deepEqual(await blocking.blocked('juliet'), []);
    assert.deepEqual(await blocking.blocked('romeo'), ['c']);
  });
  scenario('keeps whom accounts have told of what waits', async ({ stores: { push }, reopen }) => {
    const target = (service: string, node?: string, options?: string) => ({ service, node, options });
    assert.equal(await push.enable('juliet', target('push.example', 'b'), 3), true);
    assert.equal(await push.enable('juliet', target('push.example', 'a', '<x/>'), 3), true);
    assert.equal(await push.enable('juliet', target('push.example'), 3), true);
    assert.equal(await push.enable('juliet', target('other.example', 'a'), 3), false);
    assert.equal(await push.enable('juliet', target('push.example', 'b', '<y/>'), 3), true);
    assert.equal(await push.enable('romeo', target('push.example', 'a'), 3), true);
    const kept = [target('push.example'), target('push.example', 'a', '<x/>'), target('push.example', 'b', '<y/>')];
    assert.deepEqual(await push.targets('juliet'), kept);
    await push.disable('juliet', 'push.example', 'a');
    await push.disable('juliet', 'other.example', undefined);
    const reopened = reopen ? (await reopen()).push : push;
    assert.deepEqual(await reopened.targets('juliet'), [kept[0], kept[2]]);
    await reopened.disable('juliet', 'push.example', undefined);
    assert.deepEqual(await reopened.targets('juliet'), []);
    assert.equal((await reopened.targets('romeo')).length, 1);
  });
}

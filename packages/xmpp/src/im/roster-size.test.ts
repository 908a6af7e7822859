/** RFC 6121 has no pages for rosters: each is one stanza, and nobody is kept out by the length of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImWorld } from '../testing/im-world.ts';
import type { XmlElement } from '../xml/element.ts';
import { clientContext, xml } from '../xml/literal.ts';
import { parseXml } from '../xml/parse.ts';
import type { RosterItem } from './stores.ts';
import { newItem } from './subscription.ts';

const get = xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`;

test('a roster is one stanza that clients take, whatever names and groups it has, with all contacts', async () => {
  const quotes = '"'.repeat(128);
  const groups = Array.from({ length: 16 }, (_, index) => `${index}${quotes}`.slice(0, 128));
  const jids = (count: number) => Array.from({ length: count }, (_, index) => `${1000 + index}@example.net`);
  const rosterOf = async (items: readonly RosterItem[]) => {
    const world = new ImWorld();
    for (const item of items) await world.stores.rosters.put('juliet', item);
    const session = await world.bind('juliet@example.com/balcony');
    await session.send(get);
    const [answer] = session.take();
    const parsed = parseXml(new TextEncoder().encode(answer), clientContext);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    return parsed.value.elements()[0]!.elements();
  };
  const listed = (jid: string, called: Partial<RosterItem>) => ({ ...newItem(jid), ...called, listed: true });
  const jidsOf = (roster: readonly XmlElement[]) => roster.map((item) => item.attribute('jid'));
  const long = await rosterOf(jids(1000).map((jid) => listed(jid, { name: quotes, groups })));
  assert.deepEqual(jidsOf(long), jids(1000));
  assert.ok(long[0]!.elements().length === 16 && long.some((item) => item.attribute('name') === undefined));
  const small = await rosterOf(jids(3000).map((jid) => listed(jid, { groups: ['a', 'b', 'c', 'd'] })));
  assert.deepEqual(jidsOf(small), jids(3000));
  const ordinary = await rosterOf(
    jids(1000).map((jid) => listed(jid, { name: '张伟的空调', groups: ['卧室', '家人'] })),
  );
  assert.ok(ordinary.every((item) => item.attribute('name') === '张伟的空调' && item.elements().length === 2));
  const many = await rosterOf(jids(8000).map((jid) => listed(jid, { name: 'x' })));
  assert.deepEqual(jidsOf(many), jids(many.length));
  assert.ok(many.length > 3000);
});

test('a roster has names and groups of so many characters in all; what is shorter than before is always taken', async () => {
  const world = new ImWorld({ bounds: { rosterTexts: 10 } });
  const session = await world.bind('juliet@example.com/balcony');
  const set = async (jid: string, name: string) => {
    await session.send(
      xml`<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='${jid}' name='${name}'><group>ab</group></item></query></iq>`,
    );
    return /resource-constraint/.test(session.take().at(-1)!);
  };
  assert.equal(await set('a@example.net', 'abcd'), false);
  assert.equal(await set('b@example.net', 'abc'), true);
  assert.equal(await set('b@example.net', 'ab'), false);
  assert.equal(await set('b@example.net', 'abc'), true);
  assert.equal(await set('a@example.net', 'abc'), false);
  assert.equal(await set('b@example.net', 'abc'), false);
});

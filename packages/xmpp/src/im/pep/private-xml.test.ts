/** XEP-0049 private XML, and the bookmarks of XEP-0048 and XEP-0402 as one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, present, xmlOf } from '../../testing/im-world.ts';
import { headlines, itemsIq, outcomeOf, PepWorld, publication, pubsubIq } from '../../testing/pep-world.ts';
import { privateXmlModule } from './private-xml.ts';

const bookmarks = 'urn:xmpp:bookmarks:1';

function privateWorld(bounds: object = {}) {
  const world = new PepWorld({ bounds });
  world.server.use(privateXmlModule(world.server, world.pep.service));
  return world;
}

const iq = (type: 'get' | 'set', content: string, to = '') =>
  xmlOf(`<iq type='${type}' id='x'${to}><query xmlns='jabber:iq:private'>${content}</query></iq>`);
const inner = (answer: string) => /<query xmlns='jabber:iq:private'>(.*)<\/query>/.exec(answer)?.[1];

describe('XEP-0049: private XML', () => {
  test('is given back to its owner as it was, and to nobody else', async () => {
    const world = privateWorld();
    await world.friends('juliet', 'romeo');
    const juliet = await world.interested('juliet@example.com/balcony', 'jabber:iq:private');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const prefs = `<exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus>`;
    assert.equal(
      inner(await ask(juliet, iq('get', `<exodus xmlns='exodus:prefs'/>`))),
      `<exodus xmlns='exodus:prefs'/>`,
    );
    assert.equal(outcomeOf(await ask(juliet, iq('set', `${prefs}<a xmlns='urn:a'>1</a>`))), 'result');
    assert.equal(inner(await ask(juliet, iq('get', `<exodus xmlns='exodus:prefs'/>`))), prefs);
    assert.equal(inner(await ask(juliet, iq('get', `<a xmlns='urn:a'/>`))), `<a xmlns='urn:a'>1</a>`);
    await ask(juliet, iq('set', `<a xmlns='urn:a'>2</a>`));
    assert.equal(inner(await ask(juliet, iq('get', `<a xmlns='urn:a'/>`))), `<a xmlns='urn:a'>2</a>`);
    assert.deepEqual(headlines(juliet), []);
    const to = ` to='juliet@example.com'`;
    assert.equal(outcomeOf(await ask(romeo, iq('get', `<a xmlns='urn:a'/>`, to))), 'forbidden');
    assert.equal(outcomeOf(await ask(romeo, iq('set', `<a xmlns='urn:a'/>`, to))), 'forbidden');
    const node = itemsIq('juliet@example.com', `<items node='jabber:iq:private'/>`);
    assert.equal(outcomeOf(await ask(romeo, node)), 'not-allowed');
  });

  test('is refused where it cannot be kept', async () => {
    const world = privateWorld({ pubsubItem: 100, pubsubText: 50 });
    const juliet = await present(world, 'juliet@example.com/balcony');
    const refused: readonly [string, string, string][] = [
      ['get', '', 'bad-request'],
      ['set', '', 'bad-request'],
      ['get', `<a xmlns='urn:a'/><b xmlns='urn:b'/>`, 'bad-request'],
      ['set', `<a xmlns='jabber:client'/>`, 'not-acceptable'],
      ['set', '<a/>', 'not-acceptable'],
      ['set', `<a xmlns='urn:a'>${'x'.repeat(100)}</a>`, 'not-acceptable'],
      ['set', `<a xmlns='urn:${'a'.repeat(100)}'/>`, 'not-acceptable'],
      ['set', `<storage xmlns='storage:bookmarks'><conference name='x'/></storage>`, 'jid-malformed'],
    ];
    for (const [type, content, condition] of refused) {
      assert.equal(outcomeOf(await ask(juliet, iq(type as 'get', content))), condition, content);
    }
  });
});

describe('XEP-0402: bookmarks, with XEP-0048 for older clients', () => {
  const legacy = (content: string) => `<storage xmlns='storage:bookmarks'>${content}</storage>`;
  const read = iq('get', legacy(''));
  const publish = (jid: string, content: string) =>
    publication(bookmarks, `<item id='${jid}'>${content}</item>`, {
      ...{ persist_items: 'true', max_items: 'max', send_last_published_item: 'never', access_model: 'whitelist' },
    });

  test('what newer clients publish is there for older ones', async () => {
    const world = privateWorld();
    const juliet = await world.interested('juliet@example.com/balcony', bookmarks);
    const play = `<conference xmlns='${bookmarks}' name='The Play' autojoin='true'><nick>JC</nick><password>p</password></conference>`;
    assert.equal(outcomeOf(await ask(juliet, publish('play@rooms.example', play))), 'result');
    await ask(juliet, publish('orchard@rooms.example', `<conference xmlns='${bookmarks}'/>`));
    assert.equal(
      inner(await ask(juliet, read)),
      legacy(
        `<conference jid='play@rooms.example' name='The Play' autojoin='true'><nick>JC</nick><password>p</password></conference><conference jid='orchard@rooms.example'/>`,
      ),
    );
    const retract = pubsubIq(
      'set',
      `<retract node='${bookmarks}' notify='true'><item id='play@rooms.example'/></retract>`,
    );
    await juliet.send(retract);
    assert.match(headlines(juliet).join(), /<retract id='play@rooms.example'\/>/);
    assert.equal(inner(await ask(juliet, read)), legacy(`<conference jid='orchard@rooms.example'/>`));
  });

  test('what older clients store is published: what is new, not what did not change; what is gone is retracted', async () => {
    const world = privateWorld();
    await world.friends('juliet', 'romeo');
    const juliet = await present(world, 'juliet@example.com/balcony');
    const chamber = await world.interested('juliet@example.com/chamber', bookmarks);
    const romeo = await world.interested('romeo@example.com/orchard', bookmarks);
    const room = (jid: string, name: string) =>
      `<conference jid='${jid}' name='${name}' autojoin='1'><nick>J</nick></conference>`;
    const url = `<url name='W' url='http://w.example/'/>`;
    assert.equal(
      outcomeOf(await ask(juliet, iq('set', legacy(room('a@r.example', 'A') + url + room('B@r.example', 'B'))))),
      'result',
    );
    const told = headlines(chamber).join();
    assert.match(
      told,
      /<item id='a@r.example'><conference xmlns='urn:xmpp:bookmarks:1' name='A' autojoin='1'><nick>J</,
    );
    assert.match(told, /<item id='b@r.example'>/);
    const extended = `<conference xmlns='${bookmarks}' name='A' autojoin='1'><nick>J</nick><extensions><pin xmlns='urn:pin'/></extensions></conference>`;
    await ask(juliet, publish('a@r.example', extended));
    chamber.take();
    await ask(juliet, iq('set', legacy(room('a@r.example', 'A') + url)));
    const changed = headlines(chamber).join();
    assert.ok(!changed.includes('<item '), changed);
    assert.match(changed, /<retract id='b@r.example'\/>/);
    const items = await ask(juliet, itemsIq(undefined, `<items node='${bookmarks}'/>`));
    assert.match(items, /<pin xmlns='urn:pin'\/>/);
    assert.equal(inner(await ask(juliet, read)), legacy(url + room('a@r.example', 'A')));
    await ask(juliet, iq('set', legacy(room('a@r.example', 'Other'))));
    assert.match(headlines(chamber).join(), /name='Other'.*<pin/);
    assert.deepEqual(headlines(romeo), []);
    assert.equal(
      outcomeOf(await ask(romeo, itemsIq('juliet@example.com', `<items node='${bookmarks}'/>`))),
      'not-allowed',
    );
  });
});

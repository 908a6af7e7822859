import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { available, ImWorld } from '../testing/im-world.ts';
import { xml } from '../xml/literal.ts';

const hello = xml`<message to='juliet@example.com' type='chat'><body>Hello</body></message>`;

describe('XEP-0198 §4: what a session leaves that it did not acknowledge', () => {
  test('messages that a session did not acknowledge wait for the next one', async () => {
    const world = new ImWorld();
    const [juliet] = await available(world, 'juliet@example.com/balcony');
    await juliet!.leave([hello.with({ from: 'romeo@example.com/orchard' }), xml`<presence/>`]);
    assert.equal((await world.stores.offline.messages('juliet', 10)).length, 1);
  });

  test('what waits goes to one of the sessions that come at once, and to another one when that is cut', async () => {
    const world = new ImWorld();
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    for (const id of ['1', '2', '3']) await romeo!.send(hello.with({ id }));
    const sessions = [await world.bind('juliet@example.com/balcony'), await world.bind('juliet@example.com/chamber')];
    await Promise.all(sessions.map((session) => session.send(xml`<presence/>`)));
    const counts = sessions.map((session) => session.take().filter((stanza) => stanza.includes('Hello')).length);
    assert.deepEqual(counts, [3, 0]);
    for (const session of sessions) await session.leave();
    await romeo!.send(hello.with({ id: '4' }));
    const [first, second] = [await world.bind('juliet@example.com/a'), await world.bind('juliet@example.com/b')];
    first.isOver = true;
    await Promise.all([first, second].map((session) => session.send(xml`<presence/>`)));
    assert.equal(second.take().filter((stanza) => stanza.includes('Hello')).length, 1);
  });

  test('what several sessions had is not there twice when one of them gives it back, and waits when all do', async () => {
    const world = new ImWorld();
    const [romeo, balcony, chamber] = await available(
      world,
      'romeo@example.com/orchard',
      'juliet@example.com/balcony',
      'juliet@example.com/chamber',
    );
    await romeo!.send(hello);
    await balcony!.cut();
    assert.equal(chamber!.take().filter((stanza) => stanza.includes('Hello')).length, 1);
    await romeo!.send(hello.with({ id: '2' }));
    const orchard2 = await available(world, 'juliet@example.com/garden');
    assert.deepEqual(orchard2[0]!.take(), []);
    await chamber!.cut();
    assert.equal(orchard2[0]!.take().filter((stanza) => stanza.includes('Hello')).length, 1);
    assert.deepEqual(await world.stores.offline.messages('juliet', 10), []);
    await romeo!.send(hello.with({ id: '3' }));
    await orchard2[0]!.cut();
    assert.equal((await world.stores.offline.messages('juliet', 10)).length, 1);
  });

  test('XEP-0280, XEP-0313: copies and pages that a session gives back are not messages to its account', async () => {
    const world = new ImWorld();
    const enable = xml`<enable xmlns='urn:xmpp:carbons:2'/>`;
    const [romeo, balcony] = await available(world, 'romeo@example.com/orchard', 'juliet@example.com/balcony');
    const chamber = await world.bind('juliet@example.com/chamber', enable);
    await romeo!.send(hello.with({ to: 'juliet@example.com/balcony' }));
    await balcony!.send(xml`<message to='romeo@example.com' type='chat'><body>Hi</body></message>`);
    assert.equal(balcony!.take().length, 1);
    await chamber.cut();
    assert.deepEqual(balcony!.take(), []);
    const page = xml`<message from='juliet@example.com' to='juliet@example.com/balcony'><result xmlns='urn:xmpp:mam:2'/></message>`;
    await balcony!.leave([page]);
    assert.deepEqual(await world.stores.offline.messages('juliet', 10), []);
    const again = await world.bind('juliet@example.com/chamber', enable);
    const [third] = await available(world, 'juliet@example.com/third');
    await romeo!.send(hello.with({ to: 'juliet@example.com/third' }));
    await third!.cut();
    await again.cut();
    const kept = await world.stores.offline.messages('juliet', 10);
    assert.equal(kept.length, 1, 'all who had it gave it back');
    assert.ok(!kept[0]!.stanza.includes('carbons'));
  });

  test('a request that a session did not acknowledge is answered as if it had not been there', async () => {
    const world = new ImWorld();
    const [romeo, juliet] = await available(world, 'romeo@example.com/orchard', 'juliet@example.com/balcony');
    await juliet!.send(xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`);
    juliet!.take();
    await romeo!.send(xml`<iq type='get' id='1' to='juliet@example.com/balcony'><a xmlns='urn:a'/></iq>`);
    await romeo!.send(xml`<iq type='result' id='2' to='juliet@example.com/balcony'/>`);
    await juliet!.send(xml`<presence type='subscribe' to='romeo@example.com'/>`);
    romeo!.take();
    await juliet!.cut();
    const [answer, ...more] = romeo!.take().filter((stanza) => stanza.startsWith('<iq'));
    assert.match(answer!, /type='error' id='1' from='juliet@example.com\/balcony'.*<service-unavailable xmlns=/);
    assert.deepEqual(more, []);
  });
});

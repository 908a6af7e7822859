import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { available, ImWorld, type RecordedSession } from '../testing/im-world.ts';
import type { XmlElement } from '../xml/element.ts';
import { clientContext, xml } from '../xml/literal.ts';
import { serialiseXml } from '../xml/serialise.ts';

const text = (element: XmlElement) => serialiseXml(element, clientContext);

function received(session: RecordedSession, ...expected: readonly XmlElement[]): void {
  assert.deepEqual(session.take(), expected.map(text));
}

async function subscribed(world: ImWorld): Promise<void> {
  const item = { name: undefined, groups: [], asked: false, request: undefined, approved: false, listed: true };
  await world.stores.rosters.put('juliet', { ...item, jid: 'romeo@example.com', subscription: 'both' });
  await world.stores.rosters.put('romeo', { ...item, jid: 'juliet@example.com', subscription: 'both' });
}

describe('roster', () => {
  const get = xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`;

  test('is set, pushed to interested sessions, and read again', async () => {
    const world = new ImWorld();
    const balcony = await world.bind('juliet@example.com/balcony');
    const chamber = await world.bind('juliet@example.com/chamber');
    await balcony.send(get);
    received(
      balcony,
      xml`<iq type='result' id='r' to='juliet@example.com/balcony'><query xmlns='jabber:iq:roster'/></iq>`,
    );
    const set = xml`<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='Romeo@example.com' name='R'><group>Friends</group></item></query></iq>`;
    await chamber.send(set);
    received(chamber, xml`<iq type='result' id='s' to='juliet@example.com/chamber'/>`);
    received(
      balcony,
      xml`<iq type='set' id='push-1' to='juliet@example.com/balcony'><query xmlns='jabber:iq:roster' ver='1'><item jid='romeo@example.com' name='R' subscription='none'><group>Friends</group></item></query></iq>`,
    );
    await chamber.send(get);
    assert.match(chamber.take()[0]!, /<item jid='romeo@example.com' name='R' subscription='none'>/);
  });

  test('is not sent again to who has its version', async () => {
    const world = new ImWorld();
    await subscribed(world);
    const session = await world.bind('juliet@example.com/balcony');
    await session.send(xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>`);
    assert.match(session.take()[0]!, /<query xmlns='jabber:iq:roster' ver='1'><item/);
    await session.send(xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='1'/></iq>`);
    received(session, xml`<iq type='result' id='r' to='juliet@example.com/balcony'/>`);
  });

  const refused: readonly [string, string, string][] = [
    ['two items', `<item jid='a@example.com'/><item jid='b@example.com'/>`, 'bad-request'],
    ['no item', '', 'bad-request'],
    ['no JID', `<item jid='@'/>`, 'jid-malformed'],
    ['a full JID', `<item jid='a@example.com/x'/>`, 'bad-request'],
    ['oneself', `<item jid='juliet@example.com'/>`, 'not-allowed'],
    ['a group twice', `<item jid='a@example.com'><group>x</group><group>x</group></item>`, 'bad-request'],
    ['an empty group', `<item jid='a@example.com'><group/></item>`, 'not-acceptable'],
    ['a name that is too long', `<item jid='a@example.com' name='${'n'.repeat(1024)}'/>`, 'not-acceptable'],
    ['the removal of nobody', `<item jid='a@example.com' subscription='remove'/>`, 'item-not-found'],
  ];
  for (const [title, items, condition] of refused) {
    test(`refuses ${title}`, async () => {
      const world = new ImWorld();
      const session = await world.bind('juliet@example.com/balcony');
      const { parseXmlText } = await import('../xml/parse.ts');
      const iq = parseXmlText(
        `<iq type='set' id='s'><query xmlns='jabber:iq:roster'>${items}</query></iq>`,
        clientContext,
      );
      assert.ok(iq.ok);
      await session.send(iq.value);
      assert.match(session.take()[0]!, new RegExp(`<${condition} xmlns=`));
    });
  }

  test('takes no more contacts than its bound (a roster bomb)', async () => {
    const world = new ImWorld({ bounds: { rosterItems: 3 } });
    const session = await world.bind('juliet@example.com/balcony');
    for (const name of ['a', 'b', 'c', 'd']) {
      await session.send(
        xml`<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='${name}@example.com'/></query></iq>`,
      );
    }
    assert.match(session.take().at(-1)!, /resource-constraint/);
    const nurse = await world.bind('nurse@example.com/x');
    for (const name of ['a', 'b', 'c', 'd'])
      await nurse.send(xml`<presence type='subscribe' to='${name}@example.com'/>`);
    assert.equal((await world.stores.rosters.roster('nurse')).items.length, 3);
    const requests = await world.bind('romeo@example.com/x');
    for (const name of ['a', 'b', 'c', 'd']) {
      await world.server.send(xml`<presence type='subscribe' from='${name}@service.example' to='romeo@example.com'/>`);
    }
    assert.equal((await world.stores.rosters.roster('romeo')).items.length, 3);
    assert.equal(requests.take().length, 0);
  });

  test('of others is neither read nor changed', async () => {
    const world = new ImWorld();
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    await romeo!.send(get.with({ to: 'juliet@example.com' }));
    assert.match(romeo!.take()[0]!, /service-unavailable/);
  });

  test('loses a contact with the subscriptions on both sides', async () => {
    const world = new ImWorld();
    await subscribed(world);
    const [juliet, romeo] = await available(world, 'juliet@example.com/balcony', 'romeo@example.com/orchard');
    romeo!.take();
    await romeo!.send(get);
    romeo!.take();
    await juliet!.send(
      xml`<iq type='set' id='d'><query xmlns='jabber:iq:roster'><item jid='romeo@example.com' subscription='remove'/></query></iq>`,
    );
    assert.deepEqual((await world.stores.rosters.roster('juliet')).items, []);
    assert.equal((await world.stores.rosters.item('romeo', 'juliet@example.com'))?.subscription, 'none');
    const seen = romeo!.take().join('\n');
    assert.match(seen, /type='unsubscribe'/);
    assert.match(seen, /type='unsubscribed'/);
    assert.match(seen, /type='unavailable' from='juliet@example.com\/balcony'/);
  });
});

describe('subscriptions', () => {
  test('the dance: asked, granted, and presence comes (RFC 6121 §3.1)', async () => {
    const world = new ImWorld();
    const [romeo, juliet] = await available(world, 'romeo@example.com/orchard', 'juliet@example.com/balcony');
    for (const session of [romeo!, juliet!]) {
      await session.send(xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`);
      session.take();
    }
    const nick = xml`<nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick>`;
    await romeo!.send(xml`<presence type='subscribe' to='juliet@example.com/balcony'>${nick}</presence>`);
    received(
      romeo!,
      xml`<iq type='set' id='push-1' to='romeo@example.com/orchard'><query xmlns='jabber:iq:roster' ver='1'><item jid='juliet@example.com' subscription='none' ask='subscribe'/></query></iq>`,
    );
    received(
      juliet!,
      xml`<presence type='subscribe' to='juliet@example.com' from='romeo@example.com'>${nick}</presence>`,
    );
    await juliet!.send(xml`<presence type='subscribed' to='romeo@example.com'/>`);
    received(
      romeo!,
      xml`<iq type='set' id='push-3' to='romeo@example.com/orchard'><query xmlns='jabber:iq:roster' ver='2'><item jid='juliet@example.com' subscription='to'/></query></iq>`,
      xml`<presence type='subscribed' to='romeo@example.com' from='juliet@example.com'/>`,
      xml`<presence from='juliet@example.com/balcony' to='romeo@example.com'/>`,
    );
    received(
      juliet!,
      xml`<iq type='set' id='push-2' to='juliet@example.com/balcony'><query xmlns='jabber:iq:roster' ver='2'><item jid='romeo@example.com' subscription='from'/></query></iq>`,
    );
  });

  test('a request waits for who is away, and is shown at each log-in until it is answered', async () => {
    const world = new ImWorld();
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    await romeo!.send(xml`<presence type='subscribe' to='juliet@example.com'/>`);
    for (let time = 0; time < 2; time++) {
      const juliet = await world.bind(`juliet@example.com/${time}`);
      await juliet.send(xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`);
      received(
        juliet,
        xml`<iq type='result' id='r' to='juliet@example.com/${time}'><query xmlns='jabber:iq:roster'/></iq>`,
      );
      await juliet.send(xml`<presence/>`);
      assert.ok(
        juliet
          .take()
          .includes(text(xml`<presence type='subscribe' to='juliet@example.com' from='romeo@example.com'/>`)),
      );
      await juliet.leave();
    }
    const juliet = await world.bind('juliet@example.com/last');
    await juliet.send(xml`<presence type='unsubscribed' to='romeo@example.com'/>`);
    await juliet.send(xml`<presence/>`);
    assert.ok(!juliet.take().some((stanza) => stanza.includes(`type='subscribe'`)));
    assert.equal((await world.stores.rosters.item('romeo', 'juliet@example.com'))?.asked, false);
  });

  test('nobody there: the request is turned down', async () => {
    const world = new ImWorld();
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    await romeo!.send(xml`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`);
    romeo!.take();
    await romeo!.send(xml`<presence type='subscribe' to='tybalt@example.com'/>`);
    assert.match(romeo!.take().join(), /<presence type='unsubscribed' from='tybalt@example.com'/);
    assert.equal((await world.stores.rosters.item('romeo', 'tybalt@example.com'))?.asked, false);
  });

  test('an approval in advance answers the request when it comes (RFC 6121 §3.4)', async () => {
    const world = new ImWorld();
    const [juliet, romeo] = await available(world, 'juliet@example.com/balcony', 'romeo@example.com/orchard');
    await juliet!.send(xml`<presence type='subscribed' to='romeo@example.com'/>`);
    assert.equal((await world.stores.rosters.item('juliet', 'romeo@example.com'))?.approved, true);
    assert.deepEqual(romeo!.take(), []);
    await romeo!.send(xml`<presence type='subscribe' to='juliet@example.com'/>`);
    assert.equal((await world.stores.rosters.item('juliet', 'romeo@example.com'))?.subscription, 'from');
    assert.equal((await world.stores.rosters.item('romeo', 'juliet@example.com'))?.subscription, 'to');
    assert.deepEqual(
      juliet!.take().filter((stanza) => stanza.includes(`'subscribe'`)),
      [],
    );
  });

  test('a forged answer changes nothing', async () => {
    const world = new ImWorld();
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    await romeo!.send(xml`<presence type='subscribed' to='juliet@example.com'/>`);
    assert.deepEqual((await world.stores.rosters.roster('juliet')).items, []);
  });
});

describe('presence', () => {
  test('goes to who is subscribed and to the own sessions, and comes from who we are subscribed to', async () => {
    const world = new ImWorld();
    await subscribed(world);
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    const juliet = await world.bind('juliet@example.com/balcony');
    await juliet.send(
      xml`<presence><show>away</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>`,
    );
    const shown = xml`<presence from='juliet@example.com/balcony'><show>away</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>`;
    received(romeo!, shown.with({ to: 'romeo@example.com' }));
    received(
      juliet,
      shown.with({ to: 'juliet@example.com/balcony' }),
      xml`<presence from='romeo@example.com/orchard' to='juliet@example.com/balcony'/>`,
    );
    await juliet.leave();
    received(romeo!, xml`<presence type='unavailable' from='juliet@example.com/balcony' to='romeo@example.com'/>`);
  });

  test('§4.3.2: a probe of somebody who is not there is answered, so that nobody waits', async () => {
    const world = new ImWorld();
    await subscribed(world);
    const romeo = await world.bind('romeo@example.com/orchard');
    await romeo.send(xml`<presence/>`);
    received(
      romeo,
      xml`<presence from='romeo@example.com/orchard' to='romeo@example.com/orchard'/>`,
      xml`<presence type='unavailable' from='juliet@example.com' to='romeo@example.com/orchard'/>`,
    );
    await romeo.send(xml`<presence type='probe' to='romeo@example.com'/>`);
    received(romeo, xml`<presence from='romeo@example.com/orchard' to='romeo@example.com/orchard'/>`);
  });

  test('is not told to who is not subscribed, and a probe of a stranger is refused', async () => {
    const world = new ImWorld();
    const [nurse, juliet] = await available(world, 'nurse@example.com/x', 'juliet@example.com/balcony');
    await juliet!.send(xml`<presence><status>here</status></presence>`);
    assert.deepEqual(nurse!.take(), []);
    await nurse!.send(xml`<presence type='probe' to='juliet@example.com'/>`);
    assert.ok(!nurse!.take().some((stanza) => stanza.includes('status')));
  });

  test('that was directed to somebody ends with the session', async () => {
    const world = new ImWorld();
    const [nurse, juliet] = await available(world, 'nurse@example.com/x', 'juliet@example.com/balcony');
    await juliet!.send(xml`<presence to='nurse@example.com/x'/>`);
    received(nurse!, xml`<presence to='nurse@example.com/x' from='juliet@example.com/balcony'/>`);
    await juliet!.leave();
    received(nurse!, xml`<presence type='unavailable' from='juliet@example.com/balcony' to='nurse@example.com/x'/>`);
  });

  test('§4.6.3: who is subscribed is told once that a session is gone, directed presence or not', async () => {
    const world = new ImWorld({ bounds: { directedPresences: 1 } });
    await subscribed(world);
    const [romeo, juliet] = await available(world, 'romeo@example.com/orchard', 'juliet@example.com/balcony');
    await juliet!.send(xml`<presence to='romeo@example.com/orchard'/>`);
    await juliet!.send(xml`<presence to='romeo@example.com/orchard'><show>away</show></presence>`);
    assert.deepEqual(juliet!.take(), [], 'one entity takes one place');
    await juliet!.send(xml`<presence to='nurse@example.com'/>`);
    assert.match(juliet!.take()[0]!, /resource-constraint/);
    romeo!.take();
    await juliet!.leave();
    received(romeo!, xml`<presence type='unavailable' from='juliet@example.com/balcony' to='romeo@example.com'/>`);
  });

  test('has a priority from -128 to 127', async () => {
    const world = new ImWorld();
    const juliet = await world.bind('juliet@example.com/balcony');
    for (const wrong of ['128', '-129', 'x', '1.5']) {
      await juliet.send(xml`<presence><priority>${wrong}</priority></presence>`);
      assert.match(juliet.take()[0]!, /bad-request/);
    }
  });

  test('of an unknown type is refused', async () => {
    const world = new ImWorld();
    const [juliet] = await available(world, 'juliet@example.com/balcony');
    await juliet!.send(xml`<presence type='strange'/>`);
    assert.match(juliet!.take()[0]!, /bad-request/);
  });
});

describe('messages', () => {
  const hello = xml`<message to='juliet@example.com' type='chat'><body>Hello</body></message>`;

  test('to the bare JID reach all sessions with a priority that is not negative', async () => {
    const world = new ImWorld();
    const [romeo, balcony, chamber] = await available(
      world,
      'romeo@example.com/orchard',
      'juliet@example.com/balcony',
      'juliet@example.com/chamber',
    );
    await chamber!.send(xml`<presence><priority>-1</priority></presence>`);
    for (const session of [balcony!, chamber!]) session.take();
    await romeo!.send(hello);
    received(balcony!, hello.with({ from: 'romeo@example.com/orchard' }));
    received(chamber!);
  });

  test('wait for who is away, with the time when they came (XEP-0160, XEP-0203)', async () => {
    const world = new ImWorld();
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    await romeo!.send(hello);
    await romeo!.send(xml`<message to='juliet@example.com'><body>2</body></message>`);
    await romeo!.send(
      xml`<message to='juliet@example.com' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    await world.time.advance(minutes(5));
    const juliet = await world.bind('juliet@example.com/balcony');
    await juliet.send(xml`<presence><priority>-1</priority></presence>`);
    assert.ok(!juliet.take().some((stanza) => stanza.startsWith('<message')));
    await juliet.send(xml`<presence/>`);
    const messages = juliet.take().filter((stanza) => stanza.startsWith('<message'));
    assert.equal(messages.length, 2);
    assert.equal(
      messages[0],
      text(
        xml`<message to='juliet@example.com' type='chat' from='romeo@example.com/orchard'><body>Hello</body><delay xmlns='urn:xmpp:delay' from='example.com' stamp='2026-01-01T00:00:00.000Z'>Offline storage</delay></message>`,
      ),
    );
    assert.deepEqual(await world.stores.offline.messages('juliet', 10), []);
  });

  test('of which too many wait are refused', async () => {
    const world = new ImWorld({ bounds: { offlineMessages: 2 }, archives: true });
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    for (let count = 0; count < 3; count++) await romeo!.send(hello);
    const answers = romeo!.take();
    assert.equal(answers.length, 1);
    assert.match(answers[0]!, /service-unavailable/);
    const archived = await world.stores.archive.page('juliet', { limit: 10 });
    assert.equal(archived.messages.length, 2, 'what is refused is not archived');
  });

  test('keep their order behind what takes longer', async () => {
    const world = new ImWorld();
    const [romeo, juliet] = await available(world, 'romeo@example.com/orchard', 'juliet@example.com/balcony');
    const all = [
      romeo!.send(xml`<iq type='get' id='1' to='example.com'><query xmlns='urn:none'/></iq>`),
      ...['1', '2', '3'].map((id) =>
        romeo!.send(xml`<message id='${id}' to='juliet@example.com' type='chat'><body>x</body></message>`),
      ),
    ];
    await Promise.all(all);
    assert.deepEqual(
      juliet!.take().map((stanza) => /id='(\d)'/.exec(stanza)![1]),
      ['1', '2', '3'],
    );
  });

  const answered: readonly [string, string, string | undefined][] = [
    ['nobody', 'tybalt@example.com', 'service-unavailable'],
    ['the server', 'example.com', 'service-unavailable'],
    ['a resource that is gone', 'juliet@example.com/gone', undefined],
    ['another server', 'juliet@example.net', 'remote-server-not-found'],
    ['what is no JID', 'a b@example.com', 'jid-malformed'],
  ];
  for (const [title, to, condition] of answered) {
    test(`to ${title} are ${condition === undefined ? 'kept' : `answered ${condition}`}`, async () => {
      const world = new ImWorld();
      const [romeo] = await available(world, 'romeo@example.com/orchard');
      await romeo!.send(hello.with({ to }));
      const answers = romeo!.take();
      if (condition === undefined) assert.deepEqual(answers, []);
      else assert.match(answers[0]!, new RegExp(`type='error'.*<${condition} xmlns=`));
      await romeo!.send(hello.with({ to, type: 'error' }));
      assert.deepEqual(romeo!.take(), [], 'errors are never answered');
    });
  }
});

describe('iqs', () => {
  test('between sessions pass', async () => {
    const world = new ImWorld();
    const [romeo, juliet] = await available(world, 'romeo@example.com/orchard', 'juliet@example.com/balcony');
    const iq = xml`<iq type='get' id='1' to='juliet@example.com/balcony'><query xmlns='urn:example'/></iq>`;
    await romeo!.send(iq);
    received(juliet!, iq.with({ from: 'romeo@example.com/orchard' }));
    const result = xml`<iq type='result' id='1' to='romeo@example.com/orchard'/>`;
    await juliet!.send(result);
    received(romeo!, result.with({ from: 'juliet@example.com/balcony' }));
  });

  const refused: readonly [string, XmlElement, string][] = [
    ['without an id', xml`<iq type='get'><query xmlns='urn:example'/></iq>`, 'bad-request'],
    ['of an unknown type', xml`<iq type='put' id='1'><query xmlns='urn:example'/></iq>`, 'bad-request'],
    ['without a payload', xml`<iq type='get' id='1'/>`, 'bad-request'],
    ['with two payloads', xml`<iq type='set' id='1'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>`, 'bad-request'],
    ['of a namespace that nobody knows', xml`<iq type='get' id='1'><a xmlns='urn:a'/></iq>`, 'service-unavailable'],
    [
      'to a session that is gone',
      xml`<iq type='get' id='1' to='juliet@example.com/x'><a xmlns='urn:a'/></iq>`,
      'service-unavailable',
    ],
    ['to nobody', xml`<iq type='get' id='1' to='tybalt@example.com'><a xmlns='urn:a'/></iq>`, 'service-unavailable'],
  ];
  for (const [title, iq, condition] of refused) {
    test(`${title} are answered ${condition}`, async () => {
      const world = new ImWorld();
      const [romeo] = await available(world, 'romeo@example.com/orchard');
      await romeo!.send(iq);
      assert.match(romeo!.take()[0]!, new RegExp(`<iq type='error'.*<${condition} xmlns=`));
    });
  }
});

describe('services of the process', () => {
  test('get what goes to their domain, and send', async () => {
    const world = new ImWorld();
    const heard: string[] = [];
    world.server.addService('ra.example.com', {
      onStanza: (stanza, from, to) => void heard.push(`${from} ${to} ${stanza.element.name}`),
    });
    assert.throws(() => world.server.addService('ra.example.com', { onStanza() {} }), RangeError);
    assert.throws(() => world.server.addService('example.com', { onStanza() {} }), RangeError);
    const [romeo] = await available(world, 'romeo@example.com/orchard');
    await romeo!.send(xml`<message to='lamp@ra.example.com'><body>on</body></message>`);
    assert.deepEqual(heard, ['romeo@example.com/orchard lamp@ra.example.com message']);
    const reply = xml`<message from='lamp@ra.example.com' to='romeo@example.com'><body>is on</body></message>`;
    await world.server.send(reply);
    received(romeo!, reply);
    await assert.rejects(world.server.send(xml`<message/>`), RangeError);
    await world.server.send(xml`<iq type='get' id='1' from='ra.example.com' to='example.com'><a xmlns='urn:a'/></iq>`);
    assert.equal(heard[1], 'example.com ra.example.com iq');
  });
});

test('RFC 6121 §3.1.2: a session whose roster has no room for a subscription is told so', async () => {
  const world = new ImWorld({ bounds: { rosterItems: 1 } });
  const [romeo] = await available(world, 'romeo@example.com/orchard');
  await romeo!.send(xml`<presence to='juliet@example.com' type='subscribe' id='1'/>`);
  romeo!.take();
  await romeo!.send(xml`<presence to='nurse@example.com' type='subscribe' id='2'/>`);
  const [refused] = romeo!.take();
  assert.match(refused!, /type='error' id='2'.*resource-constraint/);
});

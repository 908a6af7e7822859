/** Rooms as a service: what it says of itself (XEP-0030), archives (XEP-0313), what outlives it, bounds, hostile input. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { Jid } from '../jid/jid.ts';
import { ask, type RecordedSession, xmlOf } from '../testing/im-world.ts';
import { configure, digest, enterRoom, RoomWorld, type RoomWorldOptions, say } from '../testing/room-world.ts';
import { xml } from '../xml/literal.ts';

const info = (to: string) =>
  xml`<iq type='get' id='i' to='${to}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;
const items = (to: string) =>
  xml`<iq type='get' id='i' to='${to}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`;

async function opened(rooms: RoomWorldOptions['rooms'] = {}) {
  const world = await RoomWorld.open({ crypto, rooms });
  const [juliet, romeo] = (await world.available('juliet@example.com/a', 'romeo@example.com/b')) as [
    RecordedSession,
    RecordedSession,
  ];
  return { world, juliet, romeo };
}

describe('XEP-0045 §6: discovery', () => {
  test('of the service and of its rooms; hidden ones are listed for their owners and who is in', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden', 'roomname=Roses & walls', 'persistentroom=1');
    await world.make(juliet, 'tomb', 'publicroom=0', 'membersonly=1');
    await enterRoom(juliet, 'locked', 'Juliet');
    const service = await ask(romeo, info('rooms.example.com'));
    assert.match(
      service,
      /<identity category='conference' type='text' name='Rooms'\/>.*var='http:\/\/jabber.org\/protocol\/muc'/,
    );
    assert.match(
      await ask(romeo, items('rooms.example.com')),
      /<query xmlns='[^']+'><item jid='garden@rooms.example.com' name='Roses &amp; walls'\/><\/query>/,
    );
    assert.match(await ask(juliet, items('rooms.example.com')), /jid='tomb@rooms.example.com'/);
    assert.match(await ask(romeo, info('locked@rooms.example.com')), /item-not-found/);
    assert.match(await ask(romeo, info('nowhere@rooms.example.com')), /item-not-found/);
    const features = [...(await ask(romeo, info('tomb@rooms.example.com'))).matchAll(/<feature var='([^']+)'/g)];
    const told = features.map(([, feature]) => feature!);
    for (const one of [
      'muc_temporary',
      'muc_hidden',
      'muc_membersonly',
      'muc_unmoderated',
      'muc_semianonymous',
      'muc_unsecured',
    ])
      assert.ok(told.includes(one), one);
    assert.ok(told.includes('http://jabber.org/protocol/muc#self-ping-optimization'));
    assert.ok(told.includes('urn:xmpp:occupant-id:0') && !told.includes('urn:xmpp:mam:2'));
    const room = await ask(romeo, info('garden@rooms.example.com'));
    assert.match(room, /<identity category='conference' type='text' name='Roses &amp; walls'\/>.*urn:xmpp:mam:2/);
    assert.match(room, /<value>http:\/\/jabber.org\/protocol\/muc#roominfo<.*muc#roominfo_occupants'[^>]*><value>1</);
  });

  test('§6.5: who is in a room is told where that is listed, and to who is in it', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden');
    assert.match(
      await ask(romeo, items('garden@rooms.example.com')),
      /<item jid='garden@rooms.example.com\/juliet'\/>/,
    );
    await configure(juliet, 'garden', 'publicroom=0');
    assert.ok(!(await ask(romeo, items('garden@rooms.example.com'))).includes('juliet'));
    assert.match(await ask(juliet, items('garden@rooms.example.com')), /juliet/);
    assert.match(
      await ask(romeo, xml`<iq type='get' id='i' to='rooms.example.com'><query xmlns='jabber:iq:version'/></iq>`),
      /service-unavailable/,
    );
  });
});

describe('XEP-0313 §5: the archive of a room', () => {
  const query = (content: string) =>
    xmlOf(`<iq type='set' id='q' to='garden@rooms.example.com'><query xmlns='urn:xmpp:mam:2'>${content}</query></iq>`);
  const bodies = (texts: readonly string[]) => texts.flatMap((text) => /<body>([^<]*)</.exec(text)?.[1] ?? []).join();
  const page = async (session: RecordedSession, content = '') => {
    session.take();
    await session.send(query(content));
    const came = session.take();
    return { bodies: bodies(came), last: came.at(-1)!, first: came[0]! };
  };

  test('is that of who is in it; it has what was said by whom, page by page, over a restart', async () => {
    const { world, juliet, romeo } = await opened({ archivePage: 2 });
    await world.make(juliet, 'garden', 'persistentroom=1');
    await enterRoom(romeo, 'garden', 'Romeo');
    for (const [who, body] of [
      [juliet, '1'],
      [romeo, '2'],
      [juliet, '3'],
    ] as const) {
      await say(who, 'garden', body);
      await world.im.time.advance(seconds(1));
    }
    await juliet.send(
      xml`<message type='groupchat' to='garden@rooms.example.com'><body>not kept</body><no-store xmlns='urn:xmpp:hints'/></message>`,
    );
    const stamped = romeo
      .take()
      .map((text) => /<stanza-id xmlns='urn:xmpp:sid:0' by='garden@rooms.example.com' id='([^']+)'/.exec(text)?.[1]);
    const first = await page(romeo);
    assert.equal(first.bodies, '1,2');
    assert.match(
      first.first,
      /^<message from='garden@rooms.example.com' to='romeo@example.com\/b'><result xmlns='urn:xmpp:mam:2' id='[^']+'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='[^']+'\/><message xmlns='jabber:client' type='groupchat' id='1' from='garden@rooms.example.com\/juliet'>/,
    );
    assert.ok(first.first.includes(`id='${stamped.find((id) => id !== undefined)}'`));
    const last = /<last>([^<]+)</.exec(first.last)![1]!;
    const set = (content: string) => `<set xmlns='http://jabber.org/protocol/rsm'>${content}</set>`;
    assert.equal((await page(romeo, set(`<after>${last}</after>`))).bodies, '3');
    const by = (jid: string) =>
      `<x xmlns='jabber:x:data' type='submit'><field var='with'><value>${jid}</value></field></x>`;
    assert.equal((await page(romeo, by('garden@rooms.example.com/Romeo'))).bodies, '2');
    assert.equal((await page(romeo, by('garden@rooms.example.com'))).bodies, '1,2');
    assert.equal((await page(romeo, by('juliet@example.com'))).bodies, '');
    await world.restart();
    assert.match((await page(romeo)).last, /forbidden/);
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.equal(bodies(romeo.take()), '1,2,3');
    assert.equal((await page(romeo)).bodies, '1,2');
  });

  test('of a room that passes there is none', async () => {
    const { world, juliet } = await opened();
    await world.make(juliet, 'garden');
    await say(juliet, 'garden', '1');
    assert.match((await page(juliet)).last, /service-unavailable/);
    assert.deepEqual((await world.store.archive.page('garden@rooms.example.com', { limit: 9 })).messages, []);
  });
});

describe('what outlives the service', () => {
  test('persistent rooms with their set-up, subject, affiliations and ids of occupants; all are told that it goes (332)', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(
      juliet,
      'garden',
      'persistentroom=1',
      'roomname=Roses',
      'moderatedroom=1',
      'roomsecret=p',
      'passwordprotectedroom=1',
    );
    await world.make(juliet, 'tomb');
    await juliet.send(xml`<message type='groupchat' to='garden@rooms.example.com'><subject>Night</subject></message>`);
    await juliet.send(
      xml`<iq type='set' id='a' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='romeo@example.com' affiliation='member'/></query></iq>`,
    );
    const idOf = (texts: readonly string[]) => /occupant-id:0' id='([^']+)'/.exec(texts.join())![1];
    const before = idOf(juliet.take());
    await world.restart();
    assert.deepEqual(digest(juliet.take()), [
      'gone juliet owner/none (juliet@example.com/a) 110 332',
      'gone juliet owner/none (juliet@example.com/a) 110 332',
    ]);
    await say(juliet, 'garden', 'still?');
    assert.deepEqual(digest(juliet.take()), ['m garden error not-acceptable']);
    await say(juliet, 'tomb', 'still?');
    assert.deepEqual(digest(juliet.take()), ['m tomb error item-not-found']);
    await enterRoom(romeo, 'garden', 'Romeo', '<password>p</password>');
    assert.deepEqual(digest(romeo.take()), [
      'p Romeo member/participant (romeo@example.com/b) 110 170',
      'subject juliet: Night late',
    ]);
    await enterRoom(juliet, 'garden', 'juliet');
    const again = juliet.take();
    assert.equal(digest(again)[1], 'p juliet owner/moderator (juliet@example.com/a) 110 170');
    assert.ok(again[1]!.includes(before!));
    await configure(juliet, 'garden', 'persistentroom=0');
    await world.restart();
    assert.deepEqual(world.service.rooms, []);
  });

  test('nothing that the disk did not take: who asked is told, and the room is as it was', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden', 'persistentroom=1');
    await enterRoom(romeo, 'garden', 'Romeo');
    juliet.take();
    romeo.take();
    const { store } = world;
    const full = () => Promise.reject(new Error('the disk is full'));
    Object.assign(store, { put: full, affiliate: full, remove: full });
    Object.assign(store.archive, { add: full });
    await say(juliet, 'garden', 'lost');
    await juliet.send(xml`<message type='groupchat' to='garden@rooms.example.com'><subject>lost</subject></message>`);
    await configure(juliet, 'garden', 'roomname=lost');
    await juliet.send(
      xml`<iq type='set' id='a' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='romeo@example.com' affiliation='outcast'/></query></iq>`,
    );
    assert.deepEqual(
      digest(juliet.take()),
      ['m garden', 'm garden', 'iq', 'iq'].map((one) =>
        one === 'iq' ? 'iq internal-server-error' : `${one} error internal-server-error`,
      ),
    );
    assert.deepEqual(romeo.take(), []);
    const [room] = world.service.rooms;
    assert.deepEqual([room!.config.name, room!.subject, room!.affiliations.size], ['', undefined, 1]);
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.equal(digest(romeo.take()).at(-1), 'subject garden: ');
  });

  test('messages that are still being kept come out in their order, and before who leaves behind them', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden', 'persistentroom=1');
    await enterRoom(romeo, 'garden', 'Romeo');
    juliet.take();
    const waiting: (() => void)[] = [];
    Object.assign(world.store.archive, { add: () => new Promise<void>((resolve) => waiting.push(resolve)) });
    const sent = [
      say(romeo, 'garden', '1'),
      say(romeo, 'garden', '2'),
      romeo.send(xml`<presence to='garden@rooms.example.com/Montague'/>`),
      say(romeo, 'garden', '3'),
    ];
    await world.im.settle();
    assert.deepEqual([digest(juliet.take()), waiting.length], [[], 2]);
    waiting[1]!();
    await world.im.settle();
    assert.deepEqual(digest(juliet.take()), []);
    waiting[0]!();
    await world.im.settle();
    waiting[2]!();
    await Promise.all(sent);
    assert.deepEqual(digest(juliet.take()), [
      'm Romeo: 1',
      'm Romeo: 2',
      'gone Romeo none/participant (romeo@example.com/b) -> Montague 303',
      'p Montague none/participant (romeo@example.com/b)',
      'm Montague: 3',
    ]);
  });

  test('an account that is no more is nothing to any room; who gets its name is not let in', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden', 'persistentroom=1', 'membersonly=1');
    await juliet.send(
      xml`<iq type='set' id='a' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='romeo@example.com' affiliation='member'/></query></iq>`,
    );
    await enterRoom(romeo, 'garden', 'Romeo');
    romeo.take();
    await world.service.forget(romeo.jid.bare);
    await world.im.settle();
    assert.deepEqual(digest(romeo.take()), ['gone Romeo none/none (romeo@example.com/b) 110 321']);
    await world.restart();
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.deepEqual(digest(romeo.take()), ['p Romeo error registration-required']);
  });
});

describe('bounds', () => {
  const entering = async (session: RecordedSession, room: string) => {
    await enterRoom(session, room, 'me');
    return digest(session.take())[0]!.split(' ').at(-1);
  };

  test('rooms of an account, of the service, and who may make them', async () => {
    const { world, juliet, romeo } = await opened({
      bounds: { rooms: 3, roomsPerAccount: 2 },
      mayCreate: ({ local }) => local !== 'nurse',
    });
    assert.deepEqual(
      [await entering(juliet, 'a'), await entering(juliet, 'b'), await entering(juliet, 'c')],
      ['201', '201', 'resource-constraint'],
    );
    assert.deepEqual([await entering(romeo, 'c'), await entering(romeo, 'd')], ['201', 'resource-constraint']);
    await juliet.leave();
    const [nurse, back] = await world.available('nurse@example.com/c', 'juliet@example.com/a');
    assert.equal(await entering(nurse!, 'e'), 'not-allowed');
    assert.equal(await entering(back!, 'e'), '201');
  });

  test('people in a room; what newcomers are shown; requests that wait', async () => {
    const { world, juliet, romeo } = await opened({
      bounds: { occupants: 2, historyMessages: 2, historyBytes: 2000, requests: 1 },
    });
    await world.make(juliet, 'garden', 'maxusers=100', 'muc#maxhistoryfetch=50');
    for (const body of ['1', '2', '3']) await say(juliet, 'garden', body);
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.deepEqual(
      digest(romeo.take()).filter((one) => one.startsWith('m')),
      ['m juliet: 2 late', 'm juliet: 3 late'],
    );
    await say(juliet, 'garden', 'x'.repeat(3000), 'long');
    const [nurse] = await world.available('nurse@example.com/c');
    assert.equal(await entering(nurse!, 'garden'), 'service-unavailable');
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.deepEqual(
      digest(romeo.take()).filter((one) => one.endsWith('late')),
      [],
    );
    const asking = xml`<iq type='get' id='1' to='garden@rooms.example.com/Romeo'><query xmlns='urn:x'/></iq>`;
    juliet.take();
    await juliet.send(asking);
    assert.deepEqual(juliet.take(), []);
    await juliet.send(asking);
    assert.deepEqual(digest(juliet.take()), ['iq resource-constraint']);
  });

  test('whom the service does not serve it refuses, whatever they send', async () => {
    const { juliet } = await opened({ serves: () => false });
    assert.equal(await entering(juliet, 'garden'), 'forbidden');
    await say(juliet, 'garden', 'hello');
    assert.deepEqual(digest(juliet.take()), ['m garden error forbidden']);
    assert.match(await ask(juliet, items('rooms.example.com')), /forbidden/);
  });
});

test('hostile input: nothing that makes no sense changes a room, is passed on or is left without an answer', async () => {
  const { world, juliet, romeo } = await opened();
  await world.make(juliet, 'garden');
  await enterRoom(romeo, 'garden', 'Romeo');
  romeo.take();
  juliet.take();
  const to = "to='garden@rooms.example.com'";
  const user = "xmlns='http://jabber.org/protocol/muc#user'";
  const answered: readonly (readonly [string, string])[] = [
    [`<iq type='get' id='1' ${to}/>`, 'iq bad-request'],
    [`<iq type='get' id='1' ${to}><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>`, 'iq bad-request'],
    [`<iq type='push' id='1' ${to}><a xmlns='urn:a'/></iq>`, 'iq bad-request'],
    [
      `<iq type='set' id='1' ${to}><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>`,
      'iq forbidden',
    ],
    [`<iq type='get' id='1' ${to}><query xmlns='urn:unknown'/></iq>`, 'iq service-unavailable'],
    [`<iq type='set' id='1' ${to}><query xmlns='http://jabber.org/protocol/muc#admin'/></iq>`, 'iq bad-request'],
    [
      `<message type='groupchat' to='rooms.example.com'><body>1</body></message>`,
      'm rooms.example.com error service-unavailable',
    ],
    [`<message ${to}><x ${user}><invite/></x></message>`, 'm garden error jid-malformed'],
    [`<message ${to}><x ${user}><decline/></x></message>`, 'm garden error item-not-found'],
    [`<message ${to}><x xmlns='jabber:x:data'><field/></x></message>`, 'm garden error bad-request'],
    [
      `<presence type='unavailable' to='garden@rooms.example.com/juliet'/>`,
      'gone Romeo none/none (romeo@example.com/b) 110',
    ],
    [`<presence type='error' ${to}/>`, ''],
    [`<message type='error' ${to}/>`, ''],
    [`<iq type='result' id='room-1-0' ${to}/>`, ''],
    [`<iq type='error' id='room-1-0' to='garden@rooms.example.com/juliet'/>`, ''],
  ];
  for (const [sent, answer] of answered) {
    await romeo.send(xmlOf(sent));
    const told = digest(romeo.take());
    assert.equal(told.join(), answer, sent);
  }
  assert.deepEqual(digest(juliet.take()), ['gone Romeo none/none (romeo@example.com/b)']);
  assert.equal(world.service.rooms.length, 1);
});

describe('rooms that a program makes', () => {
  const jid = (text: string) => Jid.parse(text)!;

  test('are kept at once and owned; bounds and names that are taken are told', async () => {
    const { world, juliet, romeo } = await opened({ bounds: { rooms: 2, roomsPerAccount: 1 } });
    const make = (room: string) =>
      world.service.create(jid(`${room}@rooms.example.com`), juliet.jid.bare, { name: room });
    const garden = await make('garden');
    assert.ok(typeof garden === 'object');
    assert.equal(await make('garden'), 'exists');
    assert.ok(typeof (await make('attic')) === 'object');
    assert.equal(await make('cellar'), 'full');
    await world.restart();
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.match(romeo.take().join(''), /affiliation='none'/);
    await enterRoom(juliet, 'garden', 'Juliet');
    assert.match(juliet.take().join(''), /affiliation='owner'/);
  });

  test('are none when the store fails', async () => {
    const { world, juliet } = await opened();
    const { put } = world.store;
    world.store.put = () => Promise.reject(new Error('disk full'));
    const attic = jid('attic@rooms.example.com');
    await assert.rejects(world.service.create(attic, juliet.jid.bare, {}), /disk full/);
    assert.equal(world.service.room(attic), undefined);
    world.store.put = put;
    assert.ok(typeof (await world.service.create(attic, juliet.jid.bare, {})) === 'object');
  });
});

describe('whoever runs the service', () => {
  test('sets a room up and says who is what to it, within the bounds of the service; not one that has ended', async () => {
    const { world, juliet, romeo } = await opened({ bounds: { affiliations: 2, occupants: 10 } });
    await world.make(juliet, 'garden');
    await enterRoom(romeo, 'garden', 'Romeo');
    juliet.take();
    const { service } = world;
    const room = service.room(Jid.parse('garden@rooms.example.com')!)!;
    assert.equal(await service.configure(room, { isModerated: true, maxUsers: 99 }), true);
    assert.deepEqual([room.config.isModerated, room.config.maxUsers], [true, 10]);
    await world.im.settle();
    assert.deepEqual(digest(juliet.take()), ['m garden 104']);
    const jid = (name: string) => Jid.parse(`${name}@example.com`)!;
    assert.equal(await service.affiliate(room, { jid: jid('romeo'), affiliation: 'member', reason: 'for love' }), true);
    await world.im.settle();
    assert.match(juliet.take().join(), /<item [^>]*affiliation='member'[^>]*><reason>for love<\/reason>/);
    const conditionOf = async (...[name, affiliation, reason]: [string, 'none' | 'member', string?]) => {
      const change = { jid: jid(name), affiliation, ...(reason === undefined ? {} : { reason }) };
      const done = await service.affiliate(room, change);
      return typeof done === 'boolean' ? done : done.condition;
    };
    assert.equal(await conditionOf('nurse', 'member'), 'resource-constraint');
    assert.equal(await conditionOf('juliet', 'none'), 'conflict');
    assert.equal(await conditionOf('romeo', 'none', 'x'.repeat(2000)), 'not-acceptable');
    await service.destroy(room);
    assert.equal(await service.configure(room, { isModerated: false }), false);
    assert.equal(await conditionOf('romeo', 'none'), false);
  });
});

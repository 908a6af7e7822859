/** Rooms: who sends too much, too long things, or at the wrong moment. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { ask, type RecordedSession, xmlOf } from '../testing/im-world.ts';
import { configure, digest, enterRoom, RoomWorld, type RoomWorldOptions, say } from '../testing/room-world.ts';
import { xml } from '../xml/literal.ts';

async function opened(bounds: NonNullable<RoomWorldOptions['rooms']>['bounds'] = {}) {
  const world = await RoomWorld.open({ crypto, rooms: { bounds } });
  const [juliet, romeo] = (await world.available('juliet@example.com/a', 'romeo@example.com/b')) as [
    RecordedSession,
    RecordedSession,
  ];
  return { world, juliet, romeo };
}

const garden = 'garden@rooms.example.com';
const owner = (content: string) =>
  xmlOf(
    `<iq type='set' id='o' to='${garden}'><query xmlns='http://jabber.org/protocol/muc#owner'>${content}</query></iq>`,
  );
const admin = (content: string) =>
  xmlOf(
    `<iq type='set' id='a' to='${garden}'><query xmlns='http://jabber.org/protocol/muc#admin'>${content}</query></iq>`,
  );

/** Holds up one method of a store until it is let go. */
function heldUp<Store extends object, Name extends keyof Store>(store: Store, name: Name) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const real = (store[name] as (...values: unknown[]) => Promise<unknown>).bind(store);
  const late = async (...values: unknown[]) => {
    await promise;
    return real(...values);
  };
  store[name] = late as Store[Name];
  return () => {
    store[name] = real as Store[Name];
    resolve();
  };
}

describe('a room that ends while somebody waits for it', () => {
  test('who comes in meanwhile makes a new one', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden', 'persistentroom=1');
    const letGo = heldUp(world.store, 'remove');
    const destroyed = juliet.send(owner('<destroy/>'));
    const entered = enterRoom(romeo, 'garden', 'Romeo');
    await world.im.settle();
    assert.deepEqual(romeo.take(), []);
    letGo();
    await Promise.all([destroyed, entered]);
    assert.deepEqual(digest(romeo.take()), [
      'p Romeo owner/moderator (romeo@example.com/b) 110 201',
      'subject garden: ',
    ]);
    await configure(romeo, 'garden');
    await say(romeo, 'garden', 'hi');
    assert.ok(digest(romeo.take()).includes('m Romeo: hi'));
  });

  test('nobody sets it up any more, and it does not come back', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden', 'persistentroom=1');
    const letGo = heldUp(world.store, 'remove');
    await juliet.send(admin(`<item jid='romeo@example.com' affiliation='owner'/>`));
    const destroyed = juliet.send(owner('<destroy/>'));
    const configured = configure(romeo, 'garden', 'persistentroom=1');
    await world.im.settle();
    letGo();
    await Promise.all([destroyed, configured]);
    assert.match(romeo.take().join(), /item-not-found.*there is no such room any more/);
    assert.deepEqual(await world.store.rooms('rooms.example.com'), []);
  });
});

test('a room that becomes persistent is kept with its owner, or not at all', async () => {
  const { world, juliet } = await opened();
  await enterRoom(juliet, 'garden', 'Juliet');
  world.store.affiliate = async () => {
    throw new Error('the disk is full');
  };
  await configure(juliet, 'garden', 'persistentroom=1');
  const kept = await world.store.rooms('rooms.example.com');
  for (const { affiliations } of kept) assert.equal(affiliations.length, 1);
});

describe('who comes in again and again', () => {
  const bounds = { messageBurst: 3, messagesPerSecond: 1 };

  test('is not shown all of a room each time', async () => {
    const { world, juliet } = await opened(bounds);
    await world.make(juliet, 'garden');
    for (let turn = 0; turn < 3; turn++) await enterRoom(juliet, 'garden', 'juliet');
    juliet.take();
    await enterRoom(juliet, 'garden', 'juliet');
    assert.deepEqual(digest(juliet.take()), ['presence juliet error resource-constraint'.replace('presence', 'p')]);
  });

  test('by a second session of its nick, is not told of to all each time', async () => {
    const { world, juliet, romeo } = await opened(bounds);
    await world.make(juliet, 'garden');
    await enterRoom(romeo, 'garden', 'Romeo');
    const [second] = await world.available('romeo@example.com/c');
    juliet.take();
    for (let turn = 0; turn < 5; turn++) {
      await enterRoom(second!, 'garden', 'Romeo');
      await second!.send(xml`<presence type='unavailable' to='garden@rooms.example.com/Romeo'/>`);
    }
    assert.equal(digest(second!.take()).filter((one) => one === 'p Romeo error resource-constraint').length, 3);
  });

  test('guessing passwords gets no further', async () => {
    const { world, juliet, romeo } = await opened(bounds);
    await world.make(juliet, 'garden', 'passwordprotectedroom=1', 'roomsecret=sesame');
    for (const guess of ['a', 'b', 'c']) await enterRoom(romeo, 'garden', 'Romeo', `<password>${guess}</password>`);
    assert.deepEqual(new Set(digest(romeo.take())), new Set(['p Romeo error not-authorized']));
    await enterRoom(romeo, 'garden', 'Romeo', '<password>sesame</password>');
    assert.deepEqual(digest(romeo.take()), ['p Romeo error resource-constraint']);
    await enterRoom(romeo, 'garden', 'Romeo');
    assert.deepEqual(digest(romeo.take()), ['p Romeo error not-authorized']);
  });
});

describe('what is too long', () => {
  const long = 'x'.repeat(3000);

  test('of a presence is refused, and kept by nobody; who leaves with one leaves', async () => {
    const { world, juliet, romeo } = await opened({ presence: 1000 });
    await world.make(juliet, 'garden');
    await enterRoom(romeo, 'garden', 'Romeo', long);
    assert.match(romeo.take().join(), /not-acceptable.*a presence in a room has at most 1000 bytes/);
    await enterRoom(romeo, 'garden', 'Romeo');
    romeo.take();
    juliet.take();
    await romeo.send(xml`<presence to='garden@rooms.example.com/Romeo'><status>${long}</status></presence>`);
    assert.deepEqual(digest(romeo.take()), ['p Romeo error not-acceptable']);
    assert.deepEqual(juliet.take(), []);
    await romeo.send(
      xml`<presence type='unavailable' to='garden@rooms.example.com/Romeo'><status>${long}</status></presence>`,
    );
    const [told] = juliet.take();
    assert.match(told!, /type='unavailable'/);
    assert.ok(!told!.includes('status>'));
  });

  test('of a reason is refused', async () => {
    const { world, juliet } = await opened();
    await world.make(juliet, 'garden');
    const reason = `<reason>${long}</reason>`;
    for (const iq of [
      admin(`<item jid='romeo@example.com' affiliation='outcast'>${reason}</item>`),
      admin(`<item nick='juliet' role='none'>${reason}</item>`),
      owner(`<destroy>${reason}</destroy>`),
    ])
      assert.match(await ask(juliet, iq), /not-acceptable.*a reason has at most 1024 characters/);
  });

  test('of all affiliations of a room is refused; fewer there always may be', async () => {
    const { world, juliet } = await opened({ affiliationText: 100 });
    await world.make(juliet, 'garden');
    const member = (name: string, affiliation = 'member') =>
      `<item jid='${name}@example.com' affiliation='${affiliation}'/>`;
    const names = ['a', 'b', 'c'].map((letter) => letter.repeat(30));
    assert.match(await ask(juliet, admin(member(names[0]!))), /type='result'/);
    assert.match(
      await ask(juliet, admin(names.map((name) => member(name)).join(''))),
      /resource-constraint.*at most 100 characters/,
    );
    assert.match(await ask(juliet, admin(member(names[0]!, 'none'))), /type='result'/);
  });

  test('of ids of private messages and requests is refused', async () => {
    const { world, juliet, romeo } = await opened();
    await world.make(juliet, 'garden');
    await enterRoom(romeo, 'garden', 'Romeo');
    juliet.take();
    romeo.take();
    await romeo.send(xml`<message type='chat' id='${long}' to='${garden}/juliet'><body>hi</body></message>`);
    await romeo.send(xml`<iq type='get' id='${long}' to='${garden}/juliet'><query xmlns='jabber:iq:version'/></iq>`);
    assert.deepEqual(juliet.take(), []);
    assert.match(romeo.take().join(), /an id has at most 1023 characters.*an id has at most 1023 characters/);
  });
});

test('requests of one occupant that nobody answers leave room for those of others', async () => {
  const { world, juliet, romeo } = await opened({ requests: 10, requestsPerOccupant: 2 });
  await world.make(juliet, 'garden');
  await enterRoom(romeo, 'garden', 'Romeo');
  const request = (nick: string) =>
    xml`<iq type='get' id='v' to='garden@rooms.example.com/${nick}'><query xmlns='jabber:iq:version'/></iq>`;
  for (let turn = 0; turn < 2; turn++) assert.equal(await ask(romeo, request('juliet')), '');
  assert.match(await ask(romeo, request('juliet')), /resource-constraint.*too many requests wait/);
  romeo.take();
  await juliet.send(request('Romeo'));
  assert.equal(romeo.take().length, 1);
});

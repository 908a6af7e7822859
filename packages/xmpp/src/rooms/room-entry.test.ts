/** XEP-0045 §7.1, §7.2, §7.6, §7.7, §7.14: coming in, changing nicks, leaving. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { configure, digest, enterRoom, RoomWorld, say } from '../testing/room-world.ts';
import { xml } from '../xml/literal.ts';

describe('XEP-0045 §7.2: entering a room', () => {
  test('§10.1: a room that is not there is made, locked until its owner has set it up', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
    await enterRoom(juliet!, 'garden', 'Juliet');
    assert.deepEqual(digest(juliet!.take()), [
      'p Juliet owner/moderator (juliet@example.com/a) 110 201',
      'subject garden: ',
    ]);
    await enterRoom(romeo!, 'garden', 'Romeo');
    assert.deepEqual(digest(romeo!.take()), ['p Romeo error item-not-found']);
    await configure(juliet!, 'garden');
    assert.deepEqual(digest(juliet!.take()), ['iq result']);
    await enterRoom(romeo!, 'garden', 'Romeo');
    assert.deepEqual(digest(romeo!.take()), [
      'p Juliet owner/moderator',
      'p Romeo none/participant (romeo@example.com/b) 110',
      'subject garden: ',
    ]);
    assert.deepEqual(digest(juliet!.take()), ['p Romeo none/participant (romeo@example.com/b)']);
    await say(romeo!, 'garden', 'hello');
    assert.deepEqual(digest(juliet!.take()), ['m Romeo: hello']);
    assert.deepEqual(digest(romeo!.take()), ['m Romeo: hello']);
    await romeo!.send(
      xml`<presence type='unavailable' to='garden@rooms.example.com/Romeo'><status>bye</status></presence>`,
    );
    assert.deepEqual(digest(romeo!.take()), ['gone Romeo none/none (romeo@example.com/b) 110']);
    const [gone] = juliet!.take();
    assert.match(gone!, /type='unavailable'.*<status>bye<\/status>/);
    await juliet!.leave();
    assert.equal(world.service.rooms.length, 0);
  });

  test('§10.1: what was given up before it was set up is no room', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet] = await world.available('juliet@example.com/a');
    await enterRoom(juliet!, 'garden', 'Juliet');
    juliet!.take();
    await juliet!.send(
      xml`<iq type='set' id='1' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='cancel'/></query></iq>`,
    );
    assert.deepEqual(digest(juliet!.take()), ['gone Juliet none/none (juliet@example.com/a) 110', 'iq result']);
    assert.equal(world.service.rooms.length, 0);
  });

  test('§7.2.2: presences, oneself, what was said, the subject; with the words of the client and the id of its presence', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo, nurse] = await world.available(
      'juliet@example.com/a',
      'romeo@example.com/b',
      'nurse@example.com/c',
    );
    await world.make(juliet!, 'garden', 'whois=anyone', 'persistentroom=1');
    await enterRoom(romeo!, 'garden', 'Romeo');
    await say(romeo!, 'garden', 'one');
    await juliet!.send(xml`<message type='groupchat' to='garden@rooms.example.com'><subject>Roses</subject></message>`);
    await nurse!.send(
      xml`<presence id='in' to='garden@rooms.example.com/Nurse' xml:lang='it'><show>away</show><x xmlns='http://jabber.org/protocol/muc'/><x xmlns='http://jabber.org/protocol/muc#user'><status code='307'/></x><occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/></presence>`,
    );
    const seen = nurse!.take();
    assert.deepEqual(digest(seen), [
      'p juliet owner/moderator (juliet@example.com/a)',
      'p Romeo none/participant (romeo@example.com/b)',
      'p Nurse none/participant (nurse@example.com/c) 100 110 170',
      'm Romeo: one late',
      'subject juliet: Roses late',
    ]);
    assert.match(
      seen[2]!,
      /^<presence from='garden@rooms.example.com\/Nurse' id='in' xml:lang='it' to='nurse@example.com\/c'><show>away<\/show><occupant-id/,
    );
    assert.ok(!seen[2]!.includes('forged') && !seen[2]!.includes("'307'"));
    assert.ok(seen[3]!.includes("<delay xmlns='urn:xmpp:delay' from='garden@rooms.example.com' stamp="));
    assert.ok(!romeo!.take().join('').includes("id='in'"));
  });

  test('§7.2.13: as much of what was said as somebody wants', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
    await world.make(juliet!, 'garden', 'muc#maxhistoryfetch=4');
    for (const body of ['1', '2', '3', '4', '5']) {
      await say(juliet!, 'garden', body);
      await world.im.time.advance(seconds(10));
    }
    const history = async (wish: string) => {
      await enterRoom(romeo!, 'garden', 'Romeo', wish);
      const said = romeo!.take();
      await romeo!.send(xml`<presence type='unavailable' to='garden@rooms.example.com/Romeo'/>`);
      romeo!.take();
      return said.flatMap((one) => /<body>(\d)<\/body>/.exec(one)?.[1] ?? []).join('');
    };
    assert.equal(await history(''), '2345');
    assert.equal(await history("<history maxstanzas='2'/>"), '45');
    assert.equal(await history("<history maxstanzas='0'/>"), '');
    assert.equal(await history("<history maxchars='0'/>"), '');
    assert.equal(await history("<history maxchars='1000'/>"), '45');
    assert.equal(await history("<history seconds='25'/>"), '45');
    assert.equal(await history("<history since='2026-01-01T00:00:20Z'/>"), '345');
    assert.equal(await history("<history seconds='-1' maxstanzas='many' since='yesterday'/>"), '2345');
    await say(juliet!, 'garden', '6');
    await juliet!.send(
      xml`<message type='groupchat' to='garden@rooms.example.com'><body>7</body><no-store xmlns='urn:xmpp:hints'/></message>`,
    );
    await juliet!.send(
      xml`<message type='groupchat' to='garden@rooms.example.com'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    assert.equal(await history(''), '3456');
  });

  test('§7.2.5 to §7.2.12: who is not let in is told why', async () => {
    const world = await RoomWorld.open({ crypto, rooms: { bounds: { nick: 10, occupants: 3 } } });
    const [juliet, romeo, nurse, benvolio] = await world.available(
      'juliet@example.com/a',
      'romeo@example.com/b',
      'nurse@example.com/c',
      'benvolio@example.com/d',
    );
    await world.make(juliet!, 'garden', 'roomsecret=rose', 'maxusers=2', 'passwordprotectedroom=1');
    const tried = async (who: typeof romeo, nick: string, more = '') => {
      await enterRoom(who!, 'garden', nick, more);
      return digest(who!.take()).at(-1);
    };
    await enterRoom(romeo!, 'garden', 'Romeo');
    assert.match(
      romeo!.take()[0]!,
      /^<presence type='error' from='garden@rooms.example.com\/Romeo' to='romeo@example.com\/b'><x xmlns='http:\/\/jabber.org\/protocol\/muc'\/><error type='auth'><not-authorized/,
    );
    assert.equal(await tried(romeo, 'Romeo'), 'p Romeo error not-authorized');
    assert.equal(await tried(romeo, 'Romeo', '<password>thorn</password>'), 'p Romeo error not-authorized');
    assert.equal(await tried(romeo, 'juliet', '<password>rose</password>'), 'p juliet error conflict');
    assert.equal(await tried(romeo, 'Romeo and J', '<password>rose</password>'), 'p Romeo and J error not-acceptable');
    assert.equal(await tried(romeo, 'Romeo', '<password>rose</password>'), 'subject garden: ');
    assert.equal(await tried(nurse, 'Nurse', '<password>rose</password>'), 'p Nurse error service-unavailable');
    await romeo!.send(
      xml`<presence to='garden@rooms.example.com'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
    );
    assert.match(romeo!.take()[0]!, /jid-malformed/);
    await benvolio!.send(xml`<presence to='garden@rooms.example.com/Ben'/>`);
    assert.deepEqual(digest(benvolio!.take()), ['p Ben error not-acceptable']);
    await configure(juliet!, 'garden', 'passwordprotectedroom=0', 'membersonly=1', 'maxusers=9');
    assert.equal(await tried(nurse, 'Nurse'), 'p Nurse error registration-required');
    await benvolio!.send(xml`<presence to='garden@rooms.example.com' type='subscribe'/>`);
    const contact = await world.im.stores.rosters.item('benvolio', 'garden@rooms.example.com');
    assert.deepEqual([contact?.subscription, contact?.asked], ['none', false]);
  });

  test('§7.2.3, §7.6: a nick that is prepared is told (210), and one that is taken is refused', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
    await world.make(juliet!, 'garden');
    await enterRoom(romeo!, 'garden', 'Ro\u{00a0}meo');
    assert.equal(digest(romeo!.take())[1], 'p Ro meo none/participant (romeo@example.com/b) 110 210');
    await romeo!.send(xml`<presence to='garden@rooms.example.com/juliet'/>`);
    assert.deepEqual(digest(romeo!.take()), ['p juliet error conflict']);
    juliet!.take();
    await romeo!.send(xml`<presence id='n' to='garden@rooms.example.com/Montague'><show>dnd</show></presence>`);
    const told = [
      'gone Ro meo none/participant (romeo@example.com/b) -> Montague 303',
      'p Montague none/participant (romeo@example.com/b)',
    ];
    assert.deepEqual(digest(juliet!.take()), told);
    const own = romeo!.take();
    assert.deepEqual(digest(own), [`${told[0]!.slice(0, -3)}110 303`, `${told[1]} 110`]);
    assert.match(own[1]!, /id='n'.*<show>dnd<\/show>/);
    await say(romeo!, 'garden', 'me');
    assert.deepEqual(digest(juliet!.take()), ['m Montague: me']);
  });

  test('§7.14, RFC 6121 §4.6.3: who loses its session leaves; who resumes it (XEP-0198) has not', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
    await world.make(juliet!, 'garden');
    await enterRoom(romeo!, 'garden', 'Romeo');
    juliet!.take();
    romeo!.isConnected = false;
    await say(juliet!, 'garden', 'are you there?');
    romeo!.isConnected = true;
    assert.deepEqual(digest(juliet!.take()), ['m juliet: are you there?']);
    assert.equal(digest(romeo!.take()).at(-1), 'm juliet: are you there?');
    await say(juliet!, 'garden', 'lost');
    await romeo!.cut();
    assert.deepEqual(digest(juliet!.take()), ['m juliet: lost', 'gone Romeo none/none (romeo@example.com/b)']);
    assert.deepEqual(await world.im.stores.offline.messages('romeo', 9), []);
  });

  test('§7.2.2: who asks to be let in again is told everything again, and nobody else is', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
    await world.make(juliet!, 'garden');
    await enterRoom(romeo!, 'garden', 'Romeo');
    const first = romeo!.take();
    juliet!.take();
    await enterRoom(romeo!, 'garden', 'Romeo');
    assert.deepEqual(romeo!.take(), first);
    assert.deepEqual(juliet!.take(), []);
  });
});

describe('XEP-0045 §7.2.9: several sessions of an account under one nick', () => {
  test('all of them hear, others see one, and it goes with the last of them', async () => {
    const world = await RoomWorld.open({ crypto, rooms: { bounds: { sessionsPerOccupant: 2 } } });
    const [juliet, phone, desk, third] = await world.available(
      'juliet@example.com/a',
      'romeo@example.com/phone',
      'romeo@example.com/desk',
      'romeo@example.com/third',
    );
    await world.make(juliet!, 'garden');
    await enterRoom(phone!, 'garden', 'Romeo');
    phone!.take();
    juliet!.take();
    await enterRoom(desk!, 'garden', 'Romeo');
    assert.deepEqual(digest(desk!.take()), [
      'p juliet owner/moderator',
      'p Romeo none/participant (romeo@example.com/desk) 110',
      'subject garden: ',
    ]);
    assert.deepEqual(digest(juliet!.take()), ['p Romeo none/participant (romeo@example.com/desk)']);
    phone!.take();
    await enterRoom(third!, 'garden', 'Romeo');
    assert.deepEqual(digest(third!.take()), ['p Romeo error resource-constraint']);
    await say(phone!, 'garden', 'hi');
    for (const one of [juliet!, phone!, desk!]) assert.deepEqual(digest(one.take()), ['m Romeo: hi']);
    await juliet!.send(xml`<message type='chat' to='garden@rooms.example.com/Romeo'><body>psst</body></message>`);
    for (const one of [phone!, desk!]) assert.deepEqual(digest(one.take()), ['m juliet: psst']);
    await desk!.send(xml`<presence type='unavailable' to='garden@rooms.example.com/Romeo'/>`);
    assert.deepEqual(digest(desk!.take()), ['gone Romeo none/none (romeo@example.com/desk) 110']);
    assert.deepEqual(digest(juliet!.take()), ['p Romeo none/participant (romeo@example.com/phone)']);
    phone!.take();
    await phone!.leave();
    assert.deepEqual(digest(juliet!.take()), ['gone Romeo none/none (romeo@example.com/phone)']);
  });
});

test('XEP-0421: an id of an occupant is the same in a room, another one in the next, and cannot be claimed', async () => {
  const world = await RoomWorld.open({ crypto });
  const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
  for (const room of ['garden', 'tomb']) await world.make(juliet!, room);
  const idOf = (texts: readonly string[]) =>
    new Set(texts.flatMap((text) => /<occupant-id xmlns='urn:xmpp:occupant-id:0' id='([^']+)'/.exec(text)?.[1] ?? []));
  const seen = async (room: string, nick: string) => {
    await enterRoom(romeo!, room, nick);
    await romeo!.send(
      xml`<message type='groupchat' to='${room}@rooms.example.com'><body>1</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/></message>`,
    );
    await romeo!.send(xml`<message type='chat' to='${room}@rooms.example.com/juliet'><body>2</body></message>`);
    await romeo!.send(xml`<presence type='unavailable' to='${room}@rooms.example.com/${nick}'/>`);
    const ids = idOf(juliet!.take());
    assert.equal(ids.size, 1);
    return [...ids][0];
  };
  const first = await seen('garden', 'Romeo');
  assert.equal(await seen('garden', 'Montague'), first);
  assert.notEqual(await seen('tomb', 'Romeo'), first);
});

/** XEP-0045 §7.4, §7.5, §7.8, §7.13, §8.1, §17, §18.1.2: what is said in a room, to one in it, and to who is not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { available, type RecordedSession, xmlOf } from '../testing/im-world.ts';
import { configure, digest, enterRoom, RoomWorld, say } from '../testing/room-world.ts';
import { xml } from '../xml/literal.ts';

/** Juliet's room `garden`, with Romeo in it. */
async function garden(...fields: readonly string[]) {
  const world = await RoomWorld.open({ crypto });
  const [juliet, romeo, nurse] = (await world.available(
    'juliet@example.com/a',
    'romeo@example.com/b',
    'nurse@example.com/c',
  )) as [RecordedSession, RecordedSession, RecordedSession];
  await world.make(juliet, 'garden', ...fields);
  await enterRoom(romeo, 'garden', 'Romeo');
  juliet.take();
  romeo.take();
  return { world, juliet, romeo, nurse };
}

const kick = (nick: string) =>
  xml`<iq type='set' id='k' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='${nick}' role='visitor'/></query></iq>`;

describe('XEP-0045 §7.4: a message to all', () => {
  test('comes back to who sent it with its id and all that it has, from the nick, with an id of the room (XEP-0359)', async () => {
    const { juliet, romeo } = await garden();
    await romeo.send(
      xml`<message id='m1' type='groupchat' to='garden@rooms.example.com' xml:lang='it'><body>ciao</body><thread>t</thread><x xmlns='urn:mine' a='1'/><stanza-id xmlns='urn:xmpp:sid:0' by='garden@rooms.example.com' id='forged'/><stanza-id xmlns='urn:xmpp:sid:0' by='elsewhere.example' id='theirs'/><delay xmlns='urn:xmpp:delay' from='garden@rooms.example.com' stamp='2000-01-01T00:00:00Z'/><x xmlns='http://jabber.org/protocol/muc#user'><status code='332'/></x></message>`,
    );
    const [own] = romeo.take();
    const [other] = juliet.take();
    const withoutTo = (text: string) => text.replace(/ to='[^']*'/, '');
    assert.equal(withoutTo(own!), withoutTo(other!));
    assert.match(
      withoutTo(own!),
      /^<message id='m1' type='groupchat' xml:lang='it' from='garden@rooms.example.com\/Romeo'><body>ciao<\/body><thread>t<\/thread><x xmlns='urn:mine' a='1'\/><stanza-id xmlns='urn:xmpp:sid:0' by='elsewhere.example' id='theirs'\/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='[^']+'\/><stanza-id xmlns='urn:xmpp:sid:0' by='garden@rooms.example.com' id='[^']+'\/><\/message>$/,
    );
    assert.ok(!own!.includes('forged') && own!.includes("to='romeo@example.com/b'"));
  });

  test('from who is not in, or has no voice, is refused', async () => {
    const { juliet, romeo, nurse } = await garden();
    await say(nurse, 'garden', 'let me in');
    assert.deepEqual(digest(nurse.take()), ['m garden error not-acceptable']);
    await say(nurse, 'nowhere', 'hello?');
    assert.deepEqual(digest(nurse.take()), ['m nowhere error item-not-found']);
    await juliet.send(kick('Romeo'));
    romeo.take();
    juliet.take();
    await say(romeo, 'garden', 'may I?');
    assert.deepEqual(digest(romeo.take()), ['m garden error forbidden']);
    await romeo.send(xml`<message to='garden@rooms.example.com'><body>not so</body></message>`);
    assert.deepEqual(digest(romeo.take()), ['m garden error bad-request']);
    assert.deepEqual(juliet.take(), []);
  });

  test('more than the room takes of one is refused until a moment has passed', async () => {
    const world = await RoomWorld.open({ crypto, rooms: { bounds: { messagesPerSecond: 2, messageBurst: 3 } } });
    const [juliet] = await world.available('juliet@example.com/a');
    await world.make(juliet!, 'garden');
    const many = async (count: number) => {
      for (let i = 1; i <= count; i++) await say(juliet!, 'garden', String(i));
      return digest(juliet!.take())
        .map((one) => (one.includes('error') ? 'x' : '.'))
        .join('');
    };
    await world.im.time.advance(seconds(60));
    assert.equal(await many(5), '...xx');
    await world.im.time.advance(seconds(1));
    assert.equal(await many(4), '..xx');
    await world.im.time.advance(seconds(60));
    assert.equal(await many(5), '...xx');
    await juliet!.send(xml`<presence to='garden@rooms.example.com/juliet'><show>dnd</show></presence>`);
    assert.deepEqual(digest(juliet!.take()), ['p juliet error resource-constraint']);
    // Who leaves and comes back has no more.
    await configure(juliet!, 'garden', 'persistentroom=1');
    await juliet!.send(xml`<presence type='unavailable' to='garden@rooms.example.com/juliet'/>`);
    juliet!.take();
    await enterRoom(juliet!, 'garden', 'juliet');
    assert.deepEqual(digest(juliet!.take()), ['p juliet error resource-constraint']);
    await world.im.time.advance(seconds(60));
    await enterRoom(juliet!, 'garden', 'juliet');
    assert.equal(digest(juliet!.take()).at(-1), 'subject garden: ');
  });
});

describe('XEP-0045 §8.1: the subject', () => {
  test('is that of moderators, or of everybody with voice where the room says so', async () => {
    const { juliet, romeo } = await garden();
    const subject = (text: string) =>
      xml`<message type='groupchat' to='garden@rooms.example.com'><subject>${text}</subject></message>`;
    await romeo.send(subject('Mine'));
    assert.deepEqual(digest(romeo.take()), ['m garden error forbidden']);
    await juliet.send(subject('Roses'));
    assert.deepEqual(digest(romeo.take()), ['subject juliet: Roses']);
    await configure(juliet, 'garden', 'changesubject=1');
    romeo.take();
    juliet.take();
    await romeo.send(subject('Mine'));
    assert.deepEqual(digest(juliet.take()), ['subject Romeo: Mine']);
    await romeo.send(subject('x'.repeat(5000)));
    assert.match(romeo.take().at(-1)!, /not-acceptable.*at most 4096 characters/);
    await romeo.send(
      xml`<message type='groupchat' to='garden@rooms.example.com'><subject>Re</subject><body>text</body></message>`,
    );
    assert.deepEqual(digest(juliet.take()), ['m Romeo: text']);
    await enterRoom(juliet, 'garden', 'juliet');
    assert.equal(digest(juliet.take()).at(-1), 'subject Romeo: Mine late');
    await juliet.send(subject(''));
    await enterRoom(juliet, 'garden', 'juliet');
    assert.equal(digest(juliet.take()).at(-1), 'subject juliet:  late');
  });
});

describe('XEP-0045 §7.5: a private message', () => {
  test('goes to one nick, is marked, and is not copied (XEP-0280)', async () => {
    const { world, juliet, romeo, nurse } = await garden();
    const desk = await world.im.bind('romeo@example.com/desk', xml`<enable xmlns='urn:xmpp:carbons:2'/>`);
    await desk.send(xml`<presence/>`);
    desk.take();
    romeo.take();
    await juliet.send(
      xml`<message id='p' type='chat' to='garden@rooms.example.com/Romeo'><body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></message>`,
    );
    const [whispered, ...more] = romeo.take();
    assert.match(
      whispered!,
      /^<message id='p' type='chat' from='garden@rooms.example.com\/juliet' to='romeo@example.com\/b'><body>psst<\/body><x xmlns='http:\/\/jabber.org\/protocol\/muc#user'\/><occupant-id/,
    );
    assert.deepEqual([more, desk.take(), juliet.take()], [[], [], []]);
    const tried = async (who: RecordedSession, nick: string, type: string) => {
      await who.send(xml`<message type='${type}' to='garden@rooms.example.com/${nick}'><body>1</body></message>`);
      return digest(who.take()).join();
    };
    assert.equal(await tried(juliet, 'Romeo', 'groupchat'), 'm Romeo error bad-request');
    assert.equal(await tried(juliet, 'Paris', 'chat'), 'm Paris error item-not-found');
    assert.equal(await tried(nurse, 'Romeo', 'chat'), 'm Romeo error not-acceptable');
    assert.deepEqual(romeo.take(), []);
    await configure(juliet, 'garden', 'allowpm=moderators');
    romeo.take();
    juliet.take();
    assert.equal(await tried(romeo, 'juliet', 'chat'), 'm juliet error not-allowed');
    assert.equal(await tried(juliet, 'Romeo', 'chat'), '');
    await configure(juliet, 'garden', 'allowpm=none');
    juliet.take();
    assert.equal(await tried(juliet, 'Romeo', 'chat'), 'm Romeo error not-allowed');
  });

  test('that comes back as an error goes to who wrote it, and nobody is turned out for it', async () => {
    const { juliet, romeo } = await garden();
    await juliet.send(xml`<message id='p' type='chat' to='garden@rooms.example.com/Romeo'><body>psst</body></message>`);
    await romeo.send(
      xml`<message id='p' type='error' to='garden@rooms.example.com/juliet'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
    );
    assert.deepEqual(digest(juliet.take()), ['m Romeo error service-unavailable']);
    await say(juliet, 'garden', 'still here?');
    assert.equal(digest(romeo.take()).at(-1), 'm juliet: still here?');
  });

  test('XEP-0191: who blocks one nick hears it no more, and stays in the room', async () => {
    const { juliet, romeo } = await garden();
    await romeo.send(
      xml`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='garden@rooms.example.com/juliet'/></block></iq>`,
    );
    romeo.take();
    await say(juliet, 'garden', 'hello?');
    await juliet.send(xml`<message id='p' type='chat' to='garden@rooms.example.com/Romeo'><body>psst</body></message>`);
    assert.deepEqual(romeo.take(), []);
    assert.deepEqual(digest(juliet.take()), ['m juliet: hello?', 'm Romeo error service-unavailable']);
    await say(romeo, 'garden', 'quiet here');
    assert.deepEqual(digest(juliet.take()), ['m Romeo: quiet here']);
    await romeo.send(
      xml`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='garden@rooms.example.com'/></block></iq>`,
    );
    await say(juliet, 'garden', 'gone?');
    assert.deepEqual(digest(juliet.take()), ['m juliet: gone?', 'gone Romeo none/none (romeo@example.com/b) 333']);
  });
});

test('XEP-0045 §18.1.2: who answers that nobody is there is removed (333), any other error is not', async () => {
  const { juliet, romeo } = await garden();
  const failing = (condition: string) =>
    xml`<message type='error' id='1' to='garden@rooms.example.com/juliet'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
  await romeo.send(failing('not-acceptable'));
  assert.deepEqual(juliet.take(), []);
  await romeo.send(failing('recipient-unavailable'));
  assert.deepEqual(digest(juliet.take()), ['gone Romeo none/none (romeo@example.com/b) 333']);
  assert.deepEqual(digest(romeo.take()), ['gone Romeo none/none (romeo@example.com/b) 110 333']);
  await romeo.send(failing('recipient-unavailable'));
  assert.deepEqual(juliet.take(), []);
});

test('a ghost that its server no longer knows is removed by the first message that it gets', async () => {
  const { world, juliet } = await garden();
  await world.inject(
    xml`<presence from='nurse@example.com/ghost' to='garden@rooms.example.com/Ghost'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
  );
  assert.deepEqual(digest(juliet.take()), [
    'p Ghost none/participant (nurse@example.com/ghost)',
    'gone Ghost none/none (nurse@example.com/ghost) 333',
  ]);
});

describe('XEP-0045 §7.8: invitations', () => {
  const invite = (to: string, reason = '') =>
    xml`<message to='garden@rooms.example.com'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='${to}'><reason>${reason}</reason></invite></x></message>`;

  test('by way of the room, with its password; who is invited to one for members becomes one', async () => {
    const { world, juliet, romeo, nurse } = await garden('roomsecret=rose', 'passwordprotectedroom=1');
    await configure(juliet, 'garden', 'membersonly=1');
    await enterRoom(romeo, 'garden', 'Romeo', '<password>rose</password>');
    assert.match(romeo.take().join(), /registration-required/);
    await juliet.send(invite('nurse@example.com', 'come'));
    assert.deepEqual(nurse.take(), [
      "<message from='garden@rooms.example.com' to='nurse@example.com'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='juliet@example.com'><reason>come</reason></invite><password>rose</password></x><x xmlns='jabber:x:conference' jid='garden@rooms.example.com' reason='come' password='rose'/></message>",
    ]);
    await enterRoom(nurse, 'garden', 'Nurse', '<password>rose</password>');
    assert.match(digest(nurse.take())[1]!, /p Nurse member\/participant/);
    await nurse.send(invite('romeo@example.com'));
    assert.deepEqual(digest(nurse.take()), ['m garden error forbidden']);
    await configure(juliet, 'garden', 'allowinvites=1');
    nurse.take();
    await nurse.send(invite('benvolio@example.com'));
    assert.deepEqual(nurse.take(), []);
    assert.equal((await world.im.stores.offline.messages('benvolio', 9)).length, 1);
  });

  test('of who is not in, of the banned, to no account, or against the will of the platform are refused', async () => {
    const { world, juliet, nurse } = await garden();
    await nurse.send(invite('romeo@example.com'));
    assert.deepEqual(digest(nurse.take()), ['m garden error not-acceptable']);
    for (const to of ['', 'example.com', 'tomb@rooms.example.com', 'garden@rooms.example.com']) {
      await juliet.send(invite(to));
      assert.deepEqual(digest(juliet.take()), ['m garden error jid-malformed'], to);
    }
    await juliet.send(
      xml`<iq type='set' id='b' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='nurse@example.com' affiliation='outcast'/></query></iq>`,
    );
    juliet.take();
    await juliet.send(invite('nurse@example.com'));
    assert.deepEqual(digest(juliet.take()), ['m garden error forbidden']);
    await juliet.send(
      xml`<message to='garden@rooms.example.com'><x xmlns='http://jabber.org/protocol/muc#user'/></message>`,
    );
    assert.deepEqual(digest(juliet.take()), ['m garden error bad-request']);
    assert.deepEqual([...world.service.rooms[0]!.invitations], []);
  });

  test('§7.8.2: who was invited declines to who invited, once, and nobody else does', async () => {
    const { juliet, romeo, nurse } = await garden();
    const decline = xml`<message to='garden@rooms.example.com'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='juliet@example.com'><reason>busy</reason></decline></x></message>`;
    await nurse.send(decline);
    assert.deepEqual(digest(nurse.take()), ['m garden error item-not-found']);
    await juliet.send(invite('nurse@example.com/c'));
    nurse.take();
    await romeo.send(decline);
    romeo.take();
    assert.deepEqual(juliet.take(), []);
    await nurse.send(decline);
    assert.deepEqual(juliet.take(), [
      "<message from='garden@rooms.example.com' to='juliet@example.com'><x xmlns='http://jabber.org/protocol/muc#user'><decline from='nurse@example.com'><reason>busy</reason></decline></x></message>",
    ]);
    await nurse.send(decline);
    assert.deepEqual(digest(nurse.take()), ['m garden error item-not-found']);
  });

  test('are bounded, and asked about', async () => {
    const asked: string[] = [];
    const world = await RoomWorld.open({
      crypto,
      rooms: {
        bounds: { invitations: 1 },
        invitable: async (from, to) => {
          asked.push(`${from} ${to}`);
          return undefined;
        },
      },
    });
    const [juliet] = await world.available('juliet@example.com/a');
    await world.make(juliet!, 'garden');
    await juliet!.send(invite('nurse@example.com'));
    await juliet!.send(invite('nurse@example.com'));
    assert.deepEqual(juliet!.take(), []);
    await juliet!.send(invite('romeo@example.com'));
    assert.deepEqual(digest(juliet!.take()), ['m garden error resource-constraint']);
    assert.deepEqual(
      asked,
      Array.from({ length: 2 }, () => 'juliet@example.com nurse@example.com'),
    );
  });

  test('XEP-0249: straight from one account to another, they pass as they are', async () => {
    const { juliet, nurse } = await garden();
    const direct = xml`<message to='nurse@example.com/c'><x xmlns='jabber:x:conference' jid='garden@rooms.example.com' password='rose' reason='come'/></message>`;
    await juliet.send(direct);
    assert.deepEqual(nurse.take(), [
      "<message to='nurse@example.com/c' from='juliet@example.com/a'><x xmlns='jabber:x:conference' jid='garden@rooms.example.com' password='rose' reason='come'/></message>",
    ]);
  });
});

test('XEP-0045 §7.13, §8.6: a visitor asks for voice, and a moderator gives it', async () => {
  const { juliet, romeo } = await garden('moderatedroom=1');
  const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
  const request = (nick: string) =>
    xmlOf(
      `<message to='garden@rooms.example.com'><x xmlns='jabber:x:data' type='submit'>${[
        field('FORM_TYPE', 'http://jabber.org/protocol/muc#request'),
        field('muc#role', 'participant'),
        field('muc#roomnick', nick),
        field('muc#request_allow', '1'),
      ].join('')}</x></message>`,
    );
  await say(romeo, 'garden', 'mute');
  assert.deepEqual(digest(romeo.take()), ['m garden error forbidden']);
  await romeo.send(request('Romeo'));
  const [form] = juliet.take();
  assert.match(
    form!,
    /muc#request.*<field var='muc#jid' type='jid-single'[^>]*><value>romeo@example.com\/b<.*<value>Romeo</,
  );
  assert.deepEqual(romeo.take(), []);
  await juliet.send(request('Paris'));
  assert.deepEqual(digest(juliet.take()), ['m garden error item-not-found']);
  await juliet.send(request('Romeo'));
  assert.deepEqual(digest(romeo.take()), ['p Romeo none/participant (romeo@example.com/b) 110']);
  await say(romeo, 'garden', 'thanks');
  assert.equal(digest(juliet.take()).at(-1), 'm Romeo: thanks');
  await romeo.send(request('Romeo'));
  assert.deepEqual(digest(romeo.take()), ['m Romeo: thanks', 'm garden error not-allowed']);
});

describe('XEP-0045 §17.4, XEP-0410: requests to somebody in a room', () => {
  const ping = (nick: string) =>
    xml`<iq type='get' id='1' to='garden@rooms.example.com/${nick}'><ping xmlns='urn:xmpp:ping'/></iq>`;

  test('of oneself the room answers; who is not in is told so', async () => {
    const { juliet, romeo, nurse, world } = await garden();
    await romeo.send(ping('Romeo'));
    assert.deepEqual(romeo.take(), [
      "<iq type='result' id='1' from='garden@rooms.example.com/Romeo' to='romeo@example.com/b'/>",
    ]);
    await nurse.send(ping('Nurse'));
    assert.deepEqual(digest(nurse.take()), ['iq not-acceptable']);
    await romeo.send(ping('Paris'));
    assert.deepEqual(digest(romeo.take()), ['iq item-not-found']);
    const other = await available(world.im, 'romeo@example.com/other');
    await other[0]!.send(ping('Romeo'));
    assert.deepEqual(digest(other[0]!.take()), ['iq not-acceptable']);
    await juliet.send(xml`<iq type='get' id='1' to='nowhere@rooms.example.com/a'><ping xmlns='urn:xmpp:ping'/></iq>`);
    assert.deepEqual(digest(juliet.take()), ['iq item-not-found']);
  });

  test('others answer themselves, by the session that is shown, to the session that asked', async () => {
    const { juliet, romeo } = await garden();
    await juliet.send(ping('Romeo'));
    const [asked] = romeo.take();
    const id = /id='(room-[^']+)'/.exec(asked!)![1]!;
    assert.match(
      asked!,
      /^<iq type='get' id='room-[^']+' to='romeo@example.com\/b' from='garden@rooms.example.com\/juliet'>/,
    );
    await romeo.send(xml`<iq type='result' id='${id}' to='garden@rooms.example.com/juliet'/>`);
    assert.deepEqual(juliet.take(), [
      "<iq type='result' id='1' to='juliet@example.com/a' from='garden@rooms.example.com/Romeo'/>",
    ]);
    await romeo.send(xml`<iq type='result' id='${id}' to='garden@rooms.example.com/juliet'/>`);
    assert.deepEqual(juliet.take(), []);
  });

  test('the vCard of somebody comes from its account; forged answers and those of who left are none', async () => {
    const { world, juliet, romeo, nurse } = await garden();
    await world.im.stores.vcards.setVcard('romeo', "<vCard xmlns='vcard-temp'><FN>Romeo</FN></vCard>");
    await juliet.send(xml`<iq type='get' id='v' to='garden@rooms.example.com/Romeo'><vCard xmlns='vcard-temp'/></iq>`);
    assert.equal(digest(juliet.take()).join(), 'iq service-unavailable'); // this server has no vCards
    await juliet.send(ping('Romeo'));
    const id = /id='(room-[^']+)'/.exec(romeo.take()[0]!)![1]!;
    await nurse.send(xml`<iq type='result' id='${id}' to='garden@rooms.example.com/juliet'/>`);
    assert.deepEqual(juliet.take(), []);
    await romeo.leave();
    assert.deepEqual(digest(juliet.take()).toSorted(), [
      'gone Romeo none/none (romeo@example.com/b)',
      'iq recipient-unavailable',
    ]);
  });
});

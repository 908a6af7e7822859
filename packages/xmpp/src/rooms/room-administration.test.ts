/** XEP-0045 §5, §8, §9, §10: who may do what to whom, lists, configuration, the end of a room, nicks that are kept. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { ask, type RecordedSession, xmlOf } from '../testing/im-world.ts';
import { configure, digest, enterRoom, RoomWorld, say } from '../testing/room-world.ts';
import { xml } from '../xml/literal.ts';
import { affiliations, initialRole, mayChangeAffiliation, mayChangeRole, roles } from './privileges.ts';

const admin = 'http://jabber.org/protocol/muc#admin';
const owner = 'http://jabber.org/protocol/muc#owner';

const people = ['juliet', 'romeo', 'nurse', 'benvolio'] as const;

/** Juliet's room `garden` with everybody in it, by their names. */
async function garden(...fields: readonly string[]) {
  const world = await RoomWorld.open({ crypto });
  const [juliet, romeo, nurse, benvolio] = (await world.available(
    ...people.map((name) => `${name}@example.com/1`),
  )) as [RecordedSession, RecordedSession, RecordedSession, RecordedSession];
  await world.make(juliet, 'garden', ...fields);
  for (const one of [romeo, nurse, benvolio]) await enterRoom(one, 'garden', one.jid.local!);
  const all = [juliet, romeo, nurse, benvolio];
  for (const one of all) one.take();
  return { world, juliet, romeo, nurse, benvolio, all };
}

/** @param item attributes and content of each item */
const set = (...items: readonly string[]) =>
  xmlOf(
    `<iq type='set' id='s' to='garden@rooms.example.com'><query xmlns='${admin}'>${items.map((item) => `<item ${item.includes('>') ? item : `${item}/>`}`).join('')}</query></iq>`,
  );

const get = (item: string) =>
  xmlOf(`<iq type='get' id='g' to='garden@rooms.example.com'><query xmlns='${admin}'><item ${item}/></query></iq>`);

/** What one changes, and how it is answered. */
async function change(actor: RecordedSession, ...items: readonly string[]): Promise<string> {
  actor.take();
  await actor.send(set(...items));
  return digest(actor.take())
    .filter((one) => one.startsWith('iq'))[0]!
    .slice(3);
}

describe('XEP-0045 §5: privileges', () => {
  test('§5.1.2: the role that each affiliation begins with', () => {
    const begun = affiliations.map((one) => [one, initialRole(one, false), initialRole(one, true)]);
    assert.deepEqual(begun, [
      ['outcast', 'none', 'none'],
      ['none', 'participant', 'visitor'],
      ['member', 'participant', 'participant'],
      ['admin', 'moderator', 'moderator'],
      ['owner', 'moderator', 'moderator'],
    ]);
  });

  test('§5.1.1, §8, §9.6, §9.7: every role that a moderator of every affiliation gives to somebody of every affiliation', () => {
    const table = affiliations.slice(1).map((by) => {
      const cells = affiliations.slice(1).map((of) => {
        const given = roles.slice(1).flatMap((from) =>
          roles
            .filter((to) => to !== from)
            .map((to) => {
              const may = mayChangeRole({ role: 'moderator', affiliation: by }, { role: from, affiliation: of }, to);
              return may ? `${from[0]}${to[0]}` : '';
            }),
        );
        return `${of}: ${given.filter((one) => one !== '').join(' ')}`;
      });
      return `${by} ${cells.join(', ')}`;
    });
    // v(isitor), p(articipant), m(oderator), n(one): kicked.
    const voice = 'vn vp pn pv mn';
    const all = 'vn vp vm pn pv pm mn mv mp';
    assert.deepEqual(table, [
      `none none: ${voice}, member: , admin: , owner: `,
      `member none: ${voice}, member: ${voice}, admin: , owner: `,
      `admin none: ${all}, member: ${all}, admin: , owner: `,
      `owner none: ${all}, member: ${all}, admin: vn vm pn pm mn, owner: vn vm pn pm mn`,
    ]);
  });

  test('§5.2.1, §9, §10: every change of affiliation by everybody', () => {
    const allowed = affiliations.map((by) => {
      const pairs = affiliations.flatMap((from) => affiliations.map((to) => [from, to] as const));
      return pairs.filter(([from, to]) => mayChangeAffiliation(by, from, to)).length;
    });
    // Admins: among outcast, none and member. Owners: all.
    assert.deepEqual(allowed, [0, 0, 0, 9, 25]);
  });
});

describe('XEP-0045 §8: moderators', () => {
  test('§8.2: a kick with its reason and who did it; the one who was kicked may come back', async () => {
    const { juliet, romeo, nurse } = await garden();
    assert.equal(await change(juliet, "nick='romeo' role='none'><reason>noise</reason></item>"), 'result');
    const [gone] = romeo.take();
    assert.match(
      gone!,
      /<item affiliation='none' role='none' jid='romeo@example.com\/1'><actor nick='juliet'\/><reason>noise<\/reason><\/item><status code='110'\/><status code='307'\/>/,
    );
    assert.deepEqual(digest(nurse.take()), ['gone romeo none/none 307']);
    await say(romeo, 'garden', 'hey');
    assert.deepEqual(digest(romeo.take()), ['m garden error not-acceptable']);
    await enterRoom(romeo, 'garden', 'romeo');
    assert.equal(digest(romeo.take()).at(-1), 'subject garden: ');
  });

  test('§8.3, §8.4: voice is given and taken, and all are told', async () => {
    const { juliet, romeo, nurse } = await garden();
    assert.equal(await change(juliet, "nick='romeo' role='visitor'"), 'result');
    assert.deepEqual(digest(romeo.take()), ['p romeo none/visitor (romeo@example.com/1) 110']);
    assert.deepEqual(digest(nurse.take()), ['p romeo none/visitor']);
    assert.equal(await change(juliet, "nick='romeo' role='participant'", "nick='nurse' role='visitor'"), 'result');
    assert.deepEqual(digest(romeo.take()), [
      'p romeo none/participant (romeo@example.com/1) 110',
      'p nurse none/visitor',
    ]);
  });

  test('who may not is told, and nothing of what was asked together happens', async () => {
    const { juliet, romeo, nurse, benvolio } = await garden();
    assert.equal(await change(romeo, "nick='nurse' role='none'"), 'forbidden');
    assert.equal(await change(romeo, "jid='nurse@example.com' affiliation='member'"), 'forbidden');
    assert.equal(await change(juliet, "nick='romeo' role='moderator'"), 'result');
    assert.equal(await change(romeo, "nick='juliet' role='none'"), 'not-allowed');
    assert.equal(await change(romeo, "nick='nurse' role='moderator'"), 'not-allowed');
    assert.equal(await change(romeo, "nick='paris' role='none'"), 'item-not-found');
    nurse.take();
    benvolio.take();
    assert.equal(await change(romeo, "nick='nurse' role='none'", "nick='juliet' role='visitor'"), 'not-allowed');
    assert.deepEqual([nurse.take(), benvolio.take()], [[], []]);
    assert.equal(await change(romeo, "nick='nurse' role='none'", "nick='nurse' role='none'"), 'result');
    assert.deepEqual(digest(nurse.take()), ['gone nurse none/none (nurse@example.com/1) 110 307']);
  });

  test('what is no change at all is a bad request', async () => {
    const { juliet } = await garden();
    for (const item of [
      "nick='romeo'",
      "nick='romeo' role='king'",
      "jid='x@example.com' affiliation='king'",
      "nick='romeo' role='none' affiliation='none'",
    ])
      assert.equal(await change(juliet, item), 'bad-request', item);
    assert.equal(await change(juliet), 'bad-request');
    assert.equal(await change(juliet, "affiliation='member' jid='@'"), 'jid-malformed');
    assert.equal(await change(juliet, "affiliation='member' jid='garden@rooms.example.com/romeo'"), 'jid-malformed');
    assert.equal(await change(juliet, "affiliation='member' nick='paris'"), 'item-not-found');
  });
});

describe('XEP-0045 §9, §10: affiliations', () => {
  test('§9.1: who is banned goes with all sessions (301) and does not come back', async () => {
    const { world, juliet, romeo, nurse } = await garden('persistentroom=1');
    const [desk] = await world.available('romeo@example.com/desk');
    await enterRoom(desk!, 'garden', 'other');
    for (const one of [desk!, nurse, romeo]) one.take();
    assert.equal(
      await change(juliet, "jid='romeo@example.com' affiliation='outcast'><reason>Treason</reason></item>"),
      'result',
    );
    assert.equal(digest(romeo.take())[0], 'gone romeo outcast/none (romeo@example.com/1) 110 301');
    assert.equal(digest(desk!.take()).at(-1), 'gone other outcast/none (romeo@example.com/desk) 110 301');
    assert.deepEqual(digest(nurse.take()), ['gone romeo outcast/none 301', 'gone other outcast/none 301']);
    await enterRoom(romeo, 'garden', 'romeo');
    assert.deepEqual(digest(romeo.take()), ['p romeo error forbidden']);
    assert.match(
      await ask(juliet, get("affiliation='outcast'")),
      /<item affiliation='outcast' jid='romeo@example.com'><reason>Treason<\/reason><\/item>/,
    );
    assert.equal(await change(juliet, "jid='juliet@example.com' affiliation='outcast'"), 'conflict');
    assert.equal(await change(juliet, "jid='romeo@example.com' affiliation='none'"), 'result');
    await enterRoom(romeo, 'garden', 'romeo');
    assert.equal(digest(romeo.take()).at(-1), 'subject garden: ');
  });

  test('§9.3, §10.3: roles follow; owners make admins and owners, admins do not', async () => {
    const { juliet, romeo, nurse } = await garden('moderatedroom=1');
    const seen = async (item: string) => {
      assert.equal(await change(juliet, item), 'result');
      return digest(nurse.take()).join();
    };
    assert.equal(await seen("jid='romeo@example.com' affiliation='member'"), 'p romeo member/participant');
    assert.equal(await seen("nick='romeo' affiliation='admin'"), 'p romeo admin/moderator');
    assert.equal(await change(romeo, "nick='benvolio' affiliation='admin'"), 'not-allowed');
    assert.equal(await change(romeo, "nick='juliet' affiliation='none'"), 'not-allowed');
    assert.equal(await change(romeo, "nick='benvolio' affiliation='member'"), 'result');
    nurse.take();
    assert.equal(await seen("jid='romeo@example.com' affiliation='member'"), 'p romeo member/participant');
    assert.equal(await seen("jid='romeo@example.com' affiliation='none'"), 'p romeo none/visitor');
    assert.equal(await seen("jid='romeo@example.com' affiliation='owner'"), 'p romeo owner/moderator');
    assert.equal(await change(romeo, "jid='juliet@example.com' affiliation='admin'"), 'result');
    assert.equal(await change(romeo, "jid='romeo@example.com' affiliation='admin'"), 'conflict');
  });

  test('§9.3, §9.4: of somebody who is away; out of a room for members it turns out (321)', async () => {
    const { juliet, romeo, nurse } = await garden();
    assert.equal(await change(juliet, "jid='nurse@example.com' affiliation='member'"), 'result');
    await nurse.leave();
    romeo.take();
    juliet.take();
    await juliet.send(set("jid='nurse@example.com' affiliation='none'"));
    assert.match(
      juliet.take()[0]!,
      /<message from='garden@rooms.example.com' to='[^']+'><x xmlns='[^']+'><item affiliation='none' jid='nurse@example.com' role='none'\/><\/x><\/message>/,
    );
    assert.deepEqual(romeo.take(), []);
    assert.equal(await change(juliet, "nick='romeo' affiliation='member'"), 'result');
    await configure(juliet, 'garden', 'membersonly=1');
    romeo.take();
    assert.equal(await change(juliet, "nick='romeo' affiliation='none'"), 'result');
    assert.deepEqual(digest(romeo.take()), ['gone romeo none/none (romeo@example.com/1) 110 321']);
  });

  test('lists are for admins; where everybody sees real JIDs, members see members', async () => {
    const { juliet, romeo, nurse } = await garden();
    await change(juliet, "nick='romeo' affiliation='member'");
    assert.match(
      await ask(juliet, get("affiliation='owner'")),
      /<item affiliation='owner' jid='juliet@example.com'\/>/,
    );
    assert.match(await ask(romeo, get("affiliation='owner'")), /forbidden/);
    assert.match(await ask(romeo, get("role='moderator'")), /forbidden/);
    assert.match(
      await ask(juliet, get("role='moderator'")),
      /<item affiliation='owner' role='moderator' nick='juliet' jid='juliet@example.com\/1'\/>/,
    );
    await configure(juliet, 'garden', 'whois=anyone');
    assert.match(await ask(romeo, get("affiliation='member'")), /jid='romeo@example.com'/);
    assert.match(await ask(romeo, get("affiliation='outcast'")), /forbidden/);
    assert.match(await ask(nurse, get("affiliation='member'")), /forbidden/);
    assert.match(await ask(juliet, get("affiliation='king'")), /bad-request/);
  });

  test('are bounded', async () => {
    const world = await RoomWorld.open({ crypto, rooms: { bounds: { affiliations: 3 } } });
    const [juliet] = await world.available('juliet@example.com/1');
    await world.make(juliet!, 'garden');
    const member = (name: string) => `jid='${name}@example.com' affiliation='member'`;
    assert.equal(await change(juliet!, member('a'), member('b'), member('c')), 'resource-constraint');
    assert.equal(await change(juliet!, member('a'), member('b')), 'result');
    assert.equal(await change(juliet!, member('c')), 'resource-constraint');
    assert.equal(await change(juliet!, "jid='a@example.com' affiliation='none'", member('c')), 'result');
  });
});

describe('XEP-0045 §10: owners', () => {
  const config = xml`<iq type='get' id='f' to='garden@rooms.example.com'><query xmlns='${owner}'/></iq>`;

  test('§10.2: the form shows what is, and what is set is what it shows then', async () => {
    const { juliet, romeo } = await garden('roomname=Garden', 'roomdesc=Roses and walls', 'lang=it', 'maxusers=none');
    const form = await ask(juliet, config);
    const value = (name: string) =>
      new RegExp(`<field var='${name}'[^>]*>(?:<option>.*?</option>)*(?:<value>([^<]*))?`).exec(form)?.[1];
    assert.deepEqual(
      [
        'roomname',
        'roomdesc',
        'lang',
        'persistentroom',
        'publicroom',
        'membersonly',
        'moderatedroom',
        'whois',
        'maxusers',
      ].map((name) => value(`muc#roomconfig_${name}`)),
      ['Garden', 'Roses and walls', 'it', '0', '1', '0', '0', 'moderators', '200'],
    );
    assert.match(form, /label='Who sees real addresses'/);
    assert.match(await ask(romeo, config), /forbidden/);
  });

  test('§10.2: what is wrong is refused with what is right, and nothing is changed', async () => {
    const { world, juliet } = await garden('roomname=Garden');
    const tried = async (...fields: readonly string[]) => {
      juliet.take();
      await configure(juliet, 'garden', 'roomname=Other', ...fields);
      return /not-acceptable.*<text[^>]*>([^<]*)</.exec(juliet.take().at(-1)!)?.[1];
    };
    assert.equal(await tried('persistentroom=maybe'), 'muc#roomconfig_persistentroom is a boolean: 1 or 0');
    assert.equal(await tried('whois=nobody'), 'muc#roomconfig_whois is one of moderators, anyone');
    assert.equal(await tried('maxusers=0'), 'muc#roomconfig_maxusers is a number from 1 on, or none');
    assert.equal(await tried('lang=<'.replace('<', '!')), 'muc#roomconfig_lang is a language tag such as en or zh-CN');
    assert.equal(await tried(`roomdesc=${'x'.repeat(1025)}`), 'muc#roomconfig_roomdesc is at most 1024 characters');
    assert.equal(await tried(`roomsecret=${'x'.repeat(257)}`), 'muc#roomconfig_roomsecret is at most 256 characters');
    assert.equal(await tried(`roomname=${'♥'.repeat(129)}`), 'muc#roomconfig_roomname is at most 128 characters');
    assert.equal(await tried('muc#maxhistoryfetch=-1'), 'muc#maxhistoryfetch is a number from 0 on, or none');
    assert.equal(await tried('passwordprotectedroom=1'), 'muc#roomconfig_roomsecret is the password that is asked for');
    assert.equal(world.service.rooms[0]!.config.name, 'Garden');
    const empty = xml`<iq type='set' id='f' to='garden@rooms.example.com'><query xmlns='${owner}'/></iq>`;
    assert.match(await ask(juliet, empty), /bad-request/);
  });

  test('§10.2.1: all are told what changed (104, 170 to 173), and who does not fit any more leaves (322)', async () => {
    const { juliet, romeo, nurse } = await garden();
    await change(juliet, "nick='romeo' affiliation='member'");
    const seen = async (...fields: readonly string[]) => {
      romeo.take();
      await configure(juliet, 'garden', ...fields);
      return digest(romeo.take()).join(', ');
    };
    assert.equal(await seen('roomname=Roses'), 'm garden 104');
    assert.equal(await seen('whois=anyone'), 'm garden 172');
    assert.equal(await seen('whois=moderators'), 'm garden 173');
    assert.equal(await seen('persistentroom=1'), 'm garden 104 170');
    assert.equal(await seen('enablelogging=0'), 'm garden 171');
    assert.equal(await seen('enablelogging=1', 'whois=anyone'), 'm garden 170 172');
    nurse.take();
    assert.equal(
      await seen('membersonly=1'),
      'gone nurse none/none (nurse@example.com/1) 322, gone benvolio none/none (benvolio@example.com/1) 322, m garden 104',
    );
    assert.deepEqual(digest(nurse.take()), ['gone nurse none/none (nurse@example.com/1) 110 322']);
    await configure(juliet, 'garden', 'membersonly=0', 'moderatedroom=1');
    await enterRoom(nurse, 'garden', 'nurse');
    assert.equal(await seen('moderatedroom=0'), 'p nurse none/participant (nurse@example.com/1), m garden 104');
  });

  test('§10.9: a room that is destroyed says why and where to go, and is gone', async () => {
    const { world, juliet, romeo } = await garden('persistentroom=1');
    await say(juliet, 'garden', 'secret');
    const destroy = xml`<iq type='set' id='d' to='garden@rooms.example.com'><query xmlns='${owner}'><destroy jid='tomb@rooms.example.com'><reason>Night</reason><password>p</password></destroy></query></iq>`;
    assert.match(await ask(romeo, destroy), /forbidden/);
    romeo.take();
    await juliet.send(destroy);
    assert.deepEqual(digest(juliet.take()).at(-1), 'iq result');
    const [gone, ...more] = romeo.take();
    assert.match(
      gone!,
      /<presence from='garden@rooms.example.com\/romeo' type='unavailable'.*<item affiliation='none' role='none' jid='romeo@example.com\/1'\/><destroy jid='tomb@rooms.example.com'><reason>Night<\/reason><password>p<\/password><\/destroy>/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual([world.service.rooms, await world.store.rooms('rooms.example.com')], [[], []]);
    await world.make(romeo, 'garden', 'persistentroom=1');
    const archive = xml`<iq type='set' id='a' to='garden@rooms.example.com'><query xmlns='urn:xmpp:mam:2'/></iq>`;
    await romeo.send(archive);
    assert.ok(!romeo.take().join().includes('secret'));
  });
});

test('XEP-0045 §7.10, §7.12: a member keeps a nick, nobody else takes it, and it is told', async () => {
  const { juliet, romeo, nurse, world } = await garden('persistentroom=1');
  const register = (content: string) =>
    xmlOf(
      `<iq type='${content === '' ? 'get' : 'set'}' id='r' to='garden@rooms.example.com'><query xmlns='jabber:iq:register'>${content}</query></iq>`,
    );
  const form = (nick: string) =>
    `<x xmlns='jabber:x:data' type='submit'><field var='muc#register_roomnick'><value>${nick}</value></field></x>`;
  assert.match(await ask(romeo, register('')), /not-allowed/);
  await change(juliet, "nick='romeo' affiliation='member'", "nick='nurse' affiliation='member'");
  assert.match(await ask(romeo, register('')), /<field var='muc#register_roomnick' type='text-single' label='Nick'\/>/);
  assert.match(await ask(romeo, register(form('nurse'))), /conflict/);
  assert.match(await ask(romeo, register(form(''))), /bad-request/);
  assert.match(await ask(romeo, register(form('Montague'))), /type='result'/);
  assert.match(await ask(romeo, register('')), /<registered\/><username>Montague</);
  assert.match(await ask(nurse, register(form('Montague'))), /conflict/);
  await nurse.send(xml`<presence to='garden@rooms.example.com/Montague'/>`);
  assert.deepEqual(digest(nurse.take()), ['p Montague error conflict']);
  const info = xml`<iq type='get' id='i' to='garden@rooms.example.com'><query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/></iq>`;
  assert.match(await ask(romeo, info), /<identity category='conference' type='text' name='Montague'\/>/);
  assert.ok(!(await ask(nurse, info)).includes('identity'));
  await world.restart();
  await enterRoom(nurse, 'garden', 'Montague');
  assert.equal(digest(nurse.take()).at(-1), 'p Montague error conflict');
  assert.match(await ask(romeo, register('<remove/>')), /type='result'/);
  await enterRoom(nurse, 'garden', 'Montague');
  assert.equal(digest(nurse.take()).at(-1), 'subject garden: ');
});

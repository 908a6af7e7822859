import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { saslCrypto } from '@yaolian/node-runtime';
import { ask, ImWorld, present, xmlOf } from '../../testing/im-world.ts';
import type { XmlElement } from '../../xml/element.ts';
import { clientContext, xml } from '../../xml/literal.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import { archiveModule } from './archive.ts';
import { discoveryModules, verificationString } from './caps.ts';
import { carbonsModule } from './carbons.ts';
import { discoModule } from './disco.ts';
import { externalServicesModule } from './external-services.ts';
import { pingModule } from './ping.ts';
import { pushModule, pushNotification, pushOptions } from './push.ts';
import { registrationModule } from './registration.ts';
import { relayedModules } from './relayed.ts';
import { timeModule } from './time.ts';
import { uploadModule } from './upload.ts';
import { vcardModule } from './vcard.ts';
import { versionModule } from './version.ts';

const text = (element: XmlElement) => serialiseXml(element, clientContext);

describe('XEP-0030: service discovery', () => {
  const info = xml`<iq type='get' id='d' to='example.com'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;

  test('the server lists what its modules do, once each', async () => {
    const world = new ImWorld();
    world.server.use(pingModule(), carbonsModule(), archiveModule(world.server), discoModule(world.server));
    const juliet = await world.bind('juliet@example.com/balcony');
    const answer = await ask(juliet, info);
    assert.match(answer, /<identity category='server' type='im' name='Yaolian'\/>/);
    for (const feature of ['urn:xmpp:ping', 'urn:xmpp:carbons:2', 'urn:xmpp:blocking']) {
      assert.equal(answer.split(`<feature var='${feature}'/>`).length, 2, feature);
    }
    assert.ok(!answer.includes('urn:xmpp:mam:2'), 'the archive is one of accounts');
    const own = await ask(juliet, info.with({ to: undefined }));
    assert.match(own, /<identity category='account' type='registered'\/>/);
    assert.match(own, /urn:xmpp:mam:2/);
  });

  test('accounts are described to who is subscribed only, and have their sessions as items', async () => {
    const world = new ImWorld();
    world.server.use(discoModule(world.server));
    const juliet = await present(world, 'juliet@example.com/balcony');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const items = xml`<iq type='get' id='d' to='juliet@example.com'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`;
    assert.match(await ask(romeo, items), /service-unavailable/);
    assert.match(await ask(romeo, info.with({ to: 'juliet@example.com' })), /service-unavailable/);
    assert.match(await ask(juliet, items), /<item jid='juliet@example.com\/balcony'\/>/);
  });

  test('nodes that are not there are not found', async () => {
    const world = new ImWorld();
    world.server.use(discoModule(world.server));
    const juliet = await world.bind('juliet@example.com/balcony');
    for (const kind of ['info', 'items']) {
      const iq = xml`<iq type='get' id='d' to='example.com'><query xmlns='http://jabber.org/protocol/disco#${kind}' node='x'/></iq>`;
      assert.match(await ask(juliet, iq), /item-not-found/);
    }
  });
});

describe('XEP-0115: capabilities', () => {
  test('the verification string of §5.2', async () => {
    const description = {
      identities: [{ category: 'client', type: 'pc', name: 'Exodus 0.9.1' }],
      features: [
        'http://jabber.org/protocol/disco#info',
        'http://jabber.org/protocol/disco#items',
        'http://jabber.org/protocol/muc',
        'http://jabber.org/protocol/caps',
      ],
    };
    assert.equal(await verificationString(description, saslCrypto), 'QgayPKawpkPSDYmwT/WM94uAlu0=');
  });

  test('the verification string of §5.3: languages and forms', async () => {
    const field = (name: string, ...values: readonly string[]) =>
      xmlOf(
        `<field xmlns='jabber:x:data' var='${name}'>${values.map((value) => `<value>${value}</value>`).join('')}</field>`,
      );
    const form = xml`<x xmlns='jabber:x:data' type='result'/>`.containing(
      field('FORM_TYPE', 'urn:xmpp:dataforms:softwareinfo'),
      field('ip_version', 'ipv6', 'ipv4'),
      field('os', 'Mac'),
      field('os_version', '10.5.1'),
      field('software', 'Psi'),
      field('software_version', '0.11'),
    );
    const description = {
      identities: [
        { category: 'client', type: 'pc', language: 'en', name: 'Psi 0.11' },
        { category: 'client', type: 'pc', language: 'el', name: 'Ψ 0.11' },
      ],
      features: ['caps', 'disco#items', 'disco#info', 'muc'].map((name) => `http://jabber.org/protocol/${name}`),
      forms: [form, xml`<x xmlns='jabber:x:data' type='result'/>`],
    };
    assert.equal(await verificationString(description, saslCrypto), 'q07IKJEyjvHSyhy//CH0CxmKi8w=');
  });

  test('the node of the stream feature is answered with what it stands for', async () => {
    const world = new ImWorld();
    const { feature } = await discoveryModules(world.server, 'https://yaolian.example', saslCrypto);
    const juliet = await world.bind('juliet@example.com/balcony');
    const node = `https://yaolian.example#${feature.attribute('ver')}`;
    const iq = xml`<iq type='get' id='d' to='example.com'><query xmlns='http://jabber.org/protocol/disco#info' node='${node}'/></iq>`;
    assert.match(
      await ask(juliet, iq),
      /type='result'.*node='https:\/\/yaolian.example#.*http:\/\/jabber.org\/protocol\/caps/,
    );
  });
});

describe('XEP-0199, XEP-0092, XEP-0202: ping, version, time', () => {
  test('are answered by the server', async () => {
    const world = new ImWorld();
    world.server.use(pingModule(), versionModule('Yaolian', '1.2'), timeModule(world.time));
    const juliet = await world.bind('juliet@example.com/balcony');
    const to = 'example.com';
    assert.equal(
      await ask(juliet, xml`<iq type='get' id='p' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`),
      text(xml`<iq type='result' id='p' from='example.com' to='juliet@example.com/balcony'/>`),
    );
    assert.match(
      await ask(juliet, xml`<iq type='get' id='v' to='${to}'><query xmlns='jabber:iq:version'/></iq>`),
      /<name>Yaolian<\/name><version>1.2<\/version>/,
    );
    assert.match(
      await ask(juliet, xml`<iq type='get' id='t' to='${to}'><time xmlns='urn:xmpp:time'/></iq>`),
      /<tzo>\+00:00<\/tzo><utc>2026-01-01T00:00:00.000Z<\/utc>/,
    );
    assert.match(
      await ask(juliet, xml`<iq type='set' id='v' to='${to}'><query xmlns='jabber:iq:version'/></iq>`),
      /service-unavailable/,
    );
  });
});

describe('XEP-0054: vCards', () => {
  const get = xml`<iq type='get' id='v'><vCard xmlns='vcard-temp'/></iq>`;

  test('are written by their owners and read by all', async () => {
    const world = new ImWorld();
    world.server.use(vcardModule(world.server));
    const juliet = await world.bind('juliet@example.com/balcony');
    const romeo = await world.bind('romeo@example.com/orchard');
    assert.match(await ask(juliet, get), /<vCard xmlns='vcard-temp'\/>/);
    assert.match(await ask(romeo, get.with({ to: 'juliet@example.com' })), /item-not-found/);
    const set = xml`<iq type='set' id='s'><vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard></iq>`;
    assert.match(await ask(juliet, set), /type='result'/);
    assert.match(await ask(romeo, get.with({ to: 'juliet@example.com' })), /<FN>Juliet<\/FN>/);
    assert.match(await ask(romeo, set.with({ to: 'juliet@example.com' })), /service-unavailable/);
  });

  test('are not larger than their bound', async () => {
    const world = new ImWorld({ bounds: { vcard: 100 } });
    world.server.use(vcardModule(world.server));
    const juliet = await world.bind('juliet@example.com/balcony');
    const set = xml`<iq type='set' id='s'><vCard xmlns='vcard-temp'><FN>${'x'.repeat(100)}</FN></vCard></iq>`;
    assert.match(await ask(juliet, set), /resource-constraint/);
  });
});

describe('XEP-0191: blocking', () => {
  const block = xml`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='romeo@example.com'/></block></iq>`;

  test('nothing passes from or to who is blocked', async () => {
    const world = new ImWorld();
    const juliet = await present(world, 'juliet@example.com/balcony');
    const romeo = await present(world, 'romeo@example.com/orchard');
    assert.match(await ask(juliet, block), /type='result'/);
    const hello = xml`<message to='juliet@example.com' type='chat'><body>x</body></message>`;
    await romeo.send(hello);
    assert.match(romeo.take()[0]!, /service-unavailable/);
    await romeo.send(xml`<presence type='subscribe' to='juliet@example.com'/>`);
    assert.match(
      await ask(romeo, xml`<iq type='get' id='1' to='juliet@example.com/balcony'><a xmlns='urn:a'/></iq>`),
      /service-unavailable/,
    );
    assert.deepEqual(juliet.take(), []);
    await juliet.send(hello.with({ to: 'romeo@example.com' }));
    assert.match(juliet.take()[0]!, /not-acceptable.*<blocked xmlns='urn:xmpp:blocking:errors'\/>/);
  });

  test('§3.4: a list that is not in memory any more holds as well', async () => {
    const world = new ImWorld();
    const juliet = await present(world, 'juliet@example.com/balcony');
    assert.match(await ask(juliet, block), /type='result'/);
    world.server.blocklists.forget('juliet');
    const hello = xml`<message to='romeo@example.com' type='chat'><body>x</body></message>`;
    const nurse = await present(world, 'nurse@example.com/x');
    await Promise.all([juliet.send(hello), juliet.send(hello.with({ to: 'nurse@example.com' }))]);
    assert.match(juliet.take()[0]!, /not-acceptable.*<blocked xmlns='urn:xmpp:blocking:errors'\/>/);
    assert.equal(nurse.take().length, 1);
    world.server.blocklists.forget('juliet');
    await juliet.send(xml`<presence to='romeo@example.com'/>`);
    assert.match(juliet.take()[0]!, /not-acceptable/);
  });

  test('who is blocked sees the sessions go, and come again', async () => {
    const world = new ImWorld();
    const item = { name: undefined, groups: [], asked: false, request: undefined, approved: false, listed: true };
    await world.stores.rosters.put('juliet', { ...item, jid: 'romeo@example.com', subscription: 'from' });
    const juliet = await present(world, 'juliet@example.com/balcony');
    const romeo = await present(world, 'romeo@example.com/orchard');
    await juliet.send(block);
    assert.match(romeo.take()[0]!, /<presence type='unavailable' from='juliet@example.com\/balcony'/);
    await juliet.send(xml`<presence><show>away</show></presence>`);
    assert.deepEqual(romeo.take(), []);
    await juliet.send(xml`<iq type='set' id='u'><unblock xmlns='urn:xmpp:blocking'/></iq>`);
    assert.match(romeo.take()[0]!, /<show>away<\/show>/);
  });

  test('sessions that asked for the list are told of changes', async () => {
    const world = new ImWorld({ bounds: { blockedJids: 1 } });
    const juliet = await world.bind('juliet@example.com/balcony');
    const list = xml`<iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>`;
    assert.match(await ask(juliet, list), /<blocklist xmlns='urn:xmpp:blocking'\/>/);
    await juliet.send(block);
    const [push] = juliet.take();
    assert.match(push!, /<iq type='set'.*<block xmlns='urn:xmpp:blocking'><item jid='romeo@example.com'\/>/);
    assert.match(await ask(juliet, list), /<item jid='romeo@example.com'\/>/);
    const more = xml`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='nurse@example.com'/></block></iq>`;
    assert.match(await ask(juliet, more), /resource-constraint/);
    const none = xml`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'/></iq>`;
    assert.match(await ask(juliet, none), /bad-request/);
  });
});

describe('XEP-0280: carbons', () => {
  test('other sessions see what one sends and receives', async () => {
    const world = new ImWorld();
    world.server.use(carbonsModule());
    const balcony = await present(world, 'juliet@example.com/balcony');
    const chamber = await present(world, 'juliet@example.com/chamber');
    const romeo = await present(world, 'romeo@example.com/orchard');
    assert.match(
      await ask(chamber, xml`<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>`),
      /type='result'/,
    );
    await romeo.send(xml`<message to='juliet@example.com/balcony' type='chat'><body>1</body></message>`);
    assert.match(
      chamber.take()[0]!,
      /^<message from='juliet@example.com' to='juliet@example.com\/chamber' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message.*<body>1<\/body>/,
    );
    await balcony.send(xml`<message to='romeo@example.com' type='chat'><body>2</body></message>`);
    assert.match(chamber.take()[0]!, /<sent xmlns='urn:xmpp:carbons:2'>.*<body>2<\/body>/);
    await balcony.send(
      xml`<message to='romeo@example.com' type='chat'><body>3</body><private xmlns='urn:xmpp:carbons:2'/></message>`,
    );
    await ask(chamber, xml`<iq type='set' id='c'><disable xmlns='urn:xmpp:carbons:2'/></iq>`);
    await balcony.send(xml`<message to='romeo@example.com' type='chat'><body>4</body></message>`);
    assert.deepEqual(chamber.take(), []);
  });

  test('§6.1: of what belongs to a conversation, and of nothing else', async () => {
    const world = new ImWorld();
    const chamber = await world.bind('juliet@example.com/chamber', xml`<enable xmlns='urn:xmpp:carbons:2'/>`);
    const balcony = await present(world, 'juliet@example.com/balcony');
    const copied = {
      "<message type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>": true,
      '<message><body>1</body></message>': true,
      "<message><received xmlns='urn:xmpp:receipts' id='1'/></message>": true,
      "<message><displayed xmlns='urn:xmpp:chat-markers:0' id='1'/></message>": true,
      "<message><event xmlns='urn:example'/></message>": false,
      "<message type='headline'><body>1</body></message>": false,
      "<message type='groupchat'><body>1</body></message>": false,
      "<message type='chat'><body>1</body><private xmlns='urn:xmpp:carbons:2'/></message>": false,
      "<message type='chat'><body>1</body><no-copy xmlns='urn:xmpp:hints'/></message>": false,
    };
    for (const [written, isCopied] of Object.entries(copied)) {
      await balcony.send(xmlOf(written).with({ to: 'romeo@example.com' }));
      assert.equal(chamber.take().length, isCopied ? 1 : 0, written);
    }
  });

  test('§8: that a message is not to be copied is not told to who gets it', async () => {
    const world = new ImWorld();
    const romeo = await present(world, 'romeo@example.com/orchard');
    const chamber = await world.bind('juliet@example.com/chamber', xml`<enable xmlns='urn:xmpp:carbons:2'/>`);
    const balcony = await present(world, 'juliet@example.com/balcony');
    const secret = xml`<message type='chat' to='juliet@example.com/balcony'><body>1</body></message>`;
    const hint = xml`<private xmlns='urn:xmpp:carbons:2'/>`;
    await romeo.send(secret.containing(...secret.children, hint));
    assert.deepEqual(balcony.take(), [text(secret.with({ from: 'romeo@example.com/orchard' }))]);
    assert.deepEqual(chamber.take(), []);
  });

  test('can be asked for while binding (XEP-0386)', async () => {
    const world = new ImWorld();
    const chamber = await world.bind('juliet@example.com/chamber', xml`<enable xmlns='urn:xmpp:carbons:2'/>`);
    const balcony = await present(world, 'juliet@example.com/balcony');
    await balcony.send(xml`<message to='romeo@example.com' type='chat'><body>1</body></message>`);
    assert.match(chamber.take().join(), /<sent xmlns='urn:xmpp:carbons:2'>/);
  });
});

describe('XEP-0172, XEP-0184: what passes between clients', () => {
  test('passes as it is', async () => {
    const world = new ImWorld();
    world.server.use(...relayedModules());
    const juliet = await present(world, 'juliet@example.com/balcony');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const message = xml`<message id='1' to='juliet@example.com/balcony'><body>x</body><request xmlns='urn:xmpp:receipts'/><nick xmlns='http://jabber.org/protocol/nick'>R</nick></message>`;
    await romeo.send(message);
    assert.deepEqual(juliet.take(), [text(message.with({ from: 'romeo@example.com/orchard' }))]);
    const receipt = xml`<message to='romeo@example.com/orchard'><received xmlns='urn:xmpp:receipts' id='1'/></message>`;
    await juliet.send(receipt);
    assert.deepEqual(romeo.take(), [text(receipt.with({ from: 'juliet@example.com/balcony' }))]);
  });
});

describe('XEP-0215: external services', () => {
  test('are told by type, with credentials for who asks', async () => {
    const world = new ImWorld();
    world.server.use(
      externalServicesModule([
        { type: 'stun', host: 'stun.example.com', port: 3478, transport: 'udp' },
        {
          type: 'turn',
          host: 'turn.example.com',
          credentials: (account) => ({ username: `1:${account}`, password: 'p', expires: 0 }),
        },
      ]),
    );
    const juliet = await world.bind('juliet@example.com/balcony');
    const get = xml`<iq type='get' id='s' to='example.com'><services xmlns='urn:xmpp:extdisco:2'/></iq>`;
    assert.match(
      await ask(juliet, get),
      /type='stun' host='stun.example.com' port='3478' transport='udp'.*type='turn'/,
    );
    const turn = xml`<iq type='get' id='s' to='example.com'><services xmlns='urn:xmpp:extdisco:2' type='turn'/></iq>`;
    const answer = await ask(juliet, turn);
    assert.match(answer, /restricted='true' username='1:juliet' password='p' expires='1970-01-01T00:00:00.000Z'/);
    assert.ok(!answer.includes('stun'));
  });
});

describe('XEP-0357: push', () => {
  const enabling = (attributes: string, form = '') =>
    xmlOf(`<iq type='set' id='e'><enable xmlns='urn:xmpp:push:0' ${attributes}>${form}</enable></iq>`);

  test('targets are kept by account, and told without contents but with what their client gave along', async () => {
    const world = new ImWorld({ bounds: { pushTargets: 1 } });
    world.server.use(pushModule(world.server));
    const juliet = await world.bind('juliet@example.com/balcony');
    const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
    const fields =
      field('FORM_TYPE', 'http://jabber.org/protocol/pubsub#publish-options') + field('secret', 'eruio234');
    const form = `<x xmlns='jabber:x:data' type='submit'>${fields}</x>`;
    assert.match(await ask(juliet, enabling("jid='push.example.com' node='n'", form)), /type='result'/);
    assert.match(await ask(juliet, enabling("jid='push.example.com' node='m'")), /resource-constraint/);
    const [target] = await world.stores.push.targets('juliet');
    const told = text(pushNotification(target!, 2));
    assert.match(told, /<publish node='n'>.*message-count.*<value>2<\/value>/);
    assert.match(told, /<publish-options><x xmlns='jabber:x:data' type='submit'>.*eruio234.*<\/publish-options>/);
    assert.deepEqual(pushOptions(target!), { secret: 'eruio234' });
    await ask(juliet, xml`<iq type='set' id='d'><disable xmlns='urn:xmpp:push:0' jid='push.example.com'/></iq>`);
    assert.deepEqual(await world.stores.push.targets('juliet'), []);
    assert.match(await ask(juliet, enabling('')), /bad-request/);
    assert.match(await ask(juliet, enabling(`jid='push.example.com' node='${'n'.repeat(5000)}'`)), /not-acceptable/);
    assert.deepEqual(pushOptions({ service: 'push.example.com', node: undefined, options: undefined }), {});
  });

  test('the hook hears of messages that wait, for who is away and for who lost the connection', async () => {
    const waiting: string[] = [];
    const world = new ImWorld({ onMessageWaiting: (account) => void waiting.push(account) });
    const romeo = await present(world, 'romeo@example.com/orchard');
    const say = (body: string) =>
      romeo.send(xml`<message to='juliet@example.com' type='chat'>${xmlOf(body)}</message>`);
    await say('<body>x</body>');
    assert.deepEqual(waiting, ['juliet']);
    const juliet = await present(world, 'juliet@example.com/balcony');
    await say('<body>she is there</body>');
    assert.equal(waiting.length, 1);
    juliet.isConnected = false;
    await say('<body>she is in a tunnel</body>');
    assert.equal(waiting.length, 2);
    await say("<composing xmlns='http://jabber.org/protocol/chatstates'/>");
    assert.equal(waiting.length, 2);
    await present(world, 'juliet@example.com/desk');
    await say('<body>she is at the desk</body>');
    assert.equal(waiting.length, 2);
  });
});

describe('XEP-0363: upload', () => {
  test('slots are for files that are not too large, until there are none left', async () => {
    let left = 1;
    const world = new ImWorld();
    world.server.use(
      uploadModule({
        maxSize: 1000,
        slot: async (account, { name }) =>
          left-- > 0
            ? { put: `https://p/${account}/${name}`, get: `https://g/${name}`, headers: { Authorization: 'a' } }
            : undefined,
      }),
    );
    const juliet = await world.bind('juliet@example.com/balcony');
    const request = (name: string, size: string) =>
      xml`<iq type='get' id='u' to='example.com'><request xmlns='urn:xmpp:http:upload:0' filename='${name}' size='${size}'/></iq>`;
    assert.match(
      await ask(juliet, request('a.png', '1000')),
      /<put url='https:\/\/p\/juliet\/a.png'><header name='Authorization'>a<\/header><\/put><get url='https:\/\/g\/a.png'\/>/,
    );
    assert.match(await ask(juliet, request('a.png', '1001')), /not-acceptable.*<max-file-size>1000</);
    assert.match(await ask(juliet, request('a.png', '10')), /resource-constraint/);
    assert.match(await ask(juliet, request('', '10')), /bad-request/);
    assert.match(await ask(juliet, request('a.png', '-1')), /bad-request/);
  });

  test('§4: the server tells how large a file may be', async () => {
    const world = new ImWorld();
    world.server.use(uploadModule({ maxSize: 1000, slot: async () => undefined }), discoModule(world.server));
    const juliet = await world.bind('juliet@example.com/balcony');
    const info = xml`<iq type='get' id='d' to='example.com'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;
    assert.match(
      await ask(juliet, info),
      /<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:http:upload:0<\/value><\/field><field var='max-file-size'><value>1000<\/value><\/field><\/x>/,
    );
  });
});

describe('XEP-0077: registration', () => {
  test('owners change their password and leave; nobody comes in by it', async () => {
    const done: string[] = [];
    const world = new ImWorld();
    world.server.use(
      registrationModule({
        setPassword: async (account, password) => done.push(`${account} ${password}`) > 0 && password !== '',
        remove: async (account) => void done.push(`${account} left`),
      }),
    );
    const juliet = await world.bind('juliet@example.com/balcony');
    const set = (content: XmlElement, name?: XmlElement) =>
      xml`<iq type='set' id='r' to='example.com'><query xmlns='jabber:iq:register'>${name}${content}</query></iq>`;
    const username = xml`<username xmlns='jabber:iq:register'>juliet</username>`;
    const password = xml`<password xmlns='jabber:iq:register'>new</password>`;
    assert.match(await ask(juliet, set(password, username)), /type='result'/);
    const other = xml`<username xmlns='jabber:iq:register'>romeo</username>`;
    assert.match(await ask(juliet, set(password, other)), /bad-request/);
    assert.match(await ask(juliet, set(xml`<remove xmlns='jabber:iq:register'/>`)), /type='result'/);
    assert.deepEqual(done, ['juliet new', 'juliet left']);
    assert.match(
      await ask(juliet, xml`<iq type='get' id='r' to='example.com'><query xmlns='jabber:iq:register'/></iq>`),
      /<registered\/><username>juliet<\/username>/,
    );
  });
});

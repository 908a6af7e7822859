import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBase64, encodeUtf8, minutes, seconds } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import type { ScriptedClient } from '../testing/scripted-client.ts';
import { serverWorld } from '../testing/server-world.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { xml } from '../xml/literal.ts';
import { serialiseXml } from '../xml/serialise.ts';
import { Stanza } from './stanza.ts';

const sm = namespaces.streamManagement;
const acknowledgement = (h: number) => element('a', sm, { h: String(h) });
const question = element('r', sm);
const message = (body: string) =>
  xml`<message from='juliet@example.org/a' to='romeo@example.org/b'><body>${body}</body></message>`;

async function couple(options: Parameters<typeof serverWorld>[0] = {}) {
  const world = serverWorld(options);
  const juliet = await world.connect(5223);
  await juliet.login('juliet', 'a');
  const romeo = await world.connect(5223);
  await romeo.login('romeo', 'b');
  return { ...world, juliet, romeo };
}

describe('stanzas', () => {
  it('carry who sent them, and arrive as they were sent', async () => {
    const { juliet, romeo, handler } = await couple();
    const texts = [
      "<message to='romeo@example.org/b'><body>1 &amp; <![CDATA[<2>]]></body></message>",
      "<message\nto='romeo@example.org/b'><body>2</body></message>",
      "<message from='juliet@example.org' to='romeo@example.org/b' xml:lang='it'><body>3</body></message>",
      "<presence to='romeo@example.org/b'/>",
      "<message from='Juliet@EXAMPLE.org/a' to='romeo@example.org/b'><body>4</body></message>",
    ];
    juliet.send(texts.join(' \n'));
    await romeo.expect(message('1 & <2>'));
    await romeo.expect(message('2'));
    await romeo.expect(message('3').with({ 'xml:lang': 'it' }));
    await romeo.expect(xml`<presence from='juliet@example.org/a' to='romeo@example.org/b'/>`);
    await romeo.expect(message('4'));
    for (const { element: taken, bytes } of handler.stanzas) {
      assert.equal(taken.attribute('from'), 'juliet@example.org/a');
      assert.ok(bytes.length > 0);
    }
  });

  it('go between streams and WebSockets', async () => {
    const { connect, juliet } = await couple();
    const socket = await connect(5280);
    await socket.login('romeo', 'w');
    juliet.send("<message to='romeo@example.org/w'><body>1</body></message>");
    const expected = message('1').with({ to: 'romeo@example.org/w' });
    await socket.expect(expected);
    socket.send("<message xmlns='jabber:client' to='juliet@example.org/a'/>");
    await juliet.expect(xml`<message from='romeo@example.org/w' to='juliet@example.org/a'/>`);
  });

  it('get the language of their stream', async () => {
    const { connect, romeo } = await couple();
    const client = await connect(5223);
    await client.authenticate('juliet');
    client.send(`<iq type='set' id='b'><bind xmlns='${namespaces.bind}'><resource>c</resource></bind></iq>`);
    await client.element();
    client.send("<message to='romeo@example.org/b'/>");
    await romeo.expect(xml`<message from='juliet@example.org/c' to='romeo@example.org/b'/>`);
  });

  const refused = {
    'a forged sender': ["<message from='romeo@example.org/b'/>", 'invalid-from'],
    'what is no stanza': ['<letter/>', 'unsupported-stanza-type'],
    'another namespace': ["<message xmlns='jabber:server'/>", 'unsupported-stanza-type'],
    'a second stream': ["<?xml version='1.0'?>", 'restricted-xml'],
    'what is forbidden': ['<message><!--', 'restricted-xml'],
  } as const;
  for (const [what, [text, condition]] of Object.entries(refused)) {
    it(`${what}: ${condition}`, async () => {
      const { juliet, handler } = await couple();
      juliet.send(text);
      await juliet.expectError(condition);
      assert.equal(handler.ended.length, 1);
    });
  }

  it('RFC 6120 §4.4: the end of a stream is answered, and ends the session', async () => {
    const { juliet, handler, server } = await couple();
    juliet.send('</stream:stream>');
    await juliet.expectEnd();
    assert.equal(handler.ended[0]?.session.jid.toString(), 'juliet@example.org/a');
    assert.equal(server.size, 1);
  });

  it('a server that shuts down says so', async () => {
    const { juliet, server, connect } = await couple();
    const stranger = await connect();
    await stranger.open();
    const closed = server.close();
    await juliet.expectError('system-shutdown');
    await stranger.expectError('system-shutdown');
    await closed;
    assert.equal(server.size, 0);
  });
});

describe('limits', () => {
  it('who sends faster than the rate is read as fast as it', async () => {
    const { juliet, romeo, time } = await couple({ bounds: { rate: { bytesPerSecond: 1000, burst: 2000 } } });
    await time.advance(seconds(10));
    const text = serialiseXml(message('x'.repeat(900)), { defaultNamespace: namespaces.client });
    for (let i = 0; i < 6; i++) juliet.send(text);
    const started = time.monotonic();
    for (let i = 0; i < 6; i++) {
      let found: XmlElement | undefined;
      for (let wait = 0; wait < 5 && found === undefined; wait++) {
        const event = await romeo.next(seconds(2));
        if (typeof event === 'object' && event.kind === 'element') found = event.element;
      }
      assert.ok(found);
    }
    const taken = time.monotonic() - started;
    assert.ok(taken > 3000 && taken < 6000, `${taken} ms`);
  });

  it('who does not take what it is sent is cut off', async () => {
    const { juliet, romeo, handler, time } = await couple({ bounds: { maximumQueuedBytes: 100_000 } });
    romeo.pause();
    const text = serialiseXml(message('x'.repeat(9000)), { defaultNamespace: namespaces.client });
    for (let i = 0; i < 12; i++) juliet.send(text);
    await time.advance(seconds(1));
    assert.equal(handler.ended[0]?.session.jid.toString(), 'romeo@example.org/b');
  });

  it('a client whose stanzas are not taken over is not read', async () => {
    const { juliet, handler, time } = await couple({ bounds: { maximumPending: 4 } });
    const { promise, resolve } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send('<message/>'.repeat(10));
    await time.advance(seconds(1));
    assert.equal(handler.stanzas.length, 4);
    handler.gate = undefined;
    resolve();
    await time.advance(seconds(1));
    assert.equal(handler.stanzas.length, 10);
  });

  it('a stanza that cannot be taken over ends the session', async () => {
    const { juliet, handler } = await couple();
    const { promise, reject } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send('<message/>');
    await juliet.expectSilence();
    reject(new Error('the disk is full'));
    await juliet.expectError('internal-server-error');
  });

  it('XEP-0199: a silent client is asked, and cut off when it does not answer', async () => {
    const { juliet, handler, time } = await couple();
    await time.advance(minutes(2));
    await juliet.expectSilence();
    await time.advance(seconds(61));
    const ping = await juliet.element();
    assert.ok(ping.child('ping', namespaces.ping));
    juliet.send(`<iq type='result' id='${ping.attribute('id')}' to='example.org'/>`);
    await time.advance(seconds(32));
    assert.deepEqual(
      handler.ended.map(({ session }) => session.jid.toString()),
      ['romeo@example.org/b'],
    );
    assert.equal(handler.stanzas.length, 0);
    await time.advance(minutes(4));
    assert.equal(handler.ended.length, 2);
    assert.equal(time.pending, 0);
  });
});

describe('XEP-0198: stream management', () => {
  async function managed(client: ScriptedClient, resume = true): Promise<string> {
    client.send(`<enable xmlns='${sm}'${resume ? " resume='true'" : ''}/>`);
    const enabled = await client.element();
    assert.equal(enabled.name, 'enabled', serialiseXml(enabled));
    return enabled.attribute('id') ?? '';
  }

  async function resumed(client: ScriptedClient, username: string, previd: string, h: number): Promise<XmlElement> {
    await client.authenticate(username);
    client.send(`<resume xmlns='${sm}' previd='${previd}' h='${h}'/>`);
    return client.element();
  }

  it('both sides count, and stanzas count once they are taken over', async () => {
    const { juliet, romeo, handler, time } = await couple();
    await managed(juliet);
    await managed(romeo);
    const { promise, resolve } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send("<message to='romeo@example.org/b'><body>1</body></message><r xmlns='urn:xmpp:sm:3'/>");
    await juliet.expect(acknowledgement(0));
    resolve();
    await time.advance(seconds(1));
    juliet.send(question);
    await juliet.expect(acknowledgement(1));
    await romeo.expect(message('1'));
    await romeo.expect(question);
    romeo.send(acknowledgement(1));
    await romeo.expectSilence();
  });

  it('answers to iqs are asked about together, or after a second; what is not to be lost at once', async () => {
    const { juliet, romeo, time } = await couple();
    await managed(romeo);
    const answer = xml`<iq type='result' id='1' from='juliet@example.org/a' to='romeo@example.org/b'/>`;
    const send = (count: number) => juliet.send("<iq type='result' id='1' to='romeo@example.org/b'/>".repeat(count));
    send(2);
    for (let i = 0; i < 2; i++) await romeo.expect(answer);
    await time.advance(seconds(1));
    await romeo.expect(question);
    romeo.send(acknowledgement(2));
    await romeo.expectSilence();
    send(16);
    for (let i = 0; i < 16; i++) await romeo.expect(answer);
    await romeo.expect(question);
    romeo.send(acknowledgement(18));
    send(1);
    await romeo.expect(answer);
    juliet.send("<message to='romeo@example.org/b'><body>1</body></message>");
    await romeo.expect(message('1'));
    await romeo.expect(question);
    romeo.send(acknowledgement(20));
    juliet.send("<iq type='get' id='2' to='romeo@example.org/b'><x xmlns='urn:x'/></iq>");
    await romeo.expect(
      xml`<iq type='get' id='2' from='juliet@example.org/a' to='romeo@example.org/b'><x xmlns='urn:x'/></iq>`,
    );
    await romeo.expect(question);
  });

  it('a cut connection loses and doubles nothing', async () => {
    const { juliet, romeo, handler, connect, time } = await couple();
    const previd = await managed(romeo);
    const send = (body: string) => juliet.send(`<message to='romeo@example.org/b'><body>${body}</body></message>`);
    send('1');
    send('2');
    await romeo.expect(message('1'));
    await romeo.expect(question);
    await romeo.expect(message('2'));
    romeo.send('<presence/>');
    await time.advance(seconds(1));
    romeo.abort();
    await time.advance(seconds(1));
    assert.equal(handler.sessions.get('romeo@example.org/b')?.isConnected, false);
    send('3');
    const again = await connect(5223);
    assert.deepEqual(await resumed(again, 'romeo', previd, 1), element('resumed', sm, { previd, h: '1' }));
    await again.expect(message('2'));
    await again.expect(message('3'));
    await again.expect(question);
    again.send(acknowledgement(3));
    send('4');
    await again.expect(message('4'));
    assert.equal(handler.ended.length, 0);
    assert.equal(handler.bound.length, 2);
  });

  it('§5: a resumption waits for what came on the old stream, so that it is neither lost nor sent twice', async () => {
    const { juliet, handler, connect, time } = await couple({ bounds: { maximumPending: 2 } });
    const previd = await managed(juliet);
    const { promise, resolve } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send("<message id='1'/><message id='2'/><message id='3'/>");
    await time.advance(seconds(1));
    assert.equal(handler.stanzas.length, 2, 'the third is not read');
    juliet.abort();
    const again = await connect(5223);
    await again.authenticate('juliet');
    again.send(`<resume xmlns='${sm}' previd='${previd}' h='0'/>`);
    await again.expectSilence();
    handler.gate = undefined;
    resolve();
    await again.expect(element('resumed', sm, { previd, h: '2' }));
    again.send("<message id='3'/>");
    again.send(question);
    await again.expect(acknowledgement(3));
    assert.deepEqual(
      handler.stanzas.map((stanza) => stanza.element.attribute('id')),
      ['1', '2', '3'],
    );
    assert.equal(handler.ended.length, 0);
  });

  it('§5: a session that ends while a resumption waits is not found, and the client can have a new one', async () => {
    const { juliet, handler, connect, time } = await couple({ timing: { resumptionTimeout: seconds(2) } });
    const previd = await managed(juliet);
    const { promise, resolve } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send("<message id='1'/>");
    await time.advance(seconds(1));
    const again = await connect(5223);
    await again.authenticate('juliet');
    again.send(`<resume xmlns='${sm}' previd='${previd}' h='0'/>`);
    await juliet.expectError('conflict');
    await time.advance(seconds(3));
    assert.equal(handler.ended.length, 1);
    resolve();
    assert.ok((await again.element()).child('item-not-found', namespaces.stanzaErrors));
    assert.equal(await again.bind('a'), 'juliet@example.org/a');
  });

  it('§5: who goes away while its resumption waits can come again', async () => {
    const { juliet, handler, connect, time } = await couple();
    const previd = await managed(juliet);
    const { promise, resolve } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send("<message id='1'/>");
    await time.advance(seconds(1));
    juliet.abort();
    for (const port of [5223, 5223]) {
      const again = await connect(port);
      await again.authenticate('juliet');
      again.send(`<resume xmlns='${sm}' previd='${previd}' h='0'/>`);
      await again.expectSilence();
      again.abort();
    }
    resolve();
    await time.advance(seconds(1));
    assert.equal(handler.sessions.get('juliet@example.org/a')?.isConnected, false);
    const last = await connect(5223);
    assert.deepEqual(await resumed(last, 'juliet', previd, 0), element('resumed', sm, { previd, h: '1' }));
    last.send(question);
    await last.expect(acknowledgement(1));
  });

  it('XEP-0388: a resumption that is asked for along with the log-in waits too', async () => {
    const { juliet, handler, connect, time } = await couple();
    const previd = await managed(juliet);
    const { promise, resolve } = Promise.withResolvers<void>();
    handler.gate = promise;
    juliet.send("<message id='1'/>");
    await time.advance(seconds(1));
    const again = await connect(5223);
    await again.open();
    const { sasl2 } = namespaces;
    const initial = encodeBase64(encodeUtf8('\0juliet\0secret'));
    again.send(
      `<authenticate xmlns='${sasl2}' mechanism='PLAIN'><initial-response>${initial}</initial-response><resume xmlns='${sm}' previd='${previd}' h='0'/></authenticate>`,
    );
    await again.expectSilence();
    resolve();
    const success = await again.element();
    assert.deepEqual(success.child('resumed', sm), element('resumed', sm, { previd, h: '1' }));
    assert.equal((await again.element()).name, 'features');
    again.send(question);
    await again.expect(acknowledgement(1));
  });

  it('XEP-0352 §4.2: a stream begins in the active state, a resumed one too', async () => {
    const { juliet, romeo, handler, connect } = await couple();
    const previd = await managed(romeo);
    romeo.send("<inactive xmlns='urn:xmpp:csi:0'/>");
    juliet.send("<presence to='romeo@example.org/b'/>");
    await romeo.expectSilence();
    const again = await connect(5223);
    assert.equal((await resumed(again, 'romeo', previd, 0)).name, 'resumed');
    await again.expect(xml`<presence from='juliet@example.org/a' to='romeo@example.org/b'/>`);
    await again.expect(question);
    assert.equal(handler.sessions.get('romeo@example.org/b')?.isActive, true);
  });

  it('a session is resumed while its old connection is still there, and by nobody else', async () => {
    const { romeo, connect, handler } = await couple();
    const previd = await managed(romeo);
    const thief = await connect(5223);
    assert.equal((await resumed(thief, 'juliet', previd, 0)).name, 'failed');
    assert.equal(await thief.bind('c'), 'juliet@example.org/c');
    const again = await connect(5223);
    assert.equal((await resumed(again, 'romeo', previd, 0)).name, 'resumed');
    await romeo.expectError('conflict');
    assert.equal(handler.ended.length, 0);
  });

  it('sessions that nobody resumes make room for another of the account, the oldest first; those that are connected do not', async () => {
    const world = serverWorld({ bounds: { maximumResources: 2 } });
    const { connect, server } = world;
    for (const resource of ['a', 'b', 'c']) {
      const client = await connect(5223);
      await client.login('juliet', resource);
      await managed(client);
      client.abort();
    }
    const resources = () => [...server.sessions].map(({ jid }) => jid.resource);
    assert.deepEqual(resources(), ['b', 'c']);
    await (await connect(5223)).login('juliet', 'd');
    await (await connect(5223)).login('juliet', 'e');
    assert.deepEqual(resources(), ['d', 'e']);
    const client = await connect(5223);
    await client.authenticate('juliet');
    client.send(`<iq type='set' id='1'><bind xmlns='${namespaces.bind}'><resource>f</resource></bind></iq>`);
    assert.ok((await client.element()).child('error')?.child('resource-constraint', namespaces.stanzaErrors));
  });

  it('a session that nobody resumes ends, and what was not delivered is handed back', async () => {
    const { juliet, romeo, handler, time, connect } = await couple({ timing: { pingAfter: minutes(60) } });
    const previd = await managed(romeo);
    romeo.abort();
    await time.advance(seconds(1));
    juliet.send("<message to='romeo@example.org/b'><body>1</body></message>");
    await time.advance(seconds(301));
    assert.deepEqual(
      handler.ended.map(({ undelivered }) => undelivered),
      [[message('1')]],
    );
    const late = await connect(5223);
    assert.ok((await resumed(late, 'romeo', previd, 0)).child('item-not-found', namespaces.stanzaErrors));
  });

  it('an end on purpose is no reason to wait', async () => {
    const { romeo, handler } = await couple();
    await managed(romeo);
    romeo.send('</stream:stream>');
    await romeo.expectEnd();
    assert.equal(handler.ended.length, 1);
  });

  it('without resumption the unacknowledged is handed back at once', async () => {
    const { juliet, romeo, handler, time } = await couple();
    await managed(romeo, false);
    juliet.send("<message to='romeo@example.org/b'><body>1</body></message>");
    await romeo.expect(message('1'));
    romeo.abort();
    await time.advance(seconds(1));
    assert.deepEqual(handler.ended[0]?.undelivered, [message('1')]);
  });

  it('more acknowledged than sent, twice enabled, and too much unacknowledged', async () => {
    const { juliet, romeo, handler, time } = await couple({ bounds: { maximumUnacknowledged: 3 } });
    await managed(juliet);
    juliet.send(`<enable xmlns='${sm}'/>`);
    assert.equal((await juliet.element()).name, 'failed');
    await managed(romeo);
    juliet.send("<message to='romeo@example.org/b'/>".repeat(4));
    await time.advance(seconds(1));
    assert.equal(handler.ended[0]?.undelivered.length, 4);
    juliet.send(acknowledgement(1));
    const error = await juliet.element();
    const detail = element('handled-count-too-high', sm, { h: '1', 'send-count': '0' });
    assert.deepEqual(error.child('handled-count-too-high', sm), detail);
  });

  for (const h of ['', ' h="-1"', ' h="4294967296"', ' h="one"']) {
    it(`an acknowledgement that counts nothing is an error of the format: <a${h}/>`, async () => {
      const { juliet } = await couple();
      await managed(juliet);
      juliet.send(`<a xmlns='${sm}'${h}/>`);
      await juliet.expectError('bad-format');
    });
  }

  it('who is away has so many bytes kept for it, however few stanzas they are', async () => {
    const { juliet, romeo, handler, time } = await couple({ bounds: { maximumUnacknowledgedBytes: 1000 } });
    await managed(romeo);
    romeo.abort();
    await time.advance(seconds(1));
    const large = `<message to='romeo@example.org/b'><body>${'x'.repeat(600)}</body></message>`;
    juliet.send(large);
    await time.advance(seconds(1));
    assert.equal(handler.ended.length, 0);
    juliet.send(large);
    await time.advance(seconds(1));
    assert.equal(handler.ended[0]?.undelivered.length, 2);
  });

  it('a silent client is asked by <r/>, and its session waits when it does not answer', async () => {
    const { juliet, romeo, handler, time } = await couple();
    await managed(juliet);
    await managed(romeo);
    await time.advance(seconds(181));
    await juliet.expect(question);
    juliet.send(acknowledgement(0));
    await romeo.expect(question);
    await time.advance(seconds(32));
    assert.equal(handler.ended.length, 0);
    assert.equal(handler.sessions.get('juliet@example.org/a')?.isConnected, true);
    assert.equal(handler.sessions.get('romeo@example.org/b')?.isConnected, false);
  });
});

it('XEP-0352: of what a later stanza replaces, a client that nobody looks at gets the last, in order, and no more than a bound waits', async () => {
  const { romeo, handler } = await couple({ bounds: { maximumInactive: 3, maximumInactiveBytes: 400 } });
  const session = handler.sessions.get('romeo@example.org/b')!;
  const tell = (of: string, body: string) =>
    session.deliver(new Stanza(message(body), undefined, { supersededBy: of }));
  const heard = async () => (await romeo.element()).childText('body');
  romeo.send("<inactive xmlns='urn:xmpp:csi:0'/>");
  await romeo.expectSilence();
  for (const [of, body] of [
    ['a', 'a1'],
    ['b', 'b1'],
    ['a', 'a2'],
  ] as const)
    tell(of, body);
  await romeo.expectSilence();
  romeo.send("<active xmlns='urn:xmpp:csi:0'/>");
  assert.deepEqual([await heard(), await heard()], ['b1', 'a2'], 'each where its last one came');
  tell('a', 'a3');
  assert.equal(await heard(), 'a3', 'somebody looks');
  romeo.send("<inactive xmlns='urn:xmpp:csi:0'/>");
  await romeo.expectSilence();
  for (const key of ['a', 'b', 'c', 'd']) tell(key, key);
  assert.deepEqual(
    [await heard(), await heard(), await heard(), await heard()],
    ['a', 'b', 'c', 'd'],
    'more than waits',
  );
  tell('a', 'x'.repeat(150));
  tell('a', 'y'.repeat(150));
  await romeo.expectSilence();
  tell('b', 'z'.repeat(150));
  assert.deepEqual([await heard(), await heard()], ['y'.repeat(150), 'z'.repeat(150)], 'more bytes than wait');
});

it('XEP-0352: a client that nobody looks at gets the last presence of each sender when it has to wake up anyway', async () => {
  const { juliet, romeo, handler } = await couple();
  romeo.send("<inactive xmlns='urn:xmpp:csi:0'/>");
  await romeo.expectSilence();
  assert.equal(handler.sessions.get('romeo@example.org/b')?.isActive, false);
  juliet.send("<presence to='romeo@example.org/b'/><presence to='romeo@example.org/b'><show>away</show></presence>");
  juliet.send("<message to='romeo@example.org/b'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
  await romeo.expectSilence();
  juliet.send("<message to='romeo@example.org/b'><body>1</body></message>");
  await romeo.expect(xml`<presence from='juliet@example.org/a' to='romeo@example.org/b'><show>away</show></presence>`);
  await romeo.expect(message('1'));
  juliet.send("<presence to='romeo@example.org/b' type='unavailable'/>");
  await romeo.expectSilence();
  romeo.send("<active xmlns='urn:xmpp:csi:0'/>");
  assert.equal((await romeo.element()).attribute('type'), 'unavailable');
});

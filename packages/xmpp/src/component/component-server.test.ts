import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { equalBytes, seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, SimulatedStreams } from '@yaolian/testkit';
import { discoModule } from '../im/modules/disco.ts';
import { namespaces } from '../namespaces.ts';
import { ImWorld } from '../testing/im-world.ts';
import { ScriptedClient } from '../testing/scripted-client.ts';
import { transportListener } from '../testing/simulated-transport.ts';
import { xml } from '../xml/literal.ts';
import { type ComponentBounds, ComponentServer } from './component-server.ts';

const crypto = {
  hash: (_: string, data: Uint8Array) => new Uint8Array(createHash('sha1').update(data).digest()),
  equal: equalBytes,
};

const failing = {
  ...crypto,
  equal: () => {
    throw new RangeError('Input buffers must have the same byte length');
  },
};

function world(bounds: ComponentBounds = {}, broken = false) {
  const im = new ImWorld();
  const streams = new SimulatedStreams({ timers: im.time });
  const server = new ComponentServer({
    im: im.server,
    components: [
      { domain: 'rooms.example.com', secret: 'open sesame' },
      { domain: 'shop.example.com', secret: 'another' },
    ],
    listener: transportListener(streams.listen('192.0.2.1', 5347)),
    ...{ crypto: broken ? failing : crypto, clock: im.time, timers: im.time, random: new SeededRandom(2), bounds },
  });
  im.server.use(server.module(), discoModule(im.server));
  const connect = async (content: string = namespaces.component) => {
    const where = socketAddress('192.0.2.1', 5347);
    const connected = streams.connector('192.0.2.9').connect(where, new AbortController().signal);
    return new ScriptedClient(await im.time.until(connected, seconds(1)), im.time, content);
  };
  const open = async (domain = 'rooms.example.com', content: string = namespaces.component) => {
    const component = await connect(content);
    component.send(`<stream:stream xmlns='${content}' xmlns:stream='${namespaces.streams}' to='${domain}'>`);
    return component;
  };
  /** Attaches as a component does. */
  const attach = async (domain = 'rooms.example.com', secret = 'open sesame') => {
    const component = await open(domain);
    const header = await component.next();
    assert.ok(typeof header === 'object' && header.kind === 'header');
    assert.equal(header.header.from, domain);
    const proof = createHash('sha1').update(`${header.header.id}${secret}`).digest('hex');
    component.send(`<handshake>${proof}</handshake>`);
    return component;
  };
  return { im, server, connect, open, attach };
}

const from = (name: string) => `${name}@rooms.example.com`;

test('XEP-0114: a component with its secret is reached, and reaches accounts, in the name of its domain', async () => {
  const { im, server, attach } = world();
  const juliet = await im.bind('juliet@example.com/balcony');
  await juliet.send(xml`<presence/>`);
  juliet.take();
  await juliet.send(xml`<message to='hall@rooms.example.com' type='chat' id='1'><body>early</body></message>`);
  assert.match(juliet.take()[0]!, /remote-server-timeout/, 'it is not there yet');
  const rooms = await attach();
  assert.ok((await rooms.element()).is('handshake'));
  assert.deepEqual(server.attached, ['rooms.example.com']);

  await juliet.send(xml`<message to='hall@rooms.example.com' type='chat'><body>Hello</body></message>`);
  const heard = await rooms.element();
  assert.deepEqual([heard.attribute('from'), heard.childText('body')], ['juliet@example.com/balcony', 'Hello']);
  rooms.send(`<message from='${from('hall')}/nurse' to='juliet@example.com' type='chat'><body>Hi</body></message>`);
  rooms.send(`<iq from='${from('hall')}' to='juliet@example.com/balcony' type='get' id='7'><q xmlns='urn:q'/></iq>`);
  rooms.send(
    `<iq from='rooms.example.com' to='example.com' type='get' id='8'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`,
  );
  const items = await rooms.element();
  assert.deepEqual(
    items
      .elements()[0]
      ?.elements()
      .map((item) => item.attribute('jid')),
    ['rooms.example.com', 'shop.example.com'],
  );
  await im.settle();
  assert.deepEqual(juliet.take(), [
    `<message from='hall@rooms.example.com/nurse' to='juliet@example.com' type='chat'><body>Hi</body></message>`,
    `<iq from='hall@rooms.example.com' to='juliet@example.com/balcony' type='get' id='7'><q xmlns='urn:q'/></iq>`,
  ]);
  await juliet.send(xml`<iq type='result' id='7' to='hall@rooms.example.com'/>`);
  assert.equal((await rooms.element()).attribute('id'), '7');
});

test('XEP-0114: a component that comes back takes the place of its lost connection', async () => {
  const { im, server, attach } = world();
  const first = await attach();
  await first.element();
  const second = await attach();
  await second.element();
  await first.expectError('conflict');
  const juliet = await im.bind('juliet@example.com/balcony');
  await juliet.send(xml`<message to='rooms.example.com' type='chat'><body>x</body></message>`);
  assert.equal((await second.element()).childText('body'), 'x');
  second.abort();
  await im.time.advance(seconds(1));
  assert.deepEqual(server.attached, []);
  await server.close();
});

test('XEP-0114: who has not the secret, the domain or the time is refused', async () => {
  const { im, server, open, attach, connect } = world({ maximumConnections: 2 });
  await (await attach('rooms.example.com', 'wrong')).expectError('not-authorized');
  await (await attach('shop.example.com', 'open sesame')).expectError('not-authorized');
  for (const [say, condition] of [
    [`<handshake/>`, 'not-authorized'],
    [`<handshake>${'a'.repeat(40)}</handshake>`, 'not-authorized'],
    [`<message from='rooms.example.com' to='juliet@example.com'/>`, 'not-authorized'],
  ] as const) {
    const stranger = await open();
    await stranger.next();
    stranger.send(say);
    await stranger.expectError(condition);
  }
  const elsewhere = await open('other.example.com');
  await elsewhere.next();
  await elsewhere.expectError('host-unknown');
  await (await open('rooms.example.com', namespaces.client)).next();
  assert.deepEqual(server.attached, []);
  await im.time.advance(seconds(20));
  const silent = await open();
  await silent.next();
  const other = await connect();
  assert.equal(await (await connect()).next(), 'closed', 'no room for a third');
  await im.time.advance(seconds(11));
  await silent.expectError('connection-timeout');
  other.abort();
});

test('XEP-0114: a proof that cannot be checked ends the connection, and nothing else', async () => {
  const { server, open } = world({}, true);
  const stranger = await open();
  await stranger.next();
  stranger.send('<handshake>x</handshake>');
  await stranger.expectError('internal-server-error');
  assert.deepEqual(server.attached, []);
});

test('XEP-0114: a component speaks for its own domain only', async () => {
  for (const [stanza, condition] of [
    [`<message from='juliet@example.com' to='romeo@example.com'><body>x</body></message>`, 'invalid-from'],
    [`<message from='shop.example.com' to='romeo@example.com'><body>x</body></message>`, 'invalid-from'],
    [`<message to='romeo@example.com'><body>x</body></message>`, 'invalid-from'],
    [`<message from='rooms.example.com'><body>x</body></message>`, 'improper-addressing'],
    [`<other from='rooms.example.com' to='romeo@example.com'/>`, 'unsupported-stanza-type'],
    [`<message xmlns='urn:x' from='rooms.example.com' to='romeo@example.com'/>`, 'unsupported-stanza-type'],
    [
      `<message from='rooms.example.com' to='romeo@example.com'><body>${'x'.repeat(300_000)}</body></message>`,
      'policy-violation',
    ],
  ] as const) {
    const { im, attach } = world();
    const romeo = await im.bind('romeo@example.com/orchard');
    await romeo.send(xml`<presence/>`);
    romeo.take();
    const rooms = await attach();
    await rooms.element();
    rooms.send(stanza);
    await rooms.expectError(condition);
    assert.deepEqual(romeo.take(), []);
  }
});

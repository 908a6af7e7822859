/** Hostile clients, one attack a test. More of it stands where the part that withstands it is tested; docs/conformance.md lists all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBase64, encodeUtf8, milliseconds, seconds } from '@yaolian/kernel';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { ImServer } from '../im/im-server.ts';
import { pingModule } from '../im/modules/ping.ts';
import { accountsNamed, memoryImStores } from '../memory/memory-im-stores.ts';
import { namespaces } from '../namespaces.ts';
import { scramKeysOf } from '../sasl/scram-keys.ts';
import { scramMechanisms } from '../sasl/scram-server.ts';
import { serverWorld } from '../testing/server-world.ts';
import { xml } from '../xml/literal.ts';
import { parseXml } from '../xml/parse.ts';

/** A server with all of instant messaging behind it, and two who are in. */
async function couple(options: Parameters<typeof serverWorld>[0] = {}) {
  const world = serverWorld(options);
  const juliet = await world.connect(5223);
  await juliet.login('juliet', 'a');
  const romeo = await world.connect(5223);
  await romeo.login('romeo', 'b');
  return { ...world, juliet, romeo };
}

const imServer = () =>
  new ImServer({
    domain: 'example.org',
    stores: memoryImStores(),
    accounts: accountsNamed('juliet', 'romeo'),
    clock: new VirtualTime(),
    random: new SeededRandom(2),
    archives: false,
    bounds: { directedPresences: 5 },
  }).use(pingModule());

const auth = (mechanism: string, data: string) =>
  `<auth xmlns='${namespaces.sasl}' mechanism='${mechanism}'>${data}</auth>`;

describe('XML: billion laughs, deep nesting, gigantic attributes and stanzas, tricks with namespaces', () => {
  const attacks = {
    'a billion laughs: a document type in a stanza': [
      `<message><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>`,
      'restricted-xml',
    ],
    'a billion laughs: an entity that nobody declared': ['<message><body>&lol9;</body></message>', 'restricted-xml'],
    'an external entity': [`<message><!ENTITY x SYSTEM "file:///etc/passwd">`, 'not-well-formed'],
    'a hundred thousand elements within each other': [`<message>${'<a>'.repeat(100_000)}`, 'policy-violation'],
    'ten thousand elements beside each other': [`<message>${'<a/>'.repeat(11_000)}</message>`, 'policy-violation'],
    'a gigantic attribute that never ends': [`<message to='${'x'.repeat(300_000)}`, 'policy-violation'],
    'more attributes than anybody needs': [
      `<message ${Array.from({ length: 65 }, (_, i) => `a${i}='x'`).join(' ')}/>`,
      'policy-violation',
    ],
    'more namespaces than anybody needs': [
      `<message ${Array.from({ length: 65 }, (_, i) => `xmlns:a${i}='urn:x'`).join(' ')}/>`,
      'policy-violation',
    ],
    'a gigantic stanza': [`<message><body>${'x'.repeat(300_000)}</body></message>`, 'policy-violation'],
    'the same attribute twice, by two prefixes of one namespace': [
      `<message xmlns:a='urn:x' xmlns:b='urn:x' a:c='1' b:c='2'/>`,
      'not-well-formed',
    ],
    'a prefix that nobody declared': ['<message><a:b/></message>', 'not-well-formed'],
    'the prefix xml for something else': [`<message xmlns:xml='urn:x'/>`, 'not-well-formed'],
    'another prefix for the namespace of xml': [
      `<message xmlns:a='http://www.w3.org/XML/1998/namespace'/>`,
      'not-well-formed',
    ],
    'a stanza of another namespace by the default one': [`<message xmlns='urn:x'/>`, 'unsupported-stanza-type'],
    'a stanza of no namespace': [`<message xmlns=''/>`, 'unsupported-stanza-type'],
    'an error of streams as if it were a stanza': ['<stream:error/>', 'unsupported-stanza-type'],
    'the end of something that was not opened': ['</message>', 'not-well-formed'],
    'a control character by reference': ['<message><body>&#0;</body></message>', 'not-well-formed'],
  } as const;
  for (const [what, [text, condition]] of Object.entries(attacks)) {
    it(`${what}: ${condition}`, async () => {
      const { juliet, handler, server } = await couple();
      juliet.send(text);
      if (what === 'the end of something that was not opened') {
        assert.equal(((await juliet.element()).elements()[0] ?? assert.fail()).name, condition);
      } else await juliet.expectError(condition);
      assert.equal(handler.stanzas.length, 0);
      assert.equal(server.size, 1);
    });
  }

  it('a conversation that is split at every byte is the same conversation', async () => {
    const { connect, handler } = serverWorld();
    const client = await connect(5223);
    const send = async (text: string) => {
      for (const byte of encodeUtf8(text)) {
        client.sendBytes(Uint8Array.of(byte));
        await client.settle();
      }
    };
    const { client: jabber, streams } = namespaces;
    const open = `<?xml version='1.0'?><stream:stream xmlns='${jabber}' xmlns:stream='${streams}' to='example.org' version='1.0'>`;
    await send(open);
    assert.ok(await client.header());
    await client.element();
    await send(auth('PLAIN', encodeBase64(encodeUtf8('\0juliet\0secret'))));
    assert.equal((await client.element()).name, 'success');
    client.restart();
    await send(open);
    assert.ok(await client.header());
    await client.element();
    await send(`<iq type='set' id='1'><bind xmlns='${namespaces.bind}'><resource>a</resource></bind></iq>`);
    assert.equal((await client.element()).attribute('type'), 'result');
    await send(
      "<message to='juliet@example.org/a' id='&lt;é你🎈'><body>é你🎈<![CDATA[]]]]><![CDATA[>]]>]]&gt;</body></message>",
    );
    await client.expect(
      xml`<message from='juliet@example.org/a' to='juliet@example.org/a' id='&lt;é你🎈'><body>é你🎈${']]>'}]]&gt;</body></message>`,
    );
    assert.equal(handler.stanzas.length, 1);
  });
});

describe('forged senders, plain and by tricks with namespaces', () => {
  for (const from of ['romeo@example.org/b', 'romeo@example.org', 'example.org', 'juliet@example.org/other', '']) {
    it(`a forged sender, "${from}", ends the stream`, async () => {
      const { juliet, romeo, handler } = await couple();
      juliet.send(`<message from='${from}' to='romeo@example.org/b'/>`);
      await juliet.expectError('invalid-from');
      await romeo.expectSilence();
      assert.equal(handler.stanzas.length, 0);
    });
  }

  const tricks = {
    'the name behind a prefix': `<c:message xmlns:c='jabber:client' to='romeo@example.org/b'><c:body>hi</c:body></c:message>`,
    'a sender in another namespace': `<message xmlns:a='urn:a' a:from='romeo@example.org/b' to='romeo@example.org/b'><body>hi</body></message>`,
    'a sender inside': `<message to='romeo@example.org/b'><body from='romeo@example.org/b'>hi</body></message>`,
    'the prefix of streams for something else': `<message xmlns:stream='urn:a' to='romeo@example.org/b'><body>hi</body><stream:error/></message>`,
    'line breaks where a space is meant': `<message\n\tto='romeo@example.org/b'\n><body>hi</body></message\n>`,
    'markup in an attribute': `<message to='romeo@example.org/b' id=" from='x'>"><body>hi</body></message>`,
  };
  for (const [what, text] of Object.entries(tricks)) {
    it(`${what} is relayed as what it says, from who said it`, async () => {
      const { juliet, romeo } = await couple();
      const meant = parseXml(encodeUtf8(text), { defaultNamespace: namespaces.client });
      assert.ok(meant.ok);
      juliet.send(text);
      const found = await romeo.element();
      assert.deepEqual(found, meant.value.with({ from: 'juliet@example.org/a' }));
      juliet.send("<message to='romeo@example.org/b' id='next'/>");
      assert.equal((await romeo.element()).attribute('id'), 'next');
    });
  }
});

describe('before authentication', () => {
  it('a flood of connections: as many as an address may have, and they end by themselves', async () => {
    const { connect, server, time } = serverWorld({ bounds: { maximumConnectionsPerHost: 50 } });
    for (let i = 0; i < 200; i++) await connect(5223, '192.0.2.66');
    assert.equal(server.connections, 50);
    assert.equal((await (await connect(5223, '192.0.2.7')).open()).name, 'features');
    await time.advance(seconds(40));
    assert.equal(server.connections, 0);
  });

  it('slow-loris: a byte a second wins no time', async () => {
    const { connect, server, time } = serverWorld();
    const client = await connect(5223);
    const header = encodeUtf8(`<stream:stream xmlns='jabber:client' xmlns:stream='${namespaces.streams}'>`);
    for (let i = 0; i < 40; i++) {
      client.sendBytes(header.subarray(i, i + 1));
      await time.advance(seconds(1));
    }
    await time.advance(seconds(10));
    assert.equal(server.connections, 0);
  });

  it('white space without end is read, and wins no time', async () => {
    const { connect, server, time } = serverWorld();
    const client = await connect(5223);
    await client.open();
    for (let i = 0; i < 40; i++) {
      client.send(' '.repeat(1000));
      await time.advance(seconds(1));
    }
    await client.expectError('connection-timeout');
    assert.equal(server.connections, 0);
  });

  it('garbage instead of a stream, TLS among it', async () => {
    const { connect } = serverWorld();
    for (const garbage of [
      Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3),
      encodeUtf8('GET / HTTP/1.1\r\n\r\n'),
    ]) {
      const client = await connect();
      client.sendBytes(garbage);
      assert.ok(await client.header());
      await client.expectError('not-well-formed');
    }
  });

  it('attempts without end: the stream ends at its third failure, whatever its kind', async () => {
    const { connect } = serverWorld();
    const client = await connect(5223);
    await client.open();
    client.send(auth('NONE', '').repeat(100));
    for (let i = 0; i < 3; i++) assert.ok((await client.element()).child('invalid-mechanism'));
    await client.expectError('policy-violation');
  });
});

describe('SASL: oversize and bad base 64, every wrong order', () => {
  const keys = scramKeysOf(crypto, 'secret', 4096);
  const scramWorld = () =>
    serverWorld({
      mechanisms: () =>
        scramMechanisms({ crypto, credentials: { keys: () => keys }, fakeSaltKey: new Uint8Array(32).fill(1) }),
    });
  const open = async () => {
    const world = scramWorld();
    await keys;
    const client = await world.connect(5223);
    await client.open();
    return { ...world, client };
  };
  const first = auth('SCRAM-SHA-256', encodeBase64(encodeUtf8('n,,n=juliet,r=abc')));
  const response = (data: string) => `<response xmlns='${namespaces.sasl}'>${data}</response>`;

  it('base 64 that is larger than any message of SCRAM', async () => {
    const { client } = await open();
    client.send(auth('SCRAM-SHA-256', encodeBase64(new Uint8Array(6000).fill(0x61))));
    assert.ok((await client.element()).child('malformed-request'));
    client.send(first);
    assert.equal((await client.element()).name, 'challenge');
    client.send(response(encodeBase64(new Uint8Array(6000).fill(0x61))));
    assert.ok((await client.element()).child('malformed-request'));
  });

  it('base 64 that is larger than an element may be', async () => {
    const { client } = await open();
    client.send(auth('SCRAM-SHA-256', 'A'.repeat(20_000)));
    await client.expectError('policy-violation');
  });

  it('many large elements, each of them allowed', async () => {
    const { client } = await open();
    for (let i = 0; i < 10; i++) client.send(auth('SCRAM-SHA-256', 'A'.repeat(9000)));
    let last = await client.element();
    while (last.name === 'failure') last = await client.element();
    assert.equal(last.elements()[0]?.name, 'policy-violation');
  });

  it('base 64 that is none, and data that is no text', async () => {
    const { client } = await open();
    for (const data of ['AB=C', 'A', 'A B']) {
      client.send(auth('SCRAM-SHA-256', data));
      assert.ok((await client.element()).child('incorrect-encoding'), data);
    }
  });

  const states = {
    'an answer to no challenge': [response(''), 'malformed-request'],
    'an abort of nothing': [`<abort xmlns='${namespaces.sasl}'/>`, 'aborted'],
    'a mechanism that is not offered': [
      auth('PLAIN', encodeBase64(encodeUtf8('\0juliet\0secret'))),
      'invalid-mechanism',
    ],
    'the final message first': [
      auth('SCRAM-SHA-256', encodeBase64(encodeUtf8('c=biws,r=abc,p=AAAA'))),
      'malformed-request',
    ],
    'a nonce of one\u2019s own': [first + response(encodeBase64(encodeUtf8('c=biws,r=abc,p=AAAA'))), 'not-authorized'],
    'the first message twice': [first + response(encodeBase64(encodeUtf8('n,,n=juliet,r=abc'))), 'malformed-request'],
    'an answer after an abort': [`${first}<abort xmlns='${namespaces.sasl}'/>${response('')}`, 'malformed-request'],
  } as const;
  for (const [what, [text, condition]] of Object.entries(states)) {
    it(`${what}: ${condition}`, async () => {
      const { client, handler, server } = await open();
      client.send(text);
      const answers = [];
      for (let event = await client.next(); event !== undefined && event !== 'closed'; event = await client.next()) {
        if (event.kind === 'element' && event.element.name === 'failure')
          answers.push(event.element.elements()[0]!.name);
      }
      assert.equal(answers.at(-1), condition);
      assert.equal(server.size + handler.bound.length, 0);
    });
  }

  it('a resource, a session to resume and stanzas before the end of it', async () => {
    for (const early of [
      `<iq type='set' id='1'><bind xmlns='${namespaces.bind}'/></iq>`,
      `<resume xmlns='${namespaces.streamManagement}' previd='x' h='0'/>`,
      "<message to='juliet@example.org'/>",
    ]) {
      const { client } = await open();
      client.send(first + early);
      assert.equal((await client.element()).name, 'challenge');
      await client.expectError('not-authorized');
    }
  });

  it('one exchange begun by SASL and gone on with by SASL2', async () => {
    const { client } = await open();
    client.send(`${first}<response xmlns='${namespaces.sasl2}'/>`);
    assert.equal((await client.element()).name, 'challenge');
    await client.expectError('not-authorized');
  });

  it('a second log-in on a stream that is in', async () => {
    const { connect } = serverWorld();
    const client = await connect(5223);
    await client.authenticate('juliet');
    client.send(auth('PLAIN', encodeBase64(encodeUtf8('\0romeo\0secret'))));
    await client.expectError('not-authorized');
  });
});

describe('who is in', () => {
  it('a flood of stanzas to somebody who does not read ends with the reader, not with memory', async () => {
    const { juliet, romeo, server, time } = await couple({ bounds: { maximumQueuedBytes: 50_000 } });
    romeo.pause();
    for (let i = 0; i < 1000; i++)
      juliet.send(`<message to='romeo@example.org/b'><body>${'x'.repeat(100)}</body></message>`);
    await time.advance(seconds(2));
    assert.equal(server.size, 1);
    juliet.send("<message to='juliet@example.org/a'/>");
    assert.equal((await juliet.element()).name, 'message');
  });

  it('a flood of iqs is answered one by one, and who reads no answers is cut off', async () => {
    const { juliet, romeo, server, time } = await couple({
      handler: imServer(),
      bounds: { maximumQueuedBytes: 50_000 },
    });
    const ping = `<iq type='get' id='1' to='example.org'><x xmlns='urn:unknown'/></iq>`;
    for (let i = 0; i < 200; i++) romeo.send(ping);
    for (let i = 0; i < 200; i++) assert.equal((await romeo.element()).attribute('type'), 'error');
    juliet.pause();
    for (let i = 0; i < 2000; i++) juliet.send(ping);
    await time.advance(seconds(5));
    assert.equal(server.size, 1);
  });

  it('directed presence to everybody is bounded', async () => {
    const { juliet } = await couple({ handler: imServer() });
    const answers = new Set<string | undefined>();
    for (let i = 0; i < 8; i++) juliet.send(`<presence id='${i}' to='somebody${i}@example.org'/>`);
    for (let i = 0; i < 8; i++) {
      const event = await juliet.next(milliseconds(200));
      if (typeof event === 'object' && event.kind === 'element' && event.element.attribute('type') === 'error') {
        answers.add(event.element.child('error')?.elements()[0]?.name);
      }
    }
    assert.ok(answers.has('resource-constraint') || answers.has('policy-violation'), [...answers].join());
  });

  it('a half-open connection is found, and its resource is free', async () => {
    const { juliet, server, time, connect } = await couple({
      timing: { pingAfter: seconds(60), pingTimeout: seconds(10) },
    });
    juliet.pause();
    await time.advance(seconds(75));
    assert.equal(server.size, 0);
    const again = await connect(5223);
    assert.equal(await again.login('juliet', 'a'), 'juliet@example.org/a');
  });
});

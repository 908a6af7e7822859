import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBase64, encodeUtf8, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import { passwordTable } from '../testing/plain-mechanism.ts';
import { serverWorld } from '../testing/server-world.ts';
import { element } from '../xml/element.ts';
import { xml } from '../xml/literal.ts';

const plain = (username: string, password: string) => encodeBase64(encodeUtf8(`\0${username}\0${password}`));
const auth = (username: string, password = 'secret') =>
  `<auth xmlns='${namespaces.sasl}' mechanism='PLAIN'>${plain(username, password)}</auth>`;

describe('RFC 6120 §4-7: from the first byte to a resource', () => {
  it('TLS first, then SASL, then a resource', async () => {
    const { connect, handler, server } = serverWorld();
    const client = await connect();
    const features = await client.open();
    assert.deepEqual(
      features,
      xml`<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`,
    );
    client.send(`<starttls xmlns='${namespaces.startTls}'/>`);
    await client.expect(element('proceed', namespaces.startTls));
    const secured = await client.open();
    assert.equal(secured.child('mechanisms', namespaces.sasl)?.childText('mechanism'), 'PLAIN');
    assert.equal(secured.child('starttls', namespaces.startTls), undefined);
    assert.ok(secured.child('sasl-channel-binding', namespaces.channelBindings));
    client.send(auth('juliet'));
    await client.expect(element('success', namespaces.sasl));
    const authenticated = await client.open();
    for (const name of ['bind', 'session', 'sm', 'csi'])
      assert.ok(authenticated.elements().some((found) => found.name === name));
    assert.equal(await client.bind('balcony'), 'juliet@example.org/balcony');
    assert.equal(handler.bound[0]?.jid.toString(), 'juliet@example.org/balcony');
    assert.equal(server.size, 1);
  });

  it('§5.4.3.3: what was tried before TLS does not count after it', async () => {
    const { connect } = serverWorld();
    const client = await connect();
    await client.open();
    client.send(auth('juliet'));
    assert.ok((await client.element()).child('invalid-mechanism'), 'nothing is offered before TLS');
    client.send(`<starttls xmlns='${namespaces.startTls}'/>`);
    await client.expect(element('proceed', namespaces.startTls));
    await client.open();
    client.send(auth('juliet'));
    await client.expect(element('success', namespaces.sasl));
  });

  it('several domains: who knows which one is asked for gets its accounts and its features', async () => {
    const { connect } = serverWorld({
      domains: ['example.org', 'example.net'],
      mechanisms: (domain) => [passwordTable({ juliet: domain })],
      features: (domain) => [element('c', 'urn:caps', { node: domain })],
    });
    for (const domain of ['example.org', 'example.net']) {
      const client = await connect(5223);
      await client.open(domain);
      client.send(auth('juliet', 'a guess'));
      assert.ok((await client.element()).child('not-authorized'));
      client.send(auth('juliet', domain));
      await client.expect(element('success', namespaces.sasl));
      const features = await client.open(domain);
      assert.equal(features.child('c', 'urn:caps')?.attribute('node'), domain);
      assert.equal(await client.bind('balcony'), `juliet@${domain}/balcony`);
    }
    const client = await connect(5223);
    await client.open('example.net');
    client.send(auth('juliet', 'example.net'));
    await client.expect(element('success', namespaces.sasl));
    await assert.rejects(client.open('example.org'), /example\.net/);
    await client.expectError('host-unknown');
  });

  it('what a domain offers is told as it is now, however often it was told before', async () => {
    let offered = [element('a', 'urn:a')];
    const { connect } = serverWorld({ features: () => offered });
    const names = async (port: number) => {
      const features = await (await connect(port)).authenticate('juliet');
      return features.elements().flatMap(({ namespace, name }) => (namespace.startsWith('urn:a') ? [name] : []));
    };
    for (const port of [5223, 5280, 5223]) assert.deepEqual(await names(port), ['a']);
    offered = [element('b', 'urn:a'), element('c', 'urn:a')];
    for (const port of [5223, 5280, 5222]) assert.deepEqual(await names(port), ['b', 'c']);
  });

  it('a resource that the server chooses, and one that cannot be', async () => {
    const { connect } = serverWorld();
    const client = await connect();
    await client.authenticate('juliet');
    client.send(`<iq type='set' id='1'><bind xmlns='${namespaces.bind}'><resource>\u0085</resource></bind></iq>`);
    assert.ok((await client.element()).child('error')?.child('bad-request', namespaces.stanzaErrors));
    assert.match(await client.bind(''), /^juliet@example\.org\/[\w-]{12}$/);
  });

  it('WebSockets (RFC 7395) and TLS from the start (XEP-0368)', async () => {
    const { connect } = serverWorld();
    for (const port of [5280, 5223]) {
      const client = await connect(port);
      assert.equal(await client.login('romeo', `orchard${port}`), `romeo@example.org/orchard${port}`);
      client.send(`<iq xmlns='jabber:client' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>`);
      const pong = await client.element();
      assert.equal(pong.attribute('type'), 'result');
      client.send(port === 5280 ? `<close xmlns='${namespaces.framing}'/>` : '</stream:stream>');
      await client.expectEnd();
    }
  });

  it('SASL2 and Bind 2 (XEP-0388, XEP-0386): in, bound and with stream management at once', async () => {
    const { connect, handler } = serverWorld({ inlineFeatures: ['urn:xmpp:carbons:2'] });
    const client = await connect(5223);
    const inline = (await client.open()).child('authentication', namespaces.sasl2)!.child('inline');
    assert.equal(inline?.child('bind', namespaces.bind2)?.child('inline')?.elements().length, 2);
    client.send(`<authenticate xmlns='${namespaces.sasl2}' mechanism='PLAIN'>
      <initial-response>${plain('juliet', 'secret')}</initial-response>
      <bind xmlns='${namespaces.bind2}'><tag>phone</tag>
        <enable xmlns='urn:xmpp:carbons:2'/><enable xmlns='${namespaces.streamManagement}' resume='true'/></bind></authenticate>`);
    const success = await client.element();
    assert.equal(success.name, 'success');
    assert.match(success.childText('authorization-identifier')!, /^juliet@example\.org\/phone~[\w-]{10}$/);
    const enabled = success.child('bound', namespaces.bind2)?.child('enabled', namespaces.streamManagement);
    assert.equal(enabled?.attribute('resume'), 'true');
    assert.equal((await client.element()).name, 'features');
    assert.ok(handler.requests.some(({ namespace }) => namespace === 'urn:xmpp:carbons:2'));
  });

  it('SASL2 without a resource goes on with one', async () => {
    const { connect } = serverWorld();
    const client = await connect(5223);
    await client.open();
    client.send(`<authenticate xmlns='${namespaces.sasl2}' mechanism='PLAIN'/>`);
    await client.expect(element('challenge', namespaces.sasl2));
    client.send(`<response xmlns='${namespaces.sasl2}'>${plain('juliet', 'secret')}</response>`);
    assert.equal((await client.element()).childText('authorization-identifier'), 'juliet@example.org');
    assert.ok((await client.element()).child('bind', namespaces.bind));
    assert.equal(await client.bind('x'), 'juliet@example.org/x');
  });
});

describe('what is refused', () => {
  const atOnce: Record<
    string,
    [string, Parameters<Awaited<ReturnType<ReturnType<typeof serverWorld>['connect']>>['expectError']>[0]]
  > = {
    'a name that is not served': [
      `<stream:stream xmlns='jabber:client' xmlns:stream='${namespaces.streams}' to='example.com' version='1.0'>`,
      'host-unknown',
    ],
    'an old version': [
      `<stream:stream xmlns='jabber:client' xmlns:stream='${namespaces.streams}' to='example.org'>`,
      'unsupported-version',
    ],
    'a stream that is none': [
      `<stream:stream xmlns='jabber:client' xmlns:stream='urn:other' version='1.0'>`,
      'invalid-namespace',
    ],
    'a stream of servers': [
      `<stream:stream xmlns='jabber:server' xmlns:stream='${namespaces.streams}' version='1.0'>`,
      'invalid-namespace',
    ],
    'another root': [
      `<stream:flow xmlns='jabber:client' xmlns:stream='${namespaces.streams}' version='1.0'>`,
      'bad-format',
    ],
    'another encoding': [`<?xml version='1.0' encoding='latin1'?><stream:stream>`, 'unsupported-encoding'],
    HTTP: ['GET / HTTP/1.1\r\n\r\n', 'not-well-formed'],
    'a header that does not end': [`<stream:stream to='${'x'.repeat(5000)}`, 'policy-violation'],
  };
  for (const [what, [text, condition]] of Object.entries(atOnce)) {
    it(`${what}: ${condition}`, async () => {
      const { connect, time, server } = serverWorld();
      const client = await connect();
      client.send(text);
      const header = await client.next();
      assert.ok(typeof header === 'object' && header.kind === 'header');
      if (condition === 'unsupported-version') assert.equal(header.header.version, '1.0');
      await client.expectError(condition);
      await time.advance(seconds(30));
      assert.equal(server.connections, 0);
      assert.equal(time.pending, 0);
    });
  }

  it('stanzas and passwords before TLS and before authentication', async () => {
    const { connect } = serverWorld();
    const eager = await connect();
    await eager.open();
    eager.send('<message/>');
    await eager.expectError('not-authorized');
    const careless = await connect();
    await careless.open();
    careless.send(auth('juliet'));
    await careless.expect(element('failure', namespaces.sasl, {}, element('invalid-mechanism', namespaces.sasl)));
  });

  it('RFC 6120 §5.4.3.3: bytes that come along with <starttls/> would pass for protected ones', async () => {
    const { connect } = serverWorld();
    const client = await connect();
    await client.open();
    client.send(`<starttls xmlns='${namespaces.startTls}'/><stream:stream to='example.org'>`);
    assert.equal(await client.next(), 'closed');
  });

  it('STARTTLS twice, or where there is none', async () => {
    const { connect } = serverWorld();
    const client = await connect(5223);
    await client.open();
    client.send(`<starttls xmlns='${namespaces.startTls}'/>`);
    await client.expect(element('failure', namespaces.startTls));
  });

  it('wrong passwords: three to a stream, ten to an account, whatever comes after them', async () => {
    const { connect, time } = serverWorld({ bounds: { attempts: { perAccount: 4 } } });
    const failure = element('failure', namespaces.sasl, {}, element('not-authorized', namespaces.sasl));
    const guess = async (count: number) => {
      const client = await connect(5223);
      await client.open();
      for (let i = 0; i < count; i++) {
        client.send(auth('juliet', `guess${i}`));
        await client.expect(failure);
      }
      return client;
    };
    await (await guess(3)).expectError('policy-violation');
    const second = await guess(1);
    second.send(auth('juliet'));
    assert.ok((await second.element()).child('temporary-auth-failure'));
    const other = await connect(5223);
    assert.ok(await other.authenticate('romeo'));
    await time.advance(minutes(5));
    assert.ok(await (await connect(5223)).authenticate('juliet'));
  });

  it('SASL out of order and in bad encoding', async () => {
    const { connect } = serverWorld();
    const client = await connect(5223);
    await client.open();
    client.send(`<response xmlns='${namespaces.sasl}'/>`);
    assert.ok((await client.element()).child('malformed-request'));
    client.send(`<auth xmlns='${namespaces.sasl}' mechanism='PLAIN'>!!!</auth>`);
    assert.ok((await client.element()).child('incorrect-encoding'));
    client.send(`<auth xmlns='${namespaces.sasl}' mechanism='PLAIN'/>`);
    await client.expect(element('challenge', namespaces.sasl, {}, '='));
    client.send(`<abort xmlns='${namespaces.sasl}'/>`);
    assert.ok((await client.element()).child('aborted'));
    await client.expectError('policy-violation');
  });

  it('much data and little of it before authentication', async () => {
    const { connect, time } = serverWorld();
    const large = await connect(5223);
    await large.open();
    large.send(`<auth xmlns='${namespaces.sasl}' mechanism='PLAIN'>${'A'.repeat(12_000)}`);
    await large.expectError('policy-violation');
    const slow = await connect(5223);
    await slow.open();
    slow.send('<au');
    await time.advance(milliseconds(29_900));
    await slow.expectSilence(milliseconds(50));
    await time.advance(seconds(1));
    await slow.expectError('connection-timeout');
  });

  it('more connections than the server or an address may have', async () => {
    const { connect, server } = serverWorld({ bounds: { maximumConnections: 3, maximumConnectionsPerHost: 2 } });
    const first = await connect();
    await first.open();
    await (await connect()).open();
    assert.equal(await (await connect()).next(), 'closed');
    await (await connect(5222, '192.0.2.8')).open();
    assert.equal(await (await connect(5222, '192.0.2.7')).next(), 'closed');
    assert.equal(server.connections, 3);
    first.abort();
    assert.equal(await first.next(), 'closed');
    await (await connect()).open();
  });
});

describe('RFC 6120 §7.7.2.2: a resource that is taken', () => {
  it('replace: the old session ends with <conflict/>', async () => {
    const { connect, handler } = serverWorld();
    const old = await connect(5223);
    await old.login('juliet', 'balcony');
    const young = await connect(5223);
    assert.equal(await young.login('juliet', 'balcony'), 'juliet@example.org/balcony');
    await old.expectError('conflict');
    assert.equal(handler.ended.length, 1);
    assert.equal(handler.sessions.size, 1);
  });

  it('refuse: the new one gets an error and can choose another', async () => {
    const { connect } = serverWorld({ conflict: 'refuse' });
    await (await connect(5223)).login('juliet', 'balcony');
    const young = await connect(5223);
    await young.authenticate('juliet');
    young.send(`<iq type='set' id='1'><bind xmlns='${namespaces.bind}'><resource>balcony</resource></bind></iq>`);
    assert.ok((await young.element()).child('error')?.child('conflict', namespaces.stanzaErrors));
    assert.equal(await young.bind('chamber'), 'juliet@example.org/chamber');
  });

  it('rename: both live', async () => {
    const { connect, server } = serverWorld({ conflict: 'rename' });
    await (await connect(5223)).login('juliet', 'balcony');
    assert.match(await (await connect(5223)).login('juliet', 'balcony'), /^juliet@example\.org\/[\w-]{16}$/);
    assert.equal(server.size, 2);
  });

  it('more resources than an account may have', async () => {
    const { connect } = serverWorld({ bounds: { maximumResources: 1 } });
    await (await connect(5223)).login('juliet', 'balcony');
    const client = await connect(5223);
    await client.authenticate('juliet');
    client.send(`<iq type='set' id='1'><bind xmlns='${namespaces.bind}'><resource>x</resource></bind></iq>`);
    assert.ok((await client.element()).child('error')?.child('resource-constraint', namespaces.stanzaErrors));
  });
});

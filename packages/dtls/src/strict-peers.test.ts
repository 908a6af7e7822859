/** What a peer must not do, or must not have (RFC 5246, 5280, 6066, 7627, 8449, 9525), done to both sides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Duration, emptyBytes, hours, minutes } from '@yaolian/kernel';
import { certificate, credential } from '../test/certificates.ts';
import { helloDatagram, RawClient } from '../test/raw-client.ts';
import { forEachHandshake, type Tamper, TamperedPort } from '../test/tampered-port.ts';
import { clientPsk, serverAddress, text, World } from '../test/world.ts';
import type { ClientCredentials, ServerCredentials } from './credentials.ts';
import { decodeClientHello } from './messages/client-hello.ts';
import { ExtensionType } from './messages/extensions.ts';
import { handshakeHeaderLength } from './messages/handshake-header.ts';
import { HandshakeType } from './messages/handshake-type.ts';
import { ContentType } from './record/content-type.ts';
import { recordHeaderLength } from './record/record-header.ts';
import { decodeCertificate } from './x509/certificate.ts';
import { DerTag, derTime } from './x509/der.ts';
import { bearsName } from './x509/names.ts';

const trust = { authorities: [certificate('ca')] };

/** The ClientHellos of a client that resumes, as it sends them. */
async function resumingHello(world: World): Promise<ReturnType<typeof decodeClientHello>> {
  let hello: ReturnType<typeof decodeClientHello>;
  world.network.watch(({ to, datagram }) => {
    if (to.key === serverAddress.key && datagram[0] === ContentType.Handshake) {
      const message = datagram.slice(recordHeaderLength);
      if (message[0] === HandshakeType.ClientHello) hello = decodeClientHello(message.subarray(handshakeHeaderLength));
    }
    return undefined;
  });
  assert.equal(await world.ask(), 'HELLO');
  world.client.disconnect(serverAddress);
  assert.equal(await world.ask(), 'HELLO');
  assert.equal(world.opened.at(-1)!.isResumed, true);
  return hello;
}

for (const tickets of [true, false]) {
  test(`RFC 7627 §5.3: who resumes by ${tickets ? 'ticket' : 'session ID'} without extended master secret is refused`, async () => {
    const world = new World({ server: { resumption: { tickets } } });
    const hello = (await resumingHello(world))!;
    const raw = new RawClient(world, '192.0.2.50');
    const first = { ...hello, cookie: emptyBytes };
    const extensions = new Map(hello.extensions);
    extensions.delete(ExtensionType.extended_master_secret);
    const cookie = await raw.cookie(first);
    const answers = await raw.send(helloDatagram({ ...first, cookie, extensions }, 1));
    const alert = answers.find((datagram) => datagram[0] === ContentType.Alert);
    assert.deepEqual([alert?.[recordHeaderLength], alert?.[recordHeaderLength + 1]], [2, 40], 'handshake_failure');
    assert.match(world.failures.at(-1)!.reason, /without extended master secret/);
    // The same hello with it goes on with the session.
    const again = new RawClient(world, '192.0.2.51');
    const [answer] = await again.send(helloDatagram({ ...first, cookie: await again.cookie(first) }, 1));
    assert.equal(answer?.[recordHeaderLength], HandshakeType.ServerHello);
  });
}

test('RFC 5246 §7.2.2: a session that its peer ended with a fatal alert is not resumed, by neither side', async () => {
  const world = new World({ server: { resumption: { tickets: false } } });
  const fatal = Uint8Array.of(2, 80);
  for (const from of ['client', 'server'] as const) {
    assert.equal(await world.ask(), 'HELLO');
    const { isResumed } = world.opened.at(-1)!;
    assert.equal(isResumed, false, from);
    sendRecord(world, from, fatal);
    await world.time.advance(hours(0.01));
    world.client.disconnect(serverAddress);
    for (const session of [...world.server.sessions()]) world.server.closeSession(session);
    await world.time.advance(hours(0.01));
  }
  assert.equal(await world.ask(), 'HELLO');
  assert.equal(world.opened.at(-1)!.isResumed, false);
  world.client.disconnect(serverAddress);
  assert.equal(await world.ask(), 'HELLO');
  assert.equal(world.opened.at(-1)!.isResumed, true, 'one that ended in peace is');
});

/** Sends an alert in the session that there is. */
function sendRecord(world: World, from: 'client' | 'server', content: Uint8Array): void {
  const session = from === 'client' ? world.client.session(serverAddress)! : [...world.server.sessions()][0]!;
  const out = new Uint8Array(session.recordLength(content.length));
  const end = session.seal(ContentType.Alert, content, out, 0);
  world.inject(out.subarray(0, end), from);
}

test('RFC 5280 §4.1.2.5: a session is not resumed once the certificate that proved it has run out', async () => {
  for (const side of ['client', 'server'] as const) {
    for (const tickets of [true, false]) {
      const names = {
        client: side === 'client' ? 'short' : 'client',
        server: side === 'server' ? 'short' : 'server',
      } as const;
      const end = decodeCertificate(certificate('short'))!.notAfter;
      const isShort = (der: Uint8Array) => Buffer.from(der).equals(certificate('short'));
      const believes = { ...trust, storedCertificate: isShort, names: [] };
      const client: ClientCredentials = { own: [credential(names.client)], trust: believes };
      const server: ServerCredentials = { own: [credential(names.server)], trust: believes };
      const world = new World({
        now: end - hours(2),
        server: { credentials: server, resumption: { tickets } },
        client: { credentials: client },
      });
      const again = async (after: Duration) => {
        await world.time.advance(after);
        assert.equal(await world.ask(), 'HELLO');
        world.client.disconnect(serverAddress);
        return world.opened.at(-1)!.isResumed;
      };
      assert.equal(await again(hours(0)), false);
      assert.equal(await again(hours(1)), true);
      assert.equal(await again(hours(2)), false, `the certificate of the ${side} has run out`);
    }
  }
});

test('RFC 5246 §7.4.1.4: a server that answers an extension that was not sent is refused', async () => {
  for (const type of [
    ExtensionType.max_fragment_length,
    ExtensionType.server_name,
    ExtensionType.record_size_limit,
    4711,
  ]) {
    const world = new World();
    const inwards: Tamper = (datagram) => [withExtension(datagram, type)];
    const port = new TamperedPort(world.network.port('10.0.0.1', 1), { inwards });
    const client = world.openClient({ port, credentials: clientPsk }, '192.0.2.78');
    await assert.rejects(world.time.until(client.connect(serverAddress), hours(1)), /extension that was not sent/);
  }
});

/** Puts an empty extension behind those of a ServerHello. */
function withExtension(datagram: Uint8Array, type: number): Uint8Array {
  if (datagram[0] !== ContentType.Handshake || datagram[recordHeaderLength] !== HandshakeType.ServerHello)
    return datagram;
  const recordEnd = recordHeaderLength + ((datagram[11]! << 8) | datagram[12]!);
  const out = new Uint8Array(datagram.length + 4);
  out.set(datagram.subarray(0, recordEnd));
  out.set([type >> 8, type & 0xff, 0, 0], recordEnd);
  out.set(datagram.subarray(recordEnd), recordEnd + 4);
  const view = new DataView(out.buffer);
  const grow = (at: number) => view.setUint16(at, view.getUint16(at) + 4);
  grow(11); // the record
  grow(recordHeaderLength + 2); // the message, and its fragment
  grow(recordHeaderLength + 10);
  const sessionId = recordHeaderLength + handshakeHeaderLength + 34;
  grow(sessionId + 1 + out[sessionId]! + 3); // the extensions
  return out;
}

test('RFC 8449 §4: a record with more in it than its sender was told is dropped', async () => {
  for (const [length, isTold, taken] of [
    [512, true, true],
    [513, true, false],
    [513, false, true],
  ] as const) {
    const world = new World({ server: { recordSizeLimit: 512 }, client: isTold ? { recordSizeLimit: 1000 } : {} });
    assert.equal(await world.ask(), 'HELLO');
    const session = world.client.session(serverAddress)!;
    const content = new Uint8Array(length).fill(0x61);
    const out = new Uint8Array(session.recordLength(length));
    world.inject(out.subarray(0, session.seal(ContentType.ApplicationData, content, out, 0)), 'client');
    await world.time.advance(hours(0.001));
    assert.equal(world.requests.length, taken ? 2 : 1);
    assert.equal(world.meter.count('dropped/too long'), taken ? 0 : 1);
    world.client.send(content, serverAddress);
    await world.time.advance(hours(0.001));
    assert.deepEqual(world.errors, taken ? [] : ['DTLS_TOO_LARGE'], 'ours keeps to it');
  }
});

test('RFC 9525 §6: names, wildcards and addresses of certificates', () => {
  const bearer = (dns: string[], addresses: string[] = [], commonName?: string) =>
    ({ names: { dns, addresses, uris: [] }, subject: { commonName } }) as never;
  for (const [certificateNames, name, expected] of [
    [bearer(['a.example.com']), 'A.example.com', true],
    [bearer(['*.example.com']), 'a.example.com', true],
    [bearer(['*.example.com']), 'a.b.example.com', false],
    [bearer(['*.example.com']), 'example.com', false],
    [bearer(['*.example.com']), '.example.com', false],
    [bearer(['a*.example.com']), 'ab.example.com', false],
    [bearer(['*b.example.com']), 'ab.example.com', false],
    [bearer(['a.*.com']), 'a.example.com', false],
    [bearer(['*.*.com']), 'a.example.com', false],
    [bearer(['*']), 'localhost', false],
    [bearer(['*.com']), 'example.com', false],
    [bearer(['192.0.2.1']), '192.0.2.1', false], // an address is no name
    [bearer(['*.0.2.1']), '192.0.2.1', false],
    [bearer([], ['192.0.2.1']), '192.0.2.1', true],
    [bearer([], ['20010db8000000000000000000000001']), '2001:db8::1', true],
    [bearer([], ['20010db8000000000000000000000001']), '2001:DB8:0:0::1', true],
    [bearer([], ['20010db8000000000000000000000002']), '2001:db8::1', false],
    [bearer(['other.example'], [], 'a.example.com'), 'a.example.com', false],
    [bearer([], [], 'a.example.com'), 'a.example.com', true],
    [bearer([], [], '*.example.com'), 'a.example.com', false],
  ] as const) {
    assert.equal(bearsName(certificateNames, name), expected, `${JSON.stringify(certificateNames)} ${name}`);
  }
});

test('RFC 5280 §4.1.2.5, X.690 §11.1: dates that there are, and TRUE in one way', () => {
  const time = (tag: number, value: string) => derTime({ tag, content: text(value), whole: emptyBytes });
  assert.equal(time(DerTag.UtcTime, '260228235959Z'), Date.UTC(2026, 1, 28, 23, 59, 59));
  assert.equal(time(DerTag.GeneralizedTime, '20500101000000Z'), Date.UTC(2050, 0, 1));
  for (const wrong of [
    '260230000000Z',
    '261301000000Z',
    '260100000000Z',
    '260101240000Z',
    '260101006000Z',
    '260101000060Z',
  ]) {
    assert.equal(time(DerTag.UtcTime, wrong), undefined, wrong);
  }
  const der = certificate('ca');
  assert.equal(decodeCertificate(der)?.isAuthority, true);
  const at = Buffer.from(der).indexOf(Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x13]));
  const flags = [...der.keys()].filter(
    (i) => i > at && i < at + 16 && der[i] === 1 && der[i + 1] === 1 && der[i + 2] === 0xff,
  );
  assert.ok(flags.length > 0);
  for (const flag of flags) {
    const changed = der.slice();
    changed[flag + 2] = 1;
    assert.equal(decodeCertificate(changed), undefined);
  }
});

test('RFC 6347 §4.2.4: a last flight that comes again byte for byte, as pion repeats it, is answered again, once each time', async () => {
  const world = new World({ server: { resumption: { tickets: false } } });
  let flight: Uint8Array | undefined;
  const repeated: number[] = [];
  const outwards: Tamper = (datagram) => {
    let isLast = false;
    forEachHandshake(datagram, (at) => {
      isLast ||= datagram[at] === HandshakeType.ClientKeyExchange;
    });
    if (!isLast) return [datagram];
    flight ??= datagram;
    repeated.push(0);
    return [flight];
  };
  let lost = 0;
  const inwards: Tamper = (datagram) => {
    if (datagram[0] !== ContentType.ChangeCipherSpec) return [datagram];
    repeated[repeated.length - 1]!++;
    return ++lost <= 3 ? [] : [datagram];
  };
  const port = new TamperedPort(world.network.port('10.0.0.1', 1), { outwards, inwards });
  const client = world.openClient({ port }, '192.0.2.78');
  assert.ok((await world.time.until(client.connect(serverAddress), minutes(5))).isOpen);
  assert.deepEqual(repeated, [1, 1, 1, 1]);
});

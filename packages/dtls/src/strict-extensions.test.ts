/** What extensions and lists of a hello mean, and must not say (RFC 5246, 6066, 6347, 7250, 8422), done to both sides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyBytes, hours } from '@yaolian/kernel';
import { certificate, credential } from '../test/certificates.ts';
import { helloDatagram, RawClient } from '../test/raw-client.ts';
import { forEachHandshake, type Tamper, TamperedPort } from '../test/tampered-port.ts';
import { clientPsk, serverAddress, serverPsk, World } from '../test/world.ts';
import type { ClientCredentials } from './credentials.ts';
import { type ClientHello, decodeClientHello } from './messages/client-hello.ts';
import { encodeUint8List, encodeUint16List } from './messages/extension-values.ts';
import { ExtensionType } from './messages/extensions.ts';
import { handshakeHeaderLength } from './messages/handshake-header.ts';
import { HandshakeType } from './messages/handshake-type.ts';
import { decodeNewSessionTicket } from './messages/new-session-ticket.ts';
import { decodeServerHello, type ServerHello } from './messages/server-hello.ts';
import { ContentType } from './record/content-type.ts';
import { recordHeaderLength } from './record/record-header.ts';

const authorities = [certificate('ca')];
const suite = 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8';
const ecdheEcdsa = 0xc0ae;

/** The hellos, and lifetimes of tickets, that go over the network from now on. */
function watchHellos(world: World) {
  const hellos = { client: [] as ClientHello[], server: [] as ServerHello[], lifetimes: [] as number[] };
  world.network.watch(({ datagram }) => {
    forEachHandshake(datagram, (at) => {
      const length = (datagram[at + 10]! << 8) | datagram[at + 11]!;
      const body = datagram.slice(at + handshakeHeaderLength, at + handshakeHeaderLength + length);
      if (datagram[at] === HandshakeType.ClientHello) hellos.client.push(decodeClientHello(body)!);
      if (datagram[at] === HandshakeType.ServerHello) hellos.server.push(decodeServerHello(body)!);
      if (datagram[at] === HandshakeType.NewSessionTicket)
        hellos.lifetimes.push(decodeNewSessionTicket(body)!.lifetimeHint);
    });
    return undefined;
  });
  return hellos;
}

/** The fatal alert that answers a hello with a good cookie; undefined: none does. */
async function alertFor(world: World, hello: Partial<ClientHello>, host = '192.0.2.50'): Promise<number | undefined> {
  const raw = new RawClient(world, host);
  const answers = await raw.send(helloDatagram({ ...hello, cookie: await raw.cookie(hello) }, 1));
  const alert = answers.find((datagram) => datagram[0] === ContentType.Alert);
  return alert?.[recordHeaderLength + 1];
}

// pion 3.1 takes an empty server_name for a broken list of names, and ends the handshake.
test('RFC 6066 §3: a server uses the name and does not answer it, in a full handshake and in a resumption', async () => {
  const named = { ...clientPsk, serverName: 'server.example' };
  const world = new World({ client: { credentials: named } });
  const hellos = watchHellos(world);
  for (let i = 0; i < 2; i++) {
    assert.equal(await world.ask(), 'HELLO');
    world.client.disconnect(serverAddress);
  }
  assert.deepEqual(
    hellos.server.map(({ extensions }) => extensions.has(ExtensionType.server_name)),
    [false, false],
  );
  assert.equal(world.opened[1]!.isResumed, true);
  assert.equal(world.opened[1]!.serverName, 'server.example');
});

test('RFC 6066 §3: an address is not sent as a name', async () => {
  for (const serverName of ['192.0.2.2', '2001:db8::1', 'server.example']) {
    const world = new World({ client: { credentials: { ...clientPsk, serverName } } });
    const hellos = watchHellos(world);
    assert.equal(await world.ask(), 'HELLO');
    assert.equal(hellos.client[0]!.extensions.has(ExtensionType.server_name), serverName === 'server.example');
  }
});

test('RFC 8422 §4: a server shows a certificate on a curve that the client has, or none', async () => {
  const client: ClientCredentials = { trust: { authorities }, serverName: 'server.example' };
  const open = (names: readonly ('p384' | 'server' | 'ed25519')[]) =>
    new World({
      server: { credentials: { own: names.map((name) => credential(name)), clientAuthentication: 'none' } },
      client: { cipherSuites: [suite], groups: ['secp256r1'], credentials: client },
    });
  for (const own of ['server', 'ed25519'] as const) {
    const world = open(['p384', own]);
    assert.equal(await world.ask(), 'HELLO');
    const { proof } = world.client.session(serverAddress)!;
    assert.deepEqual(proof.kind === 'X.509' && proof.certificate, certificate(own));
  }
  const none = open(['p384']);
  assert.equal(await none.ask(), undefined);
  assert.match(none.failures[0]!.reason, /no cipher suite in common/);
  // Who does not say what curves it has may be shown any.
  const any = await alertFor(open(['p384']), {
    cipherSuites: [ecdheEcdsa],
    extensions: new Map([[ExtensionType.signature_algorithms, encodeUint16List([0x0503])]]),
  });
  assert.equal(any, undefined);
});

test('RFC 8422 §5.1.2, §5.2: whoever lists formats of points lists the uncompressed one', async () => {
  for (const [formats, alert] of [
    [encodeUint8List(Uint8Array.of(1, 2)), 47],
    [encodeUint8List(emptyBytes), 47],
    [Uint8Array.of(9), 50],
    [encodeUint8List(Uint8Array.of(1, 0)), undefined],
  ] as const) {
    const world = new World();
    const extensions = new Map([[ExtensionType.ec_point_formats as number, formats]]);
    assert.equal(await alertFor(world, { extensions }), alert, formats.join());
  }
  const world = new World({ server: { credentials: serverPsk } });
  const inwards: Tamper = (datagram) => {
    const at = Buffer.from(datagram).indexOf(Buffer.of(0, ExtensionType.ec_point_formats, 0, 2, 1, 0));
    if (datagram[recordHeaderLength] === HandshakeType.ServerHello && at > 0) datagram[at + 5] = 1;
    return [datagram];
  };
  const port = new TamperedPort(world.network.port('10.0.0.1', 1), { inwards });
  const client = world.openClient({ port, cipherSuites: ['TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256'] }, '192.0.2.78');
  await assert.rejects(world.time.until(client.connect(serverAddress), hours(1)), /uncompressed points/);
});

test('RFC 6347 §4.2.1: a hello of TLS, or of DTLS 1.0, is refused; a later DTLS is not', async () => {
  for (const [version, alert] of [
    [0x0303, 70],
    [0x0304, 70],
    [0xfeff, 70],
    [0xff00, 70],
    [0xfefd, undefined],
    [0xfefc, undefined],
  ] as const) {
    assert.equal(await alertFor(new World(), { version }), alert, version.toString(16));
  }
});

test('RFC 7250 §4.2: without a kind of certificate in common the alert is unsupported_certificate', async () => {
  const own = [credential('server')];
  const rawAlone = encodeUint8List(Uint8Array.of(2));
  for (const type of [ExtensionType.server_certificate_type, ExtensionType.client_certificate_type]) {
    const world = new World({ server: { credentials: { own, trust: { authorities } } } });
    const hello = { cipherSuites: [ecdheEcdsa], extensions: new Map([[type as number, rawAlone]]) };
    assert.equal(await alertFor(world, hello), 43);
    // Where there is another way, it is taken.
    const both = new World({ server: { credentials: { ...serverPsk, own, trust: { authorities } } } });
    assert.equal(await alertFor(both, { ...hello, cipherSuites: [ecdheEcdsa, 0xc0a8] }), undefined);
  }
  const without = new World();
  assert.equal(await alertFor(without, { cipherSuites: [ecdheEcdsa] }), 40, 'a server without certificates');
});

test('RFC 5246 §7.4.6: a client whose kind of key is not asked for shows no certificate', async () => {
  const world = new World({ server: { credentials: { own: [credential('server')], trust: { authorities } } } });
  const inwards: Tamper = (datagram) => {
    forEachHandshake(datagram, (at) => {
      if (datagram[at] !== HandshakeType.CertificateRequest) return;
      datagram[at + handshakeHeaderLength + 1] = 1; // rsa_sign
    });
    return [datagram];
  };
  const port = new TamperedPort(world.network.port('10.0.0.1', 1), { inwards });
  const credentials = { own: [credential('client')], trust: { authorities }, serverName: 'server.example' };
  const client = world.openClient({ port, credentials }, '192.0.2.78');
  await assert.rejects(world.time.until(client.connect(serverAddress), hours(1)));
  assert.match(world.failures[0]!.reason, /shows no certificate/);
});

test('RFC 5077 §3.3: the lifetime of a ticket ends with that of the session, however often it is resumed', async () => {
  const world = new World({ server: { resumption: { lifetime: hours(24) } } });
  const { lifetimes } = watchHellos(world);
  for (let i = 0; i < 3; i++) {
    assert.equal(await world.ask(), 'HELLO');
    world.client.disconnect(serverAddress);
    await world.time.advance(hours(10));
  }
  assert.deepEqual(
    lifetimes.map((seconds) => Math.round(seconds / 3600)),
    [24, 14, 4],
  );
});

/** Every message in every state of both sides: somebody in the middle puts another type on one message of a handshake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { certificate, credential } from '../test/certificates.ts';
import { forEachHandshake, type Tamper, TamperedPort } from '../test/tampered-port.ts';
import { serverAddress, World } from '../test/world.ts';
import type { ClientCredentials, ServerCredentials } from './credentials.ts';
import { HandshakeType, handshakeTypeName } from './messages/handshake-type.ts';

const trust = { authorities: [certificate('ca')] };
const serverSide: ServerCredentials = { own: [credential('server')], trust };
const clientSide: ClientCredentials = { own: [credential('client')], trust, serverName: 'server.example' };
const types = [...Object.values(HandshakeType), 99];

/** The messages in the clear of a full handshake with certificates on both sides, by who sends them. */
const sent = {
  client: [
    HandshakeType.ClientHello,
    HandshakeType.Certificate,
    HandshakeType.ClientKeyExchange,
    HandshakeType.CertificateVerify,
  ],
  server: [
    HandshakeType.HelloVerifyRequest,
    HandshakeType.ServerHello,
    HandshakeType.Certificate,
    HandshakeType.ServerKeyExchange,
    HandshakeType.CertificateRequest,
    HandshakeType.ServerHelloDone,
    HandshakeType.NewSessionTicket,
  ],
} as const;

/** Runs a handshake in which messages of type `from` get type `to`; without them, none is touched. */
async function handshake(side: 'client' | 'server', from?: number, to?: number) {
  const seen = new Set<number>();
  const tamper: Tamper = (datagram) => {
    forEachHandshake(datagram, (at) => {
      seen.add(datagram[at]!);
      if (datagram[at] === from) datagram[at] = to!;
    });
    return [datagram];
  };
  const world = new World({ server: { credentials: serverSide }, client: { credentials: clientSide } });
  const inner = world.network.port('10.0.0.1', 1);
  const port = new TamperedPort(inner, side === 'client' ? { outwards: tamper } : { inwards: tamper });
  const client = world.openClient({ port }, '192.0.2.78');
  const answer = await world.ask(client, 'hello', 150);
  if (answer === undefined) await world.time.advance(minutes(5));
  return { world, client, answer, seen };
}

test('untouched, these are all messages in the clear', async () => {
  for (const side of ['client', 'server'] as const) {
    const { answer, seen } = await handshake(side);
    assert.equal(answer, 'HELLO');
    assert.deepEqual(new Set(sent[side]), seen);
  }
});

for (const side of ['client', 'server'] as const) {
  for (const awaited of sent[side]) {
    test(`in place of ${handshakeTypeName(awaited)} of the ${side}, no other message leads to a session`, async () => {
      for (const type of types) {
        if (type === awaited) continue;
        const { world, client, answer } = await handshake(side, awaited, type);
        const what = `${handshakeTypeName(type)} in place of ${handshakeTypeName(awaited)}`;
        assert.equal(answer, undefined, what);
        assert.equal(client.session(serverAddress), undefined, what);
        assert.equal(world.server.handshakes, 0, what);
        assert.equal(world.requests.length, 0, what);
        // The ticket comes when the client has proved everything: the server's side may be open by then.
        if (awaited !== HandshakeType.NewSessionTicket) assert.equal(world.server.size, 0, what);
      }
    });
  }
}

test('no message of a handshake in the clear or without keys, from its own address, changes an open session', async () => {
  const world = new World({ server: { credentials: serverSide }, client: { credentials: clientSide } });
  let junk: Uint8Array[] = [];
  const outwards: Tamper = (datagram) => [...junk.splice(0), datagram];
  const port = new TamperedPort(world.network.port('10.0.0.1', 1), { outwards });
  const client = world.openClient({ port }, '192.0.2.78');
  assert.equal(await world.ask(client), 'HELLO');
  const [session] = [...world.server.sessions()];
  junk = types.flatMap((type) =>
    [0, 1].flatMap((epoch) =>
      [0, 3, 7].map((sequence) => {
        const body = [type, 0, 0, 1, 0, sequence, 0, 0, 0, 0, 0, 1, 0];
        return Uint8Array.from([22, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 9, 9, 0, body.length, ...body]);
      }),
    ),
  );
  assert.equal(await world.ask(client, 'still here'), 'STILL HERE');
  assert.deepEqual([...world.server.sessions()], [session]);
  assert.equal(world.opened.length, 1);
});

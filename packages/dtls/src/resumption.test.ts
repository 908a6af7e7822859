import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hours } from '@yaolian/kernel';
import { certificate, credential } from '../test/certificates.ts';
import { pskKey, serverAddress, text, World } from '../test/world.ts';
import type { ClientCredentials, ServerCredentials } from './credentials.ts';

for (const tickets of [true, false]) {
  test(`a session is resumed by ${tickets ? 'ticket' : 'session ID'}, again and again`, async () => {
    const world = new World({ server: { resumption: { tickets } } });
    for (let i = 0; i < 3; i++) {
      assert.equal(await world.ask(), 'HELLO');
      world.client.disconnect(serverAddress);
    }
    await world.time.advance(hours(0));
    assert.deepEqual(
      world.opened.map((session) => session.isResumed),
      [false, true, true],
    );
    assert.equal(world.opened[2]?.identity?.kind, 'psk');
  });
}

test('what may not be resumed becomes a full handshake: refused identities and sessions that are too old', async () => {
  const withdrawn = new World({ server: { resumption: { accept: async () => false } } });
  const old = new World({ server: { resumption: { lifetime: hours(1) } } });
  for (const world of [withdrawn, old]) {
    assert.equal(await world.ask(), 'HELLO');
    world.client.disconnect(serverAddress);
    await world.time.advance(hours(2));
    assert.equal(await world.ask(), 'HELLO');
    assert.deepEqual(
      world.opened.map((session) => session.isResumed),
      [false, false],
    );
  }
});

test('a ticket is good on a server that has its secret, and on no other', async () => {
  const secret = (value: number) => new Uint8Array(32).fill(value);
  for (const [later, resumed] of [
    [[7], true],
    [[8, 7], true],
    [[8], false],
  ] as const) {
    const world = new World({ server: { resumption: { ticketSecrets: [secret(7), secret(6)] } } });
    assert.equal(await world.ask(), 'HELLO');
    await world.server.close();
    await world.time.advance(hours(0.1));
    world.openServer({ resumption: { ticketSecrets: later.map(secret) } });
    assert.equal(await world.ask(), 'HELLO');
    assert.equal(world.opened[1]?.isResumed, resumed);
  }
  assert.throws(
    () => new World({ server: { resumption: { ticketSecrets: [new Uint8Array(31)] } } }),
    /32 bytes, not 31/,
  );
  assert.throws(() => new World({ server: { resumption: { ticketSecrets: [] } } }), RangeError);
});

test('tickets change their secret: those of the one before are good, older ones are not', async () => {
  const world = new World({ server: { resumption: { lifetime: hours(24) } } });
  const again = async (after: number) => {
    world.client.disconnect(serverAddress);
    await world.time.advance(hours(after));
    assert.equal(await world.ask(), 'HELLO');
    return world.opened.at(-1)!.isResumed;
  };
  assert.equal(await world.ask(), 'HELLO');
  assert.equal(await again(23), true);
  assert.equal(await again(23), false, 'the full handshake is too old');
  assert.equal(await again(20), true, 'sealed with the secret before');
  world.server.useTicketSecrets([new Uint8Array(32).fill(1)]);
  assert.equal(await again(1), false);
});

test('a key log has one line for each session, and only when it is asked for', async () => {
  const lines: string[] = [];
  const world = new World({ server: { keyLog: (line) => lines.push(line) } });
  assert.equal(await world.ask(), 'HELLO');
  assert.match(lines.join('\n'), /^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/);
  assert.ok(pskKey.length === 16);
});

const authorities = [certificate('ca')];
const keys: Readonly<Record<string, Uint8Array>> = {
  'thermometer-1': pskKey,
  'thermometer-2': text('another key of it'),
};
const anyKey: ServerCredentials = {
  psk: (identity) => keys[String.fromCharCode(...identity)],
  own: [credential('server')],
  trust: { authorities, rawPublicKey: () => true },
};
const psk = (identity: string, key = keys[identity]!): ClientCredentials => ({
  psk: { identity: text(identity), key },
});
const byCertificate = { own: [credential('client')], trust: { authorities }, serverName: 'server.example' };

const changes: Readonly<
  Record<string, readonly [before: ClientCredentials, after: ClientCredentials, resumes: boolean]>
> = {
  'the same ones, made anew': [psk('thermometer-1'), psk('thermometer-1', pskKey.slice()), true],
  'another identity': [psk('thermometer-1'), psk('thermometer-2'), false],
  'another server name': [psk('thermometer-1'), { ...psk('thermometer-1'), serverName: 'other.example' }, false],
  'a key that is looked up, and is the same': [
    { psk: () => ({ identity: text('thermometer-1'), key: pskKey }) },
    { psk: () => ({ identity: text('thermometer-1'), key: pskKey }) },
    true,
  ],
  'a key that is looked up in time': [
    psk('thermometer-1'),
    { psk: async () => ({ identity: text('thermometer-1'), key: pskKey }) },
    false,
  ],
  'a certificate in place of a pre-shared key': [psk('thermometer-1'), byCertificate, false],
  'the same certificate': [
    byCertificate,
    { ...byCertificate, own: [credential('client')], trust: { authorities: [certificate('ca')] } },
    true,
  ],
  'no certificate of its own': [byCertificate, { ...byCertificate, own: [credential('client', [])] }, false],
  'another authority': [
    byCertificate,
    { ...byCertificate, trust: { authorities: [certificate('ca'), certificate('middle')] } },
    false,
  ],
};
for (const [title, [before, after, resumes]] of Object.entries(changes)) {
  test(`a client resumes as who it is now: ${title}`, async () => {
    let credentials = before;
    const world = new World({ server: { credentials: anyKey }, client: { credentials: () => credentials } });
    assert.equal(await world.ask(), 'HELLO');
    world.client.disconnect(serverAddress);
    credentials = after;
    assert.equal(await world.ask(), 'HELLO');
    assert.equal(world.opened[1]?.isResumed, resumes);
    world.client.disconnect(serverAddress);
    assert.equal(await world.ask(), 'HELLO');
    assert.equal(world.opened[2]?.isResumed, typeof after.psk !== 'function' || resumes);
  });
}

test('a key that changed under its identity is proved anew', async () => {
  let key = pskKey;
  const world = new World({
    server: { credentials: { psk: () => key } },
    client: { credentials: () => psk('thermometer-1', key) },
  });
  assert.equal(await world.ask(), 'HELLO');
  world.client.disconnect(serverAddress);
  key = text('rotated');
  assert.equal(await world.ask(), 'HELLO');
  assert.equal(world.opened[1]?.isResumed, false);
});

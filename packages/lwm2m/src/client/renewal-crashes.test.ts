import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { days, decodeUtf8, encodeUtf8, hours, seconds } from '@yaolian/kernel';
import type { ClientRecord } from './client-memory.ts';
import type { CertificateEnrolment } from './client-options.ts';
import { type Connector, plainConnector } from './connection.ts';
import { SecurityMode } from './objects/security.ts';
import { TerminalWorld } from './testing/scripted-server.ts';

/** What a renewal comes to, in its order. A terminal that is killed at one of them does nothing after it. */
const steps = ['makes a key', 'is answered', 'begins to save', 'has saved', 'shows the new certificate'] as const;
type Step = (typeof steps)[number];

/**
 * A terminal whose renewal falls due, and an authority as ours is: it takes each certificate that it issued, until one that is newer is shown.
 * Saving takes a second, and fails where `isFull` says so.
 */
function openWorld(killedAt: Step | undefined) {
  const world = new TerminalWorld();
  const { time, server } = world;
  const reached: Step[] = [];
  const records: ClientRecord[] = [];
  const state = { isDead: false, isFull: false };
  const reach = (step: Step) => {
    if (!reached.includes(step) && step === killedAt) state.isDead = true;
    reached.push(step);
  };
  const until = (notAfter: number) => `${Math.floor(time.epoch())}-${Math.floor(notAfter)}`;
  const first = until(time.epoch() + days(30));
  const taken = [first];
  const refused: string[] = [];
  const enrolment: CertificateEnrolment = {
    makeRequest: async () => {
      reach('makes a key');
      return { privateKey: encodeUtf8('new'), publicKey: encodeUtf8('new'), request: encodeUtf8('request') };
    },
    isCertificateOf: () => true,
    validityOf: (shown) => {
      const [notBefore, notAfter] = decodeUtf8(shown)!.split('-').map(Number);
      return { notBefore: notBefore!, notAfter: notAfter! };
    },
  };
  server.script = ({ path }) => {
    if (path[0] !== '.well-known') return undefined;
    if (state.isDead) return { code: Code.ServiceUnavailable }; // it was killed before it asked
    const issued = until(time.epoch() + days(60));
    taken.push(issued);
    reach('is answered');
    return { code: Code.Changed, contentFormat: 287, payload: encodeUtf8(issued) };
  };
  const memory = {
    load: () => records.at(-1),
    save: async (record: ClientRecord) => {
      if (state.isDead) return;
      if (reached.includes('is answered')) reach('begins to save');
      if (state.isFull) throw new Error('no space left on device');
      await new Promise<void>((resolve) => time.schedule(seconds(1), resolve));
      if (state.isDead) return;
      records.push(record);
      if (reached.includes('begins to save')) reach('has saved');
    },
  };
  let plain: Connector | undefined;
  const transport: Connector = {
    connect: async (access, signal) => {
      const shown = decodeUtf8(access.publicKeyOrIdentity)!;
      if (state.isDead) throw new Error('it was killed');
      if (!taken.includes(shown)) refused.push(shown);
      if (!taken.includes(shown)) throw new Error('certificate_revoked');
      taken.splice(0, taken.indexOf(shown));
      if (shown !== first) reach('shows the new certificate');
      return plain!.connect({ ...access, securityMode: SecurityMode.NoSec }, signal);
    },
  };
  const begin = () => {
    const account = { securityMode: SecurityMode.CertificateWithEst, publicKeyOrIdentity: encodeUtf8(first) };
    const client = world.client({
      enrolment,
      transport,
      memory,
      servers: [{ uri: TerminalWorld.uri, lifetime: hours(12), ...account, secretKey: encodeUtf8('old') }],
    });
    plain = plainConnector(world.transport);
    client.start();
    return client;
  };
  const renewed = () => world.events.filter(({ type }) => type === 'certificate-renewed').length;
  return { world, state, begin, reached, refused, renewed, first };
}

for (const step of steps) {
  test(`RFC 9148 §4.5 sren: a terminal that is killed when it ${step} comes back`, async () => {
    const { world, state, begin, reached, refused } = openWorld(step);
    begin();
    await world.time.advance(days(21));
    assert.ok(state.isDead, `it ${step}`);
    assert.deepEqual([...new Set(reached)], steps.slice(0, steps.indexOf(step) + 1));
    await world.end();
    state.isDead = false;
    const again = begin();
    await world.time.until(again.registered(), seconds(600));
    await world.time.advance(days(15));
    assert.equal(again.state, 'registered');
    assert.ok(reached.includes('shows the new certificate'), 'it has the new certificate in time');
    assert.deepEqual(refused, []);
    assert.equal(await world.close(), 0);
  });
}

test('a certificate that cannot be saved is not shown: the old one is kept, and the renewal tried again', async () => {
  const { world, state, begin, reached, refused, renewed, first } = openWorld(undefined);
  const client = begin();
  await world.time.until(client.registered(), seconds(600));
  await world.time.advance(days(1));
  state.isFull = true;
  await world.time.advance(days(20));
  assert.ok(!reached.includes('shows the new certificate'));
  const [failed] = world.events.filter((event) => event.type === 'renewal-failed');
  assert.match(failed?.type === 'renewal-failed' ? failed.failure.message : '', /cannot be saved/);
  assert.deepEqual(client.instance(0, 0)!.value(3), encodeUtf8(first));
  assert.deepEqual(client.instance(0, 0)!.value(5), encodeUtf8('old'));
  state.isFull = false;
  await world.time.advance(days(2));
  assert.equal(renewed(), 1);
  assert.deepEqual([client.state, refused], ['registered', []]);
  assert.equal(await world.close(), 0);
});

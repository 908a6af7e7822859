import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResourceTree } from '@yaolian/coap';
import { encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { LockstepPeer } from '@yaolian/testkit';
import { openProfile, serverAddress, World } from '../server/testing/world.ts';
import { BootstrapServer } from './bootstrap-server.ts';
import { type BootstrapConfig, MemoryBootstrapConfigStore } from './config.ts';
import type { BootstrapFinishedEvent } from './events.ts';

// What terminals of the field do when they are bootstrapped, to the byte.

const uri = 'coap://192.0.2.1';
const hex = (text: string) => encodeHex(encodeUtf8(text));
/** China Mobile profile A: `/0/0` with resources 0, 1 and 2. */
const security = `c8 00 10 ${hex(uri)} c1 01 00 c1 02 03`;
const server = 'c1 00 01 c1 01 3c c1 06 01 c1 07 55';
const profileA: BootstrapConfig = { deletes: [], security: [{ instanceId: 0, uri }], servers: [] };
const whole: BootstrapConfig = {
  deletes: ['/'],
  security: [{ instanceId: 0, uri }],
  servers: [{ instanceId: 0, shortServerId: 1, lifetime: 60 }],
};

/** Bootstrap and DM service on one port, and a peer that plays terminals. */
async function open(config: BootstrapConfig) {
  const world = await World.open();
  const { time, endpoint, server: dm } = world;
  const configs = new MemoryBootstrapConfigStore();
  await configs.put(undefined, config);
  const profile = openProfile(world.store);
  const bootstrap = new BootstrapServer({ configs, profile, model: omaObjects, clock: time, timers: time });
  const finished: BootstrapFinishedEvent[] = [];
  bootstrap.events.on('bootstrap-finished', (event) => finished.push(event));
  const tree = new ResourceTree();
  for (const { path, handler } of [...dm.mounts(endpoint), ...bootstrap.mounts(endpoint)]) tree.mount(path, handler);
  endpoint.handle(tree.handle);
  const peerAt = (port: number) =>
    new LockstepPeer({ port: world.network.port('198.51.100.7', port), to: serverAddress, time });
  return { world, peerAt, peer: peerAt(56_830), finished };
}

/** Expects a CON request with an 8-byte token and answers it on the ACK. */
async function answer(peer: LockstepPeer, request: string, code: string): Promise<void> {
  const asked = await peer.expect(`48 ${request}`.replace('#', '???? ????????????????'));
  peer.send(`68 ${code} ${encodeHex(asked.subarray(2, 12))}`);
}

const bootstrapRequest = `> 41 02 0001 aa b2 6273 44 ${hex('ep=a')}\n < 61 44 0001 aa`;
const finish = '02 # b2 6273';

test('4.00 to DELETE /, 4.04 to PUT /1/0, then success: on to Finish, and what failed is reported', async () => {
  const { peer, finished, world } = await open(whole);
  await peer.play(bootstrapRequest);
  await answer(peer, '04 #', '80');
  const asked = await peer.expect('48 03 ???? ???????????????? b1 30 01 30 12 2d16 ff *');
  peer.send(`68 44 ${encodeHex(asked.subarray(2, 12))}`);
  await answer(peer, `03 # b1 31 01 30 12 2d16 ff ${server}`, '84');
  await answer(peer, finish, '44');
  await world.settle();
  const [{ outcome, steps }] = finished as [BootstrapFinishedEvent];
  assert.equal(outcome, 'incomplete');
  assert.deepEqual(
    steps.map((step) => [step.operation, step.outcome]),
    [
      ['delete', 'refused'],
      ['write', 'done'],
      ['write', 'refused'],
      ['finish', 'done'],
    ],
  );
});

test('LightweightM2M-1.2-int-12 Bootstrap via Bootstrap-Pack-Request, to the byte: all of it in one 2.05', async () => {
  const { peer, finished, world } = await open({ ...whole, deletes: [] });
  // GET /bspack?ep=a with Accept 112; a pack of SenML CBOR comes, each record with its whole name.
  const record = (name: string, value: string) => `a2 00 66 ${hex(name)} ${value}`;
  const records = [
    record('/0/0/0', `03 70 ${hex(uri)}`),
    record('/0/0/1', '04 f4'),
    record('/0/0/2', '02 03'),
    record('/1/0/0', '02 01'),
    record('/1/0/1', '02 183c'),
    record('/1/0/6', '04 f5'),
    record('/1/0/7', '03 61 55'),
  ];
  await peer.play(`
    > 41 01 0001 aa b6 ${hex('bspack')} 44 ${hex('ep=a')} 21 70
    < 61 45 0001 aa c1 70 ff 87 ${records.join(' ')}
  `);
  await world.settle();
  assert.deepEqual(
    finished.map(({ outcome, steps }) => [outcome, steps.map(({ operation }) => operation)]),
    [['succeeded', ['pack']]],
  );
  // A format that carries no pack is 4.06, a request without a name 4.00.
  await peer.play(`
    > 41 01 0002 ab b6 ${hex('bspack')} 44 ${hex('ep=a')} 20
    < 61 86 0002 ab *
    > 41 01 0003 ac b6 ${hex('bspack')} 61 70
    < 61 80 0003 ac *
  `);
});

test('11542, then 1542, then a text for each resource', async () => {
  const { peer, finished, world } = await open(profileA);
  await peer.play(bootstrapRequest);
  await answer(peer, `03 # b1 30 01 30 12 2d16 ff ${security}`, '8f');
  await answer(peer, `03 # b1 30 01 30 12 0606 ff ${security}`, '8f');
  await answer(peer, `03 # b1 30 01 30 01 30 10 ff ${hex(uri)}`, '44');
  await answer(peer, `03 # b1 30 01 30 01 31 10 ff ${hex('0')}`, '44');
  await answer(peer, `03 # b1 30 01 30 01 32 10 ff ${hex('3')}`, '44');
  await answer(peer, finish, '44');
  await world.settle();
  assert.equal(finished[0]!.outcome, 'succeeded');
});

test('a terminal that knows 1542 alone', async () => {
  const { peer, finished, world } = await open(profileA);
  await peer.play(bootstrapRequest);
  await answer(peer, `03 # b1 30 01 30 12 2d16 ff ${security}`, '86');
  await answer(peer, `03 # b1 30 01 30 12 0606 ff ${security}`, '44');
  await answer(peer, finish, '44');
  await world.settle();
  assert.equal(finished[0]!.outcome, 'succeeded');
});

test('bootstrap from one port, Register from another, both to the same port of ours', async () => {
  const { peer, peerAt, finished, world } = await open(profileA);
  await peer.play(bootstrapRequest);
  await answer(peer, `03 # b1 30 01 30 12 2d16 ff ${security}`, '44');
  await answer(peer, finish, '44');
  const other = peerAt(40_001);
  await other.play(`
    > 41 02 0001 bb b2 7264 11 28 34 ${hex('ep=a')} ff ${hex('</3/0>')}
    < 61 41 0001 bb 82 7264 0c *
  `);
  await world.settle();
  assert.equal(finished[0]!.outcome, 'succeeded');
  assert.equal(world.server.registration({ endpoint: 'a' })!.address.key, '198.51.100.7:40001');
});

test('a Bootstrap-Request that is sent again while it is carried out, and one in NON', async () => {
  const { peer, finished, world } = await open(profileA);
  await peer.play(bootstrapRequest);
  const asked = await peer.expect(`48 03 ???? ???????????????? b1 30 01 30 12 2d16 ff ${security}`);
  await peer.play(bootstrapRequest);
  peer.send(`68 44 ${encodeHex(asked.subarray(2, 12))}`);
  await answer(peer, finish, '44');
  await world.settle();
  assert.deepEqual(
    finished.map(({ outcome }) => outcome),
    ['succeeded'],
  );
  await peer.play(`> 51 02 0002 ab b2 6273 44 ${hex('ep=a')}\n < 51 44 ???? ab`);
  await answer(peer, `03 # b1 30 01 30 12 2d16 ff ${security}`, '44');
});

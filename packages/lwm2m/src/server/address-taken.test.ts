/** Terminals whose NAT gives the address of one to another: what is sent there would reach the wrong one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type OutgoingResponse } from '@yaolian/coap';
import { decodeHex, seconds } from '@yaolian/kernel';
import { lwm2mPath } from '../path.ts';
import type { QueuedOperation } from './request-queue/queued-request.ts';
import type { ScriptedTerminal } from './testing/scripted-terminal.ts';
import { World } from './testing/world.ts';

const level = lwm2mPath(3, 0, 9);
const [a, b] = [{ endpoint: 'a' }, { endpoint: 'b' }];
const taken = { code: 'LWM2M_ADDRESS_TAKEN' };

/** A battery level, in TLV. */
function battery(percent: number): OutgoingResponse {
  const payload = Uint8Array.of(...decodeHex('c109')!, percent);
  return { code: Code.Content, contentFormat: ContentFormat.Lwm2mTlv, payload };
}

/** `a` and `b` are registered, each from an address of its own. */
async function two() {
  const world = await World.open();
  const [first, second] = [world.terminalAt('203.0.113.9', 1_001), world.terminalAt('203.0.113.9', 1_002)];
  for (const [name, terminal] of [['a', first] as const, ['b', second] as const]) {
    terminal.observable('GET /3/0/9', battery(name === 'a' ? 10 : 20));
    await world.until(terminal.register(`ep=${name}`));
    await world.settle();
  }
  return { world, server: world.server, first, second };
}

/** The NAT lets `terminal` speak from `port` now, which belonged to `before`. */
async function takeOver(
  world: World,
  before: ScriptedTerminal,
  port: number,
  terminal: ScriptedTerminal,
  percent: number,
) {
  await before.endpoint.close();
  const moved = world.terminalAt('203.0.113.9', port);
  moved.location = terminal.location;
  moved.observable('GET /3/0/9', battery(percent));
  await world.until(moved.update());
  await world.settle();
  return moved;
}

test('a terminal is asked nothing at an address that another one moved to, until it updates', async () => {
  const { world, server, first, second } = await two();
  assert.ok((await world.until(server.observe(a, level))).ok);
  const atFirst = await takeOver(world, first, 1_001, second, 20);
  await assert.rejects(world.until(server.read(a, level)), taken);
  await assert.rejects(world.until(server.observe(a, lwm2mPath(3, 0, 13))), taken);
  assert.deepEqual(atFirst.requests, [], 'not a byte reached the other');
  assert.ok((await world.until(server.read(b, level))).ok);
  assert.equal(atFirst.requests.length, 1);

  const atSecond = await takeOver(world, second, 1_002, first, 11);
  assert.ok((await world.until(server.read(a, level))).ok);
  assert.equal(atSecond.requests.length, 1);
  assert.equal(server.observations(a).length, 1, 'what was observed of it goes on');
});

test('the address stays another’s when that one leaves, and is its own again with its Update', async () => {
  const { world, server, first, second } = await two();
  const other = await takeOver(world, first, 1_001, second, 20);
  await world.until(other.deregister());
  await assert.rejects(world.until(server.read(a, level)), taken);
  await takeOver(world, other, 1_001, first, 10);
  assert.ok((await world.until(server.read(a, level))).ok);
});

test('who cancels an observation sends no word of it to another terminal', async () => {
  const { world, server, first, second } = await two();
  await world.until(server.observe(a, level));
  const other = await takeOver(world, first, 1_001, second, 20);
  await assert.rejects(world.until(server.cancelObservation(a, level)), taken);
  assert.deepEqual(other.requests, []);
  assert.deepEqual(server.observations(a), []);
});

test('clients that share a socket are all asked there, also where their address changes', async () => {
  const world = await World.open();
  const shared = world.terminalAt('203.0.113.9', 1_001);
  shared.observable('GET /3/0/9', battery(10));
  const locations: (typeof shared.location)[] = [];
  for (const name of ['a', 'b']) {
    await world.until(shared.register(`ep=${name}`));
    await world.settle();
    locations.push(shared.location);
  }
  for (const one of [a, b]) assert.ok((await world.until(world.server.read(one, level))).ok);
  await shared.endpoint.close();
  const moved = world.terminalAt('203.0.113.9', 1_002);
  moved.observable('GET /3/0/9', battery(10));
  // The second Update of the first says that both are there.
  for (const location of [...locations, ...locations]) {
    moved.location = location;
    await world.until(moved.update());
    await world.settle();
  }
  for (const one of [a, b]) assert.ok((await world.until(world.server.read(one, level))).ok);
});

test('a queued request waits for the terminal to say where it is', async () => {
  const { world, server, first, second } = await two();
  const other = await takeOver(world, first, 1_001, second, 20);
  const read: QueuedOperation = { kind: 'read', path: '/3/0/9' };
  const { id } = await world.until(server.queue!.submit('a', read));
  await world.time.advance(seconds(10));
  assert.equal((await world.until(server.queue!.find(id)))?.state, 'queued');
  assert.deepEqual(other.requests, []);
  const moved = await takeOver(world, second, 1_002, first, 10);
  await world.time.advance(seconds(1));
  assert.equal(moved.requests.length, 1);
  assert.equal((await world.queueStore.get(id))?.state, 'done');
});

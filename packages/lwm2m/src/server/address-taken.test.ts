/** Terminals whose NAT gives the address of one to another: what is sent there would reach the wrong one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, createCoapEndpoint, type OutgoingResponse } from '@yaolian/coap';
import { type DatagramPort, decodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import { singleResource } from '../node.ts';
import { lwm2mPath } from '../path.ts';
import type { QueuedOperation } from './request-queue/queued-request.ts';
import { ScriptedTerminal } from './testing/scripted-terminal.ts';
import { serverAddress, World } from './testing/world.ts';

const level = lwm2mPath(3, 0, 9);
const zone = lwm2mPath(3, 0, 15);
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

test('a request under way follows the terminal to the address that its Update comes from, and comes once', async () => {
  const world = await World.open();
  const first = world.terminalAt('203.0.113.9', 1_001);
  await world.until(first.register('ep=a'));
  await world.settle();
  await first.endpoint.close();
  const outcome = Promise.all([
    world.server.read(a, level),
    world.server.write(a, zone, singleResource(15, 'string', 'X')),
  ]);
  await world.time.advance(seconds(5));
  const second = world.terminalAt('203.0.113.9', 1_002);
  second.location = first.location;
  second.on('GET /3/0/9', battery(30)).on('PUT /3/0/15', { code: Code.Changed });
  await world.until(second.update());
  const [read, written] = await world.until(outcome);
  assert.ok(read.ok && read.value.node.kind === 'resource' && read.value.node.value === 30);
  assert.ok(written.ok);
  await world.time.advance(seconds(300));
  assert.deepEqual(second.heard, ['GET /3/0/9', 'PUT /3/0/15']);
});

test('what must not be done twice is not asked again elsewhere', async () => {
  const world = await World.open();
  const first = world.terminalAt('203.0.113.9', 1_001);
  await world.until(first.register('ep=a'));
  await world.settle();
  await first.endpoint.close();
  const reboot = world.server.execute(a, lwm2mPath(3, 0, 4));
  await world.time.advance(seconds(5));
  const second = world.terminalAt('203.0.113.9', 1_002);
  second.location = first.location;
  await world.until(second.update());
  await assert.rejects(world.until(reboot), { code: 'LWM2M_TIMEOUT' });
  assert.deepEqual(second.heard, []);
});

test('a terminal that acknowledged, restarted and registered anew is asked again', async () => {
  const world = await World.open();
  const terminal = world.terminalAt('203.0.113.9', 1_001);
  await world.until(terminal.register('ep=a'));
  await world.settle();
  terminal.on('GET /3/0/9', () => new Promise(() => {}));
  const read = world.server.read(a, level);
  await world.time.advance(seconds(5));
  terminal.on('GET /3/0/9', battery(40));
  await world.until(terminal.register('ep=a'));
  assert.ok((await world.until(read)).ok);
  assert.deepEqual(terminal.heard, ['GET /3/0/9', 'GET /3/0/9']);
});

/** A terminal behind a NAT that forgets it: then it speaks from another address, and hears nothing that is sent to the old one. */
function behindNat(world: World) {
  const inside = [world.network.port('203.0.113.9', 1_001), world.network.port('203.0.113.9', 1_002)];
  let now = inside[0]!;
  const port: DatagramPort = {
    localAddress: now.localAddress,
    listen: (listener) => {
      for (const one of inside) {
        one.listen({ onDatagram: (datagram, from) => one === now && listener.onDatagram(datagram, from, false) });
      }
    },
    send: (datagram, to) => now.send(datagram, to),
    close: async () => {
      for (const one of inside) await one.close();
    },
  };
  const { time, random } = world;
  const endpoint = createCoapEndpoint({ port, clock: time, timers: time, random });
  const terminal = new ScriptedTerminal(endpoint, serverAddress);
  const rebind = () => {
    now = inside[1]!;
  };
  return { terminal, rebind };
}

test('a Read in blocks and a body in blocks go on after the NAT forgot, with what was lost', async () => {
  const world = await World.open();
  const { terminal, rebind } = behindNat(world);
  const body = encodeUtf8('x'.repeat(5_000));
  terminal.on('GET /3/0/0', { code: Code.Content, contentFormat: ContentFormat.Text, payload: body });
  terminal.on('PUT /5/0/0', { code: Code.Changed });
  await world.until(terminal.register('ep=a'));
  await world.settle();
  // Two blocks of each come through.
  let passed = 0;
  world.network.watch(({ to }) => {
    if (to.key === '203.0.113.9:1001' && ++passed === 4) rebind();
    return undefined;
  });
  const source = { length: body.length, read: (offset: number, length: number) => body.slice(offset, offset + length) };
  const outcome = Promise.all([
    world.server.read(a, lwm2mPath(3, 0, 0), { accept: ContentFormat.Text }),
    world.server.writeBody(a, lwm2mPath(5, 0, 0), source),
  ]);
  await world.time.advance(seconds(5));
  assert.ok(passed >= 4);
  await world.until(terminal.update());
  const [read, written] = await world.until(outcome);
  assert.ok(read.ok && read.value.node.kind === 'resource');
  assert.equal(read.value.node.value, 'x'.repeat(5_000));
  assert.ok(written.ok);
  const bodies = terminal.requests.filter(({ method }) => method === Code.PUT).map(({ payload }) => payload);
  assert.deepEqual(bodies, [body], 'the body came whole, and once');
});

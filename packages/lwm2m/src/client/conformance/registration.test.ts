import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { conformanceTerminal } from '../testing/conformance-terminal.ts';
import { code, TerminalWorld } from '../testing/scripted-server.ts';

test('LightweightM2M-1.1-int-101 Initial Registration', async () => {
  const world = new TerminalWorld();
  const client = world.client();
  client.start();
  await world.pass(1);
  // 1. Register carries endpoint name, lifetime, version, binding and the object list.
  const [register, ...more] = world.server.requests;
  assert.equal(more.length, 0);
  assert.equal(register!.method, Code.POST);
  assert.deepEqual(register!.path, ['rd']);
  assert.deepEqual(register!.query, ['ep=terminal', 'lt=300', 'lwm2m=1.1', 'b=U']);
  assert.match(new TextDecoder().decode(register!.payload), /<\/1\/0>.*<\/3\/0>/);
  // 2. The server's 2.01 with a location makes the terminal registered.
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-102 Registration Update', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  // 1. The server writes a lifetime of 20 s. 2. The terminal answers 2.04 and 3. tells it in an Update.
  assert.equal(code(await world.put('/1/0/1', '20')), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1?lt=20']);
  // 4. Updates without parameters follow in time.
  await world.pass(20);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1', 'POST /rd/1']);
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-103 Deregistration', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  // 1. The terminal de-registers as it switches off. 2. The server answers 2.02.
  await world.time.until(client.close(), seconds(5));
  assert.deepEqual(world.server.takeAsked(), ['DELETE /rd/1']);
  assert.equal(client.state, 'stopped');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-103 Deregistration: Disable (1/0/4) sends the terminal away for the Disable Timeout', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  assert.equal(code(await world.put('/1/0/5', '15')), '2.04');
  assert.equal(code(await world.post('/1/0/4')), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['DELETE /rd/1']);
  assert.equal(client.state, 'disabled');
  assert.equal(code(await world.get('/3/0/0')), '4.01');
  await world.pass(15);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U']);
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-104 Registration Update Trigger', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  // 1. Execute 1/0/8. 2. 2.04. 3. The terminal sends an Update.
  assert.equal(code(await world.post('/1/0/8')), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1']);
  // Arguments, of which the object defines none, are no reason to refuse it.
  assert.equal(code(await world.post('/1/0/8', "0='U'", 0)), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1']);
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-107 Extending the lifetime of a registration', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal(code(await world.put('/1/0/1', '600')), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1?lt=600']);
  await world.pass(600 - 93 - 2);
  assert.deepEqual(world.server.takeAsked(), []);
  await world.pass(2);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1']);
  assert.equal(await world.close(), 0);
});

test('a binding written by the server is told in an Update; queue mode is a parameter of its own in 1.1', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal(code(await world.put('/1/0/7', 'UQ')), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1?b=U&Q']);
  for (const wrong of ['S', 'UU', 'X', '']) assert.equal(code(await world.put('/1/0/7', wrong)), '4.00', wrong);
  for (const wrong of ['-1', '4294967296', 'abc']) assert.equal(code(await world.put('/1/0/1', wrong)), '4.00', wrong);
  assert.equal(await world.close(), 0);
  const older = new TerminalWorld();
  await older.registered({ lwm2mVersion: '1.0' });
  await older.put('/1/0/7', 'UQ');
  await older.pass(1);
  assert.deepEqual(older.server.takeAsked(), ['POST /rd/1?b=UQ']);
  assert.equal(await older.close(), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentFormat } from '@yaolian/coap';
import { objectInstance, singleResource } from '../../node.ts';
import { conformanceTerminal, content, valuesOf } from '../testing/conformance-terminal.ts';
import { brief, code, TerminalWorld } from '../testing/scripted-server.ts';

const { Lwm2mTlv, Text } = ContentFormat;

test('LightweightM2M-1.1-int-651 Device: Check Access to the Resources', async () => {
  const world = new TerminalWorld();
  const executed: string[] = [];
  await conformanceTerminal(world, {}, executed);
  // 1. Readable resources are read. 2. They are not written. 3. Writable ones are. 4. Executable ones are executed.
  for (const id of [0, 1, 2, 3, 9, 10, 16, 17, 18, 19, 20, 21]) {
    assert.equal(code(await world.get(`/3/0/${id}`, Text)), '2.05', `read ${id}`);
    assert.equal(code(await world.put(`/3/0/${id}`, '1')), '4.05', `write ${id}`);
  }
  for (const [id, value] of [
    [13, '1500000000'],
    [14, '+01:00'],
    [15, 'Asia/Shanghai'],
  ]) {
    assert.equal(code(await world.put(`/3/0/${id}`, value as string)), '2.04', `write ${id}`);
    assert.equal(brief(await world.get(`/3/0/${id}`, Text)), `2.05 ${value}`);
  }
  for (const id of [4, 5, 12]) {
    assert.equal(code(await world.get(`/3/0/${id}`)), '4.05', `read ${id}`);
    assert.equal(code(await world.post(`/3/0/${id}`)), '2.04', `execute ${id}`);
  }
  assert.deepEqual(executed, ['reboot []', 'factory reset']);
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-652 Device: Querying the firmware version from the client', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal(brief(await world.get('/3/0/3', Text)), '2.05 1.0');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-680 Device: Create Object Instance', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const instance = objectInstance(1, [singleResource(0, 'string', 'Somebody else')]);
  const payload = content('/3', { kind: 'object', id: 3, instances: new Map([[1, instance]]) });
  assert.equal(code(await world.post('/3', payload, Lwm2mTlv)), '4.05');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-685 Device: Delete Object Instance', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal(code(await world.delete('/3/0')), '4.05');
  assert.equal(code(await world.delete('/1/0')), '4.05', 'server accounts are not deleted by servers either');
  assert.equal(code(await world.get('/3/0')), '2.05');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-701 Connectivity Monitoring: Querying the readable resources', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.deepEqual(valuesOf('/4/0', await world.get('/4/0', Lwm2mTlv)), {
    '/4/0/0': 21,
    '/4/0/1/0': 21,
    '/4/0/1/1': 41,
    '/4/0/2': -60,
    '/4/0/3': 80,
    '/4/0/4/0': '192.0.2.9',
    '/4/0/5/0': '192.0.2.254',
    '/4/0/6': 5,
    '/4/0/7/0': 'internet',
  });
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-710 Connectivity Monitoring: Basic Observation and notification', async () => {
  const world = new TerminalWorld();
  const { monitoring } = await conformanceTerminal(world);
  assert.equal(code(await world.writeAttributes('/4/0/2', 'pmin=5', 'pmax=15')), '2.04');
  const { response, heard } = await world.observe('/4/0/2', Text);
  assert.equal(brief(response), '2.05 -60');
  await world.pass(3);
  monitoring.set('radioSignalStrength', -71);
  await world.pass(20);
  assert.deepEqual(heard, ['5: -71', '20: -71']);
  assert.equal(await world.close(), 0);
});

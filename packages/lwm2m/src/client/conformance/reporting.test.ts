import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat } from '@yaolian/coap';
import { objectInstance, singleResource } from '../../node.ts';
import { conformanceTerminal, content, valuesOf } from '../testing/conformance-terminal.ts';
import { brief, code, TerminalWorld } from '../testing/scripted-server.ts';

const { Lwm2mTlv, Text } = ContentFormat;

test('LightweightM2M-1.1-int-301 Observation and Notification of parameter values', async () => {
  const world = new TerminalWorld();
  const { device } = await conformanceTerminal(world);
  // 1. Attributes on several resources. 2. Observe. 3. Notifications come between pmin and pmax.
  assert.equal(code(await world.writeAttributes('/3/0/9', 'pmin=5', 'pmax=15')), '2.04');
  const { response, heard } = await world.observe('/3/0/9', Text);
  assert.equal(brief(response), '2.05 100');
  await world.pass(16);
  assert.deepEqual(heard, ['15: 100']);
  device.set('batteryLevel', 99);
  await world.pass(3);
  device.set('batteryLevel', 98);
  await world.pass(7);
  assert.deepEqual(heard, ['15: 100', '20: 98'], 'held back until pmin, then the latest value');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-302 Cancel Observations using Reset Operation', async () => {
  const world = new TerminalWorld();
  const { client, thermometer } = await conformanceTerminal(world);
  const { observation, heard } = await world.observe('/3303/0/5700', Text);
  thermometer.set('sensorValue', 21);
  await world.pass(1);
  assert.deepEqual(heard, ['0: 21']);
  // 1. The server forgets the observation and answers the next notification with RST.
  observation!.forget();
  thermometer.set('sensorValue', 22);
  await world.pass(1);
  assert.equal(client.registrations[0]!.observations, 0);
  assert.ok(world.types.includes('observation-ended'));
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-303 Cancel observations using Observe with Cancel parameter', async () => {
  const world = new TerminalWorld();
  const { client, thermometer } = await conformanceTerminal(world);
  const { observation, heard } = await world.observe('/3303/0/5700', Text);
  const response = await world.time.until(observation!.cancel(), 60_000 as never);
  assert.equal(brief(response), '2.05 20');
  thermometer.set('sensorValue', 22);
  await world.pass(10);
  assert.deepEqual(heard, []);
  assert.equal(client.registrations[0]!.observations, 0);
  assert.equal(await world.close(), 0);
});

test('gt, lt and st: each crossing and each step, nothing else', async () => {
  const world = new TerminalWorld();
  const { thermometer } = await conformanceTerminal(world);
  assert.equal(code(await world.writeAttributes('/3303/0/5700', 'gt=25', 'lt=10', 'st=5')), '2.04');
  const { heard } = await world.observe('/3303/0/5700', Text);
  for (const value of [21, 22, 24, 25.5, 26, 24.9, 22, 19.9, 12, 9.5, 8, 10.5, 11]) {
    thermometer.set('sensorValue', value);
    await world.pass(1);
  }
  const values = heard.map((line) => Number(line.split(': ')[1]));
  // 20 -> 25.5 crosses gt; 24.9 crosses back; 19.9 is a step of 5 from 24.9; 12 a step; 9.5 crosses lt; 10.5 back.
  assert.deepEqual(values, [25.5, 24.9, 19.9, 12, 9.5, 10.5]);
  assert.equal(await world.close(), 0);
});

test('a crossing inside the minimum period is held back and not lost', async () => {
  const world = new TerminalWorld();
  const { thermometer } = await conformanceTerminal(world);
  await world.writeAttributes('/3303/0/5700', 'pmin=10', 'gt=25');
  const { heard } = await world.observe('/3303/0/5700', Text);
  await world.pass(2);
  thermometer.set('sensorValue', 30);
  await world.pass(2);
  thermometer.set('sensorValue', 31);
  await world.pass(10);
  assert.deepEqual(heard, ['10: 31']);
  assert.equal(await world.close(), 0);
});

test('the default periods of the Server object hold where no attribute says otherwise, and when they change', async () => {
  const world = new TerminalWorld();
  const { thermometer } = await conformanceTerminal(world);
  const { heard } = await world.observe('/3303/0/5700', Text);
  await world.pass(30);
  assert.deepEqual(heard, [], 'no maximum period');
  await world.put('/1/0/3', '10');
  await world.put('/1/0/2', '4');
  await world.pass(11);
  assert.equal(heard.length, 2, 'the time since the last notification counts');
  thermometer.set('sensorValue', 23);
  thermometer.set('sensorValue', 24);
  await world.pass(5);
  assert.equal(heard.length, 3);
  assert.match(heard[2]!, /: 24$/);
  assert.equal(await world.close(), 0);
});

test('attributes that change during an observation count at once', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const { heard } = await world.observe('/3303/0/5700', Text);
  await world.writeAttributes('/3303/0/5700', 'pmax=100');
  await world.pass(20);
  await world.writeAttributes('/3303/0/5700', 'pmax=30');
  await world.pass(15);
  assert.deepEqual(heard, ['30: 20']);
  await world.writeAttributes('/3303/0/5700', 'pmax=');
  await world.pass(100);
  assert.equal(heard.length, 1);
  assert.equal(await world.close(), 0);
});

test('attributes of an outer level hold on the inner one, and not the other way round', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  await world.writeAttributes('/3303', 'pmax=20');
  await world.writeAttributes('/3303/0/5700', 'pmax=7');
  const instance = await world.observe('/3303/0', Lwm2mTlv);
  const resource = await world.observe('/3303/0/5700', Text);
  await world.pass(21);
  assert.equal(instance.heard.length, 1);
  assert.deepEqual(
    resource.heard.map((line) => line.split(':')[0]),
    ['7', '14', '21'],
  );
  assert.equal(await world.close(), 0);
});

test('an instance and an object can be observed; a write of several resources is one notification', async () => {
  const world = new TerminalWorld();
  const { thermometer } = await conformanceTerminal(world);
  const instance = await world.observe('/3303/0', Lwm2mTlv);
  const object = await world.observe('/3303', Lwm2mTlv);
  thermometer.update({ sensorValue: 25, applicationType: 'room' });
  await world.pass(1);
  assert.equal(instance.heard.length, 1);
  assert.deepEqual(valuesOf('/3303/0', instance.responses[0]!), {
    '/3303/0/5700': 25,
    '/3303/0/5701': 'Cel',
    '/3303/0/5750': 'room',
  });
  assert.equal(object.heard.length, 1);
  const written = objectInstance(0, [singleResource(5750, 'string', 'cellar')]);
  assert.equal(code(await world.post('/3303/0', content('/3303/0', written), Lwm2mTlv)), '2.04');
  await world.pass(1);
  assert.equal(instance.heard.length, 2);
  thermometer.update({ sensorValue: 25, applicationType: 'cellar' });
  await world.pass(1);
  assert.equal(instance.heard.length, 2, 'nothing changed');
  assert.equal(await world.close(), 0);
});

test('a resource with instances: any of them can cross the threshold; one can be observed by itself', async () => {
  const world = new TerminalWorld();
  const { device } = await conformanceTerminal(world);
  await world.writeAttributes('/3/0/7', 'gt=6000');
  const all = await world.observe('/3/0/7', Lwm2mTlv);
  const one = await world.observe('/3/0/7/1', Text);
  device.set('powerSourceVoltage', [3900, 5100]);
  await world.pass(1);
  device.set('powerSourceVoltage', [6100, 5100]);
  await world.pass(1);
  device.set('powerSourceVoltage', [6100, 6200]);
  await world.pass(1);
  assert.equal(all.heard.length, 2);
  assert.deepEqual(one.heard, ['2: 6200']);
  device.set('powerSourceVoltage', [6100]);
  await world.pass(1);
  assert.equal(all.heard.length, 3, 'one instance fewer');
  assert.match(one.ended[0]!, /4\.04/, 'the observed instance is gone');
  assert.equal(await world.close(), 0);
});

test('an observed instance that is deleted says 4.04 and its observations end', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  const { ended } = await world.observe('/3303/0/5700', Text);
  const object = await world.observe('/3303', Lwm2mTlv);
  client.remove(3303, 0);
  await world.pass(1);
  assert.match(ended[0]!, /4\.04/);
  assert.equal(client.registrations[0]!.observations, 1);
  assert.deepEqual(valuesOf('/3303', object.responses[0]!), {});
  assert.equal(await world.close(), 0);
});

test('observations end with the registration: on 4.04, on De-register, in airplane mode', async () => {
  const world = new TerminalWorld();
  const { client, thermometer } = await conformanceTerminal(world);
  const { heard } = await world.observe('/3303/0/5700', Text);
  await world.time.until(client.goOffline(), 60_000 as never);
  thermometer.set('sensorValue', 30);
  client.goOnline();
  await world.pass(1);
  thermometer.set('sensorValue', 31);
  await world.pass(1);
  assert.deepEqual(heard, []);
  assert.equal(client.registrations[0]!.observations, 0);
  assert.equal(await world.close(), 0);
});

test('an Observe that overtakes the answer to Register is not lost', async () => {
  const world = new TerminalWorld();
  const client = world.client();
  let asked: Promise<unknown> | undefined;
  world.server.script = (request) => {
    if (request.method !== Code.POST || request.path.length !== 1) return undefined;
    const listener = { onNotification: () => {} };
    asked = world.server.endpoint.observe(world.terminal, { method: Code.GET, path: '/3/0/16' }, listener);
    return asked.then(() => undefined).then(() => ({ code: Code.Created, locationPath: ['rd', 'late'] }));
  };
  client.start();
  await world.pass(5);
  assert.equal(client.state, 'registered');
  assert.equal(client.registrations[0]!.observations, 1);
  world.server.script = () => undefined;
  assert.equal(await world.close(), 0);
});

test('beyond the bound Observe is answered as Read', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world, { maximumObservations: 1 });
  assert.ok((await world.observe('/3/0/9', Text)).observation);
  const second = await world.observe('/3/0/10', Text);
  assert.equal(brief(second.response), '2.05 15');
  assert.equal(second.observation, undefined);
  assert.equal(await world.close(), 0);
});

test('notifications are NON, or CON when the terminal or the con attribute wants it', async () => {
  for (const [options, con, expected] of [
    [{}, undefined, 1],
    [{ confirmableNotifications: true }, undefined, 0],
    [{}, 'con=1', 0],
    [{ confirmableNotifications: true }, 'con=0', 1],
  ] as const) {
    const world = new TerminalWorld();
    const { thermometer } = await conformanceTerminal(world, options);
    if (con) assert.equal(code(await world.writeAttributes('/3303/0/5700', con)), '2.04');
    await world.observe('/3303/0/5700', Text);
    const types: number[] = [];
    world.network.watch(({ from, datagram }) => {
      if (from.key === world.terminal.key && datagram[1] === 0x45) types.push((datagram[0]! >> 4) & 3);
    });
    thermometer.set('sensorValue', 22);
    await world.pass(1);
    assert.deepEqual(types, [expected]);
    assert.equal(await world.close(), 0);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { decodePack, formatPath, objectInstance, singleResource } from '../index.ts';
import type { ClientRecord } from './client-memory.ts';
import { conformanceObjects, content } from './testing/conformance-terminal.ts';
import { code, TerminalWorld, text } from './testing/scripted-server.ts';

const { Lwm2mTlv, SenmlCbor, Text } = ContentFormat;

function memory() {
  const records: ClientRecord[] = [];
  return {
    records,
    load: () => records.at(-1) && (JSON.parse(JSON.stringify(records.at(-1))) as ClientRecord),
    save: (record: ClientRecord) => void records.push(record),
  };
}

/** The next process of the terminal; what it asks is kept. */
async function begun(world: TerminalWorld, options: Parameters<TerminalWorld['client']>[0]) {
  const client = world.client(options);
  client.start();
  await world.time.until(client.registered(), seconds(600));
  return client;
}

const sends = (world: TerminalWorld) => world.server.requests.filter(({ path }) => path[0] === 'dp');

test('notifications that were kept while offline are told after a restart, with their times', async () => {
  const world = new TerminalWorld();
  const kept = memory();
  const { thermometer, ...objects } = conformanceObjects();
  const all = { objects: [thermometer, ...Object.values(objects)], memory: kept };
  const client = await world.registered(all);
  await world.put('/1/0/6', '1');
  await world.observe('/3303/0/5700', Text);
  await world.time.until(client.goOffline(), seconds(60));
  const since = world.time.epoch();
  for (const value of [21, 22]) {
    await world.pass(10);
    thermometer.set('sensorValue', value);
  }
  await world.pass(1);
  await world.end();
  assert.deepEqual(sends(world), []);

  await begun(world, { objects: Object.values(conformanceObjects()), memory: kept });
  await world.pass(5);
  const [send, ...more] = sends(world);
  assert.equal(more.length, 0);
  const pack = decodePack(SenmlCbor, send!.payload, omaObjects);
  assert.ok(pack.ok);
  assert.deepEqual(
    pack.value.records.map(({ path, value, time }) => [
      formatPath(path),
      value.value,
      Math.round((time!.milliseconds - since) / 1000),
    ]),
    [
      ['/3303/0/5700', 21, 10],
      ['/3303/0/5700', 22, 20],
    ],
  );
  // They are told once, whatever comes.
  await world.end();
  await begun(world, { objects: Object.values(conformanceObjects()), memory: kept });
  await world.pass(5);
  assert.equal(sends(world).length, 1);
  assert.equal(await world.close(), 0);
});

test('a process that is killed while offline has lost nothing that was kept', async () => {
  const world = new TerminalWorld();
  const kept = memory();
  const objects = conformanceObjects();
  const client = await world.registered({ objects: Object.values(objects), memory: kept });
  await world.put('/1/0/6', '1');
  await world.observe('/3303/0/5700', Text);
  await world.time.until(client.goOffline(), seconds(60));
  objects.thermometer.set('sensorValue', 30);
  await world.pass(1);
  // What the killed process would have said on its way out is not heard of.
  const asItWas = kept.records.length;
  await world.end();
  kept.records.length = asItWas;
  await begun(world, { objects: Object.values(conformanceObjects()), memory: kept });
  await world.pass(5);
  assert.equal(sends(world).length, 1);
  assert.equal(await world.close(), 0);
});

test('what a bootstrap brought and a server wrote counts after a restart, without another bootstrap', async () => {
  const world = new TerminalWorld();
  const kept = memory();
  const bootstrap = world.addServer('192.0.2.2');
  const options = { bootstrap: { uri: 'coap://192.0.2.2' }, memory: kept };
  const first = world.client(options);
  first.start();
  await world.pass(1);
  const write = (path: string, resources: Parameters<typeof objectInstance>[1]) => {
    const payload = content(path, objectInstance(Number(path.split('/')[2]), resources));
    return world.ask({ method: Code.PUT, path, contentFormat: Lwm2mTlv, payload }, bootstrap);
  };
  await write('/0/1', [
    singleResource(0, 'string', TerminalWorld.uri),
    singleResource(1, 'boolean', false),
    singleResource(2, 'integer', 3),
    singleResource(3, 'opaque', Uint8Array.of(1, 2, 255)),
    singleResource(10, 'integer', 101),
  ]);
  await write('/1/0', [
    singleResource(0, 'integer', 101),
    singleResource(1, 'integer', 300),
    singleResource(6, 'boolean', true),
    singleResource(7, 'string', 'U'),
  ]);
  assert.deepEqual(kept.records, [], 'half a bootstrap is not remembered');
  await world.ask({ method: Code.POST, path: '/bs' }, bootstrap);
  await world.pass(1);
  assert.equal(code(await world.put('/1/0/1', '500')), '2.04');
  await world.pass(1);
  const before = bootstrap.requests.length;
  await world.end();

  world.server.takeAsked();
  await world.registered(options).catch(() => undefined);
  assert.equal(bootstrap.requests.length, before);
  assert.equal(text(await world.get('/1/0/1', Text)), '500');
  const again = await world.get('/1/0/6', Text);
  assert.equal(text(again), '1');
  await bootstrap.endpoint.close();
  assert.equal(await world.close(), 0);
});

test('a record that makes no sense is as none', async () => {
  for (const accounts of ['', '*', 'AAAA', 'oA==']) {
    const world = new TerminalWorld();
    const client = await world.registered({
      memory: { load: () => ({ accounts, stored: { 1: 'x' } }), save: () => {} },
    });
    assert.equal(client.registrations[0]!.server.uri, TerminalWorld.uri);
    assert.equal(await world.close(), 0);
  }
});

test('rules of access that the terminal made itself are made anew, those of a bootstrap are kept', async () => {
  const world = new TerminalWorld();
  const kept = memory();
  const second = world.addServer('192.0.2.3');
  const servers = [{ uri: TerminalWorld.uri }, { uri: 'coap://192.0.2.3' }];
  const objects = Object.values(conformanceObjects());
  await world.registered({ servers, objects, memory: kept });
  const rules = text(await world.get('/2', ContentFormat.SenmlJson));
  await world.end();
  const client = await world.registered({ objects: Object.values(conformanceObjects()), memory: kept });
  assert.equal(client.registrations.length, 2);
  assert.equal(text(await world.get('/2', ContentFormat.SenmlJson)), rules);
  await second.endpoint.close();
  assert.equal(await world.close(), 0);
});

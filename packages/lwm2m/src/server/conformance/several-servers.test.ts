import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCoapEndpoint, formatCode, ResourceTree } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { type Lwm2mNode, nodeValues, parsePath, singleResource } from '../../index.ts';
import { Lwm2mServer } from '../lwm2m-server.ts';
import type { Answer, Done } from '../operation-types.ts';
import { MemoryRegistrationStore } from '../testing/memory-registration-store.ts';
import { Pair, reference, serverUri } from '../testing/pair.ts';
import { openProfile } from '../testing/world.ts';

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const code = (answer: Answer<Done>) => formatCode(answer.ok ? answer.value.code : answer.error.code);

/** Our terminal with two of our servers, registered with both. */
async function open() {
  const servers = [
    { uri: serverUri, lifetime: seconds(300) },
    { uri: 'coap://192.0.2.7', lifetime: seconds(600), shortServerId: 7 },
  ];
  const pair = await Pair.begin({ client: { servers } });
  const { time, network, random } = pair.world;
  const port = network.port('192.0.2.7', 5683);
  const endpoint = createCoapEndpoint({ port, clock: time, timers: time, random });
  const store = new MemoryRegistrationStore(time);
  const server = new Lwm2mServer({
    endpoints: [{ endpoint }],
    store,
    profile: openProfile(store),
    model: omaObjects,
    clock: time,
    timers: time,
    random,
  });
  await server.start();
  const tree = new ResourceTree();
  for (const { path, handler } of server.mounts(endpoint)) tree.mount(path, handler);
  endpoint.handle(tree.handle);
  await pair.pass(10);
  const close = async () => {
    await pair.until(pair.client.close());
    await pair.until(server.close());
    await endpoint.close();
    return pair.close();
  };
  return { pair, first: pair.server, second: server, close };
}

test('LightweightM2M-1.1-int-950 Multi-Servers Registration', async () => {
  const { pair, first, second, close } = await open();
  // 1., 2. Registered with each, with its own lifetime; 3. each may read its own Server object instance and change it.
  assert.deepEqual(
    [first, second].map((server) => server.registration(reference)?.lifetime),
    [300, 600],
  );
  for (const [server, path, lifetime] of [
    [first, '/1/0/1', 400],
    [second, '/1/1/1', 700],
  ] as const) {
    assert.equal(
      code(await pair.until(server.write(reference, at(path), singleResource(1, 'integer', lifetime)))),
      '2.04',
    );
    await pair.pass(1);
    assert.equal(server.registration(reference)!.lifetime, lifetime);
  }
  // 4. Neither changes what is the other's.
  const foreign = await pair.until(second.write(reference, at('/1/0/1'), singleResource(1, 'integer', 60)));
  assert.equal(code(foreign), '4.01');
  assert.equal(foreign.ok ? '' : foreign.error.diagnostic, 'server 7 may not write /1/0 (access control)');
  assert.equal(
    code(await pair.until(first.write(reference, at('/3/0/15'), singleResource(15, 'string', 'UTC')))),
    '2.04',
  );
  assert.equal(await close(), 0);
});

test('LightweightM2M-1.1-int-951 Multi-Servers & Attributes', async () => {
  const { pair, first, second, close } = await open();
  const heard: [number, number, unknown][] = [];
  const began = pair.world.time.monotonic();
  for (const [id, server] of [
    [1, first],
    [7, second],
  ] as const) {
    server.events.on('notification', ({ node }: { node: Lwm2mNode }) => {
      const [value] = [...nodeValues(at('/4/0/2'), node)];
      heard.push([id, Math.floor((pair.world.time.monotonic() - began) / 1000), value?.value]);
    });
  }
  // 1. Each puts its own attributes on the same resource, and sees its own alone.
  assert.equal(code(await pair.until(first.writeAttributes(reference, at('/4/0/2'), { pmin: 5, pmax: 15 }))), '2.04');
  assert.equal(code(await pair.until(second.writeAttributes(reference, at('/4/0/2'), { pmin: 20, pmax: 60 }))), '2.04');
  for (const [server, pmin] of [
    [first, 5],
    [second, 20],
  ] as const) {
    const found = await pair.until(server.discover(reference, at('/4/0/2')));
    assert.ok(found.ok);
    assert.equal(found.value.links[0]!.attributes.pmin, pmin);
  }
  // 2. Both observe. 3. A value changes: each is told after its own minimum, and again after its own maximum period.
  assert.ok((await pair.until(first.observe(reference, at('/4/0/2')))).ok);
  assert.ok((await pair.until(second.observe(reference, at('/4/0/2')))).ok);
  pair.objects.monitoring.set('radioSignalStrength', -77);
  await pair.pass(24);
  assert.deepEqual(heard, [
    [1, 5, -77],
    [1, 20, -77],
    [7, 20, -77],
  ]);
  assert.equal(await close(), 0);
});

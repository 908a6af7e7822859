/** OMA-TS-LightweightM2M_Core 1.1 §6.1.5: a server has a terminal bootstrap again. Our server, bootstrap server and terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { at } from '../testing/firmware-pair.ts';
import { Pair, reference, serverUri } from '../testing/pair.ts';

const bootstrap = {
  security: [{ instanceId: 1, uri: serverUri, shortServerId: 1 }],
  servers: [{ instanceId: 0, shortServerId: 1, lifetime: 300 }],
};

test('LightweightM2M-1.1-int-5 Server Initiated Bootstrap', async () => {
  const pair = await Pair.open({ bootstrap });
  const { server, world, bootstraps, client } = pair;
  assert.equal(bootstraps.length, 1);
  const first = server.registration(reference)!.id;
  const [instanceId] = server.objectLinks(reference)!.objects.get(1)!.instances;
  world.takeEvents();
  // 1. The server executes the Bootstrap-Request Trigger.
  const answer = await pair.until(server.execute(reference, at(`/1/${instanceId}/9`)));
  assert.ok(answer.ok && answer.value.code === Code.Changed);
  // 2. The terminal de-registers and is bootstrapped. 3. It registers by what it was told.
  await pair.pass(5);
  await pair.until(client.registered());
  assert.equal(bootstraps.length, 2);
  assert.deepEqual(
    world.takeEvents().filter((type) => type !== 'operation-completed'),
    ['deregistered', 'registered'],
  );
  assert.notEqual(server.registration(reference)!.id, first);
  assert.equal(await pair.close(), 0);
});

test('a terminal that has nobody to bootstrap with refuses the trigger and stays', async () => {
  const pair = await Pair.open();
  const answer = await pair.until(pair.server.execute(reference, at('/1/0/9')));
  assert.ok(!answer.ok && answer.error.code === Code.MethodNotAllowed, JSON.stringify(answer));
  await pair.pass(5);
  assert.equal(pair.client.state, 'registered');
  assert.equal(await pair.close(), 0);
});

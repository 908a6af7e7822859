/** OMA-TS-LightweightM2M_Core 1.1 appendix E.2: a bootstrap tells the terminal how to register. Our bootstrap server, terminal and server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBootstrapFile, lwm2mPath, nodeValues, objectInstance, singleResource } from '../../index.ts';
import { at } from '../testing/firmware-pair.ts';
import { Pair, reference, serverUri } from '../testing/pair.ts';

const account = {
  instanceId: 0,
  shortServerId: 1,
  lifetime: 300,
  registrationPriority: 1,
  initialRegistrationDelay: 7,
  registrationFailureBlocks: true,
  bootstrapOnRegistrationFailure: false,
  retryCount: 2,
  retryTimer: 30,
  sequenceDelay: 600,
  sequenceRetryCount: 3,
  preferredTransport: 'U',
  notificationMode: 1,
};

test('order, delay, retries, transport and notifications (1/x/13 to 20, 22 and 26) come with a bootstrap, and count', async () => {
  const security = [{ instanceId: 1, uri: serverUri, shortServerId: 1 }];
  const pair = await Pair.open({ bootstrap: { security, servers: [account] }, client: { lwm2mVersion: '1.2' } });
  const { server, bootstraps } = pair;
  assert.equal(bootstraps[0]!.outcome, 'succeeded');
  const read = await pair.until(server.read(reference, at('/1/0')));
  assert.ok(read.ok);
  const values = new Map(
    [...nodeValues(at('/1/0'), read.value.node)].map(({ path, value }) => [path.resourceId, value]),
  );
  const told = [13, 14, 15, 16, 17, 18, 19, 20, 22, 26].map((id) => values.get(id));
  assert.deepEqual(told, [1, 7, true, false, 2, 30, 600, 3, 'U', 1]);
  // The Initial Registration Delay Timer: not before that.
  const waited = server.registration(reference)!.registeredAt - bootstraps[0]!.time;
  assert.ok(waited >= 7_000 && waited < 8_000, String(waited));
  assert.equal(await pair.close(), 0);
});

test('LightweightM2M-1.1-int-3 Simple Bootstrap from Smartcard: the terminal registers with our server as its card says', async () => {
  const object = (id: number, resources: Parameters<typeof objectInstance>[1]) =>
    ({
      version: undefined,
      node: { kind: 'object', id, instances: new Map([[0, objectInstance(0, resources)]]) },
    }) as const;
  const file = encodeBootstrapFile([
    object(0, [
      singleResource(0, 'string', serverUri),
      singleResource(1, 'boolean', false),
      singleResource(2, 'integer', 3),
      singleResource(10, 'integer', 101),
    ]),
    object(1, [
      singleResource(0, 'integer', 101),
      singleResource(1, 'integer', 77),
      singleResource(6, 'boolean', true),
      singleResource(7, 'string', 'U'),
    ]),
  ]);
  assert.ok(file.ok);
  const pair = await Pair.open({ client: { servers: [], smartcard: { read: async () => file.value } } });
  // The server has it registered with what is on the card, and reads there what the card said.
  assert.equal(pair.server.registration(reference)!.lifetime, 77);
  const read = await pair.until(pair.server.read(reference, lwm2mPath(1, 0)));
  assert.ok(read.ok && read.value.node.kind === 'object-instance');
  const values = [...read.value.node.resources.values()].map((one) =>
    one.kind === 'resource' ? [one.id, one.value] : [],
  );
  assert.deepEqual(values, [
    [0, 101],
    [1, 77],
    [6, true],
    [7, 'U'],
  ]);
  assert.equal(await pair.close(), 0);
});

/** OMA-TS-LightweightM2M_Core 1.1 appendix E.2: a bootstrap tells the terminal how to register. Our bootstrap server, terminal and server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeValues } from '../../index.ts';
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

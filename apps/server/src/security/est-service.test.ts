import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, type IncomingRequest, type OutgoingResponse } from '@yaolian/coap';
import { MemoryCredentialStore } from '@yaolian/directory/testing';
import { emptyBytes, failure, silentLog, success } from '@yaolian/kernel';
import { nodeClock, nodeRandom } from '@yaolian/node-runtime';
import { secretDigest } from '@yaolian/storage';
import { BootstrapKeys } from './bootstrap-keys.ts';
import { EstService } from './est-service.ts';

test('at the bound of certificates that are being made the answer is 5.03, and there is room again afterwards', async () => {
  const store = new MemoryCredentialStore();
  const key = new Uint8Array(16);
  const credential = {
    id: '1',
    endpoint: 'a',
    purpose: 'any',
    proof: { kind: 'psk', identity: 'me' },
    createdAt: 0,
  } as const;
  await store.addCredential(credential, key);
  const waiting: ((answer: Uint8Array | undefined) => void)[] = [];
  const common = { store, digest: secretDigest, log: silentLog };
  const own = () => assert.fail('nobody asks what the platform shows');
  const est = new EstService({
    ...common,
    keys: new BootstrapKeys({ ...common, clock: nodeClock, random: nodeRandom, own }),
    maximumUnderWay: 2,
    authority: {
      certificate: emptyBytes,
      issue: () =>
        new Promise((resolve) =>
          waiting.push((answer) => resolve(answer ? success(answer) : failure('it is no PKCS #10 request'))),
        ),
    },
  });
  const { handler } = est.mounts().find(({ path }) => path.at(-1) === 'sen')!;
  const ask = () => {
    const peer = { identity: { kind: 'psk', identity: 'me' } };
    const request = { method: Code.POST, contentFormat: 286, payload: emptyBytes, peer };
    return handler(request as unknown as IncomingRequest) as Promise<OutgoingResponse>;
  };
  const turns = () => new Promise((resolve) => setImmediate(resolve));
  const [first, second] = [ask(), ask()];
  await turns();
  assert.equal(waiting.length, 2);
  const third = await ask();
  assert.deepEqual([third.code, third.maxAge], [Code.ServiceUnavailable, 5000]);
  waiting.shift()!(Uint8Array.of(1));
  waiting.shift()!(undefined);
  assert.deepEqual([(await first).code, (await second).code], [Code.Changed, Code.BadRequest]);
  const fourth = ask();
  await turns();
  waiting.shift()!(Uint8Array.of(2));
  assert.equal((await fourth).code, Code.Changed);
  const issued = (await store.credentials({ endpoint: 'a', limit: 10 })).filter((one) => one.issued);
  assert.deepEqual(
    issued.map(({ proof }) => proof.kind),
    ['certificate', 'certificate'],
  );
});

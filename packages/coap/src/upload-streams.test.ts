import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { createWorld, type World } from '../test/world.ts';
import { blockOption } from './block-option.ts';
import { Code } from './codes.ts';
import { OptionNumber } from './options.ts';
import { fetchBlock, isFetchedBlock, requestedBlock, sendBody } from './streamed-body.ts';
import type { UploadSink } from './upload-sink.ts';

const body = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);

/** Keeps what comes, to compare. */
class Kept implements UploadSink {
  bytes: number[] = [];
  largest = 0;
  aborted = 0;
  refuseAt = Number.POSITIVE_INFINITY;

  async write(bytes: Uint8Array, offset: number) {
    assert.equal(offset, this.bytes.length);
    if (offset >= this.refuseAt) return { code: Code.RequestEntityTooLarge, payload: encodeUtf8('full') } as const;
    this.bytes.push(...bytes);
    this.largest = Math.max(this.largest, bytes.length);
    return undefined;
  }

  finish(length: number) {
    assert.equal(length, this.bytes.length);
    return { code: Code.Changed } as const;
  }

  abort() {
    this.aborted++;
  }
}

function push({ client, serverPeer, time }: World, length: number) {
  const whole = body(length);
  const source = { length, read: (offset: number, count: number) => whole.subarray(offset, offset + count) };
  const ask = (request: Parameters<typeof client.request>[1]) => client.request(serverPeer, request);
  return time.until(sendBody(ask, { method: Code.PUT, path: '5/0/0' }, source), seconds(600));
}

for (const loss of [0, 0.2]) {
  test(`a body far beyond maximumBodyBytes goes to its sink block by block, ${loss * 100} % lost`, async () => {
    const world = createWorld({ server: { bounds: { maximumBodyBytes: 2048 } }, conditions: { loss } });
    const sink = new Kept();
    let announced: number | undefined;
    world.server.handleUploads((request, size) => {
      announced = size;
      return request.path[0] === '5' ? sink : undefined;
    });
    assert.equal((await push(world, 100_000)).code, Code.Changed);
    assert.deepEqual(Uint8Array.from(sink.bytes), body(100_000));
    assert.deepEqual([announced, sink.largest, sink.aborted], [100_000, 1024, 0]);
  });
}

test('the sink refuses in the middle, and that is the answer', async () => {
  const world = createWorld();
  const sink = new Kept();
  sink.refuseAt = 4096;
  world.server.handleUploads(() => sink);
  assert.equal((await push(world, 10_000)).code, Code.RequestEntityTooLarge);
  assert.equal(sink.bytes.length, 4096);
});

test('an upload that pauses for too long, and one that leaves a hole, are given up', async () => {
  const world = createWorld();
  const sinks: Kept[] = [];
  world.server.handleUploads(() => {
    const sink = new Kept();
    sinks.push(sink);
    return sink;
  });
  const { client, serverPeer, time } = world;
  const send = (number: number) => {
    const block = blockOption(OptionNumber.Block1, { number, more: true, size: 64 });
    const request = { method: Code.PUT, path: '5/0/0', options: [block], payload: body(64) };
    return time.until(client.request(serverPeer, request), seconds(10));
  };
  assert.equal((await send(0)).code, Code.Continue);
  assert.equal((await send(2)).code, Code.RequestEntityIncomplete);
  assert.equal(sinks[0]!.aborted, 1);
  assert.equal((await send(0)).code, Code.Continue);
  await time.advance(seconds(300));
  assert.equal(sinks[1]!.aborted, 1);
  assert.equal((await send(1)).code, Code.RequestEntityIncomplete);
  await client.close();
  await world.server.close();
  assert.equal(time.pending, 0);
});

test('a router that has no sink leaves the body to the handler; a refusal is the answer', async () => {
  const world = createWorld();
  world.server.handle(({ payload }) => ({ code: Code.Changed, payload: payload.subarray(0, 1) }));
  world.server.handleUploads(() => undefined);
  assert.deepEqual((await push(world, 3000)).payload, body(1));
  world.server.handleUploads(() => ({ code: Code.MethodNotAllowed }));
  assert.equal((await push(world, 3000)).code, Code.MethodNotAllowed);
});

test('a handler that cuts blocks itself serves a body from anywhere, a block at a time', async () => {
  const { client, server, serverPeer, time } = createWorld({ conditions: { loss: 0.1 } });
  const whole = body(5000);
  server.handle((request) => {
    const block = requestedBlock(request)!;
    const start = block.number * block.size;
    const more = start + block.size < whole.length;
    const options = [blockOption(OptionNumber.Block2, { ...block, more })];
    return { code: Code.Content, etag: Uint8Array.of(1), options, payload: whole.subarray(start, start + block.size) };
  });
  const got: number[] = [];
  for (let more = true; more; ) {
    const ask = (request: Parameters<typeof client.request>[1]) => client.request(serverPeer, request);
    const answer = await time.until(fetchBlock(ask, { method: Code.GET, path: 'fw/1' }, got.length, 512), seconds(90));
    assert.ok(isFetchedBlock(answer));
    got.push(...answer.bytes);
    more = answer.more;
  }
  assert.deepEqual(Uint8Array.from(got), whole);
  // The endpoint's own block-wise client agrees.
  const response = await time.until(client.request(serverPeer, { method: Code.GET, path: 'fw/1' }), seconds(90));
  assert.deepEqual(response.payload, whole);
});

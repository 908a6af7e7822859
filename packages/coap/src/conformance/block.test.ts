import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, encodeUtf8, seconds } from '@yaolian/kernel';
import { type AnyWorld, createAnyWorld, type Transport, transports } from '../../test/stream-world.ts';
import { blockOf, blockOption } from '../block-option.ts';
import { Code } from '../codes.ts';
import { ContentFormat } from '../content-format.ts';
import type { OutgoingRequest, OutgoingResponse } from '../exchange.ts';
import { OptionNumber } from '../options.ts';
import { ResourceTree } from '../resource-tree.ts';

// The ETSI CoAP plugtest cases on RFC 7959: `/large` (1280 bytes and more), `/large-update`, `/large-create`, `/query`.

const large = encodeUtf8(Array.from({ length: 1700 }, (_, i) => String.fromCharCode(97 + (i % 26))).join(''));

type BlockSizes = { client?: 64 | 1024; server?: 64 | 1024 };

function plugtestOver(transport: Transport, blockSizes: BlockSizes): AnyWorld & { stored: Uint8Array[] } {
  const world = createAnyWorld(transport, {
    client: { blockSize: blockSizes.client ?? 1024 },
    server: { blockSize: blockSizes.server ?? 64 },
  });
  const stored: Uint8Array[] = [];
  const tree = new ResourceTree();
  tree.add('/large', { get: () => ({ code: Code.Content, contentFormat: ContentFormat.Text, payload: large }) });
  const store = (payload: Uint8Array, answer: OutgoingResponse) => {
    stored.push(payload);
    return answer;
  };
  tree.add('/large-update', { put: ({ payload }) => store(payload, { code: Code.Changed }) });
  tree.add('/large-create', {
    post: ({ payload }) => store(payload, { code: Code.Created, locationPath: ['large-create', '1'] }),
  });
  tree.add('/large-post', { post: ({ payload }) => ({ code: Code.Changed, payload: payload.toReversed() }) });
  world.server.handle(tree.handle);
  return { ...world, stored };
}

async function ask(world: AnyWorld, request: OutgoingRequest) {
  return world.time.until(world.client.request(world.serverPeer, request), seconds(600));
}

function asked(world: AnyWorld, number: 23 | 27): string[] {
  return world.sent
    .filter(({ from }) => from === 'client')
    .map(({ message }) => blockOf(message, number))
    .map((block) => (block === undefined ? '-' : `${block.number}/${block.more ? 1 : 0}/${block.size}`));
}

for (const transport of transports) {
  const plugtest = (blockSizes: BlockSizes = {}) => plugtestOver(transport, blockSizes);

  describe(`ETSI CoAP plugtests over ${transport}: block`, () => {
    it('TD_COAP_BLOCK_01: handle GET blockwise transfer for large resource (early negotiation)', async () => {
      const world = plugtest({ client: 64, server: 1024 });
      assert.deepEqual((await ask(world, { method: Code.GET, path: '/large' })).payload, large);
      assert.deepEqual(asked(world, OptionNumber.Block2).slice(0, 3), ['0/0/64', '1/0/64', '2/0/64']);
      assert.equal(world.sent.length, 2 * Math.ceil(1700 / 64));
    });

    it('TD_COAP_BLOCK_02: handle GET blockwise transfer for large resource (late negotiation)', async () => {
      const world = plugtest();
      assert.deepEqual((await ask(world, { method: Code.GET, path: '/large' })).payload, large);
      assert.deepEqual(asked(world, OptionNumber.Block2).slice(0, 3), ['-', '1/0/64', '2/0/64']);
    });

    it('TD_COAP_BLOCK_03: handle PUT blockwise transfer for large resource', async () => {
      const world = plugtest();
      const put = { method: Code.PUT, path: '/large-update', payload: large };
      assert.equal((await ask(world, put)).code, Code.Changed);
      assert.deepEqual(world.stored, [large]);
      assert.deepEqual(asked(world, OptionNumber.Block1).slice(0, 3), ['0/1/1024', '16/1/64', '17/1/64']);
    });

    it('TD_COAP_BLOCK_04: handle POST blockwise transfer for creating large resource', async () => {
      const world = plugtest();
      const created = await ask(world, { method: Code.POST, path: '/large-create', payload: large });
      assert.equal(created.code, Code.Created);
      assert.deepEqual(created.locationPath, ['large-create', '1']);
      assert.deepEqual(world.stored, [large]);
    });

    it('TD_COAP_BLOCK_05: handle POST with two-way blockwise transfer', async () => {
      const world = plugtest({ client: 64 });
      const response = await ask(world, { method: Code.POST, path: '/large-post', payload: large });
      assert.equal(response.code, Code.Changed);
      assert.deepEqual(response.payload, large.toReversed());
    });

    it('TD_COAP_BLOCK_06: handle GET blockwise transfer for large resource (early negotiation, random access)', async () => {
      const world = plugtest();
      const options = [blockOption(OptionNumber.Block2, { number: 5, more: false, size: 16 })];
      const response = await ask(world, { method: Code.GET, path: '/large', options });
      assert.equal(decodeUtf8(response.payload), decodeUtf8(large.subarray(80, 96)));
      assert.equal(world.sent.length, 2);
    });
  });
}

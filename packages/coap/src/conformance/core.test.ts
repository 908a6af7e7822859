import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, encodeUtf8, milliseconds, seconds } from '@yaolian/kernel';
import {
  type AnyWorld,
  createAnyWorld,
  StreamPeerScript,
  type StreamWorld,
  type Transport,
  transports,
} from '../../test/stream-world.ts';
import { LockstepPeer, peerOf, serverHost, transcript, type World, type WorldOptions } from '../../test/world.ts';
import { Code } from '../codes.ts';
import { ContentFormat } from '../content-format.ts';
import type { IncomingResponse, OutgoingRequest, OutgoingResponse } from '../exchange.ts';
import { type Message, MessageType } from '../message.ts';
import { findTexts, textOption } from '../option-values.ts';
import { type Option, OptionNumber } from '../options.ts';
import { ResourceTree } from '../resource-tree.ts';
import { SignalCode } from '../stream/signaling.ts';

// The ETSI CoAP plugtest cases on RFC 7252, with the resources that their configuration asks of a server.

const text = (payload: string): OutgoingResponse => ({
  code: Code.Content,
  contentFormat: ContentFormat.Text,
  payload: encodeUtf8(payload),
});

function plugtestServer(world: AnyWorld): { readonly received: string[] } {
  const { time, server } = world;
  const received: string[] = [];
  const tree = new ResourceTree();
  const note = (what: string, payload: Uint8Array) => received.push(`${what} ${decodeUtf8(payload)}`);
  tree.add('/test', {
    get: () => text('test'),
    put: ({ payload }) => {
      note('PUT', payload);
      return { code: Code.Changed };
    },
    post: ({ payload }) => {
      note('POST', payload);
      return { code: Code.Created, locationPath: ['location1', 'location2'] };
    },
    delete: () => {
      received.push('DELETE');
      return { code: Code.Deleted };
    },
  });
  tree.add('/separate', {
    get: async () => {
      await new Promise<void>((resolve) => time.schedule(seconds(2), resolve));
      return text('separate');
    },
  });
  tree.add('/seg1/seg2/seg3', { get: () => text('segments') });
  tree.add('/query', { get: ({ query }) => text(query.join(' ')) });
  tree.add('/location-query', {
    post: () => ({ code: Code.Created, locationQuery: ['first=1', 'second=2'] }),
  });
  tree.add('/multi-format', {
    ct: [ContentFormat.Text, ContentFormat.Xml],
    get: ({ accept }) =>
      accept === ContentFormat.Xml
        ? { code: Code.Content, contentFormat: ContentFormat.Xml, payload: encodeUtf8('<test/>') }
        : text('test'),
  });
  let version = 1;
  tree.add('/validate', {
    etag: () => Uint8Array.of(version),
    get: () => text(`version ${version}`),
    put: ({ payload }) => {
      version++;
      note('PUT', payload);
      return { code: Code.Changed };
    },
  });
  let created = false;
  tree.add('/create1', {
    exists: () => created,
    put: ({ payload }) => {
      created = true;
      note('PUT', payload);
      return { code: Code.Created };
    },
  });
  server.handle(tree.handle);
  return { received };
}

function ask(world: AnyWorld, request: OutgoingRequest): Promise<IncomingResponse> {
  return world.time.until(world.client.request(world.serverPeer, request), seconds(300));
}

function textOf(response: IncomingResponse): string {
  return decodeUtf8(response.payload)!;
}

function plugtestOver(transport: Transport, datagrams?: WorldOptions): AnyWorld & { readonly received: string[] } {
  const world = createAnyWorld(transport, datagrams === undefined ? {} : { datagrams });
  return { ...world, ...plugtestServer(world) };
}

const exchanges = [
  ['01', 'GET', Code.GET, Code.Content, true],
  ['02', 'DELETE', Code.DELETE, Code.Deleted, true],
  ['03', 'PUT', Code.PUT, Code.Changed, true],
  ['04', 'POST', Code.POST, Code.Created, true],
  ['05', 'GET', Code.GET, Code.Content, false],
  ['06', 'DELETE', Code.DELETE, Code.Deleted, false],
  ['07', 'PUT', Code.PUT, Code.Changed, false],
  ['08', 'POST', Code.POST, Code.Created, false],
] as const;

/** A GET without a token, by a client that is none of ours. */
async function askDatagram(world: AnyWorld, options: readonly Option[]): Promise<Message> {
  const client = new LockstepPeer(world as unknown as World, '192.0.2.8', peerOf(serverHost));
  client.send({ code: Code.GET, messageId: 12, options });
  const answer = await client.receive();
  assert.deepEqual([answer.type, answer.messageId], [MessageType.ACK, 12]);
  return answer;
}

async function askStream(world: AnyWorld, options: readonly Option[]): Promise<Message> {
  const client = await StreamPeerScript.connect(world as StreamWorld);
  client.sendMessage(SignalCode.Csm);
  client.sendMessage(Code.GET, { options });
  return (await client.receive())[0]!;
}

for (const transport of transports) {
  const plugtest = (options?: WorldOptions) => plugtestOver(transport, options);
  // Over streams there are no types and message IDs (RFC 8323 §2): every message is as good as confirmed.
  const isUdp = transport === 'udp';

  describe(`ETSI CoAP plugtests over ${transport}: core`, () => {
    for (const [id, name, method, expected, confirmable] of exchanges) {
      it(`TD_COAP_CORE_${id}: perform ${name} transaction (${confirmable ? 'CON' : 'NON'} mode)`, async () => {
        const world = plugtest();
        const carries = method === Code.PUT || method === Code.POST;
        const payload = carries ? { payload: encodeUtf8('data'), contentFormat: ContentFormat.Text } : {};
        const response = await ask(world, { method, path: '/test', confirmable, ...payload });
        assert.equal(response.code, expected);
        const [request, answer] = world.sent;
        assert.equal(world.sent.length, 2);
        if (isUdp) {
          assert.equal(request!.message.type, confirmable ? MessageType.CON : MessageType.NON);
          assert.equal(answer!.message.type, confirmable ? MessageType.ACK : MessageType.NON);
          assert.equal(answer!.message.messageId === request!.message.messageId, confirmable);
        }
        assert.deepEqual(answer!.message.token, request!.message.token);
        if (method === Code.GET) assert.equal(textOf(response), 'test');
        else assert.deepEqual(world.received, [carries ? `${name} data` : name]);
      });
    }

    it('TD_COAP_CORE_09: perform GET transaction with separate response (CON mode, no piggyback)', async () => {
      const world = plugtest();
      assert.equal(textOf(await ask(world, { method: Code.GET, path: '/separate' })), 'separate');
      await world.time.advance(milliseconds(10));
      const expected = ['client CON 0.01', 'server ACK 0.00', 'server CON 2.05', 'client ACK 0.00'];
      if (isUdp) assert.deepEqual(transcript(world.sent), expected);
      else assert.equal(world.sent.length, 2);
    });

    it('TD_COAP_CORE_10: perform GET transaction containing non-empty Token (CON mode)', async () => {
      const world = plugtest();
      await ask(world, { method: Code.GET, path: '/test' });
      const [request, answer] = world.sent;
      assert.ok(request!.message.token.length >= 1 && request!.message.token.length <= 8);
      assert.deepEqual(answer!.message.token, request!.message.token);
    });

    it('TD_COAP_CORE_11: perform GET transaction containing non-empty Token with a separate response (CON mode)', async () => {
      const world = plugtest();
      await ask(world, { method: Code.GET, path: '/separate' });
      const [request, ...answers] = world.sent;
      const [ack, answer] = isUdp ? answers : [undefined, ...answers];
      assert.equal(ack?.message.token.length ?? 0, 0);
      assert.deepEqual(answer!.message.token, request!.message.token);
      assert.ok(request!.message.token.length >= 1);
    });

    it('TD_COAP_CORE_12: perform GET transaction using empty Token (CON mode)', async () => {
      const world = plugtest();
      const options = [textOption(OptionNumber.UriPath, 'test')];
      const answer = isUdp ? await askDatagram(world, options) : await askStream(world, options);
      assert.equal(answer.code, Code.Content);
      assert.equal(answer.token.length, 0);
      assert.equal(decodeUtf8(answer.payload), 'test');
    });

    it('TD_COAP_CORE_13: perform GET transaction containing several Uri-Path options (CON mode)', async () => {
      const world = plugtest();
      assert.equal(textOf(await ask(world, { method: Code.GET, path: '/seg1/seg2/seg3' })), 'segments');
      assert.deepEqual(findTexts(world.sent[0]!.message.options, OptionNumber.UriPath), ['seg1', 'seg2', 'seg3']);
    });

    it('TD_COAP_CORE_14: perform GET transaction containing several Uri-Query options (CON mode)', async () => {
      const world = plugtest();
      const query = ['first=1', 'second=2', 'third=3'];
      assert.equal(textOf(await ask(world, { method: Code.GET, path: '/query', query })), query.join(' '));
      assert.deepEqual(findTexts(world.sent[0]!.message.options, OptionNumber.UriQuery), query);
    });

    it('TD_COAP_CORE_15: perform GET transaction (CON mode, piggybacked response) in a lossy context', async () => {
      for (let seed = 1; seed <= 10; seed++) {
        const world = plugtest({ seed, conditions: { loss: 0.2 } });
        assert.equal(textOf(await ask(world, { method: Code.GET, path: '/test' })), 'test');
      }
    });

    it('TD_COAP_CORE_16: perform GET transaction (CON mode, delayed response) in a lossy context', async () => {
      for (let seed = 1; seed <= 10; seed++) {
        const world = plugtest({ seed, conditions: { loss: 0.2 } });
        assert.equal(textOf(await ask(world, { method: Code.GET, path: '/separate' })), 'separate');
      }
    });

    it('TD_COAP_CORE_17: perform GET transaction with a separate response (NON mode)', async () => {
      const world = plugtest();
      const request = { method: Code.GET, path: '/separate', confirmable: false };
      assert.equal(textOf(await ask(world, request)), 'separate');
      if (isUdp) assert.deepEqual(transcript(world.sent), ['client NON 0.01', 'server NON 2.05']);
      else assert.equal(world.sent.length, 2);
    });

    it('TD_COAP_CORE_18: perform POST transaction with responses containing several Location-Path options (CON mode)', async () => {
      const world = plugtest();
      const response = await ask(world, { method: Code.POST, path: '/test', payload: encodeUtf8('x') });
      assert.equal(response.code, Code.Created);
      assert.deepEqual(response.locationPath, ['location1', 'location2']);
    });

    it('TD_COAP_CORE_19: perform POST transaction with responses containing several Location-Query options (CON mode)', async () => {
      const world = plugtest();
      const response = await ask(world, { method: Code.POST, path: '/location-query', payload: encodeUtf8('x') });
      assert.equal(response.code, Code.Created);
      assert.deepEqual(response.locationQuery, ['first=1', 'second=2']);
    });

    it('TD_COAP_CORE_20: perform GET transaction containing the Accept option (CON mode)', async () => {
      const world = plugtest();
      const plain = await ask(world, { method: Code.GET, path: '/multi-format', accept: ContentFormat.Text });
      assert.deepEqual([plain.code, plain.contentFormat, textOf(plain)], [Code.Content, ContentFormat.Text, 'test']);
      const xml = await ask(world, { method: Code.GET, path: '/multi-format', accept: ContentFormat.Xml });
      assert.deepEqual([xml.code, xml.contentFormat, textOf(xml)], [Code.Content, ContentFormat.Xml, '<test/>']);
      const other = await ask(world, { method: Code.GET, path: '/multi-format', accept: ContentFormat.Cbor });
      assert.equal(other.code, Code.NotAcceptable);
    });

    it('TD_COAP_CORE_21: perform GET transaction containing the ETag option (CON mode)', async () => {
      const world = plugtest();
      const first = await ask(world, { method: Code.GET, path: '/validate' });
      assert.equal(textOf(first), 'version 1');
      const etags = [first.etag!];
      const second = await ask(world, { method: Code.GET, path: '/validate', etags });
      assert.deepEqual([second.code, second.etag, second.payload.length], [Code.Valid, first.etag, 0]);
      await ask(world, { method: Code.PUT, path: '/validate', payload: encodeUtf8('new') });
      const third = await ask(world, { method: Code.GET, path: '/validate', etags });
      assert.deepEqual([third.code, textOf(third)], [Code.Content, 'version 2']);
      assert.notDeepEqual(third.etag, first.etag);
    });

    it('TD_COAP_CORE_22: perform GET transaction with responses containing the ETag option and requests containing the If-Match option (CON mode)', async () => {
      const world = plugtest();
      const { etag } = await ask(world, { method: Code.GET, path: '/validate' });
      const put = { method: Code.PUT, path: '/validate', ifMatch: [etag!], payload: encodeUtf8('new') };
      assert.equal((await ask(world, put)).code, Code.Changed);
      assert.equal((await ask(world, put)).code, Code.PreconditionFailed);
      assert.deepEqual(world.received, ['PUT new']);
    });

    it('TD_COAP_CORE_23: perform PUT transaction containing the If-None-Match option (CON mode)', async () => {
      const world = plugtest();
      const put = { method: Code.PUT, path: '/create1', ifNoneMatch: true, payload: encodeUtf8('new') };
      assert.equal((await ask(world, put)).code, Code.Created);
      assert.equal((await ask(world, put)).code, Code.PreconditionFailed);
      assert.deepEqual(world.received, ['PUT new']);
    });
  });
}

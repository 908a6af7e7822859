import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { createWorld, peerOf, text, type World } from '../test/world.ts';
import { Code } from './codes.ts';
import type { IncomingResponse, OutgoingRequest, OutgoingResponse } from './exchange.ts';
import { decodeLinks } from './link-format.ts';
import { ResourceTree } from './resource-tree.ts';

function content(payload: string): OutgoingResponse {
  return { code: Code.Content, contentFormat: 0, payload: text(payload) };
}

function textOf(response: IncomingResponse | undefined): string | undefined {
  return response && decodeUtf8(response.payload);
}

function ask({ time, client, serverPeer }: World, request: OutgoingRequest): Promise<IncomingResponse> {
  return time.until(client.request(serverPeer, request), minutes(5));
}

describe('a resource tree behind an endpoint', () => {
  it('answers with everything that a stranger expects', async () => {
    const world = createWorld();
    const tree = new ResourceTree();
    const etag = Uint8Array.of(7);
    let stored = 'first';
    tree.add('/store', {
      ct: 0,
      accepts: [0],
      etag: () => etag,
      get: () => content(stored),
      put: (request) => {
        stored = decodeUtf8(request.payload)!;
        return { code: Code.Changed };
      },
    });
    world.server.handle(tree.handle);
    const get = { method: Code.GET, path: 'store' };
    const put = { method: Code.PUT, path: 'store', payload: text('second') };
    assert.equal(textOf(await ask(world, get)), 'first');
    assert.equal((await ask(world, { ...get, etags: [etag] })).code, Code.Valid);
    assert.equal((await ask(world, { ...get, accept: 50 })).code, Code.NotAcceptable);
    assert.equal((await ask(world, { ...put, contentFormat: 50 })).code, Code.UnsupportedContentFormat);
    assert.equal((await ask(world, { ...put, ifNoneMatch: true })).code, Code.PreconditionFailed);
    assert.equal((await ask(world, { ...put, ifMatch: [Uint8Array.of(1)] })).code, Code.PreconditionFailed);
    assert.equal((await ask(world, { ...put, ifMatch: [etag] })).code, Code.Changed);
    assert.equal(textOf(await ask(world, get)), 'second');
    assert.equal((await ask(world, { ...get, path: 'nowhere' })).code, Code.NotFound);
    assert.equal((await ask(world, { ...get, method: Code.POST })).code, Code.MethodNotAllowed);
  });

  it('makes no list of options for a request without conditions', async () => {
    const world = createWorld();
    const tree = new ResourceTree();
    tree.add('/plain', { etag: () => Uint8Array.of(1), get: () => content('x') });
    const conditional: (boolean | undefined)[] = [];
    world.server.handle((request) => {
      conditional.push(request.conditional);
      if (request.conditional) return tree.handle(request);
      const refuse = { get: () => assert.fail('the options were looked at') };
      return tree.handle(Object.defineProperty(request, 'options', refuse));
    });
    const get = { method: Code.GET, path: '/plain', query: ['a=1'], accept: 0 };
    assert.equal((await ask(world, get)).code, Code.Content);
    assert.equal((await ask(world, { ...get, etags: [Uint8Array.of(1)] })).code, Code.Valid);
    assert.equal((await ask(world, { ...get, ifMatch: [Uint8Array.of(2)] })).code, Code.PreconditionFailed);
    assert.equal((await ask(world, { ...get, ifNoneMatch: true })).code, Code.PreconditionFailed);
    assert.deepEqual(conditional, [false, true, true, true]);
  });

  it('describes thousands of resources, in blocks', async () => {
    const world = createWorld();
    const tree = new ResourceTree();
    for (let index = 0; index < 2_000; index++) tree.add(['sensors', String(index)], { rt: 'sensor' });
    world.server.handle(tree.handle);
    const response = await ask(world, { method: Code.GET, path: '/.well-known/core' });
    const links = decodeLinks(response.payload, { maximumLength: 1 << 20 });
    assert.equal(links.ok && links.value.length, 2_000);
    const query = ['href=/sensors/1999'];
    assert.equal(
      textOf(await ask(world, { method: Code.GET, path: '/.well-known/core', query })),
      '</sensors/1999>;rt="sensor"',
    );
  });

  for (const loss of [0, 0.2]) {
    it(`keeps observers up to date over ${loss * 100} % loss, until it goes`, async () => {
      const world = createWorld({ conditions: { loss }, seed: 7 });
      const tree = new ResourceTree();
      let state = 0;
      const resource = tree.add('/state', { obs: true, get: () => content(String(state)) });
      world.server.handle(tree.handle);
      const seen: (string | undefined)[] = [];
      const ended: string[] = [];
      const listener = {
        onNotification: (response: IncomingResponse) => void seen.push(textOf(response)),
        onEnded: (reason: string) => void ended.push(reason),
      };
      const request = { method: Code.GET, path: 'state' };
      await world.time.until(world.client.observe(world.serverPeer, request, listener), minutes(5));
      assert.equal(resource.observerCount, 1);
      for (state = 1; state <= 5; state++) {
        resource.changed({ confirmable: true });
        await world.time.advance(minutes(2));
      }
      assert.equal(seen.at(-1), '5');
      if (loss === 0) assert.deepEqual(seen, ['1', '2', '3', '4', '5']);
      resource.remove();
      await world.time.advance(minutes(2));
      assert.equal(ended.length, 1);
      assert.equal(resource.observerCount, 0);
    });
  }

  it('forgets an observer that cancels, and one that is gone', async () => {
    const world = createWorld();
    const tree = new ResourceTree();
    const resource = tree.add('/state', { obs: true, get: () => content('x') });
    world.server.handle(tree.handle);
    const { time, client, serverPeer } = world;
    const observe = () =>
      time.until(client.observe(serverPeer, { method: Code.GET, path: 'state' }, { onNotification() {} }), seconds(30));
    const { observation } = await observe();
    await time.until(observation!.cancel(), seconds(30));
    assert.equal(resource.observerCount, 0);
    await observe();
    assert.equal(resource.observerCount, 1);
    await client.close();
    resource.changed({ confirmable: true });
    await time.advance(minutes(5));
    assert.equal(resource.observerCount, 0);
  });

  // RFC 7252 §8, RFC 6690 §4.1
  it('is discovered by a group request, and is silent when it has nothing that fits', async () => {
    const world = createWorld();
    const { time, client, network } = world;
    const group = peerOf('224.0.1.187');
    for (const [index, rt] of ['lamp', 'lamp', 'door'].entries()) {
      const host = `192.0.2.${10 + index}`;
      const port = network.port(host, 5683);
      port.joinGroup('224.0.1.187');
      const endpoint = world.open(`192.0.2.${20 + index}`, { port });
      const tree = new ResourceTree();
      tree.add(`/${rt}`, { rt, get: () => content(host) });
      endpoint.handle(tree.handle);
    }
    const discover = async (query: readonly string[]) => {
      const request = { method: Code.GET, path: '/.well-known/core', query };
      const responses = await time.until(client.requestGroup(group, request), minutes(1));
      return responses.map((response) => `${response.peer.address.host} ${textOf(response)}`).toSorted();
    };
    assert.equal((await discover([])).length, 3);
    await time.advance(milliseconds(1));
    assert.deepEqual(await discover(['rt=lamp']), ['192.0.2.10 </lamp>;rt="lamp"', '192.0.2.11 </lamp>;rt="lamp"']);
    const request = { method: Code.GET, path: '/door' };
    assert.deepEqual(await time.until(client.requestGroup(group, request), minutes(1)), []);
  });
});

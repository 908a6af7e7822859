import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, encodeUtf8, milliseconds, seconds } from '@yaolian/kernel';
import {
  type AnyWorld,
  createAnyWorld,
  type StreamWorld,
  type Transport,
  transports,
} from '../../test/stream-world.ts';
import type { WorldOptions } from '../../test/world.ts';
import { Code } from '../codes.ts';
import { ContentFormat } from '../content-format.ts';
import type { Observation, OutgoingRequest } from '../exchange.ts';
import { MessageType } from '../message.ts';
import { findUint } from '../option-values.ts';
import { OptionNumber } from '../options.ts';
import { ResourceTree } from '../resource-tree.ts';

// The ETSI CoAP plugtest cases on RFC 7641: `/obs` changes periodically, and can be written and deleted.

interface Observed extends AnyWorld {
  readonly seen: string[];
  readonly ended: string[];
  readonly observation: Observation;
  readonly stale: () => number;
  /** One more state, told to observers. */
  change(value: string, format?: number): void;
  remove(): void;
  observers(): number;
  ask(request: OutgoingRequest): Promise<number>;
}

async function observingOver(transport: Transport, confirmable: boolean, datagrams?: WorldOptions): Promise<Observed> {
  const world = createAnyWorld(transport, datagrams === undefined ? {} : { datagrams });
  const tree = new ResourceTree();
  let state = { value: 'first', format: ContentFormat.Text as number };
  const added = tree.add('/obs', {
    obs: true,
    get: () => ({
      code: Code.Content,
      contentFormat: state.format,
      maxAge: seconds(5),
      payload: encodeUtf8(state.value),
    }),
    put: ({ payload, contentFormat }) => {
      state = { value: decodeUtf8(payload)!, format: contentFormat ?? state.format };
      added.changed({ confirmable });
      return { code: Code.Changed };
    },
    delete: () => {
      added.remove();
      return { code: Code.Deleted };
    },
  });
  world.server.handle(tree.handle);
  const seen: string[] = [];
  const ended: string[] = [];
  let stale = 0;
  const request = { method: Code.GET, path: '/obs', confirmable };
  const listener = {
    onNotification: (response: { payload: Uint8Array }) => seen.push(decodeUtf8(response.payload)!),
    onEnded: (reason: string) => ended.push(reason),
    onStale: () => {
      stale++;
    },
  };
  const { observation } = await world.time.until(
    world.client.observe(world.serverPeer, request, listener),
    seconds(10),
  );
  return {
    ...world,
    seen,
    ended,
    observation: observation!,
    stale: () => stale,
    change: (value, format = state.format) => {
      state = { value, format };
      added.changed({ confirmable });
    },
    remove: () => added.remove(),
    observers: () => added.observerCount,
    ask: async (asked) => (await world.time.until(world.client.request(world.serverPeer, asked), seconds(10))).code,
  };
}

for (const transport of transports) {
  const observing = (confirmable: boolean, options?: WorldOptions) => observingOver(transport, confirmable, options);
  // Over streams there are no types (RFC 8323 §2).
  const isUdp = transport === 'udp';

  describe(`ETSI CoAP plugtests over ${transport}: observe`, () => {
    it('TD_COAP_OBS_01: handle resource observation with CON messages', async () => {
      const observed = await observing(true);
      for (const value of ['second', 'third']) {
        observed.change(value);
        await observed.time.advance(seconds(5));
      }
      assert.deepEqual(observed.seen, ['second', 'third']);
      const [request, answer, ...rest] = observed.sent.map(({ message }) => message);
      assert.equal(findUint(request!.options, OptionNumber.Observe), 0);
      const notifications = rest.filter(({ type }) => type === MessageType.CON);
      assert.equal(notifications.length, 2);
      if (isUdp) assert.equal(rest.filter(({ type }) => type === MessageType.ACK).length, 2);
      const sequences = [answer!, ...notifications].map(({ options }) => findUint(options, OptionNumber.Observe)!);
      assert.ok(sequences[0]! < sequences[1]! && sequences[1]! < sequences[2]!);
      assert.ok(notifications.every(({ token }) => Buffer.from(token).equals(request!.token)));
    });

    it('TD_COAP_OBS_02: handle resource observation with NON messages', async () => {
      const observed = await observing(false);
      for (const value of ['second', 'third']) {
        observed.change(value);
        await observed.time.advance(seconds(5));
      }
      assert.deepEqual(observed.seen, ['second', 'third']);
      if (isUdp) assert.ok(observed.sent.every(({ message }) => message.type === MessageType.NON));
    });

    it('TD_COAP_OBS_03: stop resource observation', async () => {
      const observed = await observing(true);
      observed.change('second');
      await observed.time.advance(seconds(5));
      const answer = await observed.time.until(observed.observation.cancel(), seconds(5));
      assert.equal(answer.code, Code.Content);
      assert.equal(observed.observers(), 0);
      observed.change('third');
      await observed.time.advance(seconds(5));
      assert.deepEqual(observed.seen, ['second']);
    });

    it('TD_COAP_OBS_04: client detection of deregistration (Max-Age)', async () => {
      let cut = false;
      const observed = await observing(true, { watch: ({ from }) => (cut && from === 'server' ? 'drop' : undefined) });
      observed.change('second');
      await observed.time.advance(seconds(1));
      cut = true;
      // RFC 8323 §7.4: over streams the observation ends with the connection, and the client hears of that.
      if (!isUdp) (observed as unknown as StreamWorld).streams.cut();
      observed.change('lost');
      await observed.time.advance(seconds(25));
      assert.equal(observed.stale(), 1);
      cut = false;
      const answer = await observed.time.until(observed.observation.refresh(), seconds(300));
      assert.equal(decodeUtf8(answer.payload), 'lost');
      observed.change('third');
      await observed.time.advance(seconds(1));
      assert.equal(observed.seen.at(-1), 'third');
    });

    it('TD_COAP_OBS_05: server detection of deregistration (client OFF)', async () => {
      const observed = await observing(true);
      await observed.time.until(observed.client.close(), seconds(10));
      observed.change('second');
      await observed.time.advance(seconds(100));
      assert.equal(observed.observers(), 0);
    });

    it('TD_COAP_OBS_06: server detection of deregistration (explicit RST)', async () => {
      for (const confirmable of [true, false]) {
        const observed = await observing(confirmable);
        observed.observation.forget();
        observed.change('second');
        await observed.time.advance(seconds(1));
        if (isUdp) assert.equal(observed.sent.at(-1)!.message.type, MessageType.RST);
        assert.equal(observed.observers(), 0);
      }
    });

    it('TD_COAP_OBS_07: server cleans the observers list on DELETE', async () => {
      const observed = await observing(true);
      assert.equal(await observed.ask({ method: Code.DELETE, path: '/obs' }), Code.Deleted);
      await observed.time.advance(seconds(1));
      assert.deepEqual(observed.ended, ['the peer answered 4.04 NotFound']);
      assert.equal(observed.observers(), 0);
      assert.equal(observed.observation.active, false);
    });

    it('TD_COAP_OBS_08: server cleans the observers list when the observed resource changes its Content-Format', async () => {
      const observed = await observing(true);
      const put = { method: Code.PUT, path: '/obs', contentFormat: ContentFormat.Json, payload: encodeUtf8('{}') };
      assert.equal(await observed.ask(put), Code.Changed);
      await observed.time.advance(seconds(1));
      assert.deepEqual(observed.ended, ['the peer answered 4.06 NotAcceptable']);
      assert.equal(observed.observers(), 0);
    });

    it('TD_COAP_OBS_09: update of the observed resource', async () => {
      const observed = await observing(true);
      const put = { method: Code.PUT, path: '/obs', contentFormat: ContentFormat.Text, payload: encodeUtf8('written') };
      assert.equal(await observed.ask(put), Code.Changed);
      await observed.time.advance(milliseconds(100));
      assert.deepEqual(observed.seen, ['written']);
      assert.equal(observed.observers(), 1);
    });

    it('TD_COAP_OBS_10: GET does not cancel resource observation', async () => {
      const observed = await observing(true);
      assert.equal(await observed.ask({ method: Code.GET, path: '/obs' }), Code.Content);
      assert.equal(observed.observers(), 1);
      observed.change('second');
      await observed.time.advance(seconds(1));
      assert.deepEqual(observed.seen, ['second']);
      assert.deepEqual(observed.ended, []);
    });
  });
}

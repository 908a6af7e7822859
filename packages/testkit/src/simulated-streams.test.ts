import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seconds, socketAddress } from '@yaolian/kernel';
import { byteStreamContract, StreamInbox } from './byte-stream-contract.ts';
import { SimulatedStreams, type StreamConditions } from './simulated-streams.ts';
import { VirtualTime } from './virtual-time.ts';

const nobody = socketAddress('192.0.2.9', 5683);

function bench(conditions: StreamConditions, keepsBoundaries: boolean) {
  const time = new VirtualTime();
  const streams = new SimulatedStreams({ timers: time, conditions });
  let port = 5683;
  return {
    open: async () => ({
      listener: streams.listen('192.0.2.1', port++, keepsBoundaries),
      connector: streams.connector('192.0.2.2'),
      nobody,
    }),
    options: { keepsBoundaries, much: 300_000, until: <T>(promise: Promise<T>) => time.until(promise, seconds(100)) },
  };
}

it('simulated streams keep the contract', async (t) => {
  const { open, options } = bench({}, false);
  await byteStreamContract(t, open, options);
});

it('simulated streams that are cut small keep the contract', async (t) => {
  const { open, options } = bench({ segment: 7, window: 1000 }, false);
  await byteStreamContract(t, open, options);
});

it('simulated streams with boundaries keep the contract', async (t) => {
  const { open, options } = bench({ segment: 1 }, true);
  await byteStreamContract(t, open, options);
});

it('cut and silent streams behave as their names say', async () => {
  const time = new VirtualTime();
  const streams = new SimulatedStreams({ timers: time });
  const listener = streams.listen('192.0.2.1', 5683);
  const accepted: StreamInbox[] = [];
  listener.accept((stream) => accepted.push(new StreamInbox(stream)));
  const connect = () => streams.connector('192.0.2.2').connect(listener.localAddress, new AbortController().signal);
  const near = new StreamInbox(await time.until(connect(), seconds(1)));
  await time.advance(seconds(1));
  streams.cut();
  assert.match(String(near.closed?.error), /reset/);
  assert.match(String(accepted[0]!.closed?.error), /reset/);
  assert.equal(streams.size, 0);

  const second = new StreamInbox(await time.until(connect(), seconds(1)));
  await time.advance(seconds(1));
  streams.silent = true;
  second.stream.write(Uint8Array.of(1));
  second.stream.abort();
  await time.advance(seconds(100));
  assert.equal(accepted[1]!.bytes, 0);
  assert.equal(accepted[1]!.closed, undefined);
});

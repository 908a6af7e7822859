/** GB/T 29265.205 §11.6: a channel through the message server that is cut midway. Whoever only waits for bytes learns of it too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Channel, type ChannelListener, Channels } from '@yaolian/igrs/client';
import { seconds } from '@yaolian/kernel';
import { nodeRandom, nodeTimers } from '@yaolian/node-runtime';
import { inTime } from '@yaolian/testkit';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';

const address = `cooler@${domain}`;

/** One side of a channel: what it heard, and why it was closed. */
function ear() {
  const closed = Promise.withResolvers<string | undefined>();
  const heard = Promise.withResolvers<string>();
  const listener: ChannelListener = {
    onData: (data) => heard.resolve(new TextDecoder().decode(data)),
    onClosed: (reason) => closed.resolve(reason),
  };
  return { listener, closed: closed.promise, heard: heard.promise };
}

/** Ann and her device, with room for one channel each. */
async function openHousehold(bench: TestPlatform) {
  const cooler = await TestUser.registerDevice(bench, 'cooler', '1234567');
  const ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(address, '1234567');
  const channelsOf = ({ client }: TestUser) =>
    new Channels({ client, timers: nodeTimers, random: nodeRandom, maximumChannels: 1, checkEvery: seconds(2) });
  const channels = new Map<TestUser, Channels>();
  const of = (one: TestUser) => {
    const known = channels.get(one) ?? channelsOf(one);
    channels.set(one, known);
    return known;
  };
  const open = async (device = cooler, user = ann) => {
    const [hers, its] = [of(user), of(device)];
    const [own, theirs] = [ear(), ear()];
    const offered = Promise.withResolvers<Channel>();
    its.offer('log', (_, channel) => {
      channel.then(offered.resolve, () => {});
      return theirs.listener;
    });
    const channel = await hers.open(`${device.client.jid}`, 'log', own.listener);
    const other = await inTime(offered.promise, 'the channel at the device');
    assert.deepEqual([channel.path, other.path], ['in-band', 'in-band']);
    await other.send(new TextEncoder().encode('ready'));
    assert.equal(await inTime(own.heard, 'bytes'), 'ready');
    return { own, theirs, channel, other };
  };
  return {
    ...{ ann, cooler, open },
    async [Symbol.asyncDispose]() {
      await Promise.all([ann[Symbol.asyncDispose](), cooler[Symbol.asyncDispose]()]);
    },
  };
}

test('the device of a relayed channel dies: its user, who sends nothing, is told, and opens another one when it is back', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using home = await openHousehold(bench);
  const { own } = await home.open();
  home.cooler.kill();
  assert.notEqual(await inTime(own.closed, 'the end of the channel'), undefined, 'it did not end as it should');
  await using again = await TestUser.login(bench, 'cooler');
  const next = await home.open(again);
  next.channel.close();
  assert.equal(await inTime(next.theirs.closed, 'the end that was told'), 'cancel');
});

test('the user of a relayed channel dies: the device, which sends nothing, is told, and has room for the next one', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using home = await openHousehold(bench);
  const { theirs } = await home.open();
  home.ann.kill();
  // Its session waits to be resumed, so nobody says that it is gone: it does not answer.
  assert.notEqual(await inTime(theirs.closed, 'the end of the channel'), undefined, 'it did not end as it should');
  await using again = await TestUser.login(bench, 'ann');
  await home.open(home.cooler, again);
});

test('the server of a relayed channel goes: both sides are told, and open the next one when it is back', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using home = await openHousehold(bench);
  const { own, theirs, channel, other } = await home.open();
  await using later = await bench.restart();
  const reasons = await inTime(Promise.all([own.closed, theirs.closed]), 'both ends of the channel');
  assert.ok(reasons.every((reason) => reason !== undefined));
  for (const one of [channel, other]) await assert.rejects(one.send(new Uint8Array(1)), { code: 'RA_CHANNEL_CLOSED' });
  await using cooler = await TestUser.login(later, 'cooler');
  await using ann = await TestUser.login(later, 'ann');
  await home.open(cooler, ann);
});

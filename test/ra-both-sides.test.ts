/** GB/T 29265.205 §8: one process is a user and a device at once, each with its account, over real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Channel, Channels } from '@yaolian/igrs/client';
import { nodeRandom, nodeTimers } from '@yaolian/node-runtime';
import { inTime, until } from '@yaolian/testkit';
import { openKettle } from './support/kettle.ts';
import { openPlatform } from './support/platform.ts';
import { domain, post, refused, remoteAccess, TestUser } from './support/remote-user.ts';

const kettle = `kettle@${domain}`;
const wish = '/3308/0/5900';

test('a process binds, uses and observes the device that it is itself, and each side ends without the other', async () => {
  await using bench = await openPlatform(remoteAccess);
  const { device, wanted } = await openKettle(bench);
  await using ann = await TestUser.register(bench, 'ann');
  // A name is a user or a device, never both: a process that is both has two accounts.
  const taken = await post(bench, 'user/register.xml', { userName: 'kettle', password: 'kettle-secret' });
  assert.equal(taken.status, 409);

  await ann.home.bind(kettle, 'KETTLE-CODE');
  assert.deepEqual(await device.owners(), [{ user: `ann@${domain}`, state: 'active' }]);
  await ann.presence(`${device.client.jid}`);
  await ann.home.device(kettle).observe(wish);
  assert.equal(await ann.home.device(kettle).write(wish, '80'), 'done');
  assert.equal(wanted(), '80');
  assert.equal((await ann.home.device(kettle).read(wish))[0]?.text, '80');
  // All at once, both ways.
  const code = device.resetCode();
  const [read, owners] = await Promise.all([ann.home.device(kettle).read(wish), device.owners(), code]);
  assert.deepEqual([read[0]?.text, owners.length], ['80', 1]);
  assert.equal((await ann.push('code-reset')).attribute('device'), kettle);

  // §11.6: a channel from the process to itself.
  const machine = { timers: nodeTimers, random: nodeRandom };
  const [hers, its] = [ann.client, device.client].map((client) => new Channels({ client, ...machine }));
  const heard = Promise.withResolvers<string>();
  its!.offer('echo', (_, opened) => ({
    onData: async (data) => (await opened).send(data),
  }));
  const channel: Channel = await hers!.open(`${device.client.jid}`, 'echo', {
    onData: (data) => heard.resolve(new TextDecoder().decode(data)),
  });
  await channel.send(new TextEncoder().encode('boil'));
  assert.equal(await inTime(heard.promise, 'the echo'), 'boil');
  channel.close();

  // §12: one logs out, the other stays.
  device.client.close();
  await ann.presence(`${device.client.jid}`, 'unavailable');
  assert.ok(ann.client.isOnline);
  await assert.rejects(ann.home.device(kettle).read(wish), refused('recipient-unavailable'));
  await using again = await TestUser.login(bench, 'kettle');
  ann.client.close();
  await until(() => !ann.client.isOnline, 'the end of the user');
  assert.ok(again.client.isOnline);
});

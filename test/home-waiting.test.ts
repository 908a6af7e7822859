/** What users ask of devices that sleep, by either door: over restarts, and when the right to it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { hours, seconds, toMilliseconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { Crashes } from './support/crashes.ts';
import { HomeBrowser } from './support/home-browser.ts';
import { openOnFolder, openPlatform, type TestPlatform, untilState } from './support/platform.ts';
import { domain, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal, wake } from './support/terminal.ts';

const settings = { ...remoteAccess, 'lwm2m.awake-window': seconds(1) };
const place = (device: string) => ({ params: { device, path: '3303/0/5750' } });

/** A terminal that sleeps, of ann, with bob and eve as her friends: bob by his page, eve over XMPP. */
async function household(bench: TestPlatform) {
  const sleeper = await openTerminal({ endpointName: terminalKey, server: bench.coap, queueMode: {} });
  sleeper.client.start();
  await sleeper.client.registered();
  const shared = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const [ann, bob] = [await HomeBrowser.register(bench, 'ann'), await HomeBrowser.register(bench, 'bob')];
  const eve = await TestUser.register(bench, 'eve');
  await ann.api.call(routes.bindHomeDevice, { body: { device: shared.account, code: shared.code } });
  for (const friend of ['bob', 'eve']) await ann.api.call(routes.askHomeFriend, { body: { user: friend } });
  await bob.api.call(routes.askHomeFriend, { body: { user: 'ann' } });
  await eve.home.befriend(`ann@${domain}`);
  const permit = (user: string, expiresAt: number) =>
    ann.api.call(routes.setHomeGrant, {
      params: { device: shared.account },
      body: { user, feature: '*', operations: ['read', 'write'], expiresAt: new Date(expiresAt).toISOString() },
    });
  const write = (one: HomeBrowser, value: string) =>
    one.api.call(routes.writeHomeResource, { ...place(shared.account), body: { value } });
  return { sleeper, ann, bob, eve, permit, write, account: shared.account };
}

test('what friends asked of a device that sleeps is taken back when the time of their permission is over, and they are told', async () => {
  await using bench = await openPlatform(settings);
  const { sleeper, ann, bob, eve, permit, write, account } = await household(bench);
  await using _terminal = sleeper;
  await using _user = eve;
  await untilState(bench.admin, terminalKey, 'SLEEPING');
  const inAnHour = Date.now() + toMilliseconds(hours(1));
  for (const user of ['bob', 'eve']) await permit(user, inAnHour);
  await using bobs = await bob.events();
  const own = await write(ann, 'attic');
  const asked = await write(bob, 'cellar');
  assert.equal(await eve.home.device(account).write('/3303/0/5750', 'roof'), 'queued');
  assert.deepEqual([own.state, asked.state], ['queued', 'queued']);
  for (const user of ['bob', 'eve']) await permit(user, Date.now() + 500);
  const told = await bobs.first('result');
  assert.deepEqual([told.id, told.refusal, typeof told.news], [asked.id, 'forbidden', 'number']);
  const result = await eve.push('result');
  assert.equal(result.elements()[0]?.attribute('condition'), 'forbidden');
  const { items } = await bench.admin.call(routes.listQueue, { query: { device: terminalKey } });
  assert.deepEqual(
    items.filter(({ operation }) => operation === 'write').map(({ asker, state }) => [asker, state]),
    [
      ['ann', 'queued'],
      ['bob', 'cancelled'],
      ['eve', 'cancelled'],
    ],
  );
});

test('what was asked from pages is known after a restart: its result is told, and who lost the right meanwhile is refused', async () => {
  using crashes = new Crashes();
  let cookies: readonly string[] = [];
  let ids: readonly (string | undefined)[] = [];
  {
    await using bench = await openPlatform(settings);
    const { sleeper, ann, bob, eve, permit, write } = await household(bench);
    await using _terminal = sleeper;
    await using _user = eve;
    await untilState(bench.admin, terminalKey, 'SLEEPING');
    await permit('bob', Date.now() + toMilliseconds(hours(1)));
    ids = [(await write(ann, 'attic')).id, (await write(bob, 'cellar')).id];
    cookies = [ann.cookie, bob.cookie];
    crashes.dataFolder = bench.dataFolder;
    crashes.keep();
  }
  await using place = await openOnFolder(crashes.moments[0]!.folder, settings);
  const [ann, bob] = cookies.map((cookie) => Object.assign(new HomeBrowser(place), { cookie }));
  await using anns = await ann!.events();
  await using bobs = await bob!.events();
  const device = (await ann!.api.call(routes.listHomeDevices, {})).items[0]!.device;
  await ann!.api.call(routes.revokeHomeGrant, { params: { device }, query: { user: 'bob', feature: '*' } });
  const undone = await bobs.first('result');
  assert.deepEqual([undone.id, undone.refusal], [ids[1], 'forbidden']);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: place.coap, queueMode: {} });
  terminal.client.start();
  const done = await wake(terminal.client, anns.first('result'));
  assert.deepEqual([done.id, done.refusal], [ids[0], undefined]);
  await until(() => terminal.temperature.get('applicationType') === 'attic', 'what the owner wrote');
});

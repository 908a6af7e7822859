/** Faults of Remote Access: two ask each other at once to be friends, and the server dies at any commit of that (GB/T 29265.205 §10.3). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '@yaolian/kernel';
import { element } from '@yaolian/xmpp';
import { Crashes } from './support/crashes.ts';
import { openOnFolder, openPlatform } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';

const [ann, bob] = [`ann@${domain}`, `bob@${domain}`];

/** How a user stands to its only friend, if it has one, and whether it is a contact. */
async function standing({ client, home }: TestUser) {
  const [friend, ...others] = await home.friends();
  assert.deepEqual(others, []);
  const own = client.jid.bare.toString();
  const answer = await client.request('get', own, element('query', 'jabber:iq:roster'));
  assert.ok(answer.kind === 'result');
  const contacts = answer.payload!.elements('item').map((item) => item.attribute('subscription'));
  return { state: friend?.state ?? 'none', isContact: contacts.includes('both') };
}

test('the server dies at any commit of friend requests that cross: both agree, and are friends once both were told', async () => {
  using crashes = new Crashes();
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using one = await TestUser.register(live, 'ann');
    await using two = await TestUser.register(live, 'bob');
    crashes.isOn = true;
    const asked = async (user: TestUser, other: string) => {
      await user.home.befriend(other);
      crashes.told++;
    };
    await Promise.all([asked(one, bob), asked(two, ann)]);
    crashes.keep();
    await crashes.untilTold();
    crashes.isOn = false;
    crashes.keep();
  }
  const mirrored: Readonly<Record<string, string>> = {
    none: 'none',
    asking: 'asked',
    asked: 'asking',
    friends: 'friends',
  };
  for (const [moment, { folder, told }] of crashes.moments.entries()) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using one = await TestUser.login(place, 'ann');
    await using two = await TestUser.login(place, 'bob');
    const [own, other] = [await standing(one), await standing(two)];
    const text = `moment ${moment}, ${told} told: ${own.state}, ${other.state}`;
    assert.equal(other.state, mirrored[own.state], text);
    assert.deepEqual([own.isContact, other.isContact], Array(2).fill(own.state === 'friends'), text);
    assert.ok(told < 1 || own.state !== 'none', text);
    assert.ok(told < 2 || own.state === 'friends', text);
    // What is left of it goes to its end by being asked for again, by whomever.
    for (const [user, whom] of [
      [two, ann],
      [one, bob],
    ] as const) {
      await user.home.befriend(whom).catch(() => undefined); // friends already
    }
    assert.deepEqual(
      [await standing(one), await standing(two)],
      Array(2).fill({ state: 'friends', isContact: true }),
      text,
    );
  }
});

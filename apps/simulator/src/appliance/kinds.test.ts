import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RaValue } from '@yaolian/igrs';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { StanzaError } from '@yaolian/xmpp';
import { SeededRandom } from '../seeded-random.ts';
import { type Appliance, applianceKinds } from './appliance.ts';
import { createAppliance } from './kinds.ts';

const make = (kind: Parameters<typeof createAppliance>[0]) => createAppliance(kind, 'S1', new SeededRandom(3));

function value(appliance: Appliance, path: string): number {
  const [read] = appliance.resources.read(path) as readonly RaValue[];
  return Number(read?.text);
}

function pass(appliance: Appliance, minutes: number): void {
  for (let second = 0; second < minutes * 60; second += 5) appliance.step(5);
}

test('an air conditioner cools the room when it is on, and lets it go when it is off', async () => {
  const appliance = make('air-conditioner');
  const { resources } = appliance;
  const before = value(appliance, '/3303/0/5700');
  assert.ok(before > 26);
  pass(appliance, 5);
  assert.equal(value(appliance, '/3305/0/5800'), 0);
  const heard: string[] = [];
  resources.listen((path) => heard.push(path));
  assert.equal(await resources.write('/3308/0/5900', '22'), undefined);
  assert.equal(await resources.write('/3306/0/5850', '1'), undefined);
  assert.deepEqual(heard, ['/3308/0/5900', '/3306/0/5850']);
  pass(appliance, 1);
  assert.ok(value(appliance, '/3305/0/5800') > 250);
  pass(appliance, 60);
  assert.ok(Math.abs(value(appliance, '/3303/0/5700') - 22) < 0.5, appliance.status);
  assert.ok(value(appliance, '/3305/0/5805') > 50);
  await resources.write('/3306/0/5850', 'false');
  pass(appliance, 120);
  assert.ok(value(appliance, '/3303/0/5700') > 26);
  const refused = await resources.write('/3308/0/5900', '90');
  assert.ok(refused instanceof StanzaError && refused.condition === 'not-acceptable');
  assert.equal(refused.text, 'it takes 16 to 30 Cel, not 90');
});

test('a water heater warms its tank with two points, and stands still when it is broken', async () => {
  const appliance = make('water-heater');
  pass(appliance, 6 * 60);
  assert.ok(value(appliance, '/3303/0/5700') > 35, appliance.status);
  appliance.breakDown();
  assert.equal(value(appliance, '/3/0/11/0'), 8);
  const before = value(appliance, '/3303/0/5700');
  pass(appliance, 120);
  assert.ok(value(appliance, '/3303/0/5700') < before);
  assert.equal(value(appliance, '/3305/0/5800'), 0);
  await appliance.resources.execute('/3/0/12', '');
  assert.equal(value(appliance, '/3/0/11/0'), 0);
});

test('a refrigerator keeps both its temperatures, and its door opens now and then', async () => {
  const appliance = make('refrigerator');
  pass(appliance, 8 * 60);
  assert.ok(Math.abs(value(appliance, '/3303/0/5700') - 4) < 3, appliance.status);
  assert.ok(value(appliance, '/3303/1/5700') < -16);
  assert.ok(value(appliance, '/3200/0/5501') > 2);
  assert.equal(await appliance.resources.write('/3306/0/5850', 'false'), undefined);
  pass(appliance, 8 * 60);
  assert.ok(value(appliance, '/3303/0/5700') > 8, 'it is off');
});

test('every kind has what can be read of its objects at all times', () => {
  for (const kind of applianceKinds) {
    const { resources } = make(kind);
    for (const instance of resources.instances) {
      const here = (resources.read(instance) as readonly RaValue[]).map(({ path }) => path);
      const object = omaObjects.object(Number(instance.split('/')[1]));
      // Of object 3 resource 16 is how LwM2M is bound to its transport, which a device that speaks RA has none of.
      for (const { id, mandatory, readable } of object?.resources.values() ?? []) {
        const isHere = here.some((path) => `${path}/`.startsWith(`${instance}/${id}/`));
        assert.ok(!mandatory || !readable || isHere || `${instance}/${id}` === '/3/0/16', `${kind}: ${instance}/${id}`);
      }
    }
  }
});

test('a microwave runs for the time that it was given', async () => {
  const appliance = make('microwave');
  const { resources } = appliance;
  await resources.write('/3340/0/5521', '30');
  assert.equal(await resources.execute('/3340/0/5523', ''), undefined);
  assert.equal(value(appliance, '/3340/0/5538'), 30);
  appliance.step(10);
  assert.equal(value(appliance, '/3340/0/5538'), 20);
  assert.ok(value(appliance, '/3303/0/5700') > 25);
  appliance.step(20);
  assert.equal(value(appliance, '/3340/0/5538'), 0);
  appliance.step(5);
  assert.equal(value(appliance, '/3305/0/5800'), 2);
  appliance.breakDown();
  const refused = await resources.execute('/3340/0/5523', '');
  assert.ok(refused instanceof StanzaError && refused.condition === 'not-acceptable');
});

test('every value of every appliance is named and typed by the registry', () => {
  for (const kind of applianceKinds) {
    const { resources } = make(kind);
    for (const instance of resources.instances) {
      const values = resources.read(instance) as readonly RaValue[];
      for (const { path, name, text, type } of values) {
        assert.ok(name !== undefined, path);
        if (type === 'float' || type === 'integer') assert.ok(Number.isFinite(Number(text)), path);
      }
    }
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { defineObject } from '@yaolian/lwm2m-objects';
import { instance } from './object-instance.ts';
import { creatable, ObjectTree, type TreeChange } from './object-tree.ts';
import { refuse } from './refusal.ts';
import { code, TerminalWorld, text } from './testing/scripted-server.ts';

const thermostat = defineObject({
  id: 33000,
  name: 'Thermostat',
  multiple: true,
  resources: {
    target: { id: 0, operations: 'RW', type: 'float', units: 'Cel', mandatory: true },
    boost: { id: 1, operations: 'E' },
    actual: { id: 2, operations: 'R', type: 'float' },
    zones: { id: 3, operations: 'RW', type: 'string', multiple: true },
    counter: { id: 4, operations: 'R', type: 'integer' },
    secret: { id: 5, operations: 'W', type: 'string' },
  },
});

function watched() {
  const heard: TreeChange[][] = [];
  const tree = new ObjectTree((changes) => heard.push([...changes]));
  return { tree, heard };
}

test('values are what the declaration says, by name', () => {
  const one = instance(thermostat, { target: 20.5, zones: ['hall', 'attic'], counter: 2n ** 60n });
  assert.equal(one.get('target'), 20.5);
  assert.deepEqual(
    [...one.get('zones')!],
    [
      [0, 'hall'],
      [1, 'attic'],
    ],
  );
  one.set('zones', new Map([[7, 'cellar']]));
  assert.deepEqual([...one.get('zones')!], [[7, 'cellar']]);
  const target = one.resource('target');
  target.set(21);
  assert.equal(target.get(), 21);
  target.set(undefined);
  assert.equal(one.get('target'), undefined);
  assert.equal(one.get('counter'), 2n ** 60n);
});

test('wrong values and wrong names are refused where they are set, by the compiler too', () => {
  const one = instance(thermostat);
  // @ts-expect-error a float is a number
  assert.throws(() => one.set('target', 'warm'), TypeError);
  // @ts-expect-error a resource with instances takes several values
  assert.throws(() => one.set('zones', 'hall'), TypeError);
  // @ts-expect-error and they are strings
  assert.throws(() => one.set('zones', [1]), TypeError);
  assert.throws(() => one.set('zones', new Map([[65_535, 'x']])), RangeError);
  // @ts-expect-error no such resource
  assert.throws(() => one.set('nothing', 1), RangeError);
  // @ts-expect-error nor this
  assert.throws(() => one.set('toString', 1), RangeError);
  // @ts-expect-error an executable has no value
  assert.throws(() => one.set('boost', 1), TypeError);
  // @ts-expect-error hooks are by name as well
  instance(thermostat, {}, { onExecute: { target: () => {} } });
  assert.throws(() => instance(thermostat, {}, { id: 65_535 }), RangeError);
});

test('changes are told once, and only changes', () => {
  const { tree, heard } = watched();
  const one = instance(thermostat, { target: 20, zones: ['hall'] });
  tree.add(one);
  assert.equal(heard.length, 1);
  one.set('target', 20);
  one.set('zones', ['hall']);
  assert.equal(heard.length, 1);
  one.set('zones', ['hall', 'attic']);
  one.update({ target: 21, actual: 19 });
  assert.deepEqual(
    heard.slice(1).map((changes) => changes.map(({ resourceId }) => resourceId)),
    [[3], [0, 2]],
  );
  tree.remove(33000, 0);
  one.set('target', 5);
  assert.equal(heard.length, 4);
});

test('objects and instances that clash are refused', () => {
  const { tree } = watched();
  tree.add(instance(thermostat));
  assert.throws(() => tree.add(instance(thermostat)), /is there already/);
  const other = defineObject({ ...thermostat, resources: {}, version: '1.1' });
  assert.throws(() => tree.add(instance(other, {}, { id: 1 })), /another version/);
  const single = defineObject({ id: 33001, name: 'Single', resources: {} });
  tree.add(instance(single));
  assert.throws(() => tree.add(instance(single, {}, { id: 1 })), /one instance only/);
});

test('a snapshot brings values and instances back', () => {
  const { tree } = watched();
  const one = instance(thermostat, { target: 20 });
  tree.add(one);
  tree.declare(thermostat, creatable(thermostat));
  const before = tree.snapshot();
  one.set('target', 5);
  tree.remove(33000, 0);
  tree.add(instance(thermostat, { target: 1 }, { id: 3 }));
  tree.restore(before);
  assert.equal(tree.instance(33000, 3), undefined);
  assert.equal(tree.instance(33000, 0), one);
  assert.equal(one.get('target'), 20);
});

test('hooks: values worked out, writes judged, executions with arguments, in their own time', async () => {
  const world = new TerminalWorld();
  const log: string[] = [];
  const one = instance(
    thermostat,
    { target: 20, zones: [], secret: 'initial' },
    {
      onRead: { actual: (self) => self.get('target')! - 1 },
      onWrite: {
        target: (value) => (value > 30 ? refuse(Code.BadRequest, 'too hot') : undefined),
        zones: async (value) => {
          await new Promise<void>((resolve) => world.time.schedule(3000 as never, resolve));
          log.push(`zones ${[...value.values()].join()}`);
        },
      },
      onExecute: {
        boost: (args, self) => {
          log.push(`boost ${args.get(0)} at ${self.id}`);
          return args.get(0) === 'no' ? refuse(Code.PreconditionFailed, 'not now') : undefined;
        },
      },
    },
  );
  await world.registered({ objects: [one] });
  assert.equal(text(await world.get('/33000/0/2', 0)), '19');
  const hot = await world.put('/33000/0/0', '31');
  assert.deepEqual([code(hot), text(hot), one.get('target')], ['4.00', 'too hot', 20]);
  assert.equal(code(await world.put('/33000/0/0', '25')), '2.04');
  assert.equal(text(await world.get('/33000/0/2', 0)), '24');
  const noZones = Uint8Array.of(0x80, 0x03); // a TLV resource with instances, of which there are none
  assert.equal(code(await world.put('/33000/0/3', noZones, 11542)), '2.04');
  assert.equal(code(await world.post('/33000/0/1', "0='yes'")), '2.04');
  assert.equal(code(await world.post('/33000/0/1', "0='no'")), '4.12');
  assert.deepEqual(log, ['zones ', 'boost yes at 0', 'boost no at 0']);
  // Write-only resources are written and not shown.
  assert.equal(code(await world.put('/33000/0/5', 'changed')), '2.04');
  assert.equal(code(await world.get('/33000/0/5')), '4.05');
  assert.equal(one.get('secret'), 'changed');
  assert.equal(await world.close(), 0);
});

test('a hook that throws is 5.00 and the terminal goes on', async () => {
  const world = new TerminalWorld();
  const fail = () => {
    throw new Error('broken sensor');
  };
  await world.registered({
    objects: [instance(thermostat, {}, { onRead: { actual: fail }, onExecute: { boost: fail } })],
  });
  assert.equal(code(await world.get('/33000/0/2')), '5.00');
  assert.equal(code(await world.post('/33000/0/1')), '5.00');
  assert.equal(code(await world.get('/3/0')), '2.05');
  assert.equal(await world.close(), 0);
});

test('a value worked out by a hook is reported when the program says that it changed', async () => {
  const world = new TerminalWorld();
  let actual = 1;
  const one = instance(thermostat, {}, { onRead: { actual: () => actual } });
  await world.registered({ objects: [one] });
  const { heard } = await world.observe('/33000/0/2', 0);
  actual = 2;
  await world.pass(5);
  assert.deepEqual(heard, []);
  one.changed('actual');
  await world.pass(1);
  assert.deepEqual(heard, ['5: 2']);
  assert.equal(await world.close(), 0);
});

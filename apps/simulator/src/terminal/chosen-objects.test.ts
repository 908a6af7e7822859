import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { checkRange, type ResourceValue } from '@yaolian/lwm2m';
import {
  type CreatableObject,
  EndDevice,
  type EventLogger,
  ObjectInstance,
  type StoredValue,
  Traffic,
} from '@yaolian/lwm2m/client';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { VirtualTime } from '@yaolian/testkit';
import { simulatedSoftware } from '../firmware/simulated-software.ts';
import { simulatedIdentity } from '../identity.ts';
import { SeededRandom } from '../seeded-random.ts';
import { chosenObjects } from './chosen-objects.ts';
import { Measured } from './measured.ts';
import { choicesOf, type DefinitionFile, parseObjectChoices } from './object-choices.ts';
import { terminalObjects } from './objects.ts';
import { registryObject } from './registry-object.ts';

function choose(text: string, version: '1.0' | '1.1' | '1.2' = '1.1', files: readonly DefinitionFile[] = []) {
  const time = new VirtualTime();
  const random = new SeededRandom(1);
  const loggers: EventLogger[] = [];
  const identity = simulatedIdentity(1, 0);
  const usual = Object.values(terminalObjects({ identity, random, clock: time, version, onReboot: () => {} }));
  const objects = chosenObjects(parseObjectChoices(text, files), {
    version,
    random,
    clock: time,
    timers: time,
    traffic: new Traffic(),
    usual,
    onRadioOff: () => {},
    say: () => {},
    software: (id, installed) =>
      simulatedSoftware(id, installed, {
        model: 'any',
        connector: { connect: () => assert.fail('nothing is pulled') },
        accounts: () => [],
        timers: time,
        say: () => {},
      }),
    log: (logger) => void loggers.push(logger),
  });
  return { objects, time, loggers };
}

const names = (text: string, version?: '1.0' | '1.1' | '1.2') =>
  choose(text, version).objects.map(({ object }) => {
    if (object instanceof EndDevice) return `behind it: ${object.prefix}`;
    return object instanceof ObjectInstance
      ? `/${object.definition.id}/${object.id} ${object.definition.version}`
      : `/${object.definition.id} on demand`;
  });

test('objects by number, with counts and versions', () => {
  assert.deepEqual(names('3, 4,3304x2,3311@1.0'), [
    '/3/0 1.1',
    '/4/0 1.2',
    '/3304/0 1.1',
    '/3304/1 1.1',
    '/3311/0 1.0',
  ]);
  assert.deepEqual(names('7,10,11'), ['/7/0 1.0', '/10/0 1.1', '/11/0 1.1', '/11 on demand']);
  assert.deepEqual(names('9'), ['/9/0 1.0', '/9 on demand']);
  assert.deepEqual(names('25'), ['behind it: d01', 'behind it: d02']);
  assert.deepEqual(names('10,20', '1.0'), ['/10/0 1.0', '/20/0 1.0']);
});

for (const [text, reason] of [
  ['', /name at least one object/],
  ['light', /"light" is no object; write its number, 3303/],
  ['3,3', /object 3 is there twice/],
  ['1', /object 1 is the terminal's own/],
  ['59999', /no object 59999/],
  ['3@9.9', /Device \(3\) has no version 9.9; it has 1.0, 1.1, 1.2/],
  ['3x2', /Device \(3\) has one instance only/],
  ['3303x65', /1 to 64 instances/],
  ['3303x0', /1 to 64 instances/],
] as const) {
  test(`--objects "${text}" is refused: ${reason.source}`, () => {
    assert.throws(() => parseObjectChoices(text), { code: 'SIMULATOR_BAD_OPTION', message: reason });
  });
}

test('every object of the registry can be had, with values of its types and ranges', () => {
  const options = { clock: new VirtualTime(), random: new SeededRandom(1) };
  for (const { id, versions } of omaObjects.objects()) {
    for (const version of versions) {
      const definition = omaObjects.object(id, version)!;
      const { object } = registryObject(definition, 0, options);
      assert.ok(object instanceof ObjectInstance);
      for (const resource of definition.resources.values()) {
        if (!resource.readable) continue;
        const value = object.value(resource.id) as StoredValue;
        const values = (value instanceof Map ? [...value.values()] : [value]) as ResourceValue[];
        for (const single of values) assert.ok(checkRange(resource, single).ok, `${id} ${version} ${resource.name}`);
      }
    }
  }
});

test('servers create instances of an object of one’s own, where it has several', () => {
  const file = (kind: string) => ({
    name: 'valve.xml',
    xml: `<LWM2M><Object ObjectType="MODefinition"><Name>Valve</Name><ObjectID>33001</ObjectID>
      <ObjectURN>urn:oma:lwm2m:x:33001</ObjectURN><MultipleInstances>${kind}</MultipleInstances><Mandatory>Optional</Mandatory>
      <Resources><Item ID="0"><Name>Opening</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
      <Mandatory>Mandatory</Mandatory><Type>Integer</Type></Item><Item ID="1"><Name>Flush</Name><Operations>E</Operations>
      <MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory></Item></Resources></Object></LWM2M>`,
  });
  const [first, further, ...more] = choose('33001', '1.1', [file('Multiple')]).objects;
  assert.deepEqual(more, []);
  assert.ok(first!.object instanceof ObjectInstance);
  const creatable = further!.object as CreatableObject;
  assert.deepEqual([creatable.by, creatable.maximumInstances], ['server', 64]);
  const made = creatable.create(7);
  assert.deepEqual([made.id, made.value(0)], [7, undefined]);
  made.hooks.onExecute!['Flush']!(new Map(), made as never);
  assert.equal(choose('33001', '1.1', [file('Single')]).objects.length, 1);
});

test('sensors wander, with their extremes; the first is what the status line shows', async () => {
  const { objects, time } = choose('3325,3304');
  const measured = new Measured(objects);
  assert.equal(measured.path, '/3325/0/5700');
  assert.match(measured.text, /^\d+(\.\d+)? ppm$/);
  const stop = measured.wander(time, seconds(5));
  await time.advance(seconds(5 * 200));
  stop();
  assert.equal(time.pending, 0);
  for (const { object } of objects) {
    assert.ok(object instanceof ObjectInstance);
    const [value, minimum, maximum] = [5700, 5601, 5602].map((id) => Number(object.value(id)));
    assert.ok(minimum! < value! && value! < maximum!, `${minimum} ${value} ${maximum}`);
    object.hooks.onExecute!['Reset Min and Max Measured Values']!(new Map(), object as never);
    assert.deepEqual([object.value(5601), object.value(5602)], [value, value]);
  }
  assert.equal(new Measured(choose('3,19').objects).text, '');
});

test('the Event Log notes what happens once it is started', () => {
  const { loggers } = choose('20');
  const [logger] = loggers;
  logger!.instance.hooks.onExecute!['logStart']!(new Map(), logger!.instance as never);
  logger!.log('registered');
  assert.match(Buffer.from(logger!.instance.get('logData')!).toString(), /registered\n$/);
});

const valve = (type = 'Integer') => ({
  name: 'valve.xml',
  xml: `<LWM2M><Object ObjectType="MODefinition"><Name>Valve</Name><Description1/><ObjectID>33001</ObjectID>
<ObjectURN>urn:oma:lwm2m:x:33001</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
<MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory><Resources><Item ID="0"><Name>Opening</Name>
<Operations>RW</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory><Type>${type}</Type>
<RangeEnumeration>0..100</RangeEnumeration><Units>%</Units><Description/></Item></Resources><Description2/></Object></LWM2M>`,
});

test('objects that files define are chosen as those of the registry are', () => {
  const choices = parseObjectChoices('3,33001x2', [valve()]);
  assert.deepEqual(
    choices.map(({ definition, instances }) => [definition.name, instances]),
    [
      ['Device', 1],
      ['Valve', 2],
    ],
  );
  assert.equal(choicesOf({}), undefined);
  assert.throws(() => choicesOf({ definitions: [valve()] }), /--definition: it goes with --objects/);
  const refused = (message: RegExp) => ({ code: 'SIMULATOR_BAD_OPTION', message });
  assert.throws(
    () => parseObjectChoices('3', [valve()]),
    refused(/Valve \(33001\) of --definition is not among them; add 33001/),
  );
  assert.throws(
    () => parseObjectChoices('3,33001', [valve('Int')]),
    refused(/--definition: valve\.xml: .*Type \(line \d+\): this is one of String, Integer/),
  );
});

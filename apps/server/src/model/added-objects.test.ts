import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ApiProblemError, mistakeAt, routes } from '@yaolian/contract';
import { hasCode, silentLog } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { HttpBench } from '../testing/http-bench.ts';
import { AddedObjects } from './added-objects.ts';
import { LiveObjectModel } from './live-object-model.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaolian-objects-'));
});

after(() => rm(folder, { recursive: true, force: true }));

function definition(id: number, options: { version?: string; type?: string; name?: string } = {}): string {
  const { version = '1.0', type = 'Float', name = 'Thermostat' } = options;
  return `<?xml version="1.0" encoding="utf-8"?>
<LWM2M>
  <Object ObjectType="MODefinition">
    <Name>${name}</Name><Description1></Description1>
    <ObjectID>${id}</ObjectID><ObjectURN>urn:oma:lwm2m:x:${id}${version === '1.0' ? '' : `:${version}`}</ObjectURN>
    <LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>${version}</ObjectVersion>
    <MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory>
    <Resources>
      <Item ID="0">
        <Name>Target</Name><Operations>RW</Operations>
        <MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
        <Type>${type}</Type><RangeEnumeration>5..30</RangeEnumeration><Units>Cel</Units><Description></Description>
      </Item>
    </Resources>
  </Object>
</LWM2M>`;
}

function added(name: string, maximum?: number) {
  const model = new LiveObjectModel(omaObjects);
  const options = { model, folder: join(folder, name), log: silentLog, ...(maximum === undefined ? {} : { maximum }) };
  return { model, objects: new AddedObjects(options) };
}

test('a definition is used at once, kept, and there again at the next start', async () => {
  const { model, objects } = added('kept');
  const result = await objects.add(definition(33_000));
  assert.ok(result.ok);
  assert.equal(model.object(33_000)?.resources.get(0)?.units, 'Cel');
  assert.deepEqual(await readdir(join(folder, 'kept')), ['33000_1.0.xml']);
  const next = added('kept');
  await next.objects.load();
  assert.equal(next.model.object(33_000)?.name, 'Thermostat');
  assert.ok(next.model.isAdded(33_000, '1.0'));
});

test('it stands in for the registry version by version, and goes away again', async () => {
  const { model, objects } = added('instead');
  const original = model.object(3, '1.1')!.name;
  await objects.add(definition(3, { version: '1.1', name: 'Our Device' }));
  assert.equal(model.object(3, '1.1')?.name, 'Our Device');
  assert.equal(model.object(3, '1.0')?.name, original);
  assert.equal(await objects.remove(3, '1.1'), true);
  assert.equal(model.object(3, '1.1')?.name, original);
  assert.equal(await objects.remove(3, '1.1'), false);
  assert.deepEqual(await readdir(join(folder, 'instead')), []);
});

test('whoever replaces an object of the registry is told what is different, in the answer and in the log', async () => {
  const warned: [string, { object?: number; version?: string; differences?: string }][] = [];
  const log = { ...silentLog, warn: (message: string, fields: object = {}) => void warned.push([message, fields]) };
  const warnings = () => warned.length;
  const model = new LiveObjectModel(omaObjects);
  const objects = new AddedObjects({ model, folder: join(folder, 'told'), log });
  assert.ok((await objects.add(definition(33_001))).ok);
  assert.equal(warnings(), 0, 'an object of its own replaces nothing');
  assert.ok((await objects.add(definition(3, { version: '1.9' }))).ok);
  assert.equal(warnings(), 0, 'nor does a version that the registry does not have');
  assert.ok((await objects.add(definition(3303, { name: 'Ours' }))).ok);
  const [[message, fields] = assert.fail('nobody was warned')] = warned;
  assert.equal(message, 'object of the registry replaced');
  assert.deepEqual([fields.object, fields.version], [3303, '1.0']);
  assert.match(
    fields.differences ?? '',
    /\/3303\/\/0: absent -> RW float, mandatory, 5\.\.30, Cel; .*\/3303\/\/5700: R float, mandatory -> absent/,
  );
});

test('a definition that is wrong is told where, and changes nothing', async () => {
  const { model, objects } = added('wrong');
  const result = await objects.add(definition(33_000, { type: 'Colour' }));
  assert.ok(!result.ok && result.reason === 'invalid');
  assert.match(result.error.message, /Type.*Colour/);
  assert.ok(result.error.line! > 10);
  assert.equal(model.object(33_000), undefined);
  const two = definition(1).replace('</LWM2M>', definition(2).replace(/^[\s\S]*?<LWM2M>/, ''));
  const both = await objects.add(two);
  assert.ok(!both.ok && both.reason === 'several' && both.count === 2);
  assert.ok(!(await objects.add('<!DOCTYPE x [<!ENTITY a "b">]><LWM2M>&a;</LWM2M>')).ok);
});

test('there is a bound', async () => {
  const { objects } = added('full', 1);
  assert.ok((await objects.add(definition(33_000))).ok);
  assert.ok((await objects.add(definition(33_000))).ok, 'the same one may come again');
  const result = await objects.add(definition(33_001));
  assert.ok(!result.ok && result.reason === 'full');
});

test('a damaged file in the folder is passed over, an unreadable folder is told', async () => {
  const { model, objects } = added('damaged');
  await objects.add(definition(33_000));
  await writeFile(join(folder, 'damaged', '33001_1.0.xml'), 'not xml');
  await writeFile(join(folder, 'damaged', 'notes.txt'), 'mine');
  const next = added('damaged');
  await next.objects.load();
  assert.equal(next.model.object(33_000)?.name, model.object(33_000)?.name);
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(added('file').objects.load(), (error) => hasCode(error, 'OBJECTS_UNREADABLE'));
});

test('over REST: added, shown with its source, refused with the line, removed', async () => {
  const bench = await new HttpBench().open({ objectFolder: join(folder, 'rest') });
  const admin = await bench.client('admin');
  const made = await admin.call(routes.addObject, { body: definition(33_000) });
  assert.deepEqual([made.source, made.versions, made.resources[0]?.operations], ['user', ['1.0'], 'RW']);
  const own = await admin.call(routes.listObjects, { query: { source: 'user' } });
  assert.ok(own.items.length > 0 && own.items.every(({ source }) => source === 'user'));
  const listed = await admin.call(routes.listObjects, { query: { search: 'thermostat' } });
  assert.ok(listed.items.some((one) => one.id === 33_000 && one.source === 'user'));
  await assert.rejects(admin.call(routes.addObject, { body: '<LWM2M>\n<Object/>\n</LWM2M>' }), (error) => {
    assert.ok(error instanceof ApiProblemError);
    assert.equal(error.problem.code, 'invalid-object-definition');
    const { where, reason, params } = error.problem.errors![0]!;
    assert.deepEqual(
      [where, reason, params],
      ['line 2', 'ddf-element-missing', { element: 'Object number 1', name: 'ObjectID' }],
    );
    return true;
  });
  const twice = definition(33_001).replace('</LWM2M>', definition(33_002).replace(/^[\s\S]*?<LWM2M>/, ''));
  await assert.rejects(admin.call(routes.addObject, { body: twice }), (error) => {
    assert.ok(error instanceof ApiProblemError);
    assert.deepEqual(error.problem.errors, [
      mistakeAt('body', 'the file has 2 objects; add one at a time', 'ddf-several', { count: 2 }),
    ]);
    return true;
  });
  const query = { dryRun: true };
  const seen = await admin.call(routes.addObject, { query, body: definition(33_001) });
  assert.deepEqual([seen.id, seen.source, seen.versions], [33_001, 'user', ['1.0']]);
  await assert.rejects(admin.call(routes.addObject, { query, body: 'x' }), /ddf|XML|definition/i);
  const kept = await admin.call(routes.listObjects, { query: { source: 'user' } });
  assert.deepEqual(
    kept.items.map(({ id }) => id),
    [33_000],
    'looking keeps nothing',
  );
  const isProblem = (code: string) => (error: unknown) =>
    error instanceof ApiProblemError && error.problem.code === code;
  await admin.call(routes.removeObject, { params: { id: 33_000 }, query: { version: '1.0' } });
  const remove = (id: number) => admin.call(routes.removeObject, { params: { id }, query: { version: '1.0' } });
  await assert.rejects(remove(33_000), isProblem('not-found'));
  await assert.rejects(remove(3), isProblem('conflict'));
  const json = await bench.app.inject({
    method: 'POST',
    url: '/api/v1/objects',
    headers: { authorization: `Bearer ${await bench.token('admin')}` },
    payload: { id: 1 },
  });
  assert.deepEqual([json.statusCode, json.json().code], [415, 'unsupported-media-type']);
  await bench.close();
});

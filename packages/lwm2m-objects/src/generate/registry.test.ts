import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { wordOf } from './names.ts';
import { newNames } from './new-names.ts';
import { renderReferences } from './references.ts';
import { readRegistry, renderTable } from './registry.ts';

const definition = (body: string) => `<!-- Copyright 2019 Somebody. All rights reserved. -->
<LWM2M><Object ObjectType="MODefinition">${body}</Object></LWM2M>`;
const object = (more = '') => `<Name>Thing</Name><ObjectID>30000</ObjectID><ObjectURN>urn:oma:lwm2m:x:30000</ObjectURN>
<MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory><Resources>${more}</Resources>`;
const item = (type: string, range = '') => `<Item ID="0"><Name>A</Name><Operations>R</Operations>
<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Type>${type}</Type>
<RangeEnumeration>${range}</RangeEnumeration></Item>`;
const common = `<LWM2M><Object ObjectType="CommonResources"><Resources>
<Item ID="4000"><Name>Handle</Name><Operations>R</Operations><Type>Objlnk</Type><Submitter>OMA</Submitter><TS/><TSLink>0</TSLink></Item>
<Item ID="4020"><Name>TBD</Name><Operations></Operations><Type></Type></Item></Resources></Object></LWM2M>`;

async function registryOf(context: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'registry-'));
  context.after(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'version_history'));
  for (const [name, text] of Object.entries({ 'Common.xml': common, ...files })) {
    await writeFile(join(directory, name), text);
  }
  return directory;
}

test('reads current definitions, history and reusable resources', async (context) => {
  const directory = await registryOf(context, {
    '30000.xml': definition(object(item('String'))),
    'version_history/30000-1_0.xml': definition(object(item('String'))),
    'DDF.xml': '<DDFList/>',
    'README.md': 'hello',
  });
  const registry = await readRegistry(directory);
  assert.deepEqual(
    registry.objects.map(({ id, version }) => [id, version]),
    [[30_000, '1.0']],
  );
  assert.deepEqual(
    registry.reusableResources.map(({ id, type }) => [id, type]),
    [[4000, 'objlnk']],
  );
  assert.deepEqual(registry.copyrights, ['2019 Somebody']);
  assert.match(renderTable(registry), /@30000\t1\.0\t1\.0\tx\tm\tThing\n0\tRs\tA\n/);
});

const unknowns: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  [
    'a type',
    { '1.xml': definition(object(item('Text'))) },
    /^1\.xml: Object 30000, Item 0, Type \(line 4\): this is one of String, Integer/,
  ],
  ['a missing type', { '1.xml': definition(object(item(''))) }, /1\.xml: .*has a Type/],
  ['an element', { '1.xml': definition(`${object()}<New/>`) }, /1\.xml: .*New is not one of/],
  ['a file', { 'New.xml': '<New/>' }, /New\.xml: .*LWM2M/],
  ['broken XML', { 'version_history/1.xml': '<LWM2M>' }, /version_history\/1\.xml: this is not well-formed/],
  [
    'two stories',
    { '1.xml': definition(object()), '2.xml': definition(object(item('String'))) },
    /2\.xml and 1\.xml define object 30000 1\.0 differently/,
  ],
  ['a reusable type', { 'Common.xml': common.replace('Objlnk', 'Link') }, /Common\.xml: .*Type .*not "Link"/],
  [
    'a reusable element',
    { 'Common.xml': common.replaceAll('TSLink', 'TSLine') },
    /Common\.xml: .*TSLine is not one of/,
  ],
];

for (const [what, files, message] of unknowns) {
  test(`fails loudly on what it does not know: ${what}`, async (context) => {
    await assert.rejects(readRegistry(await registryOf(context, files)), { message });
  });
}

test('fails on a character that would double the table in memory', async (context) => {
  const directory = await registryOf(context, { '1.xml': definition(object(item('String', '≥ 0'))) });
  const registry = await readRegistry(directory);
  assert.throws(() => renderTable(registry), /would hold "≥"/);
});

test('makes one word of a name', () => {
  const words = {
    'Min Measured Value': 'MinMeasuredValue',
    'LwM2M Server': 'Server',
    'LWM2M APN Connection Profile': 'ApnConnectionProfile',
    'IP address (2)': 'IpAddress',
    'Acceptable RSSI (GSM)': 'AcceptableRssiGsm',
    SignalSNR: 'SignalSnr',
    'List of available PLMNs': 'ListOfAvailablePlmns',
    'On/Off': 'OnOff',
    '3-Phase Power Meter': 'N3PhasePowerMeter',
  };
  for (const [name, word] of Object.entries(words)) assert.equal(wordOf(name), word);
});

test('references: names that come to the same word are told apart, files are as written', async (context) => {
  const items = `${item('Float')}${item('Float').replace('ID="0"', 'ID="1"')}`;
  const directory = await registryOf(context, { '1.xml': definition(object(items)) });
  const files = renderReferences(await readRegistry(directory));
  assert.match(
    files['references.ts'],
    /export const Thing = .*\(30000, '1.0', \{\n {2}A: '0 Rf',\n {2}A1: '1 Rf',\n\}\);/,
  );
  assert.doesNotMatch(files['core-references.ts'], /Thing/);
});

// Set OMA_LWM2M_REGISTRY to a checkout of https://github.com/OpenMobileAlliance/lwm2m-registry.
const checkout = process.env['OMA_LWM2M_REGISTRY'];
test('the committed table is what the whole registry gives', { skip: checkout === undefined }, async () => {
  const committed = await readFile(new URL('../generated/oma-registry.ts', import.meta.url), 'utf8');
  const registry = await readRegistry(checkout!);
  assert.equal(renderTable(registry), committed);
  for (const [file, text] of Object.entries(renderReferences(registry))) {
    assert.equal(await readFile(new URL(`../generated/${file}`, import.meta.url), 'utf8'), text, file);
  }
});

test('names that the table before did not have are told, of objects, their resources and reusable ones, each once', async (context) => {
  const before = renderTable(
    await readRegistry(await registryOf(context, { '30000.xml': definition(object(item('String'))) })),
  );
  const more = definition(
    object(item('String').replace('>A<', '>B<')).replaceAll('30000', '30001').replace('Thing', 'Box'),
  );
  const files = { '30000.xml': definition(object(item('Integer'))), '30001.xml': more };
  const directory = await registryOf(context, { ...files, 'Common.xml': common.replace('>Handle<', '>Lever<') });
  const table = renderTable(await readRegistry(directory));
  assert.deepEqual(newNames(table, before), ['B', 'Box', 'Lever']);
  assert.deepEqual(newNames(table, table), []);
});

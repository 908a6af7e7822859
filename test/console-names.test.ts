/** What the console calls objects and resources in Chinese. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chinaMobileObjects } from '@yaolian/china-mobile-dm';
import { combineModels, objectTable, omaObjects, reusableResource } from '@yaolian/lwm2m-objects';
import { objectNames } from '../apps/console/src/catalogue/object-names.zh.ts';
import { registryNames } from '../apps/console/src/catalogue/registry-names.zh.ts';
import { resourceNames } from '../apps/console/src/catalogue/resource-names.zh.ts';
import { namesFrom } from '../apps/console/src/platform/names-of-model.ts';

const known = combineModels(objectTable(chinaMobileObjects), omaObjects);
const catalogue = join(import.meta.dirname, '../apps/console/src/catalogue');

/** Every resource of every version of every object, and those that may stand in any object (of object 0xffff). */
const resources = [
  ...[...known.objects()].flatMap(({ id, versions }) =>
    versions.flatMap((version) =>
      [...known.object(id, version)!.resources.values()].map((one) => ({ object: id, ...one })),
    ),
  ),
  ...Array.from({ length: 0xffff }, (_, id) => reusableResource(id)).flatMap((one) =>
    one === undefined ? [] : { object: 0xffff, ...one },
  ),
].map(({ object, id, name }) => ({ path: `/${object}/0/${id}`, byId: `${object}/${id}`, id, name }));

/** What means something else than other resources with its English name. */
const otherwiseByObject: ReadonlySet<string> = new Set([
  '1/21', // Trigger: by SMS, elsewhere an action
  '5/0', // Package, its URI, name and version: of firmware, elsewhere of software
  '5/1',
  '5/6',
  '5/7',
  '5/11', // Severity: how much an update matters, elsewhere how bad an alarm is
  '6/4', // Velocity: a vector, elsewhere a number
  '6/5', // Timestamp: when the position was measured
  '7/6', // Start and stop: of counting
  '7/7',
  '669/1', // Report: what is reported, elsewhere an action
  '10260/0', // Key: the name of a variable, elsewhere a secret
]);

test('every object and every resource has a Chinese name', () => {
  assert.deepEqual(
    [...known.objects()].filter(({ id }) => objectNames[id] === undefined),
    [],
  );
  const names = namesFrom({ objectNames, resourceNames }, (name) => registryNames[name]);
  // A name that is all abbreviations is itself in Chinese.
  const unnamed = resources.filter(
    ({ id, byId, name }) => (resourceNames[byId] ?? resourceNames[id] ?? registryNames[name]) === undefined,
  );
  assert.deepEqual(
    unnamed.map(({ byId, name }) => `${byId} ${name}`),
    [],
  );
  assert.ok(resources.length > 4500);
  assert.equal(names.resource('/3443/0/0', 'EID'), 'EID');
  assert.equal(names.resource('/10260/0/0', 'Key'), '变量名');
  assert.equal(names.resource('/23/0/2', 'Key'), '密钥');
});

test('every Chinese name is of an object or a resource that the platform has, and is there once', () => {
  for (const id of Object.keys(objectNames)) assert.ok(known.object(Number(id)), `object ${id}`);
  const byId = new Set(resources.flatMap((one) => [one.byId, ...(reusableResource(one.id) ? [`${one.id}`] : [])]));
  for (const key of Object.keys(resourceNames)) assert.ok(byId.has(key), `resource ${key}`);
  const byName = new Set(
    resources.filter((one) => !(resourceNames[one.byId] ?? resourceNames[one.id])).map(({ name }) => name),
  );
  assert.deepEqual(
    Object.keys(registryNames).filter((name) => !byName.has(name)),
    [],
  );
  const entries = (file: string) =>
    [...readFileSync(join(catalogue, file), 'utf8').matchAll(/^ {2}\S.*: ?(?:'|$)/gm)].length;
  assert.equal(entries('object-names.zh.ts'), Object.keys(objectNames).length);
  assert.equal(entries('resource-names.zh.ts'), Object.keys(resourceNames).length);
  const parts = readFileSync(join(catalogue, 'registry-names.zh.ts'), 'utf8').matchAll(/'\.\/(.+)';/g);
  const inParts = [...parts].map(([, file]) => entries(file!));
  assert.ok(inParts.length > 5);
  assert.equal(
    inParts.reduce((sum, count) => sum + count),
    Object.keys(registryNames).length,
  );
});

test('resources with one English name have one Chinese name, however it is written, but for those of another meaning', () => {
  const seen = new Map<string, { zh: string; where: string }>();
  const plain = (name: string) => name.toLowerCase().replaceAll(/\(\d\)|[\s_]/g, '');
  for (const [name, zh] of Object.entries(registryNames)) {
    if (name === 'delay') continue; // of the radio: 时延, not the one before an output
    const other = seen.get(plain(name));
    assert.ok(other === undefined || other.zh === zh, `${name}: ${zh}, elsewhere ${other?.zh}`);
    seen.set(plain(name), { zh, where: name });
  }
  for (const { byId, id, name } of resources) {
    const zh = resourceNames[byId] ?? resourceNames[id];
    if (zh === undefined || otherwiseByObject.has(byId)) continue;
    const other = seen.get(plain(name));
    assert.ok(
      other === undefined || other.zh === zh,
      `${byId} ${name}: ${zh}, elsewhere ${other?.zh} (${other?.where})`,
    );
    seen.set(plain(name), { zh, where: byId });
  }
  for (const key of otherwiseByObject) {
    const { name } = resources.find(({ byId }) => byId === key)!;
    const other = seen.get(plain(name))?.zh;
    assert.ok(other !== undefined && other !== resourceNames[key], `${key} is an exception`);
  }
});

/** What Chinese texts of the field leave as it is, beside words of capitals and digits. */
const leftAsTheyAre: ReadonlySet<string> = new Set(
  `LwM2M CoAP CoRE DTLS/TLS TLS/DTLS S-NSSAI xEV-DO Wi-Fi WiMAX VoLTE QoS eDRX Iu A/Gb NB-S1 WB-S1
   eSIM nuSIM eUICC eIM eNB nB q-OffsetFreq Zadoff-Chu Msg2 Msg3 T310 pH
   encP eKpubDP SigEKpubDP KpubDP SigKpubDP KpubCI oA uCIFI Modbus Redis Ping CrowdBox
   S-Voice S-Vision S-Motion S-Map Ri Rc Send NB-IoT IPv4 IPv6`.split(/\s+/),
);

test('Chinese names are Chinese: words of English are abbreviations, spaces and signs are as Chinese texts have them', () => {
  for (const [key, name] of [objectNames, resourceNames, registryNames].flatMap((table) => Object.entries(table))) {
    for (const [word] of name.matchAll(/[A-Za-z][\w/.-]*/g)) {
      assert.ok(/^[A-Z\d][A-Z\d/._&-]*$/.test(word) || leftAsTheyAre.has(word), `${key}: ${name} has the word ${word}`);
    }
    assert.doesNotMatch(name, /\p{Script=Han}[A-Za-z\d]|[A-Za-z\d]\p{Script=Han}/u, `${key}: ${name} lacks a space`);
    assert.doesNotMatch(name, /^\s|\s$|\s{2}|[(),;:]|\p{Script=Han} \p{Script=Han}/u, `${key}: ${name}`);
    assert.ok(name.length > 0 && name.length <= 32, `${key}: ${name} has ${name.length} characters`);
  }
});

/**
 * What reading and writing content costs, per format, in CPU: the Device object of the specification (16 values) and one
 * float. The yardsticks are JSON.parse and JSON.stringify of the same Device object in SenML JSON, and the independent library
 * cborg on the same bytes of SenML CBOR; neither knows paths, types or the object model. Asserts that every format
 * gives the same node, and that TLV does 30,000 Device objects a second both ways.
 * `node bench/lwm2m-formats.ts`
 */
import assert from 'node:assert/strict';
import {
  contentFormatName,
  decodeContent,
  decodePack,
  decodePackValues,
  encodeContent,
  encodePack,
  type Lwm2mNode,
  type Lwm2mPath,
  lwm2mPath,
  multipleResource,
  ObjectLinksReader,
  objectInstance,
  parseObjectLinks,
  singleResource,
} from '@yaolian/lwm2m';
import { omaObjects } from '@yaolian/lwm2m-objects';
import * as cborg from 'cborg';
import { median, table } from './support/figures.ts';

const rounds = 5;

const device = objectInstance(0, [
  singleResource(0, 'string', 'Open Mobile Alliance'),
  singleResource(1, 'string', 'Lightweight M2M Client'),
  singleResource(2, 'string', '345000123'),
  singleResource(3, 'string', '1.0'),
  ...[6, 7, 8].map((id) =>
    multipleResource(id, 'integer', [
      [0, 100 * id],
      [1, 5 * id],
    ]),
  ),
  singleResource(9, 'integer', 100),
  singleResource(10, 'integer', 15),
  multipleResource(11, 'integer', [[0, 0]]),
  singleResource(13, 'time', new Date(1_367_491_215_000)),
  singleResource(14, 'string', '+02:00'),
  singleResource(16, 'string', 'U'),
]);
const temperature = singleResource(5700, 'float', 21.5);

/** Microseconds of CPU a call. */
function cost(call: () => void, calls = 20_000): number {
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < calls; i++) call();
    const { user, system } = process.cpuUsage(start);
    costs.push((user + system) / calls);
  }
  return median(costs);
}

function costs(format: number, path: Lwm2mPath, node: Lwm2mNode): { bytes: number; decode: number; encode: number } {
  const written = encodeContent(format, path, node);
  assert.ok(written.ok);
  assert.deepEqual(decodeContent(format, path, written.value, omaObjects), { ok: true, value: node });
  return {
    bytes: written.value.length,
    decode: cost(() => void decodeContent(format, path, written.value, omaObjects)),
    encode: cost(() => void encodeContent(format, path, node)),
  };
}

const rows: string[][] = [];
for (const format of [11_542, 11_543, 11_544, 110, 112]) {
  const whole = costs(format, lwm2mPath(3, 0), device);
  const one = costs(format, lwm2mPath(3303, 0, 5700), temperature);
  const figures = [whole.bytes, whole.decode, whole.encode, one.bytes, one.decode, one.encode];
  rows.push([contentFormatName(format), ...figures.map((figure) => figure.toFixed(Number.isInteger(figure) ? 0 : 2))]);
  if (format === 11_542) assert.ok(whole.decode < 33 && whole.encode < 33, 'TLV is too slow');
}

const written = encodeContent(110, lwm2mPath(3, 0), device);
assert.ok(written.ok);
const text = new TextDecoder().decode(written.value);
const parsed = JSON.parse(text);
rows.push([
  'JSON.parse, JSON.stringify',
  String(text.length),
  cost(() => void JSON.parse(text)).toFixed(2),
  cost(() => void JSON.stringify(parsed)).toFixed(2),
  '',
  '',
  '',
]);
const cbor = encodeContent(112, lwm2mPath(3, 0), device);
assert.ok(cbor.ok);
const bytes = cbor.value;
const maps = cborg.decode(bytes, { useMaps: true });
rows.push([
  'cborg, SenML CBOR as maps',
  String(bytes.length),
  cost(() => void cborg.decode(bytes, { useMaps: true })).toFixed(2),
  cost(() => void cborg.encode(maps)).toFixed(2),
  '',
  '',
  '',
]);
console.log(table(['us of CPU', 'Device, bytes', 'decode', 'encode', 'float, bytes', 'decode', 'encode'], rows));

/** What a terminal sends that gathered for a while: 10 moments of 10 sensors. */
const gathered = Array.from({ length: 100 }, (_, i) => ({
  path: lwm2mPath(3303, i % 10, 5700),
  type: 'float' as const,
  value: 20 + i / 8,
  time: { milliseconds: (Math.floor(i / 10) - 10) * 1000, isRelative: true },
}));
const packs = [112, 110].map((format) => {
  const pack = encodePack(format, gathered);
  assert.ok(pack.ok);
  const read = cost(() => void decodePack(format, pack.value, omaObjects), 2_000);
  const typed = cost(() => assert.ok(decodePackValues(format, pack.value, omaObjects).ok), 2_000);
  const decoder = new TextDecoder();
  const bare =
    format === 112
      ? () => cborg.decode(pack.value, { useMaps: true })
      : () => JSON.parse(decoder.decode(pack.value)) as unknown;
  return [
    contentFormatName(format),
    String(pack.value.length),
    ...[read, typed, cost(() => void bare(), 2_000)].map((us) => us.toFixed(1)),
  ];
});
console.log(table(['100 records, us of CPU', 'bytes', 'to records', 'to typed values', 'cborg, JSON.parse'], packs));

const links = new TextEncoder().encode('</>;rt="oma.lwm2m",</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</7/0>');
const reader = new ObjectLinksReader();
assert.equal(reader.read(links).ok, true);
const seen = cost(() => void reader.read(links));
const unseen = cost(() => void parseObjectLinks(links));
console.log(
  `an object list of 7 links: ${seen.toFixed(2)} us when it was seen before, ${unseen.toFixed(2)} us when not`,
);

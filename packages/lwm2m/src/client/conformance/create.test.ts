import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentFormat } from '@yaolian/coap';
import { decodeHex, encodeUtf8 } from '@yaolian/kernel';
import { conformanceTerminal } from '../testing/conformance-terminal.ts';
import { brief, code, TerminalWorld } from '../testing/scripted-server.ts';

const { Lwm2mCbor, Lwm2mJson, Lwm2mTlv, SenmlCbor, SenmlJson } = ContentFormat;

const hex = (text: string) => decodeHex(text)!;

type Payload = readonly [format: number, how: string, bytes: Uint8Array];

/** Byte for byte as servers write them: an instance 3 of Portfolio (16), which has the text "Juron" as 0/5. */
const named: readonly Payload[] = [
  [Lwm2mTlv, 'an instance', hex('08 03 0a 88 00 07 45 05 4a75726f6e')],
  [SenmlJson, 'whole names', encodeUtf8('[{"bn":"/16/3/","n":"0/5","vs":"Juron"}]')],
  [SenmlCbor, 'whole names', hex('81 a2 00 69 2f31362f332f302f35 03 65 4a75726f6e')],
  [Lwm2mJson, 'a base name', encodeUtf8('{"bn":"/16/","e":[{"n":"3/0/5","sv":"Juron"}]}')],
  [Lwm2mCbor, 'from the root', hex('a1 10 a1 03 a1 00 a1 05 65 4a75726f6e')],
  [Lwm2mCbor, 'from the root, in one key', hex('a1 84 10 03 00 05 65 4a75726f6e')],
  [Lwm2mCbor, 'from the object', hex('a1 03 a1 00 a1 05 65 4a75726f6e')],
];

/** The same without an id. */
const unnamed: readonly Payload[] = [
  [Lwm2mTlv, 'resources alone', hex('88 00 07 45 05 4a75726f6e')],
  [SenmlJson, '65535', encodeUtf8('[{"bn":"/16/65535/","n":"0/5","vs":"Juron"}]')],
  [SenmlJson, 'names below the object', encodeUtf8('[{"n":"0/5","vs":"Juron"}]')],
  [SenmlCbor, '65535', hex('81 a2 00 6d 2f31362f36353533352f302f35 03 65 4a75726f6e')],
  [Lwm2mJson, '65535', encodeUtf8('{"bn":"/16/","e":[{"n":"65535/0/5","sv":"Juron"}]}')],
  [Lwm2mCbor, '65535 from the root', hex('a1 10 a1 19ffff a1 00 a1 05 65 4a75726f6e')],
  [Lwm2mCbor, '65535 from the object', hex('a1 82 19ffff 00 a1 05 65 4a75726f6e')],
  [Lwm2mCbor, 'resources alone', hex('a1 00 a1 05 65 4a75726f6e')],
];

async function created([format, how, bytes]: Payload): Promise<readonly unknown[]> {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  const answer = await world.post('/16', bytes, format);
  const id = Number(answer.locationPath[1]);
  const value = client.instance(16, id)?.value(0);
  assert.equal(await world.close(), 0);
  return [how, format, brief(answer), answer.locationPath.join('/'), value];
}

test('Create: every format names the new instance', async () => {
  for (const payload of named) {
    const [format, how] = payload;
    assert.deepEqual(await created(payload), [how, format, '2.01', '16/3', new Map([[5, 'Juron']])]);
  }
});

test('Create: without an id, or with 65535 in its place, the terminal chooses one', async () => {
  for (const payload of unnamed) {
    const [format, how] = payload;
    assert.deepEqual(await created(payload), [how, format, '2.01', '16/0', new Map([[5, 'Juron']])]);
  }
});

test('65535 is no id but in a Create', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const write = encodeUtf8('[{"bn":"/16/65535/","n":"0/5","vs":"Juron"}]');
  const twice = encodeUtf8('[{"n":"/16/65535/0/5","vs":"a"},{"n":"/16/4/0/5","vs":"b"}]');
  assert.equal(code(await world.post('/16/65535', write, SenmlJson)), '4.04');
  assert.equal(code(await world.put('/3303/0', hex('a1 190ce7 a1 19ffff a1 191676 01'), Lwm2mCbor)), '4.00');
  assert.match(brief(await world.post('/16', twice, SenmlJson)), /^4\.00 the payload is not one object instance/);
  const elsewhere = encodeUtf8('[{"n":"/17/65535/0/5","vs":"a"}]');
  assert.match(brief(await world.post('/16', elsewhere, SenmlJson)), /^4\.00 .*\/17\/65535\/0\/5 is outside of \/16/);
  assert.equal(code(await world.post('/16', hex('a1 11 a1 19ffff a1 00 a1 05 61 61'), Lwm2mCbor)), '4.00');
  assert.equal(await world.close(), 0);
});

test('Write in LwM2M CBOR begins at the root, or below what it writes to (Core 1.2 §7.4.4)', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const texts: string[] = [];
  for (const [path, payload] of [
    ['/3/0', 'a1 03 a1 00 a1 0f 65 5a756c7530'],
    ['/3/0', 'a1 0f 65 5a756c7531'],
    ['/3/0/15', 'a1 83 03 00 0f 65 5a756c7532'],
  ] as const) {
    const answer = await world.post(path, hex(payload), Lwm2mCbor);
    texts.push(brief(answer).slice(0, 4));
  }
  assert.deepEqual(texts, ['2.04', '2.04', '2.04']);
  assert.match(brief(await world.post('/3/0', hex('a1 04 a1 00 a1 00 01'), Lwm2mCbor)), /^4\.00/);
  assert.equal(await world.close(), 0);
});

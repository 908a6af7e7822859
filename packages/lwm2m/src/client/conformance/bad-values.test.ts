import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type OutgoingRequest } from '@yaolian/coap';
import { decodeHex, encodeUtf8 } from '@yaolian/kernel';
import { defineObject } from '@yaolian/lwm2m-objects';
import { instance } from '../object-instance.ts';
import { creatable } from '../object-tree.ts';
import { code, TerminalWorld, text } from '../testing/scripted-server.ts';

/** One of everything that can be written wrong. */
const gauge = defineObject({
  id: 33_100,
  name: 'Gauge',
  urn: 'urn:oma:lwm2m:x:33100',
  multiple: true,
  resources: {
    level: { id: 0, operations: 'RW', type: 'integer', mandatory: true, range: '0..100' },
    name: { id: 1, operations: 'RW', type: 'string', mandatory: true, range: '1..8' },
    factor: { id: 2, operations: 'RW', type: 'float', range: '-1..1' },
    next: { id: 3, operations: 'RW', type: 'objlnk' },
    steps: { id: 4, operations: 'RW', type: 'unsigned', multiple: true },
    on: { id: 5, operations: 'RW', type: 'boolean' },
    raw: { id: 6, operations: 'RW', type: 'opaque' },
    since: { id: 7, operations: 'RW', type: 'time' },
    reset: { id: 8, operations: 'E' },
    serial: { id: 9, operations: 'R', type: 'string' },
  },
});

const { Text, OctetStream, LinkFormat, SenmlJson, SenmlCbor, Lwm2mTlv, Lwm2mCbor } = ContentFormat;

async function terminal(): Promise<TerminalWorld> {
  const world = new TerminalWorld();
  const first = instance(gauge, { level: 50, name: 'first', next: { objectId: 33_100, instanceId: 0 }, steps: [1, 2] });
  await world.registered({ objects: [first, creatable(gauge)] });
  return world;
}

const put = (path: string, payload: string | Uint8Array, contentFormat: number): OutgoingRequest => ({
  method: Code.PUT,
  path,
  contentFormat,
  payload: typeof payload === 'string' ? encodeUtf8(payload) : payload,
});
const hex = (digits: string) => decodeHex(digits)!;
const post = (...parameters: Parameters<typeof put>): OutgoingRequest => ({ ...put(...parameters), method: Code.POST });
const get = (path: string): OutgoingRequest => ({ method: Code.GET, path });
const huge = '9'.repeat(60);

/** What is asked, the code of the answer, and words of its diagnostic. */
const cases = {
  'the wrong format for the resource': [
    ['text that is no number', put('/33100/0/0', 'fifty', Text), '4.00', /integer/],
    ['a fraction for an integer', put('/33100/0/0', '1.5', Text), '4.00', /integer/],
    ['bytes for an integer', put('/33100/0/0', hex('0102'), OctetStream), '4.00', /integer|opaque/],
    ['links', put('/33100/0/0', '</3>', LinkFormat), '4.15', /40/],
    ['a format that nobody has', put('/33100/0/0', '1', 65_000), '4.15', /65000/],
    ['a TLV of nine bytes', put('/33100/0/0', hex('c80009010203040506070809'), Lwm2mTlv), '4.00', /integer/],
    [
      'a text where SenML has a number',
      put('/33100/0/0', '[{"n":"/33100/0/0","vs":"1"}]', SenmlJson),
      '4.00',
      /integer/,
    ],
    ['a link that is none', put('/33100/0/3', '3-0', Text), '4.00', /objlnk/],
    ['neither 0 nor 1', put('/33100/0/5', 'yes', Text), '4.00', /boolean/],
    ['a time that no calendar has', put('/33100/0/7', '99999999999999999', Text), '4.00', /time/],
    ['a negative number of steps', put('/33100/0/4/0', '-1', Text), '4.00', /unsigned/],
    ['nothing at all', put('/33100/0/0', '', Text), '4.00', /integer/],
  ],
  'out of range': [
    ['above', put('/33100/0/0', '101', Text), '4.00', /0\.\.100/],
    ['below', put('/33100/0/0', '-1', Text), '4.00', /0\.\.100/],
    ['a float', put('/33100/0/2', '1.01', Text), '4.00', /-1\.\.1/],
    ['a text too long', put('/33100/0/1', 'much too long', Text), '4.00', /1\.\.8/],
    ['a text too short', put('/33100/0/1', '', Text), '4.00', /1\.\.8/],
    ['beyond 64 bits', put('/33100/0/0', huge, Text), '4.00', /integer/],
    ['in a pack', put('/33100/0', '[{"n":"/33100/0/0","v":7},{"n":"/33100/0/2","v":7}]', SenmlJson), '4.00', /-1\.\.1/],
  ],
  'what is not there': [
    ['an object', get('/33101'), '4.04', /33101/],
    ['an instance', get('/33100/7'), '4.04', /\/33100\/7/],
    ['a resource', get('/33100/0/99'), '4.04', /\/33100\/0\/99/],
    ['a resource instance', get('/33100/0/4/9'), '4.04', /\/33100\/0\/4\/9/],
    ['a resource to write', put('/33100/0/99', '1', Text), '4.04', /\/33100\/0\/99/],
    ['a resource in what is written', post('/33100/0', hex('c163 01'), Lwm2mTlv), '4.04', /\/33100\/0\/99/],
    ['an instance to execute', post('/33100/7/8', '', Text), '4.04', /\/33100\/7/],
  ],
  'operations that a resource does not have': [
    ['to write what is read', put('/33100/0/9', 'x', Text), '4.05', /\/33100\/0\/9/],
    ['to write what is executed', put('/33100/0/8', 'x', Text), '4.05', /\/33100\/0\/8/],
    ['to read what is executed', get('/33100/0/8'), '4.05', /\/33100\/0\/8/],
    ['to execute what is read', post('/33100/0/9', '', Text), '4.05', /\/33100\/0\/9/],
  ],
  'mandatory resources that are missing': [
    ['of a new instance', post('/33100', hex('c10001'), Lwm2mTlv), '4.00', /mandatory|\/33100\/\d+\/1/],
    ['of a new instance that says nothing', post('/33100', '', Lwm2mTlv), '4.00', /mandatory|\/33100\/\d+\/0/],
    ['of one that is replaced', put('/33100/0', hex('c10001'), Lwm2mTlv), '4.00', /mandatory|\/33100\/0\/1/],
  ],
  'numbers that are gigantic': [
    ['an object', get('/65535'), '4.04', /65534/],
    ['an instance', get('/33100/65535/0'), '4.04', /65534/],
    ['a resource', get(`/33100/0/${huge}`), '4.04', /65534/],
    ['a resource instance', get('/33100/0/4/4294967296'), '4.04', /65534/],
    ['one level too many', get('/33100/0/4/0/0'), '4.04', /four/],
    ['in a name', put('/33100/0', `[{"n":"/33100/0/4/${huge}","v":1}]`, SenmlJson), '4.00', /not the path/],
    ['MAX_ID in TLV', put('/33100/0/4', hex('a604 0001 61ffff01').subarray(0, 7), Lwm2mTlv), '4.00', /./],
    ['2^64 - 1 as a key', put('/33100/0', hex('a1 1bffffffffffffffff 01'), Lwm2mCbor), '4.00', /0 to 65534/],
    ['an array of 2^63 records', put('/33100/0', hex('9b 8000000000000000'), SenmlCbor), '4.00', /missing/],
    ['a text of 2^62 bytes', put('/33100/0', hex('81 a1 00 7b 4000000000000000'), SenmlCbor), '4.00', /beyond the end/],
    ['10^400 for a value', put('/33100/0', '[{"n":"/33100/0/2","v":1e400}]', SenmlJson), '4.00', /too large/],
  ],
} satisfies Readonly<Record<string, readonly (readonly [string, OutgoingRequest, string, RegExp])[]>>;

async function refuses(what: keyof typeof cases): Promise<void> {
  const world = await terminal();
  for (const [name, request, expected, words] of cases[what]) {
    const response = await world.ask(request);
    assert.equal(code(response), expected, `${name}: ${text(response)}`);
    assert.match(text(response), words, name);
    assert.ok(response.payload.length <= 1024);
  }
  // Nothing of it was stored.
  assert.equal(text(await world.get('/33100/0/0', Text)), '50');
  assert.equal(text(await world.get('/33100/0/1', Text)), 'first');
  assert.equal(await world.close(), 0);
}

test('the wrong format for the resource: the code and what is wrong', () =>
  refuses('the wrong format for the resource'));
test('out of range: the code and what is wrong', () => refuses('out of range'));
test('what is not there: the code and what is wrong', () => refuses('what is not there'));
test('operations that a resource does not have: the code and what is wrong', () =>
  refuses('operations that a resource does not have'));
test('mandatory resources that are missing: the code and what is wrong', () =>
  refuses('mandatory resources that are missing'));
test('numbers that are gigantic: the code and what is wrong', () => refuses('numbers that are gigantic'));

test('links that lead in a circle are values like any other', async () => {
  const world = await terminal();
  assert.equal(code(await world.post('/33100', hex('c10001c10161 '), Lwm2mTlv)), '2.01');
  assert.equal(code(await world.put('/33100/1/3', '33100:0')), '2.04');
  assert.equal(code(await world.put('/33100/0/3', '33100:1')), '2.04');
  assert.equal(text(await world.get('/33100/0/3', Text)), '33100:1');
  const whole = await world.get('/33100', SenmlJson);
  assert.match(text(whole), /"33100:0".*"33100:1"|"33100:1".*"33100:0"/);
  assert.equal(code(await world.get('/33100', LinkFormat)), '2.05');
  assert.equal(code(await world.delete('/33100/1')), '2.02');
  assert.equal(text(await world.get('/33100/0/3', Text)), '33100:1', 'a link may lead nowhere');
  assert.equal(await world.close(), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat } from '@yaolian/coap';
import { multipleResource, objectInstance, singleResource } from '../../node.ts';
import { conformanceTerminal, content, valuesOf } from '../testing/conformance-terminal.ts';
import { brief, code, TerminalWorld, text } from '../testing/scripted-server.ts';

const { Cbor, LinkFormat, Lwm2mJson, Lwm2mTlv, OctetStream, SenmlCbor, SenmlJson, Text } = ContentFormat;

/** The Device object of the terminal without its executables. */
const deviceValues = {
  '/3/0/0': 'Open Mobile Alliance',
  '/3/0/1': 'Lightweight M2M Client',
  '/3/0/2': '345000123',
  '/3/0/3': '1.0',
  '/3/0/6/0': 1,
  '/3/0/6/1': 5,
  '/3/0/7/0': 3800,
  '/3/0/7/1': 5000,
  '/3/0/8/0': 125,
  '/3/0/8/1': 900,
  '/3/0/9': 100,
  '/3/0/10': 15,
  '/3/0/11/0': 0,
  '/3/0/13': new Date('2013-05-02T19:25:42Z'),
  '/3/0/14': '+02:00',
  '/3/0/15': 'Europe/Paris',
  '/3/0/16': 'U',
  '/3/0/17': 'Smart Device',
  '/3/0/18': '1.2.3',
  '/3/0/19': '1.0-beta',
  '/3/0/20': 1,
  '/3/0/21': 64,
};

test('LightweightM2M-1.1-int-201 Querying basic information in Plain Text format', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  for (const [path, value] of [
    ['/3/0/0', 'Open Mobile Alliance'],
    ['/3/0/1', 'Lightweight M2M Client'],
    ['/3/0/2', '345000123'],
    ['/3/0/9', '100'],
    ['/3/0/13', '1367522742'],
    ['/1/0/6', '0'],
  ] as const) {
    const response = await world.get(path, Text);
    assert.equal(brief(response), `2.05 ${value}`, path);
    assert.equal(response.contentFormat, Text);
  }
  // An instance does not go into a text.
  assert.equal(code(await world.get('/3/0', Text)), '4.06');
  assert.equal(await world.close(), 0);
});

for (const [id, name, format] of [
  [203, 'TLV', Lwm2mTlv],
  [204, 'JSON', Lwm2mJson],
  [231, 'SenML JSON', SenmlJson],
  [232, 'SenML CBOR', SenmlCbor],
] as const) {
  test(`LightweightM2M-1.1-int-${id} Querying basic information in ${name} format`, async () => {
    const world = new TerminalWorld();
    await conformanceTerminal(world);
    const response = await world.get('/3/0', format);
    assert.equal(code(response), '2.05');
    assert.equal(response.contentFormat, format);
    assert.deepEqual(valuesOf('/3/0', response), deviceValues);
    assert.deepEqual(valuesOf('/3/0/2', await world.get('/3/0/2', format)), { '/3/0/2': '345000123' });
    assert.equal(await world.close(), 0);
  });
}

test('LightweightM2M-1.1-int-205 Setting basic information in Plain Text format', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  for (const [path, value] of [
    ['/1/0/2', '1'],
    ['/1/0/3', '10'],
    ['/1/0/5', '86400'],
    ['/1/0/6', '1'],
    ['/3/0/14', '+08:00'],
  ] as const) {
    assert.equal(code(await world.put(path, value)), '2.04', path);
    assert.equal(brief(await world.get(path, Text)), `2.05 ${value}`, path);
  }
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-215 Setting basic information in TLV format', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const values = objectInstance(0, [
    singleResource(2, 'integer', 5),
    singleResource(3, 'integer', 60),
    singleResource(6, 'boolean', true),
  ]);
  assert.equal(code(await world.post('/1/0', content('/1/0', values), Lwm2mTlv)), '2.04');
  const read = valuesOf('/1/0', await world.get('/1/0', Lwm2mTlv));
  assert.deepEqual(
    [read['/1/0/1'], read['/1/0/2'], read['/1/0/3'], read['/1/0/6']],
    [300, 5, 60, true],
    'what the payload names changed, the lifetime did not',
  );
  const one = content('/1/0/5', singleResource(5, 'integer', 900));
  assert.equal(code(await world.put('/1/0/5', one, Lwm2mTlv)), '2.04');
  assert.equal(text(await world.get('/1/0/5', Text)), '900');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-220 Setting basic information in JSON format', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const json = '{"bn":"/1/0/","e":[{"n":"2","v":101},{"n":"3","v":1010},{"n":"5","v":2000}]}';
  assert.equal(code(await world.post('/1/0', json, Lwm2mJson)), '2.04');
  const read = valuesOf('/1/0', await world.get('/1/0', Lwm2mJson));
  assert.deepEqual([read['/1/0/2'], read['/1/0/3'], read['/1/0/5']], [101, 1010, 2000]);
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-211 Querying basic information in CBOR format', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const battery = await world.get('/3/0/9', Cbor);
  assert.deepEqual([battery.contentFormat, [...battery.payload]], [Cbor, [0x18, 100]]);
  assert.equal(code(await world.get('/3/0', Cbor)), '4.06');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-212 Setting basic information in CBOR format', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal(code(await world.put('/1/0/2', Uint8Array.of(0x18, 101), Cbor)), '2.04');
  assert.equal(text(await world.get('/1/0/2', Text)), '101');
  assert.equal(await world.close(), 0);
});

for (const [id, name, format] of [
  [233, 'SenML CBOR', SenmlCbor],
  [234, 'SenML JSON', SenmlJson],
] as const) {
  test(`LightweightM2M-1.1-int-${id} Setting basic information in ${name} format`, async () => {
    const world = new TerminalWorld();
    await conformanceTerminal(world);
    const values = objectInstance(0, [singleResource(2, 'integer', 5), singleResource(6, 'boolean', true)]);
    assert.equal(code(await world.post('/1/0', content('/1/0', values, format), format)), '2.04');
    const read = valuesOf('/1/0', await world.get('/1/0', format));
    assert.deepEqual([read['/1/0/1'], read['/1/0/2'], read['/1/0/6']], [300, 5, true]);
    assert.equal(await world.close(), 0);
  });
}

test('LightweightM2M-1.1-int-221 Attempt to perform operations on Security object', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const asked = [
    await world.get('/0/0'),
    await world.get('/0/0/0', Text),
    await world.get('/0', LinkFormat),
    await world.put('/0/0/0', 'coap://192.0.2.66'),
    await world.post('/0/0', content('/0/0', objectInstance(0, [singleResource(0, 'string', 'x')])), Lwm2mTlv),
    await world.post('/0/0/1'),
    await world.post('/0', Uint8Array.of(0x08, 0x05, 0x00), Lwm2mTlv),
    await world.delete('/0/0'),
    await world.delete('/0/7'),
    await world.writeAttributes('/0/0', 'pmin=1'),
    (await world.observe('/0/0')).response,
  ];
  assert.deepEqual(
    asked.map(code),
    asked.map(() => '4.01'),
  );
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-222 Read on Object', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const response = await world.get('/1', Lwm2mTlv);
  assert.equal(code(response), '2.05');
  const values = valuesOf('/1', response);
  assert.deepEqual([values['/1/0/0'], values['/1/0/1'], values['/1/0/7']], [1, 300, 'U']);
  assert.equal(code(await world.get('/4711')), '4.04');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-223 Read on Object Instance', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const values = valuesOf('/1/0', await world.get('/1/0', Lwm2mTlv));
  assert.equal(values['/1/0/1'], 300);
  assert.equal(code(await world.get('/1/7')), '4.04');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-224 Read on Resource', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.deepEqual(valuesOf('/1/0/0', await world.get('/1/0/0')), { '/1/0/0': 1 });
  assert.equal(code(await world.get('/1/0/2')), '4.04', 'no value');
  assert.equal(code(await world.get('/1/0/99')), '4.04', 'no such resource');
  assert.equal(code(await world.get('/3/0/4')), '4.05', 'executable');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-225 Read on Resource Instance', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal(brief(await world.get('/3/0/11/0', Text)), '2.05 0');
  assert.equal(brief(await world.get('/3/0/7/1', Text)), '2.05 5000');
  assert.equal(code(await world.get('/3/0/7/2')), '4.04');
  assert.equal(code(await world.get('/3/0/0/0')), '4.04', 'a resource with one value');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-226 Write (Partial Update) on Object Instance', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const values = objectInstance(0, [singleResource(1, 'integer', 777), singleResource(2, 'integer', 7)]);
  assert.equal(code(await world.post('/1/0', content('/1/0', values), Lwm2mTlv)), '2.04');
  const read = valuesOf('/1/0', await world.get('/1/0'));
  assert.deepEqual([read['/1/0/1'], read['/1/0/2'], read['/1/0/7']], [777, 7, 'U']);
  // The payload may enclose the resources in their object instance.
  const enclosed = Uint8Array.of(0x08, 0x00, 0x03, 0xc1, 0x02, 0x09);
  assert.equal(code(await world.post('/1/0', enclosed, Lwm2mTlv)), '2.04');
  assert.equal(text(await world.get('/1/0/2', Text)), '9');
  const other = Uint8Array.of(0x08, 0x01, 0x03, 0xc1, 0x02, 0x09);
  assert.equal(code(await world.post('/1/0', other, Lwm2mTlv)), '4.00', 'another instance than the path says');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-227 Write (replace) on Resource', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  assert.equal(code(await world.put('/1/0/2', '8')), '2.04');
  assert.equal(text(await world.get('/1/0/2', Text)), '8');
  // A resource with instances is replaced whole by PUT, and added to by POST.
  const identities = (values: [number, string][]) => content('/16/0/0', multipleResource(0, 'string', values));
  const first = objectInstance(0, [
    multipleResource(0, 'string', [
      [0, 'a'],
      [1, 'b'],
    ]),
  ]);
  assert.equal(
    code(
      await world.post('/16', content('/16', { kind: 'object', id: 16, instances: new Map([[0, first]]) }), Lwm2mTlv),
    ),
    '2.01',
  );
  assert.equal(
    code(
      await world.post(
        '/16/0/0',
        identities([
          [1, 'B'],
          [2, 'c'],
        ]),
        Lwm2mTlv,
      ),
    ),
    '2.04',
  );
  const values = () => [...(client.instance(16, 0)!.value(0) as Map<number, string>)];
  assert.deepEqual(values(), [
    [0, 'a'],
    [1, 'B'],
    [2, 'c'],
  ]);
  assert.equal(code(await world.put('/16/0/0', identities([[5, 'z']]), Lwm2mTlv)), '2.04');
  assert.deepEqual(values(), [[5, 'z']]);
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-228 Write on Resource Instance', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  const instance = objectInstance(0, [
    multipleResource(0, 'string', [
      [0, 'a'],
      [1, 'b'],
    ]),
  ]);
  const object = { kind: 'object', id: 16, instances: new Map([[0, instance]]) } as const;
  await world.post('/16', content('/16', object), Lwm2mTlv);
  assert.equal(code(await world.put('/16/0/0/1', 'changed')), '2.04');
  assert.deepEqual(
    [...(client.instance(16, 0)!.value(0) as Map<number, string>)],
    [
      [0, 'a'],
      [1, 'changed'],
    ],
  );
  assert.equal(code(await world.put('/16/0/0/9', 'new')), '4.04');
  assert.equal(code(await world.put('/3/0/11/0', '1')), '4.05');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-241 Executable Resource: Rebooting the device', async () => {
  const world = new TerminalWorld();
  const executed: string[] = [];
  await conformanceTerminal(world, {}, executed);
  assert.equal(code(await world.post('/3/0/4')), '2.04');
  assert.equal(code(await world.post('/3/0/4', "0='now',5", Text)), '2.04');
  assert.deepEqual(executed, ['reboot []', 'reboot [[0,"now"],[5,null]]']);
  assert.equal(code(await world.post('/3/0/4', 'now', Text)), '4.00', 'no arguments look like this');
  assert.equal(code(await world.post('/3/0/0')), '4.05', 'not executable');
  assert.equal(code(await world.post('/3/0/99')), '4.04');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-256 Write Operation Failure', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  // 1. A read-only resource. 2. 4.05, and nothing changed.
  assert.equal(code(await world.put('/3/0/0', 'Somebody else')), '4.05');
  assert.equal(text(await world.get('/3/0/0', Text)), 'Open Mobile Alliance');
  // One wrong part makes the whole write fail: of several resources none changes.
  const mixed = objectInstance(0, [
    singleResource(14, 'string', '+09:00'),
    singleResource(0, 'string', 'Somebody else'),
  ]);
  assert.equal(code(await world.post('/3/0', content('/3/0', mixed), Lwm2mTlv)), '4.05');
  const absurd = objectInstance(0, [singleResource(2, 'integer', 3), singleResource(1, 'integer', -1)]);
  assert.equal(code(await world.post('/1/0', content('/1/0', absurd), Lwm2mTlv)), '4.00');
  assert.equal(text(await world.get('/3/0/14', Text)), '+02:00');
  assert.equal(code(await world.get('/1/0/2')), '4.04');
  // Replace without a mandatory resource.
  const lacking = objectInstance(0, [singleResource(2, 'integer', 3)]);
  assert.equal(code(await world.put('/1/0', content('/1/0', lacking), Lwm2mTlv)), '4.00');
  // Values of another type, formats of another kind.
  assert.equal(code(await world.put('/1/0/1', 'tomorrow')), '4.00');
  assert.equal(code(await world.put('/1/0/1', '60', 9999)), '4.15');
  assert.equal(code(await world.put('/1/0', '60', Text)), '4.15');
  assert.equal(code(await world.put('/1/0/1', Uint8Array.of(0xc1), Lwm2mTlv)), '4.00');
  assert.equal(code(await world.put('/1/9/1', '60')), '4.04');
  assert.equal(code(await world.put('/1/0/99', '60')), '4.04');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-260 Discover Command', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const links = async (path: string) => text(await world.get(path, LinkFormat));
  // 1. Object 3 without attributes.
  const resources =
    '</3/0/0>,</3/0/1>,</3/0/2>,</3/0/3>,</3/0/4>,</3/0/5>,</3/0/6>;dim=2,</3/0/7>;dim=2,</3/0/8>;dim=2,</3/0/9>,' +
    '</3/0/10>,</3/0/11>;dim=1,</3/0/12>,</3/0/13>,</3/0/14>,</3/0/15>,</3/0/16>,</3/0/17>,</3/0/18>,</3/0/19>,</3/0/20>,</3/0/21>';
  assert.equal(await links('/3'), `</3>;ver=1.1,</3/0>,${resources}`);
  // 2. Attributes on the object, 3. on the instance, 4. on a resource.
  assert.equal(code(await world.writeAttributes('/3', 'pmin=10', 'pmax=200')), '2.04');
  assert.equal(code(await world.writeAttributes('/3/0', 'pmax=300')), '2.04');
  assert.equal(code(await world.writeAttributes('/3/0/7', 'lt=1', 'gt=6', 'st=1')), '2.04');
  const withAttributes = resources.replace('</3/0/7>;dim=2', '</3/0/7>;dim=2;gt=6;lt=1;st=1');
  assert.equal(await links('/3'), `</3>;ver=1.1;pmin=10;pmax=200,</3/0>;pmax=300,${withAttributes}`);
  assert.equal(await links('/3/0'), `</3/0>;pmax=300,${withAttributes}`);
  // 5. A resource by itself shows what holds for it, inherited attributes included.
  assert.equal(await links('/3/0/7'), '</3/0/7>;dim=2;pmin=10;pmax=300;gt=6;lt=1;st=1,</3/0/7/0>,</3/0/7/1>');
  assert.equal(await links('/3/0/0'), '</3/0/0>;pmin=10;pmax=300');
  assert.equal(code(await world.get('/3/0/22', LinkFormat)), '4.04', 'a resource that is not there');
  assert.equal(code(await world.get('/', LinkFormat)), '4.05');
  assert.equal(await world.close(), 0);
});

test('LightweightM2M-1.1-int-261 Write-Attribute Operation on a multiple resource', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const links = async (path: string) => text(await world.get(path, LinkFormat));
  assert.equal(code(await world.writeAttributes('/3/0/7', 'pmin=10', 'pmax=200')), '2.04');
  assert.equal(await links('/3/0/7'), '</3/0/7>;dim=2;pmin=10;pmax=200,</3/0/7/0>,</3/0/7/1>');
  // An attribute without a value goes away.
  assert.equal(code(await world.writeAttributes('/3/0/7', 'pmin=', 'pmax')), '2.04');
  assert.equal(await links('/3/0/7'), '</3/0/7>;dim=2,</3/0/7/0>,</3/0/7/1>');
  assert.equal(code(await world.writeAttributes('/3/0/7/1', 'gt=4000')), '2.04');
  assert.equal(await links('/3/0/7/1'), '</3/0/7/1>;gt=4000');
  for (const [path, ...query] of [
    ['/3/0/7', 'gt=6', 'lt=7'],
    ['/3/0/7', 'lt=1', 'gt=2', 'st=1'],
    ['/3/0/7', 'pmin=-1'],
    ['/3/0/7', 'pmin=20', 'pmax=10'],
    ['/3/0/7', 'pmin=1', 'nonsense=2'],
    ['/3/0/0', 'gt=5'],
    ['/3/0', 'st=5'],
  ] as const) {
    assert.equal(code(await world.writeAttributes(path, ...query)), '4.00', `${path}?${query.join('&')}`);
  }
  assert.equal(await links('/3/0/7'), '</3/0/7>;dim=2,</3/0/7/0>,</3/0/7/1>;gt=4000');
  assert.equal(code(await world.writeAttributes('/3/0/4', 'pmin=1')), '4.05');
  assert.equal(code(await world.writeAttributes('/3/0/7/9', 'pmin=1')), '4.04');
  assert.equal(code(await world.writeAttributes('/3/7', 'pmin=1')), '4.04');
  assert.equal(await world.close(), 0);
});

test('the default format is TLV in 1.0; in 1.1 single values are text or opaque, the rest SenML CBOR', async () => {
  const older = new TerminalWorld();
  await conformanceTerminal(older, { lwm2mVersion: '1.0' });
  assert.equal((await older.get('/3/0/0')).contentFormat, Lwm2mTlv);
  assert.equal((await older.get('/3/0')).contentFormat, Lwm2mTlv);
  assert.equal(await older.close(), 0);
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  assert.equal((await world.get('/3/0/0')).contentFormat, Text);
  assert.equal((await world.get('/3/0/7')).contentFormat, SenmlCbor);
  assert.equal((await world.get('/3/0')).contentFormat, SenmlCbor);
  assert.equal(code(await world.get('/3/0/0', OctetStream)), '4.06');
  assert.equal(code(await world.get('/3/0/0', 9999)), '4.06');
  assert.equal(await world.close(), 0);
});

test('paths that are none are 4.04, methods of later releases 4.05', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  for (const path of ['/x', '/3/0/0/0/0', '/70000', '/3/-1', '/.well-known/core']) {
    assert.equal(code(await world.get(path)), '4.04', path);
  }
  for (const method of [Code.FETCH, Code.PATCH, Code.iPATCH]) {
    assert.equal(
      code(await world.ask({ method, path: '/3/0', payload: Uint8Array.of(1), contentFormat: 112 })),
      '4.05',
    );
  }
  assert.equal(await world.close(), 0);
});

test('Create and Delete: with an id, without one, and all that can be wrong', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  const named = (id: number) => {
    const instance = objectInstance(id, [multipleResource(0, 'string', [[0, 'host']])]);
    return content('/16', { kind: 'object', id: 16, instances: new Map([[id, instance]]) });
  };
  const made = await world.post('/16', named(3), Lwm2mTlv);
  assert.deepEqual([code(made), made.locationPath], ['2.01', ['16', '3']]);
  assert.equal(code(await world.post('/16', named(3), Lwm2mTlv)), '4.00', 'taken');
  const bare = content('/16/0', objectInstance(0, [multipleResource(0, 'string', [[0, 'host']])]));
  const chosen = await world.post('/16', bare, Lwm2mTlv);
  assert.deepEqual([code(chosen), chosen.locationPath], ['2.01', ['16', '0']]);
  assert.equal(code(await world.post('/16', Uint8Array.of(), Lwm2mTlv)), '4.00', 'without a mandatory resource');
  assert.equal(code(await world.post('/16', Uint8Array.of(0xff, 1, 2), Lwm2mTlv)), '4.00');
  assert.equal(code(await world.post('/16', named(4), 9999)), '4.15');
  assert.equal(code(await world.post('/4711', named(4), Lwm2mTlv)), '4.04');
  await world.pass(1);
  assert.match(new TextDecoder().decode(world.server.requests.at(-1)!.payload), /<\/16\/0>,<\/16\/3>/);
  assert.equal(code(await world.delete('/16/3')), '2.02');
  assert.equal(code(await world.delete('/16/3')), '4.04');
  assert.equal(code(await world.delete('/16')), '4.05');
  assert.equal(code(await world.delete('/16/0/0')), '4.05');
  assert.equal(client.instance(16, 3), undefined);
  assert.equal(await world.close(), 0);
});

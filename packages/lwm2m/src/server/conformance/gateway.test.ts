import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, formatCode } from '@yaolian/coap';
import { encodeUtf8, hasCode } from '@yaolian/kernel';
import { Humidity, Temperature } from '@yaolian/lwm2m-objects/references';
import { creatable, device, EndDevice, instance } from '../../client/index.ts';
import { formatPath, nodeValues, objectInstance, parsePath, type ResourceValue, singleResource } from '../../index.ts';
import type { Answer, Done } from '../operation-types.ts';
import { Pair, type PairOptions, reference } from '../testing/pair.ts';
import { World } from '../testing/world.ts';

// OMA-TS-LWM2M_Gateway 1.1, with our terminal as the gateway and our server. The paragraphs are those of 1.1.1.

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function code(answer: Answer<Done>): string {
  return formatCode(answer.ok ? answer.value.code : answer.error.code);
}

/** A thermometer and a humidity sensor behind a gateway. */
function endDevices(executed: string[] = []) {
  const temperature = instance(Temperature, { sensorValue: 21.5, sensorUnits: 'Cel' });
  const humidity = instance(Humidity, { sensorValue: 40 });
  const reboot = () => void executed.push('reboot d01');
  const thermometer = new EndDevice({
    deviceId: 'urn:dev:os:32473-101',
    prefix: 'd01',
    objects: [
      device({ manufacturer: 'Company A', batteryLevel: 100 }, { onExecute: { reboot } }, '1.2'),
      temperature,
      creatable(Humidity),
    ],
  });
  const hygrometer = new EndDevice({
    deviceId: 'urn:dev:os:32473-102',
    prefix: 'd02',
    objects: [device({ manufacturer: 'Company B', batteryLevel: 65 }, {}, '1.2'), humidity],
  });
  return { temperature, humidity, thermometer, hygrometer };
}

async function gateway(options: PairOptions = {}) {
  const executed: string[] = [];
  const behind = endDevices(executed);
  const all = [behind.thermometer, behind.hygrometer];
  const client = { lwm2mVersion: '1.2', endDevices: all, ...options.client } as const;
  return { pair: await Pair.open({ ...options, client }), executed, ...behind };
}

async function read(pair: Pair, path: string, accept?: number): Promise<Record<string, ResourceValue>> {
  const answer = await pair.until(pair.server.read(reference, at(path), accept === undefined ? {} : { accept }));
  assert.ok(answer.ok, JSON.stringify(answer));
  return Object.fromEntries(
    [...nodeValues(at(path), answer.value.node)].map((one) => [formatPath(one.path), one.value]),
  );
}

test('the devices behind a gateway are told by object 25, and are in no Register', async () => {
  const { pair } = await gateway();
  const links = pair.server.objectLinks(reference)!;
  assert.deepEqual(links.objects.get(25), { version: '2.0', instances: [0, 1] });
  assert.ok(!links.objects.has(3304));
  const answer = await pair.until(pair.server.endDevices(reference));
  assert.ok(answer.ok);
  assert.deepEqual(
    answer.value.endDevices.map(({ objects, ...entry }) => ({ ...entry, objects: [...objects] })),
    [
      {
        instanceId: 0,
        deviceId: 'urn:dev:os:32473-101',
        prefix: 'd01',
        objects: [
          [3, { version: '1.2', instances: [0] }],
          [3303, { version: '1.1', instances: [0] }],
          [3304, { version: '1.1', instances: [] }],
        ],
      },
      {
        instanceId: 1,
        deviceId: 'urn:dev:os:32473-102',
        prefix: 'd02',
        objects: [
          [3, { version: '1.2', instances: [0] }],
          [3304, { version: '1.1', instances: [0] }],
        ],
      },
    ],
  );
  assert.equal(await pair.close(), 0);
});

test('devices come and go: by an Update, and observers of their lists hear of their objects', async () => {
  const { pair, thermometer } = await gateway();
  assert.ok((await pair.until(pair.server.observe(reference, at('/25/0/3')))).ok);
  const second = instance(Temperature, { sensorValue: 4 }, { id: 1 });
  thermometer.add(second);
  await pair.world.settle();
  const lists = pair.world.eventsOf('notification').map(({ node }) => node.kind === 'resource' && node.value);
  assert.deepEqual(lists, ['</3>;ver=1.2,</3/0>,</3303>;ver=1.1,</3303/0>,</3303/1>,</3304>;ver=1.1']);
  assert.ok(pair.client.detach('d02') && !pair.client.detach('d02'));
  await pair.world.settle();
  assert.deepEqual(pair.server.objectLinks(reference)!.objects.get(25)!.instances, [0]);
  const gone = await pair.until(pair.server.read(reference, at('/d02/3/0')));
  assert.equal(code(gone), '4.04');
  pair.client.attach(new EndDevice({ deviceId: 'urn:dev:os:32473-103', prefix: 'd03' }));
  await pair.world.settle();
  const now = await pair.until(pair.server.endDevices(reference));
  assert.deepEqual(now.ok && now.value.endDevices.map(({ prefix }) => prefix), ['d01', 'd03']);
  assert.equal(await pair.close(), 0);
});

test('every operation reaches a device through its prefix, as its own', async () => {
  const { pair, executed, temperature } = await gateway();
  const { server } = pair;
  assert.deepEqual(await read(pair, '/d01/3303/0'), {
    '/d01/3303/0/5700': 21.5,
    '/d01/3303/0/5701': 'Cel',
  });
  assert.equal((await read(pair, '/d02/3/0/0'))['/d02/3/0/0'], 'Company B');
  assert.equal((await read(pair, '/3/0/0'))['/3/0/0'], 'Open Mobile Alliance');
  const links = await pair.until(server.discover(reference, at('/d01/3303/0')));
  assert.deepEqual(
    links.ok && links.value.links.map(({ path }) => formatPath(path)),
    ['/d01/3303/0', '/d01/3303/0/5700', '/d01/3303/0/5701', '/d01/3303/0/5605'].filter((path) =>
      temperature.has(Number(path.split('/')[4] ?? 5700)),
    ),
  );
  assert.equal(code(await pair.until(server.execute(reference, at('/d01/3/0/4')))), '2.04');
  assert.deepEqual(executed, ['reboot d01']);
  const utcOffset = singleResource(14, 'string', '+08:00');
  assert.equal(code(await pair.until(server.write(reference, at('/d02/3/0/14'), utcOffset))), '2.04');
  assert.deepEqual(await read(pair, '/d02/3/0/14'), { '/d02/3/0/14': '+08:00' });
  assert.deepEqual(await read(pair, '/3/0/14'), { '/3/0/14': '+02:00' });
  const created = await pair.until(
    server.create(reference, at('/d01/3304'), objectInstance(0, [singleResource(5700, 'float', 55)])),
  );
  assert.ok(created.ok && created.value.path);
  assert.equal(formatPath(created.value.path), '/d01/3304/0');
  assert.equal((await read(pair, '/d01/3304/0/5700'))['/d01/3304/0/5700'], 55);
  assert.equal(code(await pair.until(server.delete(reference, at('/d01/3304/0')))), '2.02');
  assert.equal(code(await pair.until(server.read(reference, at('/d01/3304/0')))), '4.04');
  assert.equal(code(await pair.until(server.read(reference, at('/d09/3/0')))), '4.04');
  assert.equal(await pair.close(), 0);
});

const formats = [
  ContentFormat.Text,
  ContentFormat.Cbor,
  ContentFormat.SenmlJson,
  ContentFormat.SenmlCbor,
  ContentFormat.Lwm2mTlv,
  ContentFormat.Lwm2mJson,
  ContentFormat.Lwm2mCbor,
];

for (const format of formats) {
  test(`what is behind a gateway is read in format ${format}`, async () => {
    const { pair } = await gateway();
    const path = '/d01/3303/0/5700';
    assert.deepEqual(await read(pair, path, format), { [path]: 21.5 });
    assert.equal(await pair.close(), 0);
  });
}

test('attributes and an observation of a device behind a gateway do not touch another one', async () => {
  const { pair, temperature, humidity, thermometer } = await gateway();
  const { server } = pair;
  assert.equal(code(await pair.until(server.writeAttributes(reference, at('/d01/3303/0/5700'), { gt: 30 }))), '2.04');
  assert.ok((await pair.until(server.observe(reference, at('/d01/3303/0/5700')))).ok);
  assert.ok((await pair.until(server.observe(reference, at('/d02/3304')))).ok);
  temperature.set('sensorValue', 29);
  humidity.set('sensorValue', 41);
  await pair.world.settle();
  temperature.set('sensorValue', 31);
  await pair.world.settle();
  assert.deepEqual(
    pair.world
      .eventsOf('notification')
      .map(({ path, node }) => [formatPath(path), [...nodeValues(path, node)].map(({ value }) => value)]),
    [
      ['/d02/3304', [41]],
      ['/d01/3303/0/5700', [31]],
    ],
  );
  thermometer.remove(3303, 0);
  await pair.world.settle();
  assert.deepEqual(
    pair.world.eventsOf('observation-ended').map(({ observation }) => observation.path),
    ['/d01/3303/0/5700'],
  );
  assert.equal(await pair.close(), 0);
});

test('an observation of a device behind a gateway goes on after a restart of the server', async () => {
  const { pair, temperature } = await gateway();
  assert.ok((await pair.until(pair.server.observe(reference, at('/d01/3303/0')))).ok);
  await pair.world.kill();
  await pair.world.startServer();
  assert.deepEqual(
    pair.server.observations(reference).map(({ path }) => path),
    ['/d01/3303/0'],
  );
  temperature.set('sensorValue', 25);
  await pair.world.settle();
  const [notified] = pair.world.eventsOf('notification');
  assert.equal(notified && formatPath(notified.path), '/d01/3303/0');
  assert.equal(await pair.close(), 0);
});

test('a composite names several devices and the gateway (§8.3.2)', async () => {
  const { pair, temperature } = await gateway();
  const { server } = pair;
  const paths = ['/d01/3/0/0', '/d01/3303/0/5700', '/d02/3/0/9', '/3/0/9'].map(at);
  for (const accept of [ContentFormat.SenmlJson, ContentFormat.SenmlCbor, ContentFormat.Lwm2mCbor]) {
    const answer = await pair.until(server.readComposite(reference, paths, { accept }));
    assert.ok(answer.ok, JSON.stringify(answer));
    assert.deepEqual(
      answer.value.values.map(({ path, node }) => [formatPath(path), node?.kind === 'resource' && node.value]),
      [
        ['/d01/3/0/0', 'Company A'],
        ['/d01/3303/0/5700', 21.5],
        ['/d02/3/0/9', 65],
        ['/3/0/9', 100],
      ],
    );
  }
  const root = await pair.until(server.readComposite(reference, [at('/d02')]));
  assert.deepEqual(root.ok && root.value.values.map(({ path }) => formatPath(path)), ['/d02/3', '/d02/3304']);
  const written = await pair.until(
    server.writeComposite(reference, [
      { path: at('/d01/3/0/14'), node: singleResource(14, 'string', '+01:00') },
      { path: at('/3/0/14'), node: singleResource(14, 'string', '+03:00') },
    ]),
  );
  assert.equal(code(written), '2.04');
  assert.equal((await read(pair, '/d01/3/0/14'))['/d01/3/0/14'], '+01:00');
  assert.equal((await read(pair, '/3/0/14'))['/3/0/14'], '+03:00');
  assert.ok((await pair.until(server.observeComposite(reference, [at('/d01/3303/0/5700'), at('/3/0/9')]))).ok);
  temperature.set('sensorValue', 19);
  await pair.world.settle();
  assert.deepEqual(
    pair.world
      .eventsOf('notification')
      .map(({ path, node }) => [formatPath(path), node.kind === 'resource' && node.value]),
    [
      ['/d01/3303/0/5700', 19],
      ['/3/0/9', 100],
    ],
  );
  assert.equal(await pair.close(), 0);
});

test('a composite is all or nothing over several devices', async () => {
  const { pair } = await gateway();
  const refused = await pair.until(
    pair.server.writeComposite(
      reference,
      [
        { path: at('/d02/3/0/14'), node: singleResource(14, 'string', '+01:00') },
        { path: at('/d09/3/0/14'), node: singleResource(14, 'string', '+03:00') },
      ],
      { unchecked: true },
    ),
  );
  assert.equal(code(refused), '4.04');
  assert.ok(!refused.ok && /\/d09\/3\/0 is not there/.test(refused.error.diagnostic));
  assert.equal(code(await pair.until(pair.server.read(reference, at('/d02/3/0/14')))), '4.04');
  assert.equal(await pair.close(), 0);
});

test('a Send brings values of devices that are in no Register (§8.3.3)', async () => {
  const taken: string[] = [];
  const { pair } = await gateway({
    takeValues: ({ values }) => {
      for (const { path, value } of values) taken.push(`${formatPath(path)} ${String(value)}`);
    },
  });
  for (const contentFormat of [ContentFormat.SenmlCbor, ContentFormat.SenmlJson, ContentFormat.Lwm2mCbor]) {
    const items = ['/d01/3303/0/5700', '/d02/3304/0/5700', '/3/0/9'];
    const outcomes = await pair.until(pair.client.send(items, { contentFormat }));
    assert.deepEqual(
      outcomes.map(({ result }) => result),
      ['accepted'],
    );
    assert.deepEqual(taken.splice(0), ['/d01/3303/0/5700 21.5', '/d02/3304/0/5700 40', '/3/0/9 100']);
  }
  await pair.world.settle();
  const [sent] = pair.world.eventsOf('sent');
  assert.deepEqual(sent?.instances.map(formatPath), ['/d01/3303/0', '/d02/3304/0', '/3/0']);
  assert.equal(await pair.close(), 0);
});

test('typed access reaches behind a gateway', async () => {
  const { pair } = await gateway();
  const answer = await pair.until(pair.server.device(reference).behind('d01').resource(Temperature.SensorValue).read());
  assert.equal(answer.ok && answer.value.value.toFixed(1), '21.5');
  assert.throws(() => pair.server.device(reference).behind('3303'), RangeError);
  assert.equal(await pair.close(), 0);
});

test('a device behind a gateway is judged by the versions of its own list', async () => {
  const { pair } = await gateway();
  await pair.until(pair.server.endDevices(reference));
  const model = pair.server.modelOf(reference)!;
  assert.equal(model.behind!('d01')!.object(3)!.version, '1.2');
  await assert.rejects(
    pair.until(pair.server.write(reference, at('/d01/3/0/0'), singleResource(0, 'string', 'x'))),
    (e) => hasCode(e, 'LWM2M_NOT_WRITABLE'),
  );
  await assert.rejects(pair.until(pair.server.read(reference, { ...at('/d01/3303/0/5605') })), (error) =>
    hasCode(error, 'LWM2M_EXECUTABLE'),
  );
  assert.equal(await pair.close(), 0);
});

test('where there is no gateway, a prefix is refused before anybody is asked', async () => {
  const pair = await Pair.open();
  await assert.rejects(pair.until(pair.server.read(reference, at('/d01/3303/0'))), (error: Error) => {
    return hasCode(error, 'LWM2M_NO_GATEWAY') && /has no object 25/.test(error.message);
  });
  assert.equal(code(await pair.until(pair.server.endDevices(reference))), '4.04');
  const asked = await pair.until(pair.server.read(reference, at('/d01/3303/0'), { unchecked: true }));
  assert.equal(code(asked), '4.04');
  assert.equal(await pair.close(), 0);
});

test('a bootstrap does not touch what is behind a gateway (§8.1)', async () => {
  const { thermometer } = endDevices();
  const pair = await Pair.open({
    bootstrap: {
      security: [{ instanceId: 1, uri: 'coap://192.0.2.1:5683', securityMode: 3, shortServerId: 101 }],
      servers: [{ instanceId: 1, shortServerId: 101, lifetime: 300 }],
    },
    client: { lwm2mVersion: '1.2', endDevices: [thermometer] },
  });
  assert.deepEqual(
    pair.client.endDevices.map(({ prefix }) => prefix),
    ['d01'],
  );
  assert.equal((await read(pair, '/d01/3303/0/5700'))['/d01/3303/0/5700'], 21.5);
  assert.equal(await pair.close(), 0);
});

// Gateways of others: the table of §10, with an alternate path, and answers without the prefix.

test('paths to devices go behind the alternate path of a gateway', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const links = '</lwm2m>;rt="oma.lwm2m",</lwm2m/3/0>,</lwm2m/25>;ver=2.0,</lwm2m/25/0>,</lwm2m/25/1>';
  await world.until(terminal.register('ep=gateway&lt=300&lwm2m=1.1', links));
  const client = { endpoint: 'gateway' };
  const list = (id: number, prefix: string, text: string) =>
    [
      { n: `/25/${id}/0`, vs: `urn:dev:os:32473-10${id}` },
      { n: `/25/${id}/1`, vs: prefix },
      { n: `/25/${id}/3`, vs: text },
    ] as const;
  terminal.otherwise = ({ path }) => ({
    code: Code.Content,
    contentFormat: ContentFormat.SenmlJson,
    payload: encodeUtf8(
      JSON.stringify(
        path.join('/') === 'lwm2m/25'
          ? [
              ...list(0, 'd01', '</d01/3>;ver=1.2,</d01/3/0>,</d01/3303/0>,</d01/3303/1>'),
              ...list(1, 'd01', '</3/0>'),
              ...list(2, '12', '</3/0>'),
              ...list(3, '(a+)+', '</3/0>'),
              ...list(4, 'd04', 'no links'),
            ]
          : [{ bn: '/3303/0/', n: '5700', v: 22.1 }],
      ),
    ),
  });
  const behind = await world.until(world.server.endDevices(client));
  assert.ok(behind.ok);
  assert.deepEqual(
    behind.value.endDevices.map(({ instanceId, prefix, objects }) => [instanceId, prefix, [...objects.keys()]]),
    [
      [0, 'd01', [3, 3303]],
      [4, 'd04', []],
    ],
  );
  const answer = await world.until(world.server.read(client, at('/d01/3303/0')));
  assert.deepEqual(terminal.requests.at(-1)!.path, ['lwm2m', 'd01', '3303', '0']);
  assert.ok(answer.ok);
  assert.deepEqual(
    [...nodeValues(at('/d01/3303/0'), answer.value.node)].map(({ path, value }) => [formatPath(path), value]),
    [['/d01/3303/0/5700', 22.1]],
  );
});

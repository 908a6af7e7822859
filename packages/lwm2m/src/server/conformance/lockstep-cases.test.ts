/** Cases that judge the server, against a terminal that is nothing but bytes. Message ids and tokens are the server's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import { LockstepPeer } from '@yaolian/testkit';
import { formatPath, lwm2mPath, nodeToJson, nodeValues, singleResource } from '../../index.ts';
import { serverAddress, World, type WorldOptions } from '../testing/world.ts';

const hex = (text: string) => encodeHex(encodeUtf8(text));
const client = { endpoint: 'a' };
const battery = lwm2mPath(3, 0, 9);
const temperature = lwm2mPath(3303, 0, 5700);
const links = '</>;rt="oma.lwm2m";ct="60 110 112",</1/0>,</3/0>,</3303/0>';

async function terminalOf(options: WorldOptions = {}) {
  const world = await World.open(options);
  const port = world.network.port('198.51.100.7', 56_830);
  const peer = new LockstepPeer({ port, to: serverAddress, time: world.time });
  return { world, peer, server: world.server };
}

/** Registers with `ep=a&lwm2m=…` and further parameters of less than 13 characters. */
async function registered(version: '1.1' | '1.2', parameters: readonly string[] = [], options: WorldOptions = {}) {
  const all = await terminalOf(options);
  const more = parameters.map((one) => `0${one.length.toString(16)} ${hex(one)}`).join(' ');
  const [created] = await all.peer.play(`
    > 41 02 0001 aa b2 7264 11 28 34 ${hex('ep=a')} 09 ${hex(`lwm2m=${version}`)} ${more} ff ${hex(links)}
    < 61 41 0001 aa 82 7264 0c *
  `);
  // Location-Path is 8, Uri-Path 11: the first delta is 3 more.
  const location = created!.slice(5);
  location[0]! += 0x30;
  return { ...all, location: encodeHex(location) };
}

/** A piggybacked response to what the server asked. */
function answer(request: Uint8Array, code: string, rest = ''): string {
  return `68 ${code} ${encodeHex(request.subarray(2, 12))} ${rest}`;
}

const tokenOf = (request: Uint8Array) => encodeHex(request.subarray(4, 12));

function told(world: World): string[] {
  return world
    .eventsOf('notification')
    .map(({ path, node }) => `${formatPath(path)} ${JSON.stringify(nodeToJson(node))}`);
}

/** The paths of /3/0/9 and /3303/0/5700 in SenML CBOR, and a pack of their values. */
const bothPaths = '82 a100 66 2f332f302f39 a100 6c 2f333330332f302f35373030';
const pack = (level: string, celsius: string) =>
  `82 a2 00 66 2f332f302f39 02 ${level} a2 00 6c 2f333330332f302f35373030 02 ${celsius}`;
const fetchObserve = `48 05 ???? ???????????????? 60 61 70 51 70 ff ${bothPaths}`;

async function observingBoth() {
  const all = await registered('1.1');
  const observing = all.server.observeComposite(client, [battery, temperature]);
  const request = await all.peer.expect(fetchObserve);
  all.peer.send(answer(request, '45', `61 05 61 70 ff ${pack('185f', 'f94d00')}`));
  const begun = await all.world.until(observing);
  assert.ok(begun.ok && begun.value.observation);
  await all.world.settle();
  return { ...all, request };
}

test('LightweightM2M-1.1-int-304 Observe-Composite Operation, LightweightM2M-1.1-int-310 Observe-Composite and modification of parameter values, to the byte', async () => {
  const { world, peer, request } = await observingBoth();
  // Both values in a CON, then one alone in a NON: each is told by its path.
  await peer.play(`
    > 48 45 7001 ${tokenOf(request)} 61 06 61 70 ff ${pack('185e', 'f94d40')}
    < 60 00 7001
    > 58 45 7002 ${tokenOf(request)} 61 07 61 70 ff 81 a2 00 66 2f332f302f39 02 185d
    - 1s
  `);
  assert.deepEqual(told(world), [
    '/3/0/9 {"kind":"resource","id":9,"type":"integer","value":94}',
    '/3303/0/5700 {"kind":"resource","id":5700,"type":"float","value":21}',
    '/3/0/9 {"kind":"resource","id":9,"type":"integer","value":93}',
  ]);
});

test('LightweightM2M-1.1-int-305 Cancel Observation-Composite Operation: FETCH with Observe 1, the same token, options and paths', async () => {
  const { world, peer, server, request } = await observingBoth();
  const cancelling = server.cancelObservation(client, [battery, temperature]);
  const cancel = await peer.expect(`48 05 ???? ${tokenOf(request)} 61 01 61 70 51 70 ff ${bothPaths}`);
  peer.send(answer(cancel, '45', `c1 70 ff ${pack('185f', 'f94d00')}`));
  assert.ok((await world.until(cancelling))?.ok);
  assert.deepEqual(server.observations(client), []);
  // What comes under that token now is rejected.
  await peer.play(`
    > 58 45 7003 ${tokenOf(request)} 61 08 61 70 ff ${pack('185e', 'f94d40')}
    < 70 00 7003
  `);
});

test('LightweightM2M-1.1-int-303 Cancel observations using Observe with Cancel parameter: GET with Observe 1, the same token and options', async () => {
  const { world, peer, server } = await registered('1.1');
  const observing = server.observe(client, battery);
  const get = await peer.expect('48 01 ???? ???????????????? 60 51 33 01 30 01 39 61 70');
  peer.send(answer(get, '45', '61 05 61 70 ff 81 a2 00 66 2f332f302f39 02 185f'));
  assert.ok((await world.until(observing)).ok);
  const cancelling = server.cancelObservation(client, battery);
  const cancel = await peer.expect(`48 01 ???? ${tokenOf(get)} 61 01 51 33 01 30 01 39 61 70`);
  peer.send(answer(cancel, '45', 'c1 70 ff 81 a2 00 66 2f332f302f39 02 185f'));
  assert.ok((await world.until(cancelling))?.ok);
  assert.deepEqual(server.observations(client), []);
});

test('LightweightM2M-1.1-int-306 Send Operation, LightweightM2M-1.1-int-311 Send command, to the byte: POST /dp is answered 2.04 once it is taken', async () => {
  const { world, peer } = await registered('1.1');
  await peer.play(`
    # SenML CBOR, then SenML JSON, then a copy of that: the same answer, and it is taken once.
    > 41 02 0002 ab b2 6470 11 70 ff ${pack('1864', 'f94d00')}
    < 61 44 0002 ab
    > 41 02 0003 ac b2 6470 11 6e ff ${hex('[{"n":"/3303/0/5700","v":21.5}]')}
    < 61 44 0003 ac
    > 41 02 0003 ac b2 6470 11 6e ff ${hex('[{"n":"/3303/0/5700","v":21.5}]')}
    < 61 44 0003 ac
    # A plain text is no format of a Send, and this object is none that the terminal registered.
    > 41 02 0004 ad b2 6470 10 ff 3231
    < 61 8f 0004 ad ff *
    > 41 02 0005 ae b2 6470 11 6e ff ${hex('[{"n":"/3304/0/5700","v":1}]')}
    < 61 84 0005 ae ff *
  `);
  const sent = world
    .eventsOf('sent')
    .map(({ values }) =>
      values.flatMap(({ path, values: moments }) =>
        moments.flatMap(({ node }) => [...nodeValues(path, node)].map((one) => [formatPath(one.path), one.value])),
      ),
    );
  assert.deepEqual(sent, [
    [
      ['/3/0/9', 100],
      ['/3303/0/5700', 20],
    ],
    [['/3303/0/5700', 21.5]],
  ]);
  const stranger = new LockstepPeer({
    port: world.network.port('198.51.100.8', 56_830),
    to: serverAddress,
    time: world.time,
  });
  await stranger.play(`
    > 41 02 0001 af b2 6470 11 70 ff ${pack('1864', 'f94d00')}
    < 61 84 0001 af ff *
  `);
});

test('LightweightM2M-1.1-int-307 Muting Send: a Write of Mute Send is a PUT, not a POST', async () => {
  const { world, peer, server } = await registered('1.1');
  for (const [muted, cbor] of [
    [true, 'f5'],
    [false, 'f4'],
  ] as const) {
    const writing = server.write(client, lwm2mPath(1, 0, 23), singleResource(23, 'boolean', muted));
    const put = await peer.expect(
      `48 03 ???? ???????????????? b1 31 01 30 02 3233 11 70 ff 81 a3 21 65 2f312f302f 00 62 3233 04 ${cbor}`,
    );
    peer.send(answer(put, '44'));
    assert.ok((await world.until(writing)).ok);
  }
});

test('LightweightM2M-1.1-int-308 Observe-Composite and Creating Object Instance, LightweightM2M-1.1-int-309 Observe-Composite and Deleting Object Instance, to the byte', async () => {
  const { world, peer, server } = await registered('1.1');
  const observing = server.observeComposite(client, [battery, lwm2mPath(16)]);
  const request = await peer.expect(
    '48 05 ???? ???????????????? 60 61 70 51 70 ff 82 a100 66 2f332f302f39 a100 63 2f3136',
  );
  peer.send(answer(request, '45', '61 05 61 70 ff 81 a2 00 66 2f332f302f39 02 185f'));
  assert.ok((await world.until(observing)).ok);
  const identity = { kind: 'multiple-resource', id: 0, type: 'string', values: new Map([[0, 'h']]) } as const;
  const creating = server.create(client, lwm2mPath(16), {
    kind: 'object-instance',
    id: 3,
    resources: new Map([[0, identity]]),
  });
  const create = await peer.expect('48 02 ???? ???????????????? b2 3136 12 2d16 ff 83 00 41 00 68');
  peer.send(answer(create, '41', `82 3136 01 33`));
  assert.ok((await world.until(creating)).ok);
  // The terminal tells of the new instance; then the instance goes, and with it that part of the notification.
  await peer.play(`
    > 58 45 7001 ${tokenOf(request)} 61 06 61 70 ff 82 a2 00 66 2f332f302f39 02 185f a2 00 69 2f31362f332f302f30 03 61 68
    - 1s
  `);
  const deleting = server.delete(client, lwm2mPath(16, 3));
  const gone = await peer.expect('48 04 ???? ???????????????? b2 3136 01 33');
  // 2.02, whatever the test specification prints.
  peer.send(answer(gone, '42'));
  assert.ok((await world.until(deleting)).ok);
  await peer.play(`
    > 58 45 7002 ${tokenOf(request)} 61 07 61 70 ff 81 a2 00 66 2f332f302f39 02 185e
    - 1s
  `);
  assert.deepEqual(
    told(world).map((line) => line.split(' ')[0]),
    ['/3/0/9', '/16', '/3/0/9'],
  );
});

test('LightweightM2M-1.2-int-312 Observe with attributes carried as parameters, LightweightM2M-1.2-int-313 Observe parameters override attached attributes, to the byte', async () => {
  const { world, peer, server } = await registered('1.2');
  const path = `b4 33333033 01 30 04 35373030`;
  const attaching = server.writeAttributes(client, temperature, { pmin: 100, pmax: 200 });
  const attach = await peer.expect(`48 03 ???? ???????????????? ${path} 48 ${hex('pmin=100')} 08 ${hex('pmax=200')}`);
  peer.send(answer(attach, '44'));
  assert.ok((await world.until(attaching)).ok);
  const observing = server.observe(client, temperature, { attributes: { pmin: 10, pmax: 60, gt: 25 } });
  const observe = await peer.expect(
    `48 01 ???? ???????????????? 60 54 33333033 01 30 04 35373030 47 ${hex('pmin=10')} 07 ${hex('pmax=60')} 05 ${hex('gt=25')} 21 70`,
  );
  peer.send(answer(observe, '45', `61 05 61 70 ff 81 a2 00 6c 2f333330332f302f35373030 02 f94d00`));
  const begun = await world.until(observing);
  assert.ok(begun.ok && begun.value.observation);
  assert.equal(begun.value.observation.query, 'pmin=10&pmax=60&gt=25');
  // RFC 7641 §3.6: the request that ends it carries them too.
  const cancelling = server.cancelObservation(client, temperature);
  const cancel = await peer.expect(
    `48 01 ???? ${tokenOf(observe)} 61 01 54 33333033 01 30 04 35373030 47 ${hex('pmin=10')} 07 ${hex('pmax=60')} 05 ${hex('gt=25')} 21 70`,
  );
  peer.send(answer(cancel, '45', 'c1 70 ff 81 a2 00 6c 2f333330332f302f35373030 02 f94d00'));
  assert.ok((await world.until(cancelling))?.ok);
});

test('LightweightM2M-1.2-int-110 Initial Registration using Profile ID, to the byte', async () => {
  const { peer, server } = await terminalOf();
  const query = (name: string) => `4 ${hex(`ep=${name}`)} 09 ${hex('lwm2m=1.2')} 0d 01 ${hex('pid=6:aabbccdd')}`;
  await peer.play(`
    # Nobody knows the profile yet: 4.09; with its list it is known, and further terminals need none.
    > 40 02 0001 b2 7264 4${query('a')}
    < 60 89 0001 ff *
    > 40 02 0002 b2 7264 11 28 3${query('a')} ff ${hex(links)}
    < 60 41 0002 82 7264 0c *
    > 40 02 0003 b2 7264 4${query('b')}
    < 60 41 0003 82 7264 0c *
  `);
  assert.equal(server.registration({ endpoint: 'b' })!.objectLinks, links);
});

test('LightweightM2M-1.1-int-108 Turn on Queue Mode, LightweightM2M-1.1-int-109 Behavior in Queue Mode, to the byte', async () => {
  const { world, peer, server, location } = await registered('1.1', ['b=U', 'Q'], {
    behaviour: { awakeWindow: seconds(10) },
  });
  await world.time.advance(seconds(11));
  const queue = server.queue!;
  const zone = { kind: 'write', path: '/3/0/15', node: nodeToJson(singleResource(15, 'string', 'UTC')) } as const;
  const first = await world.until(queue.submit('a', zone));
  const second = await world.until(queue.submit('a', { kind: 'read', path: '/3/0/9' }));
  await peer.expectSilence(seconds(60));
  // The Update is answered first; then one request after the other, each when the one before has its answer.
  await peer.play(`
    > 41 02 0002 ab ${location}
    < 61 44 0002 ab
  `);
  const put = await peer.expect('48 03 ???? ???????????????? b1 33 01 30 02 3135 11 70 ff *');
  await peer.expectSilence(seconds(1));
  peer.send(answer(put, '44'));
  const get = await peer.expect('48 01 ???? ???????????????? b1 33 01 30 01 39 61 70');
  peer.send(answer(get, '45', 'c1 70 ff 81 a2 00 66 2f332f302f39 02 1864'));
  await world.settle();
  const states = await world.until(Promise.all([first, second].map(({ id }) => queue.find(id))));
  assert.deepEqual(
    states.map((one) => [one?.state, one?.outcome?.node && 'value' in one.outcome.node && one.outcome.node.value]),
    [
      ['done', undefined],
      ['done', 100],
    ],
  );
});

test('LightweightM2M-1.1-int-107 Extending the lifetime of a registration, LightweightM2M-1.1-int-104 Registration Update Trigger, to the byte', async () => {
  const { world, peer, server, location } = await registered('1.1', ['lt=60']);
  const id = server.registration(client)!.id;
  await peer.play(`
    - 50s
    > 41 02 0002 ab ${location} 46 ${hex('lt=200')}
    < 61 44 0002 ab
    - 150s
  `);
  assert.deepEqual([server.registration(client)!.id, server.registration(client)!.lifetime], [id, 200]);
  const triggering = server.execute(client, lwm2mPath(1, 0, 8));
  const trigger = await peer.expect('48 02 ???? ???????????????? b1 31 01 30 01 38');
  peer.send(answer(trigger, '44'));
  assert.ok((await world.until(triggering)).ok);
  await peer.play(`
    > 41 02 0003 ac ${location}
    < 61 44 0003 ac
    - 205s
    > 41 02 0004 ad ${location}
    < 61 84 0004 ad ff *
  `);
  assert.equal(server.registration(client), undefined);
});

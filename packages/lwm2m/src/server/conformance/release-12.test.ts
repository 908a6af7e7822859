import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Code, ContentFormat, formatCode } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import type { NetworkConditions } from '@yaolian/testkit';
import { formatPath, parsePath } from '../../index.ts';
import { Pair, type PairOptions, reference, serverUri } from '../testing/pair.ts';
import { World } from '../testing/world.ts';

/* What LwM2M 1.2 adds, with our terminal and our server at the two ends, and with a scripted peer at one. */

const networks: readonly (readonly [string, NetworkConditions])[] = [
  ['', {}],
  [' over a bad network', { loss: 0.2, duplication: 0.1, reordering: 0.2 }],
];

function eachNetwork(title: string, run: (options: PairOptions) => Promise<void>): void {
  for (const [suffix, conditions] of networks) test(`${title}${suffix}`, () => run({ conditions, seed: 21 }));
}

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

/** RFC 6920 §9.4: suite 6 is SHA-256 cut to 32 bits. */
function profileId(objectLinks: string): string {
  return `6:${createHash('sha256').update(objectLinks).digest('hex').slice(0, 8)}`;
}

const client = { lwm2mVersion: '1.2' } as const;

test('each release registers, and any other is answered 4.12', async () => {
  for (const lwm2mVersion of ['1.0', '1.1', '1.2'] as const) {
    const pair = await Pair.open({ client: { lwm2mVersion } });
    assert.equal(pair.server.registration(reference)!.lwm2mVersion, lwm2mVersion);
    assert.equal(await pair.close(), 0);
  }
  const world = await World.open();
  for (const version of ['1.3', '2.0', '0.9', '1', '1.10', 'x']) {
    const response = await world.until(world.terminal().register(`ep=a&lwm2m=${version}`));
    assert.equal(formatCode(response.code), '4.12', version);
  }
});

eachNetwork('LightweightM2M-1.2-int-110 Initial Registration using Profile ID', async (options) => {
  const pair = await Pair.open({ ...options, client: { ...client, profileId } });
  const { otherParameters, objectLinks } = pair.server.registration(reference)!;
  assert.match(otherParameters!['pid']!, /^6:[0-9a-f]{8}$/);
  assert.ok(objectLinks.includes('</3/0>'));
  assert.deepEqual(
    pair.server.profiles().map(({ id }) => id),
    [otherParameters!['pid']],
  );
  // The server knows the profile now: the next terminal of the kind sends its ID alone.
  const requests: number[] = [];
  pair.world.network.watch(({ to, datagram: payload }) => {
    if (to.key === '192.0.2.1:5683') requests.push(payload.length);
    return undefined;
  });
  await pair.until(pair.client.goOffline());
  pair.client.goOnline();
  await pair.until(pair.client.registered());
  await pair.pass(5);
  assert.equal(pair.server.registration(reference)!.objectLinks, objectLinks);
  assert.ok(pair.server.objectLinks(reference)!.objects.has(3303));
  assert.equal(pair.world.eventsOf('refused').filter(({ reason }) => reason === 'profile-unknown').length <= 2, true);
});

test('LightweightM2M-1.2-int-111 Registration with Profile ID and object list, byte by byte', async () => {
  const world = await World.open();
  const first = world.terminal();
  assert.equal(formatCode((await world.until(first.register('ep=a&lwm2m=1.2&pid=6:1234abcd', ''))).code), '4.09');
  const links = '</>;rt="oma.lwm2m";ct="60 112",</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>';
  assert.equal(formatCode((await world.until(first.register('ep=a&lwm2m=1.2&pid=6:1234abcd', links))).code), '2.01');
  const second = world.terminal();
  assert.equal(formatCode((await world.until(second.register('ep=b&lwm2m=1.2&pid=6:1234abcd', ''))).code), '2.01');
  assert.equal(world.server.registration({ endpoint: 'b' })!.objectLinks, links);
  // Several profiles, in quotes, and a list besides: all of them together.
  const third = world.terminal();
  const more = '</3303>;ver=1.1,</3303/0>';
  assert.equal(formatCode((await world.until(third.register('ep=c&lwm2m=1.2&pid=oma:heater', more))).code), '2.01');
  const fourth = world.terminal();
  const both = await world.until(fourth.register('ep=d&lwm2m=1.2&pid="6:1234abcd,oma:heater"', '</9/0>'));
  assert.equal(formatCode(both.code), '2.01');
  assert.deepEqual([...world.server.objectLinks({ endpoint: 'd' })!.objects.keys()], [1, 3, 9, 3303]);
  // What a profile stands for does not change.
  await world.until(world.terminal().register('ep=e&lwm2m=1.2&pid=oma:heater', '</5/0>'));
  assert.equal(world.server.profiles().find(({ id }) => id === 'oma:heater')!.objectLinks, more);
  for (const pid of ['x', '6:12', '6:ABCD1234', 'v:', '"6:1234abcd,"', 'oma:a b']) {
    const refused = await world.until(world.terminal().register(`ep=f&lwm2m=1.2&pid=${pid}`, ''));
    assert.equal(formatCode(refused.code), '4.00', pid);
  }
  assert.equal(await world.server.forgetProfile('oma:heater'), true);
  assert.equal(formatCode((await world.until(world.terminal().register('ep=g&pid=oma:heater', ''))).code), '4.09');
});

eachNetwork(
  'LightweightM2M-1.2-int-264 Discover with depth 1, LightweightM2M-1.2-int-266 Discover with depth 3',
  async (options) => {
    const pair = await Pair.open({ ...options, client });
    const discover = async (path: string, depth?: 0 | 1 | 2 | 3) => {
      const answer = await pair.until(pair.server.discover(reference, at(path), depth === undefined ? {} : { depth }));
      assert.ok(answer.ok);
      return answer.value.links.map((link) => formatPath(link.path));
    };
    assert.deepEqual(await discover('/3', 0), ['/3']);
    assert.deepEqual(await discover('/3', 1), ['/3', '/3/0']);
    const two = await discover('/3', 2);
    assert.ok(two.includes('/3/0/6') && !two.includes('/3/0/6/0'));
    assert.deepEqual(await discover('/3'), two, 'two levels below an object are the default');
    const three = await discover('/3', 3);
    assert.ok(three.includes('/3/0/6/0') && three.includes('/3/0/6/1'));
    assert.deepEqual(await discover('/3/0', 0), ['/3/0']);
    assert.ok((await discover('/3/0', 2)).includes('/3/0/7/0'));
    assert.deepEqual(await discover('/3/0/6', 0), ['/3/0/6']);
    assert.deepEqual(await discover('/3/0/6'), ['/3/0/6', '/3/0/6/0', '/3/0/6/1']);
  },
);

eachNetwork('LightweightM2M-1.2-int-312 Observe with attributes carried as parameters', async (options) => {
  const pair = await Pair.open({ ...options, client: { ...client, confirmableNotifications: true } });
  const path = at('/3303/0/5700');
  const begun = await pair.until(pair.server.observe(reference, path, { attributes: { pmin: 10, pmax: 600, gt: 25 } }));
  assert.ok(begun.ok && begun.value.observation);
  assert.equal(begun.value.observation.query, 'pmin=10&pmax=600&gt=25');
  pair.objects.thermometer.set('sensorValue', 22);
  await pair.pass(200);
  assert.equal(pair.world.eventsOf('notification').length, 0, 'below the threshold');
  pair.objects.thermometer.set('sensorValue', 26);
  await pair.pass(200);
  assert.equal(pair.world.eventsOf('notification').length, 1);
  const discovered = await pair.until(pair.server.discover(reference, path));
  assert.deepEqual(discovered.ok && discovered.value.links[0]!.attributes, {}, 'they are not attached');
});

test('LightweightM2M-1.2-int-313 Observe parameters override attached attributes', async () => {
  const pair = await Pair.open({ client });
  const path = at('/3303/0/5700');
  assert.ok((await pair.until(pair.server.writeAttributes(reference, path, { pmin: 100, pmax: 200 }))).ok);
  assert.ok((await pair.until(pair.server.observe(reference, path, { attributes: { pmin: 5, pmax: 20 } }))).ok);
  await pair.pass(61);
  assert.equal(pair.world.eventsOf('notification').length, 3);
  const attached = await pair.until(pair.server.discover(reference, path));
  assert.deepEqual(attached.ok && attached.value.links[0]!.attributes, { pmin: 100, pmax: 200 });
  const conflict = pair.server.observe(reference, path, { attributes: { pmin: 30, pmax: 20 } });
  await assert.rejects(pair.until(conflict), { code: 'LWM2M_WRONG_ATTRIBUTES' });
  const sent = await pair.until(
    pair.server.observe(reference, path, { attributes: { pmin: 30, pmax: 20 }, unchecked: true }),
  );
  assert.equal(sent.ok ? 'ok' : formatCode(sent.error.code), '4.00', 'the terminal says so too');
});

test('attributes of an Observe are for clients of 1.2, edge for booleans, con for confirmable notifications', async () => {
  const old = await Pair.open();
  const path = at('/3303/0/5700');
  await assert.rejects(old.until(old.server.observe(reference, path, { attributes: { pmin: 5 } })), {
    code: 'LWM2M_WRONG_ATTRIBUTES',
  });
  const pair = await Pair.open({ client });
  await assert.rejects(pair.until(pair.server.observe(reference, path, { attributes: { edge: 1 } })), {
    code: 'LWM2M_WRONG_ATTRIBUTES',
  });
  const types: number[] = [];
  pair.world.network.watch(({ to, datagram: payload }) => {
    // Version 1, type in two bits: 0 is CON, 1 is NON; code 2.05.
    if (to.key === '192.0.2.1:5683' && payload[1] === 0x45) types.push((payload[0]! >> 4) & 3);
    return undefined;
  });
  assert.ok((await pair.until(pair.server.observe(reference, path, { attributes: { con: 1 } }))).ok);
  types.length = 0;
  pair.objects.thermometer.set('sensorValue', 30);
  await pair.pass(2);
  assert.deepEqual(types, [0]);
});

test('epmin holds evaluations back, and epmax looks at what changes without a word', async () => {
  const pair = await Pair.open({ client });
  const path = at('/3303/0/5700');
  assert.ok((await pair.until(pair.server.writeAttributes(reference, path, { epmin: 10, gt: 25 }))).ok);
  assert.ok((await pair.until(pair.server.observe(reference, path))).ok);
  await pair.pass(1);
  pair.objects.thermometer.set('sensorValue', 30);
  await pair.pass(4);
  pair.objects.thermometer.set('sensorValue', 20);
  await pair.pass(30);
  assert.equal(pair.world.eventsOf('notification').length, 0, 'it was over before anybody looked');
  pair.objects.thermometer.set('sensorValue', 31);
  await pair.pass(11);
  assert.equal(pair.world.eventsOf('notification').length, 1);
});

const bootstrap = {
  security: [{ instanceId: 1, uri: serverUri, shortServerId: 1 }],
  servers: [{ instanceId: 0, shortServerId: 1, lifetime: 300, muteSend: false }],
  writes: [{ path: '/3/0/15', value: 'Asia/Shanghai' }],
};

eachNetwork('LightweightM2M-1.2-int-12 Bootstrap via Bootstrap-Pack-Request', async (options) => {
  const pair = await Pair.open({
    ...options,
    bootstrap,
    client: { ...client, bootstrap: { uri: serverUri, pack: true } },
  });
  assert.equal(pair.server.registration(reference)!.lifetime, 300);
  assert.equal(pair.objects.device.get('timezone'), 'Asia/Shanghai');
  const steps = pair.bootstraps.flatMap((session) => session.steps.map(({ operation }) => operation));
  assert.deepEqual([...new Set(steps)], ['pack']);
  assert.ok(pair.clientEvents.some((event) => event.type === 'operation' && event.operation === 'bootstrap-pack'));
  assert.equal((await pair.until(pair.client.send(['/3/0/9'])))[0]!.result, 'accepted');
});

for (const accept of [ContentFormat.SenmlJson, ContentFormat.SenmlCbor, ContentFormat.Lwm2mCbor]) {
  test(`a Bootstrap-Pack comes as asked for: ${accept}`, async () => {
    const pair = await Pair.begin({ bootstrap });
    await pair.until(pair.client.registered());
    const terminal = pair.world.terminalAt('203.0.113.9', 5683);
    const ask = async (query: string[], format: number = accept) =>
      pair.until(
        terminal.endpoint.request(terminal.server, { method: Code.GET, path: ['bspack'], query, accept: format }),
      );
    const pack = await ask(['ep=another']);
    assert.deepEqual([formatCode(pack.code), pack.contentFormat], ['2.05', accept]);
    if (accept === ContentFormat.SenmlJson) assert.match(decodeUtf8(pack.payload)!, /"n":"\/0\/1\/0","vs":"coap:/);
    assert.equal(formatCode((await ask(['ep=another'], 0)).code), '4.06');
    assert.equal(formatCode((await ask([])).code), '4.00');
    const post = await pair.until(
      terminal.endpoint.request(terminal.server, { method: Code.POST, path: ['bspack'], query: ['ep=a'] }),
    );
    assert.equal(formatCode(post.code), '4.05');
  });
}

test('without packs, or with one that makes no sense, the terminal bootstraps step by step', async () => {
  for (const answer of [
    { code: Code.NotImplemented },
    { code: Code.MethodNotAllowed },
    // A pack without a server.
    {
      code: Code.Content,
      contentFormat: ContentFormat.SenmlJson,
      payload: encodeUtf8('[{"n":"/1/0/0","v":7},{"n":"/1/0/1","v":60},{"n":"/1/0/7","vs":"U"}]'),
    },
    { code: Code.Content, contentFormat: ContentFormat.SenmlJson, payload: encodeUtf8('[{') },
  ]) {
    const pair = await Pair.begin({
      bootstrap,
      client: { ...client, bootstrap: { uri: serverUri, pack: true } },
      packAnswer: answer,
    });
    await pair.until(pair.client.registered());
    assert.equal(pair.server.registration(reference)!.lifetime, 300);
    assert.ok(pair.bootstraps.some(({ steps }) => steps.some(({ operation }) => operation === 'finish')));
  }
});

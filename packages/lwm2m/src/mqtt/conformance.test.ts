/** The case of OMA-ETS-LightweightM2M-V1_2 over MQTT, from both of its ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeBase64, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import type { BootstrapConfig } from '../bootstrap/config.ts';
import { encodeContent } from '../formats/index.ts';
import { objectInstance, singleResource } from '../index.ts';
import { at } from '../server/testing/firmware-pair.ts';
import { decodeMqttMessage, encodeMqttMessage, type MqttMessage } from './message.ts';
import { LockstepClient, MqttWorld, prefix, reference } from './testing/mqtt-world.ts';

const uri = 'mqtt://server_1.example.com';
const tlv = 11_542;

/** C.26: an account of the server, and what it leads to. */
const written = [
  objectInstance(1, [
    singleResource(0, 'string', uri),
    singleResource(1, 'boolean', false),
    singleResource(2, 'integer', 3),
    singleResource(10, 'integer', 1),
    singleResource(26, 'objlnk', { objectId: 24, instanceId: 1 }),
    singleResource(27, 'objlnk', { objectId: 23, instanceId: 1 }),
  ]),
];

/** What a Discover lists then, but for the objects that the terminal has besides. */
const discovered = [
  '</>;lwm2m=1.2',
  '</0/0>',
  `</0/1>;ssid=1;uri="${uri}"`,
  '</1/0>;ssid=1',
  '</3/0>',
  '</23/1>;ssid=1',
  '</24/0>',
  '</24/1>;ssid=1',
];

test('LightweightM2M-1.2-int-19 Client Initiated Bootstrap over MQTT: the terminal', async () => {
  const world = MqttWorld.alone();
  const server = LockstepClient.as(world, 'bs');
  const bootstrap = { uri: `mqtt://192.0.2.1/${prefix}`, mqtt: { clientIdentifier: 'terminal' } };
  // 1. It connects with the account of the Bootstrap-Server, and 2. subscribes to its topic of bs: it hears what follows.
  world.startTerminal({ bootstrap, servers: [] });
  // 3. Bootstrap-Request {1: 0, 2: token, 4: pct}, on that topic.
  assert.deepEqual(await server.take(), ['a30100T04192d16']);
  assert.equal(world.broker.published.at(-1)!.topic, `${prefix}/lwm2m/bs/terminal`);
  await server.send(`a2 ${server.lastToken} 1218cc`);
  let token = 0n;
  const ask = async (message: Omit<MqttMessage, 'token' | 'result'>) => {
    token++;
    await server.send(encodeHex(encodeMqttMessage({ ...message, token } as MqttMessage)));
    const [answer] = await server.take();
    const decoded = decodeMqttMessage(Buffer.from(answer!, 'hex'), 10_000);
    assert.ok(decoded.ok && decoded.value.token === token);
    return decoded.value;
  };
  const write = async (path: string, node: ReturnType<typeof objectInstance>) => {
    const payload = encodeContent(tlv, at(path), node);
    assert.ok(payload.ok);
    return (await ask({ operation: 1, uri: path, contentFormat: tlv, payload: payload.value })).result;
  };
  // 4. Four Bootstrap-Writes {1: 1, 5: uri, 7: payload, 19: ct}, each 204.
  const key = objectInstance(1, [
    singleResource(0, 'string', 'kid'),
    singleResource(1, 'integer', 10),
    singleResource(2, 'string', '000102030405060708090a0b0c0d0e0f'),
  ]);
  assert.equal(await write('/23/1', key), 204);
  const account = objectInstance(1, [singleResource(5, 'unsigned', 60), singleResource(6, 'string', 'terminal-1')]);
  assert.equal(await write('/24/1', account), 204);
  const [security] = written;
  const withoutCose = objectInstance(
    1,
    [...security!.resources.values()].filter(({ id }) => id !== 27),
  );
  assert.equal(await write('/0/1', withoutCose), 204);
  // Resource 27 is of instances, which TLV tells from one value.
  const cose = encodeUtf8('23:1');
  assert.equal((await ask({ operation: 1, uri: '/0/1/27/0', contentFormat: 0, payload: cose })).result, 204);
  const serverObject = objectInstance(0, [
    singleResource(0, 'integer', 1),
    singleResource(1, 'integer', 86_400),
    singleResource(6, 'boolean', false),
    singleResource(7, 'string', 'M'),
  ]);
  assert.equal(await write('/1/0', serverObject), 204);
  // 5. Discover {1: 4, 5: "/"}: 205 with what there is now, and 6. whose it is.
  const discover = await ask({ operation: 4, uri: '/' });
  assert.deepEqual([discover.result, discover.contentFormat], [205, 40]);
  const links = decodeUtf8(discover.payload!)!.split(/,(?=<)/);
  for (const link of discovered) assert.ok(links.includes(link), `${link} is not in ${links.join(', ')}`);
  // 7. Finish {1: 5}: 204.
  assert.equal((await ask({ operation: 5 })).result, 204);
  await world.pass(1);
  assert.ok(world.clientEvents.some(({ type }) => type === 'bootstrap-finished'));
  // The account wants COSE, which is not done here: the terminal says so, and publishes nothing without.
  const failed = world.clientEvents.find(({ type }) => type === 'registration-failed');
  assert.ok(failed?.type === 'registration-failed' && /wants COSE/.test(failed.failure.message));
  await world.close();
});

test('LightweightM2M-1.2-int-19 Client Initiated Bootstrap over MQTT: the Bootstrap-Server', async () => {
  const bootstrap: BootstrapConfig = {
    deletes: [],
    security: [{ instanceId: 1, uri, shortServerId: 1, mqttServer: '24:1' }],
    servers: [{ instanceId: 0, shortServerId: 1, lifetime: 86_400, storeNotifications: false, binding: 'M' }],
    writes: [
      { path: '/23/1', resources: { 0: 'kid', 1: 10, 2: '000102030405060708090a0b0c0d0e0f' } },
      { path: '/24/1', resources: { 5: 60, 6: 'terminal-1' } },
    ],
    discoversAfter: ['/'],
  };
  const world = await MqttWorld.open({ bootstrap });
  const peer = LockstepClient.as(world, 'bs');
  const heard: MqttMessage[] = [];
  const next = async (answer: string) => {
    const one = await peer.next();
    const bytes = Buffer.from(one!.replace('T', peer.lastToken), 'hex');
    const decoded = decodeMqttMessage(bytes, 10_000);
    assert.ok(decoded.ok);
    heard.push(decoded.value);
    await peer.send(answer.replace('#', peer.lastToken));
  };
  // 3. {operation => 0, token => 42, pct => 60}: CBOR carries single values alone, so accounts come in TLV.
  await peer.send('a3 0100 02182a 04183c');
  assert.equal(await peer.next(), 'a202182a1218cc');
  for (let i = 0; i < 4; i++) await next('a2 # 1218cc');
  const list = discovered.join(',');
  await next(`a4 # 0758${encodeHex(Uint8Array.of(list.length))}${encodeHex(encodeUtf8(list))} 1218cd 131828`);
  await next('a2 # 1218cc');
  assert.deepEqual(
    heard.map(({ operation, uri: path, contentFormat }) => [operation, path, contentFormat]),
    [
      [1, '/0/1', tlv],
      [1, '/1/0', tlv],
      [1, '/23/1', tlv],
      [1, '/24/1', tlv],
      [4, '/', undefined],
      [5, undefined, undefined],
    ],
  );
  await world.pass(1);
  const [finished] = world.bootstraps;
  assert.equal(finished?.outcome, 'succeeded');
  const asked = finished.steps.find(({ operation }) => operation === 'discover');
  assert.equal(asked?.links?.length, discovered.length);
  await world.close();
});

test('a terminal that is bootstrapped over MQTT registers over MQTT', async () => {
  const world = await MqttWorld.pair({
    bootstrap: {
      security: [{ instanceId: 1, uri: `mqtt://192.0.2.1/${prefix}`, shortServerId: 1, mqttServer: '24:1' }],
      servers: [{ instanceId: 0, shortServerId: 1, lifetime: 300, binding: 'M' }],
      writes: [{ path: '/24/1', resources: { 6: 'terminal-1', 7: 'name', 8: encodeBase64(encodeUtf8('secret')) } }],
    },
  });
  assert.equal(world.bootstraps[0]?.outcome, 'succeeded');
  assert.equal(world.server.registration(reference)!.binding, 'M');
  const [account] = world.client!.accounts;
  assert.deepEqual(account?.mqtt, {
    clientIdentifier: 'terminal-1',
    userName: 'name',
    password: encodeUtf8('secret'),
  });
  // Servers see nothing of it, and hear nothing of it.
  const read = await world.until(world.server.read(reference, at('/24/1'), { unchecked: true }));
  assert.equal(!read.ok && read.error.code, 0x81);
  const all = await world.until(world.server.readComposite(reference, [at('/')]));
  assert.ok(all.ok && all.value.values.every(({ path }) => ![0, 23, 24].includes(path.objectId!)));
  await world.close();
});

test('a terminal that wants a pack asks {1: 6} on its topic of bs, and is answered 205 with all of it', async () => {
  const uriHere = `mqtt://192.0.2.1/${prefix}`;
  const world = await MqttWorld.pair({
    bootstrap: {
      security: [{ instanceId: 1, uri: uriHere, shortServerId: 1 }],
      servers: [{ instanceId: 0, shortServerId: 1, lifetime: 300, binding: 'M' }],
    },
    client: { bootstrap: { uri: uriHere, pack: true } },
  });
  assert.deepEqual(
    world.bootstraps.map(({ outcome, steps }) => [outcome, steps.map(({ operation }) => operation)]),
    [['succeeded', ['pack']]],
  );
  const [asked] = world.broker.published;
  assert.equal(encodeHex(asked!.payload).slice(0, 6), 'a30106');
  await world.close();
});

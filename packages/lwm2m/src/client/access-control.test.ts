import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type IncomingResponse, type OutgoingRequest } from '@yaolian/coap';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { encodePack, encodePackPaths, multipleResource, parsePath, singleResource } from '../index.ts';
import type { Lwm2mClientOptions } from './client-options.ts';
import { conformanceObjects, content, valuesOf } from './testing/conformance-terminal.ts';
import { brief, code, type ScriptedServer, TerminalWorld, text } from './testing/scripted-server.ts';

// OMA-TS-LightweightM2M_Core 1.1 §8.2: what servers may do in a terminal that has two of them.

const { Lwm2mTlv, LinkFormat, SenmlCbor, SenmlJson } = ContentFormat;

async function twoServers(options: Partial<Lwm2mClientOptions> = {}) {
  const world = new TerminalWorld();
  const second = world.addServer('192.0.2.3');
  const objects = conformanceObjects();
  const client = await world.registered({
    objects: Object.values(objects),
    servers: [
      { uri: TerminalWorld.uri, lifetime: seconds(300) },
      { uri: 'coap://192.0.2.3', lifetime: seconds(300) },
    ],
    ...options,
  });
  second.takeAsked();
  const close = async () => {
    await world.time.until(client.close({ deregister: false }), seconds(6));
    await second.endpoint.close();
    return world.close();
  };
  return { world, first: world.server, second, client, objects, close };
}

const at = (path: string) => {
  const parsed = parsePath(path);
  assert.ok(parsed.ok);
  return parsed.value;
};

type Request = (world: TerminalWorld, by: ScriptedServer) => Promise<IncomingResponse>;
const put =
  (path: string, value: string): Request =>
  (world, by) =>
    world.ask({ method: Code.PUT, path, contentFormat: 0, payload: encodeUtf8(value) }, by);
const plain =
  (method: OutgoingRequest['method'], path: string, more: object = {}): Request =>
  (world, by) =>
    world.ask({ method, path, ...more }, by);

const portfolioTlv = content('/16/0', {
  kind: 'object-instance',
  id: 0,
  resources: new Map([[0, multipleResource(0, 'string', [[0, 'me']])]]),
});

const cases: readonly [what: string, request: Request, owner: string, other: string][] = [
  ['read', plain(Code.GET, '/3/0/0'), '2.05', '2.05'],
  ['read an object', plain(Code.GET, '/3'), '2.05', '2.05'],
  ['discover', plain(Code.GET, '/3/0', { accept: LinkFormat }), '2.05', '2.05'],
  ['write attributes', plain(Code.PUT, '/3/0/9', { query: ['pmin=3'] }), '2.04', '2.04'],
  ['write', put('/3/0/15', 'Asia/Shanghai'), '2.04', '4.01'],
  ['execute', plain(Code.POST, '/3/0/4'), '2.04', '4.01'],
  ['create', plain(Code.POST, '/16', { contentFormat: Lwm2mTlv, payload: portfolioTlv }), '2.01', '4.01'],
  ['write what is not there', put('/3/1/15', 'x'), '4.04', '4.04'],
  ['read credentials', plain(Code.GET, '/0/0'), '4.01', '4.01'],
  ['read rules', plain(Code.GET, '/2'), '2.05', '2.05'],
  ['delete a rule', plain(Code.DELETE, '/2/0'), '4.01', '4.01'],
];

for (const [what, request, owner, other] of cases) {
  test(`${what}: ${owner} for the owner, ${other} for another server`, async () => {
    const { world, first, second, close } = await twoServers();
    assert.equal(code(await request(world, second)), other);
    assert.equal(code(await request(world, first)), owner);
    assert.equal(await close(), 0);
  });
}

test('the list names a server, or the default counts, or nothing is allowed', async () => {
  const { world, second, close } = await twoServers();
  const ruleOf = async (object: number) => {
    const values = valuesOf('/2', await world.get('/2', Lwm2mTlv));
    return Object.keys(values)
      .find((path) => path.endsWith('/0') && values[path] === object)!
      .split('/')[2];
  };
  const rule = await ruleOf(3303);
  const setAcl = (...entries: [number, number][]) =>
    world.ask({
      method: Code.PUT,
      path: `/2/${rule}/2`,
      contentFormat: Lwm2mTlv,
      payload: content(`/2/${rule}/2`, multipleResource(2, 'integer', entries)),
    });
  const read = async () => code(await world.get('/3303/0/5700', 0, second));
  assert.equal(await read(), '2.05');
  assert.equal(code(await setAcl([2, 2])), '2.04');
  assert.equal(
    brief(await world.get('/3303/0/5700', 0, second)),
    '4.01 server 2 may not read /3303/0 (access control)',
  );
  assert.equal(code(await put('/3303/0/5750', 'x')(world, second)), '2.04');
  assert.equal(code(await setAcl([0, 0])), '2.04');
  assert.equal(await read(), '4.01');
  assert.equal(code(await world.get('/3303', Lwm2mTlv, second)), '4.01');
  // Bits beyond the five are no rights.
  assert.match(brief(await setAcl([2, 64])), /^4\.00 ACL \(2\/2\): 64 is not in the resource's range/);
  // The owner is not locked out by a list without it, and is by one that says so.
  assert.equal(code(await world.get('/3303/0/5700', 0)), '2.05');
  assert.equal(code(await setAcl([1, 2], [2, 1])), '2.04');
  assert.equal(code(await world.get('/3303/0/5700', 0)), '4.01');
  assert.equal(await read(), '2.05');
  // Only the owner changes a rule, and may hand it over.
  const owner = put(`/2/${rule}/3`, '2');
  assert.match(brief(await owner(world, second)), /^4\.01 server 2 may not write/);
  assert.equal(code(await owner(world, world.server)), '2.04');
  assert.equal(code(await put(`/2/${rule}/3`, '1')(world, world.server)), '4.01');
  assert.equal(await close(), 0);
});

test('an instance that a server creates is its own, and its rule goes with it', async () => {
  const { world, second, client, close } = await twoServers({ accessControl: { othersMay: 17 } });
  const create = plain(Code.POST, '/16', { contentFormat: Lwm2mTlv, payload: portfolioTlv });
  assert.equal(code(await create(world, second)), '2.01');
  const rules = () => [...Array(40).keys()].filter((id) => client.instance(2, id)?.value(0) === 16);
  assert.equal(rules().length, 2, 'one for Create, one for the instance');
  const own = client.instance(2, rules().at(-1)!)!;
  assert.deepEqual([own.value(1), own.value(2), own.value(3)], [0, undefined, 2]);
  assert.equal(code(await world.get('/16/0', Lwm2mTlv)), '4.01');
  assert.equal(code(await world.delete('/16/0')), '4.01');
  assert.equal(code(await world.delete('/16/0', second)), '2.02');
  assert.equal(rules().length, 1);
  // Servers hear of it by one Update each.
  await world.pass(1);
  assert.deepEqual(second.takeAsked(), ['POST /rd/1', 'POST /rd/1']);
  assert.equal(await close(), 0);
});

test('composite operations: reads leave out what is not allowed, writes are refused whole', async () => {
  const { world, second, objects, client, close } = await twoServers({ accessControl: { othersMay: 0 } });
  const paths = encodePackPaths(SenmlCbor, [at('/3/0/0'), at('/1/1/1'), at('/3303')]);
  assert.ok(paths.ok);
  const fetch = { method: Code.FETCH, path: '', contentFormat: SenmlCbor, accept: SenmlJson, payload: paths.value };
  const answer = await world.ask(fetch, second);
  assert.equal(text(answer), '[{"n":"/1/1/1","v":300}]');
  const writes = encodePack(SenmlCbor, [
    { path: at('/1/1/3'), type: 'integer', value: 60, time: undefined },
    { path: at('/3/0/15'), type: 'string', value: 'Asia/Shanghai', time: undefined },
  ]);
  assert.ok(writes.ok);
  const patch = { method: Code.iPATCH, path: '', contentFormat: SenmlCbor, payload: writes.value };
  assert.match(brief(await world.ask(patch, second)), /^4\.01 server 2 may not write \/3\/0/);
  assert.equal(client.instance(1, 1)!.value(3), undefined);
  assert.equal(objects.device.get('timezone'), 'Europe/Paris');
  assert.equal(await close(), 0);
});

test('an observation ends when the right to read does; Send goes to those who may read', async () => {
  const { world, second, client, close } = await twoServers();
  const { heard, ended } = await world.observe('/3303/0/5700', 0);
  const rule = [...Array(40).keys()].find((id) => client.instance(2, id)?.value(0) === 3303)!;
  client.instance(2, rule)!.store(
    2,
    new Map([
      [1, 0],
      [2, 1],
    ]),
  );
  (client.instance(3303, 0) as ReturnType<typeof conformanceObjects>['thermometer']).set('sensorValue', 25);
  await world.pass(1);
  assert.deepEqual([heard, ended], [[], ['the peer answered 4.01 Unauthorized']]);
  assert.equal(client.registrations[0]!.observations, 0);
  const outcomes = await world.time.until(client.send(['/3303/0/5700']), seconds(10));
  assert.deepEqual(
    outcomes.map(({ server, result, failure }) => [server.shortServerId, result, failure?.reason]),
    [
      [1, 'failed', 'access-control'],
      [2, 'accepted', undefined],
    ],
  );
  assert.deepEqual(second.takeAsked(), ['POST /dp']);
  assert.equal(await close(), 0);
});

test('with one server there are no rules, and no object for them', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  assert.equal(client.instance(2, 0), undefined);
  assert.equal(code(await world.put('/3/0/15', 'Asia/Shanghai')), '2.04');
  assert.equal(await world.close(), 0);
});

test('a value of a single resource is not taken for a list', async () => {
  const { world, client, close } = await twoServers();
  const rule = [...Array(40).keys()].find((id) => client.instance(2, id)?.value(0) === 3)!;
  const payload = content(`/2/${rule}/3`, singleResource(3, 'integer', 7));
  const write = { method: Code.PUT, path: `/2/${rule}/2`, contentFormat: Lwm2mTlv, payload };
  assert.match(brief(await world.ask(write)), /^4\.00/);
  assert.equal(await close(), 0);
});

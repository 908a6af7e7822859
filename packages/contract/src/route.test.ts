import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemKinds } from './problem.ts';
import { queryText, type Route, routePath } from './route.ts';
import * as routes from './routes/index.ts';

const all: readonly Route[] = Object.values(routes);

test('every route has its own id, and its own method and path', () => {
  for (const [name, route] of Object.entries(routes)) assert.equal(route.id, name);
  const places = all.map((route) => `${route.method} ${route.path}`);
  assert.equal(new Set(places).size, places.length);
});

test('the parameters of a path are the ones its schema describes', () => {
  for (const route of all) {
    const named = [...route.path.matchAll(/\{(\w+)/g)].map((match) => match[1]!);
    assert.deepEqual(named.sort(), Object.keys(route.params?.properties ?? {}).sort(), route.id);
  }
});

test('every list comes in pages, but for those that a setting or a registration keeps short', () => {
  const short = {
    listCertificates: 'one for each listener',
    listSettings: 'one for each setting',
    listReportGroups: 'those of a fixed maximum',
    listEndDevices: 'what one registration names',
    listObservations: 'what one device may be observed for',
    listSeries: 'the paths of one device',
    listTraceMessages: 'trace.max-messages; "after" goes on',
    listTrialDevices: 'try.max-devices',
    listTraces: 'trace.max-devices',
    listWebhooks: 'webhooks.max',
    listHomeDevices: 'those that one user may have',
    listHomeFriends: 'those that one user may have',
    listHomeGrants: 'those that one device may have',
  };
  const properties = (schema: unknown) => (schema as { properties?: Record<string, unknown> } | undefined)?.properties;
  const whole = all.filter(
    ({ method, response, query }) =>
      method === 'GET' && properties(response)?.['items'] !== undefined && properties(query)?.['cursor'] === undefined,
  );
  assert.deepEqual(whole.map(({ id }) => id).sort(), Object.keys(short).sort());
  for (const { id, query, response, problems } of all) {
    if (properties(query)?.['cursor'] === undefined) continue;
    assert.ok(properties(response)?.['next'] !== undefined, id);
    assert.ok(problems.includes('invalid-cursor'), id);
  }
});

test('every problem that a route names exists', () => {
  for (const route of all) for (const code of route.problems) assert.ok(code in problemKinds, `${route.id}: ${code}`);
});

test('reading takes a viewer, changing takes an operator or admin', () => {
  const ownFactor = ['beginSecondFactor', 'confirmSecondFactor', 'removeSecondFactor'];
  const ownAffairs = new Set(['login', 'signIn', 'logout', 'changePassword', ...ownFactor]);
  const openAtHome = new Set(['registerAtHome', 'signInAtHome']);
  const ofTraces = [
    'listTraces',
    'showTrace',
    'listTraceMessages',
    'showTraceMessage',
    'followTrace',
    'followTraces',
    'exportTrace',
  ];
  const ofWebhooks = ['listWebhooks', 'showWebhook', 'listWebhookDeliveries'];
  const secrets = new Set([
    'listTokens',
    'listOperators',
    'showOperator',
    'listAudit',
    'listAppKeys',
    ...ofTraces,
    ...ofWebhooks,
  ]);
  for (const route of all) {
    if (ownAffairs.has(route.id)) continue;
    if (route.path.startsWith('/api/v1/home/')) {
      assert.ok(route.role === 'user' || openAtHome.has(route.id), route.id);
      continue;
    }
    assert.notEqual(route.role, 'user', route.id);
    // A read of several paths has a body, and so a POST.
    if (route.method === 'GET' || route.id === 'readComposite')
      assert.ok(route.role === 'viewer' || route.role === 'anyone' || secrets.has(route.id), route.id);
    else assert.ok(route.role === 'operator' || route.role === 'admin', route.id);
  }
});

test('a device name with separators survives the URL', () => {
  const path = routePath(routes.readResource, { device: '8611;460;cm/1?x#é', path: '/3/0/0' });
  assert.equal(path, '/api/v1/devices/8611%3B460%3Bcm%2F1%3Fx%23%C3%A9/resources/3/0/0');
});

test('any device name comes back from the URL', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (device) => {
      const path = new URL(routePath(routes.showDevice, { device: `x${device}` }), 'http://h').pathname;
      assert.equal(decodeURIComponent(path.split('/')[4]!), `x${device}`);
    }),
  );
});

test('a missing parameter is the mistake of the caller', () => {
  assert.throws(() => routePath(routes.showDevice, {}), /needs the parameter "device"/);
});

test('a query leaves out what is undefined and repeats what is a list', () => {
  assert.equal(queryText({ a: 1, b: undefined, c: ['x y', 'z&'] }), '?a=1&c=x+y&c=z%26');
  assert.equal(queryText({}), '');
});

test('no object in a body takes members that it does not name, but where the ids of values are checked by themselves', () => {
  const ids = new Set(['values', 'resources', '1']); // "1": the values of a resource among resources
  for (const { id, body } of all) {
    const open = openObjects(body, '').filter((place) => !ids.has(place.split('/').at(-1)!));
    assert.deepEqual(open, [], id);
  }
});

function openObjects(schema: unknown, place: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, additionalProperties } = schema as Record<string, unknown>;
  const inner = Object.entries(schema).flatMap(([name, value]) => openObjects(value, `${place}/${name}`));
  return type === 'object' && additionalProperties !== false ? [place, ...inner] : inner;
}

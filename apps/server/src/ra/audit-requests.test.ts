import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { AuditTrail, TokenDescription } from '@yaolian/directory';
import { seconds, silentLog } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import type { Config } from '../config/settings.ts';
import { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { createHttpServer } from '../http/server.ts';
import { auditRequests, lookingRoutes } from './audit-requests.ts';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Routes of operators whose trail takes some turns to write a line. */
async function open() {
  const happened: string[] = [];
  const audit = {
    async record({ actor, action, device, subject, outcome }: Parameters<AuditTrail['record']>[0]) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      happened.push([actor, action, device, subject, outcome].filter(Boolean).join(' '));
    },
  } as unknown as AuditTrail;
  const config = { 'http.body-limit': 1024, 'http.request-timeout': seconds(30) } as Config;
  const app = await createHttpServer({
    ...{ config, log: silentLog, random: new SeededRandom(1), timers: new VirtualTime(), version: '0' },
  });
  app.decorateRequest('actor', undefined);
  app.addHook('onRequest', async (request) => {
    request.actor = { operator: 'otto' } as TokenDescription;
  });
  auditRequests(app, audit);
  const table = new RouteTable(app);
  table.add(routes.readResource, () => ({ coapCode: '2.05' }) as never);
  table.add(routes.executeResource, () => {
    throw new Refusal('device-unknown');
  });
  table.add(routes.showHistory, () => ({ points: [] }) as never);
  table.add(routes.showStatus, () => ({}) as never);
  table.add(routes.streamEvents, ({ reply }) => {
    reply.hijack();
    happened.push('the first event');
    reply.raw.end('data: {}\n\n');
    return undefined as never;
  });
  for (const route of [
    routes.allow,
    routes.addOperator,
    routes.changeOperator,
    routes.addCredential,
    routes.importCredentials,
    routes.setEnrolment,
  ])
    table.add(route, () => ({}) as never);
  table.add(routes.removeCredential, () => undefined);
  table.add(routes.retryWebhookDelivery, () => ({}) as never);
  const ask = async (method: Method, url: string, payload?: object) => {
    const { statusCode } = await app.inject({ method, url, ...(payload && { payload }) });
    happened.push(`answered ${statusCode}`);
    return happened.splice(0);
  };
  return { ask, [Symbol.asyncDispose]: () => app.close() };
}

test('who reads from a device is on disk before the value is told', async () => {
  await using bench = await open();
  const read = 'otto readResource lamp 3303/0/5700 done';
  assert.deepEqual(await bench.ask('GET', '/api/v1/devices/lamp/resources/3303/0/5700'), [read, 'answered 200']);
  assert.deepEqual(await bench.ask('HEAD', '/api/v1/devices/lamp/resources/3303/0/5700'), [read, 'answered 200']);
  assert.deepEqual(await bench.ask('GET', '/api/v1/devices/lamp/history?path=/3303/0/5700'), [
    'otto showHistory lamp /3303/0/5700 done',
    'answered 200',
  ]);
});

test('so is what is refused, and who begins to watch; what tells nothing of devices is not written down', async () => {
  await using bench = await open();
  assert.deepEqual(await bench.ask('POST', '/api/v1/devices/lamp/execute/3/0/4'), [
    'otto executeResource lamp 3/0/4 404',
    'answered 404',
  ]);
  assert.deepEqual(await bench.ask('GET', '/api/v1/events?device=lamp'), [
    'otto streamEvents lamp begun',
    'the first event',
    'answered 200',
  ]);
  assert.deepEqual(await bench.ask('GET', '/api/v1/status'), ['answered 200']);
});

test('who looks is told from who changes', () => {
  for (const look of ['readResource', 'showHistory', 'streamEvents']) assert.ok(lookingRoutes.includes(look), look);
  for (const change of ['writeResource', 'executeResource', 'shareDevice']) {
    assert.ok(routes[change as keyof typeof routes] !== undefined && !lookingRoutes.includes(change), change);
  }
});

test('what was changed is named, by the path or by the body that makes it; no secret is', async () => {
  await using bench = await open();
  const told = async (method: Method, path: string, payload?: object) =>
    (await bench.ask(method, `/api/v1/${path}`, payload))[0];
  assert.equal(await told('PUT', 'allow-list/8612', { note: 'x' }), 'otto allow 8612 done');
  const eva = { name: 'eva', role: 'viewer', password: 'correct horse battery' };
  assert.equal(await told('POST', 'operators', eva), 'otto addOperator eva viewer done');
  assert.equal(await told('PATCH', 'operators/eva', { role: 'admin' }), 'otto changeOperator eva admin done');
  const credential = { endpoint: 'meter-1', kind: 'psk', identity: 'me', key: 'ab'.repeat(16) };
  assert.equal(await told('POST', 'credentials', credential), 'otto addCredential meter-1 done');
  const import2 = { entries: [credential, credential] };
  assert.equal(await told('POST', 'credential-imports', import2), 'otto importCredentials 2 entries done');
  assert.equal(await told('DELETE', 'credentials/c7'), 'otto removeCredential c7 done');
  assert.equal(await told('PUT', 'enrolment', { mode: 'allow-list' }), 'otto setEnrolment allow-list done');
  assert.equal(await told('POST', 'operators', { name: 5 }), 'otto addOperator 400');
});

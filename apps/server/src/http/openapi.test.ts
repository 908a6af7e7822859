import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { bodyExamples, type Route, roles, routes } from '@yaolian/contract';
import { silentLog } from '@yaolian/kernel';
import { parseObjectDefinitions } from '@yaolian/lwm2m-objects';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { defaultConfig } from '../config/settings.ts';
import { RouteTable } from './mount.ts';
import { createHttpServer } from './server.ts';

const app = await createHttpServer({
  config: defaultConfig(),
  log: silentLog,
  random: new SeededRandom(1),
  timers: new VirtualTime(),
  version: '1.2.3',
});
const table = new RouteTable(app);
for (const route of Object.values(routes) as Route[]) table.add(route, () => undefined as never);
table.addRefusals();
await app.ready();
const document = app.swagger() as unknown as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

interface Media {
  readonly examples?: Record<string, { readonly value: unknown }>;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly description: string }>;
}

test('the document is valid OpenAPI 3.1', async () => {
  assert.equal(document.openapi, '3.1.1');
  const result = await new Validator().validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors, undefined, 1));
});

test('it has every route and nothing else', () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => `${operation.operationId} ${method} ${path}`),
  );
  const expected = (Object.values(routes) as Route[]).map(
    (route) => `${route.id} ${route.method.toLowerCase()} ${route.path.replace('...}', '}')}`,
  );
  assert.deepEqual(described.sort(), expected.sort());
});

function operationOf(id: string): Operation {
  const all = Object.values(document.paths).flatMap((operations) => Object.values(operations));
  return all.find((operation) => operation.operationId === id)!;
}

test('a device operation says its parameters, its body and what can go wrong', () => {
  const write = operationOf('writeResource');
  assert.deepEqual(write.parameters?.map((one) => `${one.in} ${one.name}`).sort(), [
    'header idempotency-key',
    'path device',
    'path path',
    'query expires',
    'query format',
    'query queue',
    'query timeout',
    'query unchecked',
    'query wait',
  ]);
  assert.match(write.responses['202']!.description, /the device sleeps/i);
  assert.deepEqual(Object.keys(write.requestBody!.content), ['application/json']);
  assert.match(write.responses['424']!.description, /device-refused/);
  assert.deepEqual(Object.keys(operationOf('addObject').requestBody!.content), ['application/xml']);
});

test('which requests take a key, and which a tag', () => {
  const headersOf = (id: string) =>
    (operationOf(id).parameters ?? []).filter((one) => one.in === 'header').map((one) => one.name);
  assert.deepEqual(headersOf('changeWebhook').sort(), ['idempotency-key', 'if-match', 'if-none-match']);
  assert.deepEqual(headersOf('showWebhook'), ['if-none-match']);
  assert.deepEqual(headersOf('uploadFirmware'), [], 'bytes are not remembered');
  assert.deepEqual(headersOf('login'), []);
  assert.match(operationOf('changeWebhook').responses['412']!.description, /precondition-failed/);
  assert.match(operationOf('addWebhook').responses['422']!.description, /idempotency-key-reused/);
  assert.ok(operationOf('showWebhook').responses['304']);
});

test('a body that may be left out is not required', () => {
  assert.equal(operationOf('executeResource').requestBody?.required ?? false, false);
  assert.equal(operationOf('writeResource').requestBody?.required, true);
});

test('every body has the examples of the contract', () => {
  for (const operation of Object.values(document.paths).flatMap((operations) => Object.values(operations))) {
    for (const { examples = {} } of Object.values(operation.requestBody?.content ?? {})) {
      const values = Object.fromEntries(Object.entries(examples).map(([name, { value }]) => [name, value]));
      assert.deepEqual(values, (bodyExamples as Record<string, unknown>)[operation.operationId]);
    }
  }
});

test('the definition file of the examples is one that is taken, and the certificates are certificates', () => {
  const read = parseObjectDefinitions(bodyExamples.addObject['definition']!, { unknownElements: 'refuse' });
  assert.ok(read.ok, JSON.stringify(read));
  for (const pem of [
    bodyExamples.addClientAuthorities['authority']!.certificates,
    bodyExamples.importCertificate['forTheRequest']!.certificate,
  ]) {
    assert.equal(new X509Certificate(pem).subject, 'CN=iot.example.com');
  }
});

test('open routes say so', () => {
  assert.deepEqual(operationOf('login').security, []);
  assert.equal(operationOf('listDevices').security, undefined);
});

test('schemas have names that generated clients can use', () => {
  for (const name of ['Problem', 'Device', 'Token', 'Event', 'BootstrapConfiguration']) {
    assert.ok(name in document.components.schemas, name);
  }
  assert.equal(roles.length, 3);
});

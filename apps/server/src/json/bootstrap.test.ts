import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonBootstrapConfiguration } from '@yaolian/contract';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { bootstrapFromJson, bootstrapToJson } from './bootstrap.ts';

function read(json: JsonBootstrapConfiguration) {
  const config = bootstrapFromJson(json, omaObjects);
  assert.ok(config.ok, config.ok ? '' : `${config.error.where}: ${config.error.message}`);
  return config.value;
}

function mistake(json: JsonBootstrapConfiguration): string {
  const config = bootstrapFromJson(json, omaObjects);
  assert.ok(!config.ok);
  return `${config.error.where}: ${config.error.message}`;
}

test('a server becomes an instance of Security and one of Server; 0/0 is left to the bootstrap account', () => {
  const config = read({ servers: [{ shortServerId: 7, uri: 'coap://192.0.2.1:5683', lifetime: 300, binding: 'UQ' }] });
  assert.deepEqual(config, {
    security: [{ instanceId: 1, uri: 'coap://192.0.2.1:5683', shortServerId: 7 }],
    servers: [{ instanceId: 0, shortServerId: 7, lifetime: 300, binding: 'UQ' }],
  });
});

test('China Mobile profile A: Security alone', () => {
  const uri = 'coap://192.0.2.1:5683';
  const config = read({ servers: [{ uri, securityInstance: 0, serverObject: false }], deletes: [] });
  assert.deepEqual(config, { security: [{ instanceId: 0, uri }], servers: [], deletes: [] });
});

test('what was read is shown as it was given, with the ids that were chosen', () => {
  const json: JsonBootstrapConfiguration = {
    servers: [
      {
        shortServerId: 1,
        uri: 'coap://192.0.2.1',
        lifetime: 60,
        securityInstance: 5,
        serverInstance: 3,
        minimumPeriod: 1,
      },
      { shortServerId: 2, uri: 'coaps://192.0.2.2', storeNotifications: false, securityInstance: 2, serverInstance: 1 },
      { uri: 'coap://192.0.2.3', securityInstance: 3, serverObject: false },
    ],
    bootstrapServer: { uri: 'coap://192.0.2.9', securityInstance: 0, holdOffTime: 10, accountTimeout: 60 },
    deletes: ['/0/4', '/1'],
    discovers: ['/'],
    reads: ['/1'],
    writes: [{ path: '/3/0/14', value: '+08:00' }],
  };
  assert.deepEqual(bootstrapToJson(read(json)), json);
});

test('what does not go together is told', () => {
  const uri = 'coap://192.0.2.1';
  assert.match(mistake({ servers: [{ uri }] }), /^body\/servers\/0: a shortServerId is missing/);
  const first = { shortServerId: 1, uri, securityInstance: 2 };
  assert.match(mistake({ servers: [first, { shortServerId: 2, uri }] }), /^body\/servers: two accounts .* id 2$/);
  assert.match(
    mistake({ servers: [{ shortServerId: 1, uri }], writes: [{ path: '/3/0/13', value: 'noon' }] }),
    /^body\/writes\/0.*such as "2026/,
  );
});

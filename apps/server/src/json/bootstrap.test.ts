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
        registrationPriority: 2,
        registrationFailureBlocks: true,
        preferredTransport: 'U',
      },
      {
        shortServerId: 2,
        uri: 'coaps://192.0.2.2',
        security: { mode: 'psk', issue: 'new', ciphersuites: [0xc0a8] },
        storeNotifications: false,
        securityInstance: 2,
        serverInstance: 1,
      },
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

test('a password among the writes is never shown; given back as hidden it stays, and another takes its place', () => {
  const servers = [{ shortServerId: 1, uri: 'mqtts://192.0.2.1:8883/tenant-a' }];
  const account = { path: '/24/0', resources: { '6': 'dev1', '7': 'dev-1', '8': 'c2VjcmV0' } };
  const key = { path: '/12/0/18', value: 'correct horse' };
  const before = read({ servers, writes: [account, key] });
  const shown = bootstrapToJson(before);
  assert.deepEqual(shown.writes, [
    { path: '/24/0', resources: { '6': 'dev1', '7': 'dev-1' }, hidden: [8] },
    { path: '/12/0/18', hidden: [18] },
  ]);
  const again = bootstrapFromJson(shown, omaObjects, before);
  assert.ok(again.ok);
  assert.deepEqual(again.value.writes, [account, key]);
  const other = { ...account, resources: { ...account.resources, '8': 'b3RoZXI=' } };
  const changed = bootstrapFromJson({ servers, writes: [{ ...other, hidden: [8] }] }, omaObjects, before);
  assert.ok(changed.ok);
  assert.deepEqual(changed.value.writes, [other]);
  assert.equal(
    mistake({ servers, writes: shown.writes! }),
    'body/writes/0/hidden: nothing is kept for /24/0/8: give its value',
  );
  const nothing = { path: '/24/1', resources: { '6': 'dev2' } };
  assert.deepEqual(bootstrapToJson(read({ servers, writes: [nothing] })).writes, [nothing]);
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

test('security that makes no sense is told with its field', () => {
  const key = '00112233445566778899aabbccddeeff';
  const certificate = 'MAEC';
  const wrongs: readonly [string, NonNullable<JsonBootstrapConfiguration['servers'][number]['security']>, RegExp][] = [
    ['coap', { mode: 'psk', issue: 'new' }, /mode: psk needs a coaps:/],
    ['coaps', { mode: 'nosec' }, /mode: coaps:.* needs psk, rpk, x509 or est/],
    ['coap', { mode: 'est' }, /mode: est needs a coaps/],
    ['coaps', { mode: 'est', issue: 'new' }, /issue: issue does not go with mode est/],
    ['coaps', { mode: 'est', privateKey: 'MAA=' }, /privateKey: privateKey does not go with mode est/],
    ['coaps', { mode: 'psk' }, /identity: identity is missing, or issue/],
    ['coaps', { mode: 'psk', identity: 'x' }, /key: key is missing/],
    ['coaps', { mode: 'psk', identity: 'x', key, issue: 'new' }, /identity and issue exclude/],
    ['coaps', { mode: 'psk', identity: 'x', key, usage: 'trust-anchor' }, /usage: usage does not go with mode psk/],
    ['coaps', { mode: 'x509', issue: 'stored' }, /issue: stored is for psk/],
    ['coaps', { mode: 'x509', certificate, privateKey: 'AAAA' }, /privateKey: privateKey is not DER/],
    ['coaps', { mode: 'x509', issue: 'new', serverPublicKey: 'AAAA' }, /serverPublicKey is not DER/],
    [
      'coaps',
      { mode: 'x509', issue: 'new', serverPublicKey: 'AAAA', matching: 'sha384' },
      /nor a digest of sha384|neither/,
    ],
  ];
  for (const [scheme, security, pattern] of wrongs) {
    assert.match(mistake({ servers: [{ shortServerId: 1, uri: `${scheme}://192.0.2.1`, security }] }), pattern);
  }
  const servers = [{ shortServerId: 1, uri: 'coap://192.0.2.1' }];
  for (const write of [
    { path: '/0/3/5', value: 'AAEC' },
    { path: '/0/3', resources: { 5: 'AAEC' } },
  ]) {
    assert.match(mistake({ servers, writes: [write] }), /writes\/0: keys of objects 0 and 21 go in the security/);
  }
});

test('a certificate that the terminal compares by its digest is written as that; keys stay where none is given', () => {
  const uri = 'coaps://192.0.2.1';
  const security = { mode: 'x509', certificate: 'MAEC', privateKey: 'MAY=', serverPublicKey: 'MAMEBQ==' } as const;
  const first = read({ servers: [{ shortServerId: 1, uri, security: { ...security, matching: 'sha256' } }] });
  assert.equal(first.security[0]?.serverPublicKey?.length, 44);
  const { privateKey: _, ...shown } = security;
  const later = bootstrapFromJson({ servers: [{ shortServerId: 1, uri, security: shown }] }, omaObjects, first);
  assert.equal(later.ok && later.value.security[0]?.secretKey, 'MAY=');
  const other = { servers: [{ shortServerId: 1, uri, security: { ...shown, certificate: 'MAED' } }] };
  assert.ok(!bootstrapFromJson(other, omaObjects, first).ok, 'the key of another certificate is not its key');
});

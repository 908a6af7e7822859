import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import { ApnConnectionProfile, Portfolio } from '@yaolian/lwm2m-objects/core-references';
import { objectInstance, singleResource } from '../../node.ts';
import { content, valuesOf } from '../testing/conformance-terminal.ts';
import { brief, code, TerminalWorld } from '../testing/scripted-server.ts';
import { apnConnectionProfiles } from './apn-connection-profile.ts';
import { binaryAppDataContainers } from './binary-app-data-container.ts';
import { location, relocate } from './location.ts';
import { oscoreContexts } from './oscore.ts';
import { AuthStatus, portfolio } from './portfolio.ts';
import { ofRelease } from './release.ts';

const tlv = 11_542;

test('objects are in the version that goes with the release', () => {
  assert.deepEqual(
    (['1.0', '1.1', '1.2'] as const).map((release) => ofRelease(ApnConnectionProfile, release).version),
    ['1.0', '1.1', '1.1'],
  );
  assert.equal(ofRelease(Portfolio, '1.0').version, '1.0');
});

test('APN connection profiles: servers create, change and delete them, and no more than there is room for', async () => {
  const world = new TerminalWorld();
  await world.registered({ objects: [apnConnectionProfiles({ maximumInstances: 1 })] });
  const profile = (authentication: number) =>
    content(
      '/11/0',
      objectInstance(0, [singleResource(0, 'string', 'a'), singleResource(4, 'integer', authentication)]),
      tlv,
    );
  assert.match(brief(await world.post('/11', profile(7), tlv)), /^4\.00 the authentication type is 0 \(PAP\)/);
  assert.equal(code(await world.post('/11', profile(0), tlv)), '2.01');
  assert.match(brief(await world.post('/11', profile(0), tlv)), /^4\.00 .*has its 1 instances already/);
  assert.match(brief(await world.put('/11/0/24', '4')), /^4\.00 the PDN type is/);
  assert.equal(code(await world.put('/11/0/24', '3')), '2.04');
  assert.equal(code(await world.delete('/11/0')), '2.02');
  assert.equal(await world.close(), 0);
});

test('Portfolio: GetAuthData is worked out, or fails, and AuthStatus says so', async () => {
  const world = new TerminalWorld();
  let works = true;
  const object = portfolio(['host 1', 'Yaolian'], {
    authenticate: async (args) => {
      if (!works) throw new Error('no key');
      return [encodeUtf8(`signed ${args.get(0)}`)];
    },
  });
  await world.registered({ objects: [object] });
  assert.equal(brief(await world.get('/16/0/3', 0)), `2.05 ${AuthStatus.Idle}`);
  assert.equal(code(await world.post('/16/0/1', "0='nonce'")), '2.04');
  assert.equal(brief(await world.get('/16/0/3', 0)), `2.05 ${AuthStatus.DataAvailable}`);
  assert.deepEqual(valuesOf('/16/0/2', await world.get('/16/0/2', tlv)), { '/16/0/2/0': encodeUtf8('signed nonce') });
  works = false;
  assert.equal(code(await world.post('/16/0/1')), '2.04');
  assert.equal(brief(await world.get('/16/0/3', 0)), `2.05 ${AuthStatus.Error}`);
  assert.equal(code(await world.get('/16/0/2', tlv)), '4.04');
  assert.equal(await world.close(), 0);
});

test('BinaryAppDataContainer: priority and App ID have their bounds', async () => {
  const world = new TerminalWorld();
  await world.registered({ objects: [binaryAppDataContainers()] });
  assert.match(brief(await world.post('/19', new Uint8Array(), tlv)), /^4\.00 Data \(0\) is mandatory/);
  // One resource with one instance: type 10, id 0, then the instance.
  assert.equal(code(await world.post('/19', Uint8Array.of(0x83, 0x00, 0x41, 0x00, 0x2a), tlv)), '2.01');
  assert.match(brief(await world.put('/19/0/1', '255')), /^4\.00 a priority is 0 to 254/);
  assert.match(brief(await world.put('/19/0/5', '65536')), /^4\.00 an App ID is 0 to 65535/);
  assert.match(brief(await world.put('/19/0/3', 'x'.repeat(33))), /^4\.00 Data Description \(3\): its length/);
  assert.equal(await world.close(), 0);
});

test('OSCORE contexts are not for servers', async () => {
  const world = new TerminalWorld();
  await world.registered({ objects: [oscoreContexts()] });
  assert.equal(code(await world.get('/21')), '4.01');
  assert.equal(code(await world.post('/21', '', tlv)), '4.01');
  assert.equal(await world.close(), 0);
});

test('Location: places on earth only', () => {
  const place = location({ latitude: 0, longitude: 0, timestamp: new Date(0) });
  assert.throws(() => relocate(place, { latitude: 91, longitude: 0, timestamp: new Date(0) }), /-90 to 90/);
  assert.throws(() => relocate(place, { latitude: 0, longitude: NaN, timestamp: new Date(0) }), /-180 to 180/);
});

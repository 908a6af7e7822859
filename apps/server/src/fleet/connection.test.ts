import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamPeer, socketAddress } from '@yaolian/kernel';
import { MqttPeer } from '@yaolian/lwm2m/mqtt';
import type { Registration } from '@yaolian/lwm2m/server';
import { connectionOf, securityOf } from './connection.ts';
import type { FleetDevice } from './fleet.ts';

const address = socketAddress('192.0.2.7', 56830);

function found(peer: FleetDevice['peer'], peerKey?: string): FleetDevice {
  const registration = { address, ...(peerKey !== undefined && { peerKey }) } as Registration;
  return { device: {} as FleetDevice['device'], registration, peer, state: 'ONLINE' };
}

test('a connection is told with what carries it and what proved who it is', () => {
  assert.deepEqual(connectionOf(found(address)), { transport: 'udp', security: 'none' });
  const stream = new StreamPeer(address, 7, 'wss', { kind: 'psk', identity: 'id-a' });
  assert.deepEqual(connectionOf(found(stream, stream.key)), { transport: 'wss', security: 'psk', identity: 'id-a' });
  const topic = new MqttPeer('lwm2m/dm/lamp', { interface: 'rd', endpoint: 'lamp' }, address);
  assert.deepEqual(connectionOf(found(topic, topic.key)), { transport: 'mqtt', security: 'none' });
});

test('a certificate that nobody else can read does not keep its device from being shown', () => {
  const identity = { kind: 'certificate', certificate: Uint8Array.of(0x30, 0x00), names: ['lamp'] } as const;
  const connection = connectionOf(found(new StreamPeer(address, 7, 'tls', identity)));
  assert.deepEqual(
    [connection?.security, connection?.names, connection?.expiresAt],
    ['certificate', ['lamp'], undefined],
  );
});

test('of a connection that ended with an earlier process nothing is told, for its address proves nothing', () => {
  const gone = found(address, new StreamPeer(address, 7, 'tls').key);
  assert.equal(connectionOf(gone), undefined);
  assert.equal(securityOf(gone), undefined);
  assert.equal(
    securityOf({ device: {} as FleetDevice['device'], registration: undefined, state: 'OFFLINE' }),
    undefined,
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MemoryBroker } from './testing/broker.ts';
import { MqttTopics } from './topics.ts';

const broker = MemoryBroker.address;

test('a topic is [PREFIX/]lwm2m/(bs|rd)/ENDPOINT (Transport 1.2 §8.2), and says whose it is', () => {
  const bare = new MqttTopics();
  assert.equal(bare.topic('rd', 'urn:imei:861111003929110'), 'lwm2m/rd/urn:imei:861111003929110');
  assert.equal(bare.filter('bs'), 'lwm2m/bs/#');
  const tenant = new MqttTopics('tenant-a/plant');
  const peer = tenant.peer('tenant-a/plant/lwm2m/bs/a/b', broker)!;
  assert.deepEqual([peer.interface, peer.endpoint, peer.key], ['bs', 'a/b', 'mqtt:tenant-a/plant/lwm2m/bs/a/b']);
  assert.deepEqual(tenant.peerOf(peer.key, broker)?.topic, peer.topic);
  for (const other of [
    'lwm2m/rd/a',
    'tenant-a/plant/lwm2m/xx/a',
    'tenant-a/plant/lwm2m/rd/',
    'tenant-a/plant/lwm2m/rd',
  ]) {
    assert.equal(tenant.peer(other, broker), undefined, other);
  }
  assert.equal(tenant.peerOf('192.0.2.1:5683', broker), undefined);
});

test('names that MQTT has another use for are refused', () => {
  const topics = new MqttTopics();
  for (const name of ['', 'a+b', '#', 'a\u0000']) assert.throws(() => topics.topic('rd', name), RangeError, name);
  for (const prefix of ['$SYS', '/a', 'a/', 'a/+', '#'])
    assert.throws(() => new MqttTopics(prefix), RangeError, prefix);
});

test('whatever name a topic can hold comes out of it again', () => {
  const names = fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
    .filter((name) => !/[+#\p{Cc}]/u.test(name));
  fc.assert(
    fc.property(names, (name) => {
      const topics = new MqttTopics('p');
      assert.equal(topics.peer(topics.topic('rd', name), broker)?.endpoint, name);
    }),
  );
});

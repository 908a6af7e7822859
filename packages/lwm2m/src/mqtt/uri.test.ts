import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMqttUri } from './uri.ts';

test('a URI names a broker, and the beginning of topics', () => {
  const read = (text: string) => {
    const uri = parseMqttUri(text);
    assert.ok(uri.ok, text);
    return uri.value;
  };
  assert.deepEqual(read('mqtt://broker.example.com'), {
    secure: false,
    host: 'broker.example.com',
    port: 1883,
    prefix: '',
  });
  assert.deepEqual(read('MQTTS://[2001:db8::1]/tenant-a/'), {
    secure: true,
    host: '2001:db8::1',
    port: 8883,
    prefix: 'tenant-a',
  });
  assert.deepEqual([read('mqtt://192.0.2.1:99/a/b').port, read('mqtt://192.0.2.1:99/a/b').prefix], [99, 'a/b']);
});

test('what is no such URI is refused with a sentence', () => {
  const wrong = [
    '',
    'coap://a',
    'mqtt:a',
    'mqtt://',
    'mqtt://a:0',
    'mqtt://a:65536',
    'mqtt://u:p@a',
    'mqtt://a/+',
    'mqtt://a/$x',
  ];
  for (const text of [...wrong, 'mqtt://a/b?c', 'mqtt://a/b#c', 'mqtt://a//b']) {
    const uri = parseMqttUri(text);
    assert.ok(!uri.ok && /is no mqtt:\/\//.test(uri.error), text);
  }
});

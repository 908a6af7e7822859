import assert from 'node:assert/strict';
import { test } from 'node:test';

Object.defineProperty(globalThis, 'location', { value: { hostname: 'here', origin: 'http://here' } });
const { addressFor, terminalAddresses } = await import('./terminal-address.ts');

test('an address of every address is that of the page; without one OMA has the port', () => {
  const listening = [
    { service: 'http', url: 'http://[::]:8080' },
    { service: 'dm', url: 'coap://[::]:21410' },
    { service: 'dm', url: 'coaps://0.0.0.0:21411' },
    { service: 'dm', url: 'coap+tcp://192.0.2.1:5683' },
  ];
  const addresses = terminalAddresses(listening, 'dm.example.com');
  assert.deepEqual(addresses, [
    'coap://dm.example.com:21410',
    'coaps://dm.example.com:21411',
    'coap+tcp://192.0.2.1:5683',
  ]);
  assert.equal(addressFor(addresses, false, 'x'), 'coap://dm.example.com:21410');
  assert.equal(addressFor(addresses, true, 'x'), 'coaps://dm.example.com:21411');
  assert.equal(addressFor([], true, 'x'), 'coaps://x:5684');
  assert.equal(addressFor([], false, 'x'), 'coap://x:5683');
});

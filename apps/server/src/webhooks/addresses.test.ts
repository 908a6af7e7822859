import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress, publicLookup } from './addresses.ts';

test('addresses of this machine, of networks inside and of tunnels to them are not of the internet', () => {
  const inside = [
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '224.0.0.1'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001::1',
    ],
    ...['255.255.255.255', 'not an address'],
  ];
  assert.deepEqual(inside.filter(isPublicAddress), []);
  const outside = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2400:3200::1'];
  assert.deepEqual(outside.filter(isPublicAddress), outside);
});

test('a name that leads inside is not connected to', async () => {
  const error = await new Promise<Error | null>((resolve) => publicLookup('localhost', { all: true }, resolve));
  assert.match(error!.message, /localhost is at no address of the internet/);
});

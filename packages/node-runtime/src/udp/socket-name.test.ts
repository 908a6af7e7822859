import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalIPv6, socketAddress } from '@yaolian/kernel';
import fc from 'fast-check';
import { decodeHost, decodePort, encodeName, type InterfaceNumbers, NamedPeer } from './socket-name.ts';

const interfaces: InterfaceNumbers = {
  indexOf: (name) => (name === 'eth0' ? 2 : 0),
  nameOf: (index) => (index === 2 ? 'eth0' : undefined),
};

function bytesOf(host: string, port: number, family: 4 | 6): string {
  const names = new Int32Array(7);
  assert.ok(encodeName(host, port, family, names, 0, interfaces));
  return Buffer.from(names.buffer, 0, family === 4 ? 8 : 28).toString('hex');
}

function roundTrip(host: string, port: number, family: 4 | 6): string {
  const names = new Int32Array(32).fill(-1);
  assert.ok(encodeName(host, port, family, names, 8, interfaces));
  return socketAddress(decodeHost(names, 8, interfaces), decodePort(names, 8)).key;
}

test('an IPv4 name is family, port and address as the kernel wants them', () => {
  assert.equal(bytesOf('192.0.2.1', 5683, 4), '0200' + '1633' + 'c0000201');
  assert.equal(bytesOf('255.255.255.255', 65535, 4), '0200' + 'ffff' + 'ffffffff');
});

test('an IPv6 name has the address at byte 8 and the zone at byte 24', () => {
  assert.equal(
    bytesOf('2001:db8::1', 5683, 6),
    '0a001633' + '00000000' + '20010db8000000000000000000000001' + '00000000',
  );
  assert.equal(
    bytesOf('fe80::1%eth0', 1, 6),
    '0a000001' + '00000000' + 'fe800000000000000000000000000001' + '02000000',
  );
});

test('an IPv4 peer of a socket for both families has a mapped name and a plain address', () => {
  assert.equal(bytesOf('192.0.2.1', 9, 6), '0a000009' + '00000000' + '00000000000000000000ffffc0000201' + '00000000');
  assert.equal(roundTrip('192.0.2.1', 9, 6), '192.0.2.1:9');
  assert.equal(roundTrip('::ffff:192.0.2.1', 9, 6), '192.0.2.1:9');
});

test('what a socket cannot reach has no name', () => {
  const names = new Int32Array(8);
  assert.equal(encodeName('::1', 1, 4, names, 0, interfaces), false);
  assert.equal(encodeName('fe80::1%wlan9', 1, 6, names, 0, interfaces), false);
});

test('an interface that went away is shown by its number', () => {
  assert.equal(roundTrip('fe80::1%7', 1, 6), '[fe80::1%7]:1');
});

const port = fc.integer({ min: 0, max: 65535 });

test('any IPv4 address survives the way to a name and back, from both kinds of socket', () => {
  fc.assert(
    fc.property(fc.ipV4(), port, (host, number) => {
      const { key } = socketAddress(host, number);
      assert.equal(roundTrip(host, number, 4), key);
      assert.equal(roundTrip(host, number, 6), key);
    }),
  );
});

test('any IPv6 address survives the way to a name and back', () => {
  fc.assert(
    fc.property(fc.ipV6(), port, (text, number) => {
      const host = canonicalIPv6(text)!;
      if (!host.startsWith('::ffff:')) assert.equal(roundTrip(host, number, 6), socketAddress(host, number).key);
    }),
  );
});

test('a peer knows its own name and no other', () => {
  const names = new Int32Array(16);
  for (const [host, family] of [
    ['192.0.2.1', 4],
    ['2001:db8::1', 6],
    ['fe80::1%eth0', 6],
  ] as const) {
    encodeName(host, 5683, family, names, 0, interfaces);
    const peer = new NamedPeer(host, family, names, 0);
    peer.writeName(names, 8);
    assert.ok(peer.hasName(names, 8));
    for (const word of family === 4 ? [8, 9] : [8, 10, 11, 12, 13, 14]) {
      peer.writeName(names, 8);
      names[word]! ^= 1 << 24;
      assert.equal(peer.hasName(names, 8), false, `${host}, word ${word}`);
    }
  }
});

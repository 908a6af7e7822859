import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalIPv6, isIPv4, parseSocketAddress, socketAddress } from './socket-address.ts';

test('IPv6 addresses take the form of RFC 5952', () => {
  const canonical: [string, string][] = [
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ];
  for (const [host, expected] of canonical) assert.equal(canonicalIPv6(host), expected, host);
});

test('what is no address is refused', () => {
  for (const host of [
    '',
    ':',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'fe80::1%',
    '12345::',
    '1.2.3.4::',
    'g::',
    '1:2:3:4:5:6:7::8:9',
  ]) {
    assert.equal(canonicalIPv6(host), undefined, host);
  }
  for (const host of ['256.1.1.1', '1.2.3', '01.2.3.4', '1.2.3.4.', '1.2.3.4.5', 'localhost']) {
    assert.equal(isIPv4(host), false, host);
    assert.throws(() => socketAddress(host, 1), /is not an IPv4 or IPv6 address/);
  }
  assert.throws(() => socketAddress('192.0.2.1', 65_536), /a port is a whole number from 0 to 65535/);
});

test('a key is read back as the same address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (host, port) => {
      const address = socketAddress(host, port);
      const parsed = parseSocketAddress(address.key);
      assert.ok(parsed.ok);
      assert.deepEqual(parsed.value, address);
    }),
  );
  for (const text of ['192.0.2.1', '192.0.2.1:', ':5683', '2001:db8::1:5683', '[::1]', '[::1]:99999']) {
    assert.equal(parseSocketAddress(text).ok, false, text);
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { socketAddress } from '@yaolian/kernel';
import { isGroup, resolveUri, uriArgument } from './resolve.ts';

describe('uriArgument', () => {
  it('takes a URI with or without its scheme', () => {
    assert.deepEqual(uriArgument('192.0.2.7:5700/a?b'), uriArgument('coap://192.0.2.7:5700/a?b'));
    assert.equal(uriArgument('coaps://h/').port, 5684);
    assert.equal(uriArgument('[2001:db8::7]').host, '2001:db8::7');
  });

  it('says what is wrong', () => {
    assert.throws(() => uriArgument('http://h/'), /"http" is not supported/);
    assert.throws(() => uriArgument('coap://h:x/'), { code: 'CLI_USAGE' });
  });
});

describe('resolveUri', () => {
  it('keeps addresses and looks names up', async () => {
    assert.equal((await resolveUri(uriArgument('192.0.2.7:1'), 0)).key, '192.0.2.7:1');
    assert.equal((await resolveUri(uriArgument('localhost'), 4)).key, '127.0.0.1:5683');
  });

  it('refuses an address of the other family, and names that are none', async () => {
    await assert.rejects(resolveUri(uriArgument('192.0.2.7'), 6), /192.0.2.7 is no IPv6 address; leave out -6/);
    await assert.rejects(resolveUri(uriArgument('[::1]'), 4), { code: 'CLI_USAGE' });
    await assert.rejects(resolveUri(uriArgument('no..such..host'), 0), { code: 'CLI_UNREACHABLE' });
  });
});

it('isGroup knows multicast addresses', () => {
  for (const host of ['224.0.1.187', '239.255.255.255', 'ff02::fd', 'ff02::fd%lo'])
    assert.ok(isGroup(socketAddress(host, 1)));
  for (const host of ['223.255.255.255', '240.0.0.1', 'fe80::1', '::1']) assert.ok(!isGroup(socketAddress(host, 1)));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SocketAddress, socketAddress } from '@yaolian/kernel';
import { NamedPeers } from './named-peers.ts';
import { TextPeers } from './text-peers.ts';

const noInterfaces = { indexOf: () => 0, nameOf: () => undefined };

/** Both memories, through what they have in common. */
const memories: Record<string, (family: 4 | 6, bound: number) => (host: string, port: number) => SocketAddress> = {
  NamedPeers: (family, bound) => {
    const peers = new NamedPeers(family, bound, noInterfaces);
    return (host, port) => peers.at(host, port)!;
  },
  TextPeers: (family, bound) => {
    const peers = new TextPeers(family, bound);
    return (host, port) => peers.find(host, port);
  },
};

for (const [name, open] of Object.entries(memories)) {
  test(`${name}: a peer that stays in use stays the same object, however many others come`, () => {
    const find = open(4, 100);
    const known = find('192.0.2.1', 5683);
    for (let i = 0; i < 10_000; i++) {
      find(`10.0.${i >> 8}.${i & 255}`, 1000 + i);
      if (i % 40 === 0) assert.equal(find('192.0.2.1', 5683), known);
    }
    assert.equal(known.key, '192.0.2.1:5683');
  });

  test(`${name}: forgets peers above its bound`, () => {
    const find = open(4, 100);
    const early = find('192.0.2.1', 5683);
    for (let i = 0; i < 100; i++) find('192.0.2.2', i);
    const again = find('192.0.2.1', 5683);
    assert.notEqual(again, early);
    assert.equal(again.key, early.key);
  });

  test(`${name}: remembers many peers, at many hosts and at one`, () => {
    const find = open(6, 40_000);
    const hosts = (i: number) =>
      i % 3 === 0 ? `2001:db8::${i.toString(16)}` : i % 3 === 1 ? '2001:db8::' : '192.0.2.9';
    const peers = Array.from({ length: 20_000 }, (_, i) => find(hosts(i), i));
    assert.equal(new Set(peers).size, 20_000);
    for (const [i, peer] of peers.entries()) {
      assert.equal(peer.key, socketAddress(hosts(i), i).key);
      assert.equal(find(hosts(i), i), peer);
    }
  });
}

test('NamedPeers knows a peer of its own at once, and names others once', () => {
  const peers = new NamedPeers(4, 10, noInterfaces);
  const own = peers.at('192.0.2.1', 1)!;
  assert.equal(peers.named(own), own);
  const foreign = socketAddress('192.0.2.1', 1);
  assert.equal(peers.named(foreign), own);
  assert.equal(peers.named(foreign), own);
  const ofOtherSocket = new NamedPeers(6, 10, noInterfaces).at('192.0.2.1', 1)!;
  assert.equal(ofOtherSocket.key, own.key);
  assert.equal(peers.named(ofOtherSocket), own);
  assert.equal(peers.named(socketAddress('::1', 1)), undefined);
});

test('TextPeers gives an IPv4 peer of a socket for both families a plain address', () => {
  const peer = new TextPeers(6, 10).find('::ffff:192.0.2.1', 1);
  assert.equal(peer.key, '192.0.2.1:1');
  assert.equal(peer.dgramHost, '::ffff:192.0.2.1');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Peer, SocketAddress, socketAddress } from '@yaolian/kernel';
import type { Handshake } from './handshake.ts';
import { HandshakeTable } from './handshake-table.ts';

const withPeer = (peer: Peer) => ({ peer }) as Handshake;

/** Another address with the hash of `address`. */
function collidingWith(address: SocketAddress): SocketAddress {
  return Object.defineProperty(new SocketAddress(4, '203.0.113.9', 9), 'hash', { value: address.hash });
}

test('a handshake is found by the address of its peer, whichever object says it', () => {
  const table = new HandshakeTable();
  const handshake = withPeer(socketAddress('192.0.2.1', 5684));
  table.set(handshake);
  assert.equal(table.get(socketAddress('192.0.2.1', 5684)), handshake);
  assert.equal(table.get(socketAddress('192.0.2.1', 5685)), undefined);
  assert.deepEqual([...table.values()], [handshake]);
});

test('addresses whose hashes agree are told apart', () => {
  const table = new HandshakeTable();
  const one = socketAddress('192.0.2.1', 5684);
  const other = collidingWith(one);
  const [first, second] = [withPeer(one), withPeer(other)];
  table.set(first);
  assert.equal(table.get(other), undefined);
  table.set(second);
  assert.deepEqual([table.get(one), table.get(other), table.size], [first, second, 2]);
  table.delete(first);
  assert.deepEqual([table.get(one), table.get(other), table.size], [undefined, second, 1]);
  table.delete(second);
  assert.deepEqual([table.get(other), table.size], [undefined, 0]);
});

test('who was replaced takes nobody with it when it goes', () => {
  const table = new HandshakeTable();
  const peer = socketAddress('192.0.2.1', 5684);
  const [before, after] = [withPeer(peer), withPeer(peer)];
  table.set(before);
  table.set(after);
  table.delete(before);
  assert.deepEqual([table.get(peer), table.size], [after, 1]);
  table.delete(after);
  table.delete(after);
  assert.deepEqual([table.get(peer), table.size], [undefined, 0]);
});

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { limitPerAddress } from './connections-per-address.ts';

class TestSocket extends EventEmitter {
  readonly remoteAddress: string | undefined;
  isClosed = false;

  constructor(remoteAddress: string | undefined) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.emit('close');
  }
}

function serverWith(limit: number, proxies?: string) {
  const server = new EventEmitter();
  let refused = 0;
  limitPerAddress(server as never, { limit, proxies, onRefused: () => void refused++ });
  const connect = (address: string | undefined) => {
    const socket = new TestSocket(address);
    server.emit('connection', socket);
    return socket;
  };
  return { connect, refusals: () => refused };
}

test('an address has so many connections, and another has its own', () => {
  const { connect, refusals } = serverWith(2);
  const [first] = [connect('192.0.2.1'), connect('192.0.2.1')];
  assert.ok(connect('192.0.2.1').isClosed);
  assert.ok(connect('::ffff:192.0.2.1').isClosed, 'the same in the clothes of IPv6');
  assert.ok(!connect('192.0.2.2').isClosed);
  first.destroy();
  assert.ok(!connect('192.0.2.1').isClosed, 'one went');
  assert.ok(connect('192.0.2.1').isClosed);
  assert.equal(refusals(), 3);
});

test('of IPv6 it is a network of 64 bits', () => {
  const { connect } = serverWith(1);
  assert.ok(!connect('2001:db8::1').isClosed);
  assert.ok(connect('2001:db8::2').isClosed);
  assert.ok(!connect('2001:db8:0:1::1').isClosed);
});

test('this machine, proxies, and what has gone already are not counted', () => {
  const { connect } = serverWith(1, '10.0.0.0/8, 2001:db8:9::7');
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '2001:db8:9::7', undefined]) {
    assert.deepEqual([connect(address).isClosed, connect(address).isClosed], [false, false], String(address));
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DatagramListener, decodeHex, encodeHex, type Peer, socketAddress } from '@yaolian/kernel';
import fc from 'fast-check';
import { serveStun } from './stun-server.ts';

function serverOf() {
  let listener: DatagramListener | undefined;
  const sent: string[] = [];
  serveStun({
    localAddress: socketAddress('192.0.2.9', 3478),
    listen: (one) => {
      listener = one;
    },
    send: (datagram) => void sent.push(encodeHex(datagram)),
    close: async () => {},
  });
  const ask = (datagram: Uint8Array, from: Peer = socketAddress('192.0.2.1', 32853), multicast = false) => {
    listener!.onDatagram(datagram, from, multicast);
    return sent.splice(0);
  };
  return { ask };
}

const bytes = (hex: string) => decodeHex(hex)!;
/** The transaction of RFC 5769. */
const transaction = '2112a442b7e7a701bc34d686fa87dfae';

describe('the STUN server', () => {
  it('RFC 5769 §2.2, §2.3: says where the request came from', () => {
    const { ask } = serverOf();
    const request = bytes(`00010000${transaction}`);
    assert.deepEqual(ask(request), [`0101000c${transaction}002000080001a147e112a643`]);
    const six = socketAddress('2001:db8:1234:5678:11:2233:4455:6677', 32853);
    assert.deepEqual(ask(request, six), [`01010018${transaction}002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9`]);
  });

  it('RFC 5769 §2.1: takes what ICE adds to a request', () => {
    const { ask } = serverOf();
    const priority = '002400046e0001ff';
    const controlled = '80290008932ff9b151263b36';
    assert.equal(ask(bytes(`00010014${transaction}${priority}${controlled}`)).length, 1);
  });

  it('RFC 8489 §6.3.1: refuses what has to be understood and is not', () => {
    const { ask } = serverOf();
    assert.deepEqual(ask(bytes(`00010008${transaction}00030004000000ff`)), [
      `01110010${transaction}0009000400000414000a000200030000`,
    ]);
  });

  const ignored: readonly (readonly [string, string])[] = [
    ['an answer', `01010000${transaction}`],
    ['another method', `00030000${transaction}`],
    ['another cookie', `0001000000000000${transaction.slice(8)}`],
    ['a length that is not its own', `00010004${transaction}`],
    ['an attribute that ends outside', `00010004${transaction}00060008`],
    ['half a header', '0001000021'],
  ];
  for (const [what, hex] of ignored) {
    it(`does not answer ${what}`, () => assert.deepEqual(serverOf().ask(bytes(hex)), []));
  }

  it('does not answer a group', () => {
    assert.deepEqual(serverOf().ask(bytes(`00010000${transaction}`), socketAddress('192.0.2.1', 1), true), []);
  });

  it('never throws, and answers with one short datagram at most', () => {
    const { ask } = serverOf();
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 64 }).map((rest) => {
        const whole = rest.slice(0, rest.length & ~3);
        return Uint8Array.of(0, 1, 0, whole.length, ...bytes(transaction), ...whole);
      }),
    );
    fc.assert(
      fc.property(anything, (datagram) => {
        const answers = ask(datagram);
        assert.ok(answers.length <= 1 && answers.every((one) => one.length <= 2 * 64));
      }),
    );
  });
});

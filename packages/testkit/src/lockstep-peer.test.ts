import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, milliseconds, seconds } from '@yaolian/kernel';
import { describeDifference, matchesPattern, parseBytePattern } from './byte-pattern.ts';
import { LockstepPeer, type LockstepPeerOptions } from './lockstep-peer.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { VirtualTime } from './virtual-time.ts';

/** A peer, and what it talks to: answers each datagram with its bytes doubled, 2 s later. */
function lockstep(options: Partial<LockstepPeerOptions> = {}) {
  const time = new VirtualTime();
  const network = new SimulatedNetwork({ timers: time, random: new SeededRandom(1) });
  const other = network.port('192.0.2.2', 5683);
  other.listen({
    onDatagram: (datagram, from) => {
      time.schedule(seconds(2), () => other.send(Uint8Array.of(...datagram, ...datagram), from));
    },
  });
  const peer = new LockstepPeer({ port: network.port('192.0.2.1', 5683), to: other.localAddress, time, ...options });
  return { peer, time };
}

test('a script is played step by step', async () => {
  const { peer, time } = lockstep();
  const received = await peer.play(`
    > 60 45        # both in hex
    < 60 45 60 45
    > 0102
    > 0304
    < 01 ?? 01 ??  # any byte
    < 03 *         # any rest
    - 1m30s
    > ff
    < *
  `);
  assert.deepEqual(received.map(encodeHex), ['60456045', '01020102', '03040304', 'ffff']);
  assert.ok(time.monotonic() >= 90_000);
});

test('steps can be taken one by one, with bytes', async () => {
  const { peer } = lockstep();
  peer.send(Uint8Array.of(7));
  assert.deepEqual(await peer.expect(Uint8Array.of(7, 7)), Uint8Array.of(7, 7));
  await peer.expectSilence(seconds(10));
});

test('another datagram than expected fails with both side by side', async () => {
  const { peer } = lockstep({ describe: (datagram) => `${datagram.length} bytes` });
  peer.send('6045');
  await assert.rejects(peer.expect('60 45 60 46'), {
    name: 'AssertionError',
    message: [
      'datagram 1 at 192.0.2.1:5683 is another one: 4 bytes',
      '0000  expected  60 45 60 46',
      '      received  60 45 60 45',
      '                         ^^',
    ].join('\n'),
  });
});

test('no datagram fails after the peer’s patience', async () => {
  const { peer, time } = lockstep({ patience: seconds(5) });
  await assert.rejects(peer.expect('60 ?? *'), {
    message: /^datagram 1 at 192\.0\.2\.1:5683 did not come: .*\n0000 {2}expected {2}60 \?\?$/,
  });
  peer.send('01');
  await peer.expect('0101');
  assert.ok(time.monotonic() <= 8000);
});

test('a datagram during silence fails', async () => {
  const { peer } = lockstep();
  peer.send('abcd');
  await peer.expectSilence(milliseconds(2000));
  await assert.rejects(peer.expectSilence(milliseconds(10)), { message: 'silence was expected, and came abcdabcd' });
});

test('a script or pattern that is none is a mistake of the test', async () => {
  const { peer } = lockstep();
  for (const script of ['60 45', '> 6', '> xx', '< * 60', '< 6?', '- soon']) {
    await assert.rejects(
      peer.play(script),
      (error) => error instanceof SyntaxError || error instanceof RangeError,
      script,
    );
  }
});

test('patterns match to the byte', () => {
  const matches = (text: string, ...bytes: number[]) => matchesPattern(Uint8Array.from(bytes), parseBytePattern(text));
  assert.ok(matches('') && matches('*') && matches('*', 1, 2) && matches('01 ??', 1, 9) && matches('01*', 1));
  assert.ok(
    !matches('', 1) && !matches('01', 2) && !matches('01 ??', 1) && !matches('01 ??', 1, 2, 3) && !matches('01*'),
  );
});

test('differences are marked where bytes are wrong, missing or too many, row by row', () => {
  const bytes = Uint8Array.from({ length: 18 }, (_, i) => i);
  assert.equal(
    describeDifference(bytes, parseBytePattern('00 ff ?? 03')),
    [
      '0000  expected  00 ff ?? 03',
      '      received  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f',
      '                   ^^       ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^',
      '0010  expected',
      '      received  10 11',
      '                ^^ ^^',
    ].join('\n'),
  );
  assert.equal(
    describeDifference(Uint8Array.of(1), parseBytePattern('01 02')),
    ['0000  expected  01 02', '      received  01', '                   ^^'].join('\n'),
  );
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hexDump } from './hex-dump.ts';
import { localClock, localTime, relativeTime } from './time.ts';

it('relativeTime says how far away a moment is', () => {
  const now = Date.parse('2026-01-31T08:00:00.000Z');
  assert.equal(relativeTime('2026-01-31T07:56:48.000Z', now), '3m12s ago');
  assert.equal(relativeTime('2026-02-01T08:00:00.000Z', now), 'in 1d');
  assert.equal(relativeTime('2026-01-31T08:00:00.400Z', now), 'now');
});

it('localTime and localClock show the wall clock', () => {
  const noon = new Date(2026, 0, 31, 12, 5, 9).toISOString();
  assert.equal(localTime(noon), '2026-01-31 12:05:09');
  assert.equal(localClock(noon), '12:05:09');
});

it('hexDump shows offset, bytes and ASCII', () => {
  const bytes = Uint8Array.from({ length: 18 }, (_, index) => index + 0x3f);
  assert.equal(
    hexDump(bytes),
    '00000000  3f 40 41 42 43 44 45 46  47 48 49 4a 4b 4c 4d 4e  ?@ABCDEFGHIJKLMN\n' +
      '00000010  4f 50                                             OP\n',
  );
  assert.equal(hexDump(new Uint8Array(0)), '');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetTable, grouped, progressLine } from './views.ts';

const latency = { p50: 3.14, p95: 20, p99: 118, maximum: 2500 };

test('a progress line has a bar, rates, latencies and failures by reason', () => {
  const line = progressLine(
    {
      phase: 'running',
      elapsed: 65_900,
      count: 20_000,
      started: 20_000,
      registered: 15_000,
      registrations: 15_010,
      updates: 4,
      notifications: 9,
      operations: 0,
      failures: { '4.03': 7, timeout: 1200 },
      rates: { registrations: 0, updates: 333.4, notifications: 12 },
      registrationLatency: latency,
      updateLatency: latency,
    },
    8,
  );
  assert.equal(
    line,
    '██████░░ 15,000/20,000 registered  0 reg/s  333 upd/s  12 ntf/s  p50 3.1 ms p99 118 ms  ' +
      'failed timeout × 1,200, 4.03 × 7  running 1m5s',
  );
});

test('a summary is a table', () => {
  const table = fleetTable({
    server: 'coap://127.0.0.1:5683',
    count: 20_000,
    seed: 3,
    sockets: 'shared',
    duration: 90_000,
    registered: 19_990,
    registrations: { succeeded: 20_000, perSecond: 1500, failures: { '4.29': 3 }, latency },
    bootstraps: { succeeded: 0, failures: {} },
    updates: { succeeded: 60_000, failures: {}, latency },
    deregistrations: { succeeded: 19_990, failures: {} },
    notifications: 0,
    operations: { read: 12 },
    memory: { residentBytes: 500e6, perTerminalBytes: 20_000 },
    cpu: { user: 8350, system: 1345 },
  });
  assert.equal(
    table,
    [
      'server            coap://127.0.0.1:5683',
      'terminals         20,000 (seed 3, sockets: shared)',
      'duration          1m30s',
      'registered        19,990',
      'registrations     20,000, failed 4.29 × 3, 1,500/s',
      '                  p50 3.1 ms  p95 20 ms  p99 118 ms  max 2.5 s',
      'updates           60,000',
      '                  p50 3.1 ms  p95 20 ms  p99 118 ms  max 2.5 s',
      'de-registrations  19,990',
      'notifications     0',
      'operations        read × 12',
      'memory            500 MB, 20 KB a terminal',
      'CPU               8.35s user, 1.345s system',
    ].join('\n'),
  );
});

test('numbers are grouped', () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ['0', '999', '1,000', '1,234,567']);
});

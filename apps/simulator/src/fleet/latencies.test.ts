import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Latencies } from './latencies.ts';

test('percentiles are at most a bucket off, whatever was recorded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.05, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (values) => {
        const latencies = new Latencies();
        for (const value of values) latencies.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        for (const share of [0.01, 0.5, 0.99, 1]) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
          const told = latencies.percentile(share);
          assert.ok(told >= exact * 0.9999 && told <= exact * 1.0451, `${share}: ${told} for ${exact}`);
        }
      },
    ),
  );
});

test('nothing, zero and absurd values are borne', () => {
  const latencies = new Latencies();
  assert.deepEqual(latencies.summary, { p50: 0, p95: 0, p99: 0, maximum: 0 });
  latencies.record(0);
  latencies.record(Number.MAX_VALUE);
  assert.equal(latencies.percentile(0.5), 0.05);
  assert.equal(latencies.count, 2);
});

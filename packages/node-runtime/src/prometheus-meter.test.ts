import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureProcess } from './process-metrics.ts';
import { PrometheusMeter } from './prometheus-meter.ts';

test('counters, gauges and histograms come out in the exposition format', () => {
  const meter = new PrometheusMeter();
  const sent = meter.counter('udp_sent_total', 'Datagrams sent', { local: '[::]:5683' });
  sent.add();
  sent.add(41);
  meter.counter('udp_sent_total', 'Datagrams sent', { local: '0.0.0.0:5683' }).add(0.5);
  meter.gauge('clients', 'Registered', () => 7);
  const latency = meter.histogram('latency_seconds', 'How long', [0.1, 1], { step: 'commit' });
  for (const value of [0.05, 0.1, 0.5, 3]) latency.record(value);
  assert.equal(
    meter.text(),
    [
      '# HELP udp_sent_total Datagrams sent',
      '# TYPE udp_sent_total counter',
      'udp_sent_total{local="[::]:5683"} 42',
      'udp_sent_total{local="0.0.0.0:5683"} 0.5',
      '# HELP clients Registered',
      '# TYPE clients gauge',
      'clients 7',
      '# HELP latency_seconds How long',
      '# TYPE latency_seconds histogram',
      'latency_seconds_bucket{step="commit",le="0.1"} 2',
      'latency_seconds_bucket{step="commit",le="1"} 3',
      'latency_seconds_bucket{step="commit",le="+Inf"} 4',
      'latency_seconds_sum{step="commit"} 3.65',
      'latency_seconds_count{step="commit"} 4',
      '',
    ].join('\n'),
  );
});

test('the same name and labels are the same instrument, in whichever order the labels stand', () => {
  const meter = new PrometheusMeter();
  assert.equal(meter.counter('a_total', '', { x: '1', y: '2' }), meter.counter('a_total', '', { y: '2', x: '1' }));
  assert.notEqual(meter.counter('a_total', '', { x: '1' }), meter.counter('a_total', '', { x: '2' }));
  assert.equal(meter.histogram('h', '', [1]), meter.histogram('h', '', [1]));
});

test('the last reader of a gauge is the one that is asked, and a broken one shows as NaN', () => {
  const meter = new PrometheusMeter();
  meter.gauge('g', '', () => 1);
  meter.gauge('g', '', () => Number.NEGATIVE_INFINITY);
  meter.gauge('broken', '', () => {
    throw new Error('closed');
  });
  meter.counter('after_total', '').add(3);
  assert.match(meter.text(), /^g -Inf$/m);
  assert.match(meter.text(), /^broken NaN$/m);
  assert.match(meter.text(), /^after_total 3$/m);
});

test('labels and help cannot break out of their line', () => {
  const meter = new PrometheusMeter();
  meter.counter('a_total', 'one\\two\nthree', { reason: 'a"} 1\nforged 2\\' }).add();
  assert.equal(
    meter.text(),
    '# HELP a_total one\\\\two\\nthree\n# TYPE a_total counter\na_total{reason="a\\"} 1\\nforged 2\\\\"} 1\n',
  );
});

test('wrong names, kinds and buckets are the caller’s mistakes', () => {
  const meter = new PrometheusMeter();
  meter.counter('a_total', '');
  assert.throws(() => meter.gauge('a_total', '', () => 1), TypeError);
  assert.throws(() => meter.counter('a-b', ''), TypeError);
  assert.throws(() => meter.counter('b_total', '', { 'a b': '1' }), TypeError);
  assert.throws(() => meter.counter('b_total', '', { __name: '1' }), TypeError);
  assert.throws(() => meter.histogram('h', '', [1], { le: '1' }), TypeError);
  for (const buckets of [[], [2, 1], [1, 1], [1, Number.POSITIVE_INFINITY]]) {
    assert.throws(() => meter.histogram('h', '', buckets), TypeError);
  }
});

test('the process itself is measured', () => {
  const meter = new PrometheusMeter();
  measureProcess(meter);
  const text = meter.text();
  assert.match(text, /^process_resident_memory_bytes \d{7,}$/m);
  assert.match(text, /^process_cpu_seconds \d+(\.\d+)?$/m);
  assert.match(text, /^process_start_time_seconds 1\d{9}$|^process_start_time_seconds 2\d{9}$/m);
});

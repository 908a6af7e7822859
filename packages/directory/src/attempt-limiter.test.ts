import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { AttemptLimiter } from './attempt-limiter.ts';

const limits = {
  freeFailures: 2,
  firstWait: seconds(1),
  longestWait: seconds(10),
  forgetAfter: hours(1),
  maxKeys: 3,
};

describe('attempt limiting', () => {
  let now = 0;
  let limiter: AttemptLimiter;
  beforeEach(() => {
    now = 1000;
    limiter = new AttemptLimiter({ monotonic: () => now, epoch: () => 0 }, limits);
  });
  const fail = (key: string, times: number) => {
    for (let i = 0; i < times; i++) limiter.began(key);
  };

  it('lets the first failures go free, then doubles the wait up to a bound', () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      limiter.began('a');
      waits.push(limiter.wait('a'));
    }
    assert.deepEqual(waits, [0, 0, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('counts the wait from the last failure', () => {
    fail('a', 3);
    now += 400;
    assert.equal(limiter.wait('a'), 600);
    now += 600;
    assert.equal(limiter.wait('a'), 0);
  });

  it('keeps keys apart', () => {
    fail('a', 5);
    assert.equal(limiter.wait('b'), 0);
  });

  it('never waits beyond the bound after thousands of failures', () => {
    fail('a', 5000);
    assert.equal(limiter.wait('a'), seconds(10));
  });

  it('forgets after success, and after silence', () => {
    fail('a', 5);
    limiter.succeeded('a');
    assert.equal(limiter.wait('a'), 0);
    fail('a', 3);
    now += minutes(60);
    fail('a', 1);
    assert.equal(limiter.wait('a'), 0);
  });

  it('takes back a single attempt', () => {
    fail('a', 3);
    limiter.withdrawn('a');
    assert.equal(limiter.wait('a'), milliseconds(0));
    limiter.withdrawn('unknown');
  });

  it('remembers a bounded number of keys: the one that failed longest ago goes', () => {
    fail('a', 5);
    fail('b', 5);
    fail('c', 5);
    fail('a', 1);
    fail('d', 5);
    assert.equal(limiter.wait('b'), 0);
    for (const key of ['a', 'c', 'd']) assert.notEqual(limiter.wait(key), 0);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpdateJob, UpdatePhase } from './update-job.ts';
import { chooseDelivery, type FirmwareView, planUpdate } from './update-plan.ts';

const job = (phase: UpdatePhase, more: Partial<UpdateJob> = {}): UpdateJob => ({
  id: 'j',
  device: 'd',
  file: 'f',
  group: undefined,
  wish: 'auto',
  phase,
  delivery: undefined,
  fromVersion: '1.0',
  toVersion: '2.0',
  version: undefined,
  attempts: 1,
  maximumAttempts: 3,
  failure: undefined,
  note: undefined,
  severity: undefined,
  maximumDeferPeriod: undefined,
  createdAt: 0,
  phaseAt: 0,
  notBefore: 0,
  finishedAt: undefined,
  ...more,
});

const late = 1_000_000;

function plan(phase: UpdatePhase, state: number, result: number, version = '1.0', now = late): string {
  const view: FirmwareView = { state, result, version, protocols: [0], delivery: 2, resources: new Set() };
  const step = planUpdate(job(phase), view, now);
  return step.step === 'fail' ? `fail ${step.failure}${step.again ? ' again' : ''}` : step.step;
}

test('a job that waits: deliver, reset what is left over, leave a running update alone, be content when it is done', () => {
  assert.equal(plan('waiting', 0, 0), 'deliver');
  assert.equal(plan('waiting', 0, 5), 'deliver');
  assert.equal(plan('waiting', 1, 0), 'reset');
  assert.equal(plan('waiting', 2, 8), 'reset');
  assert.equal(plan('waiting', 3, 0), 'wait');
  assert.equal(plan('waiting', 0, 1, '2.0'), 'succeed');
});

test('a delivery: wait, execute, or see what went wrong', () => {
  assert.equal(plan('delivering', 1, 0), 'wait');
  assert.equal(plan('delivering', 2, 0), 'execute');
  assert.equal(plan('delivering', 3, 0), 'wait');
  assert.equal(plan('delivering', 0, 0, '1.0', 1000), 'wait');
  assert.equal(plan('delivering', 0, 0), 'fail connection-lost again');
  assert.deepEqual(
    [2, 3, 4, 5, 6, 7, 9, 10, 99].map((result) => plan('delivering', 0, result)),
    [
      'fail not-enough-storage',
      'fail out-of-memory again',
      'fail connection-lost again',
      'fail integrity again',
      'fail unsupported-type',
      'fail invalid-uri',
      'fail unsupported-protocol',
      'fail cancelled-by-device',
      'fail unknown-result',
    ],
  );
});

test('an installation: the result tells, or the version of a device that rebooted and forgot it', () => {
  assert.equal(plan('installing', 3, 0), 'wait');
  assert.equal(plan('installing', 0, 1), 'succeed');
  assert.equal(plan('installing', 0, 0, '2.0'), 'succeed');
  assert.equal(plan('installing', 0, 0, '1.0', 1000), 'wait');
  assert.equal(plan('installing', 0, 0), 'fail wrong-version again');
  assert.equal(plan('installing', 2, 8), 'fail update-failed');
  assert.equal(plan('installing', 0, 8), 'fail update-failed');
  assert.equal(plan('installing', 2, 11), 'wait');
  assert.equal(plan('installing', 2, 0), 'execute');
});

test('the way is what the device takes, what there is, and what the operator wishes', () => {
  const both = { protocols: [0, 2], delivery: 2 };
  assert.equal(chooseDelivery('auto', both, ['http', 'coap']), 'http');
  assert.equal(chooseDelivery('auto', { protocols: [1], delivery: 2 }, ['http', 'coap']), 'push');
  assert.equal(chooseDelivery('auto', { protocols: undefined, delivery: undefined }, ['http', 'coap']), 'coap');
  assert.equal(chooseDelivery('push', both, ['coap']), 'push');
  assert.equal(chooseDelivery('push', { ...both, delivery: 0 }, ['coap']), undefined);
  assert.equal(chooseDelivery('pull', { ...both, delivery: 1 }, ['coap']), undefined);
  assert.equal(chooseDelivery('auto', { protocols: [3], delivery: 0 }, ['coap']), undefined);
});

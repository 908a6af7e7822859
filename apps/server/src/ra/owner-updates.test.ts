import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FirmwareUpdater, UpdateJob } from '@yaolian/lwm2m/server';
import { type OwnedUpdate, OwnerUpdates, type OwnerUpdatesOptions } from './owner-updates.ts';

const base = { id: '1', device: 'lamp', file: 'f', group: undefined, toVersion: '2.0', failure: undefined } as const;
const jobOf = (fields: Partial<UpdateJob>) => ({ ...base, phase: 'waiting', ...fields }) as UpdateJob;

function updatesWith(job: UpdateJob | undefined) {
  const cancelled: string[] = [];
  const listeners: ((event: unknown) => void)[] = [];
  const updater = {
    jobOf: () => job,
    cancel: async (id: string) => cancelled.push(id) > 0,
    events: { onAny: (listener: (event: unknown) => void) => void listeners.push(listener) },
  } as unknown as FirmwareUpdater;
  const options = { updater, isOn: true } as unknown as OwnerUpdatesOptions;
  const emit = (event: unknown) => {
    for (const listener of listeners) listener(event);
  };
  return { updates: new OwnerUpdates(options), cancelled, emit };
}

test('owners give up what waits or is on its way, not what is installed, of a campaign, or of software', async () => {
  const outcomes: [Partial<UpdateJob> | undefined, string][] = [
    [{ phase: 'waiting' }, 'cancelled'],
    [{ phase: 'delivering' }, 'cancelled'],
    [{ phase: 'installing' }, 'conflict'],
    [{ phase: 'waiting', group: 'campaign' }, 'not-allowed'],
    [{ phase: 'waiting', software: 'app' }, 'item-not-found'],
    [undefined, 'item-not-found'],
  ];
  for (const [fields, expected] of outcomes) {
    const { updates, cancelled } = updatesWith(fields && jobOf(fields));
    const done = await updates.cancel('lamp');
    assert.equal(done.ok ? done.value.phase : done.error.condition, expected, JSON.stringify(fields));
    assert.equal(cancelled.length, expected === 'cancelled' ? 1 : 0);
  }
});

test('owners hear each step once, and each percent of the package once', () => {
  const { updates, emit } = updatesWith(undefined);
  const steps: OwnedUpdate[] = [];
  const bytes: OwnedUpdate[] = [];
  updates.listen(
    (_, step) => steps.push(step),
    (_, step) => bytes.push(step),
  );
  const changed = (fields: Partial<UpdateJob>) => emit({ type: 'changed', job: jobOf(fields) });
  changed({ phase: 'waiting' });
  changed({ phase: 'delivering' });
  const job = jobOf({ phase: 'delivering' });
  for (let sent = 0; sent <= 1000; sent++) emit({ type: 'progress', job, sent, size: 1000 });
  emit({ type: 'progress', job: { ...job, software: 'app' }, sent: 3, size: 9 });
  changed({ phase: 'delivering', attempts: 2 });
  changed({ phase: 'installing' });
  changed({ phase: 'succeeded', finishedAt: 1 });
  emit({ type: 'progress', job: { ...job, finishedAt: 1 }, sent: 500, size: 1000 });
  const phases = steps.map(({ phase, cancellable }) => `${phase} ${cancellable}`);
  assert.deepEqual(phases, ['waiting true', 'delivering true', 'installing false', 'succeeded false']);
  assert.equal(bytes.length, 101);
  assert.deepEqual(bytes.at(-1), {
    id: '1',
    phase: 'delivering',
    to: '2.0',
    failure: undefined,
    cancellable: true,
    sent: 1000,
    size: 1000,
  });
});

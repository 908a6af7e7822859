import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeviceStateThresholds, deviceState } from '@yaolian/directory';
import { type Duration, seconds, silentLog, socketAddress, type Timer } from '@yaolian/kernel';
import { Emitter, type Lwm2mServer, type Lwm2mServerEvent, type Registration } from '@yaolian/lwm2m/server';
import { VirtualTime } from '@yaolian/testkit';
import type { Fleet } from '../fleet/fleet.ts';
import { SharedTerminals } from './shared-terminals.ts';
import { TerminalPresence } from './terminal-presence.ts';

/** A shared terminal, what is told of its presence, and how often a timer was set for it. */
function open(queueMode: boolean) {
  const time = new VirtualTime();
  const emitter = new Emitter<Lwm2mServerEvent>(() => assert.fail('a listener threw'));
  const shared = new SharedTerminals();
  shared.add('lamp', 'urn:lamp');
  let registration: Registration | undefined;
  let heardAt = 0;
  const server = {
    events: emitter,
    registration: () => registration,
    lastHeardAt: () => heardAt,
    lastUpdatedAt: () => registration?.updatedAt,
  } as unknown as Lwm2mServer;
  const thresholds = defaultDeviceStateThresholds;
  const stateOf = () => deviceState({ registration, lastContactAt: heardAt }, time.epoch(), thresholds);
  const told: string[] = [];
  let timers = 0;
  const counted = {
    schedule(delay: Duration, callback: () => void): Timer {
      timers++;
      return time.schedule(delay, callback);
    },
  };
  const presence = new TerminalPresence({
    ...{ shared, server, thresholds, clock: time, timers: counted, log: silentLog },
    fleet: { stateOf } as unknown as Fleet,
    onChange: async () => void told.push(stateOf()),
  });
  const emit = (event: { readonly type: Lwm2mServerEvent['type'] }) =>
    emitter.emit({ ...event, time: time.epoch(), registration } as Lwm2mServerEvent);
  return {
    time,
    told,
    presence,
    timers: () => timers,
    register() {
      heardAt = time.epoch();
      registration = {
        ...{ id: '1', endpoint: 'urn:lamp', deviceKey: 'urn:lamp', address: socketAddress('192.0.2.1', 5683) },
        ...{ lifetime: 300, lwm2mVersion: '1.1', binding: 'U', queueMode, smsNumber: undefined, objectLinks: '' },
        ...{ otherParameters: undefined, registeredAt: heardAt, updatedAt: heardAt },
      };
      emit({ type: 'registered' });
    },
    answer() {
      heardAt = time.epoch();
      emit({ type: 'operation-completed' });
    },
  };
}

test('a terminal that always listens is there until its registration ends, whatever it answers', async () => {
  const { time, told, presence, timers, register, answer } = open(false);
  register();
  for (let turn = 0; turn < 5; turn++) {
    await time.advance(seconds(50));
    answer();
  }
  assert.deepEqual(told, ['ONLINE']);
  assert.equal(timers(), 1, 'answers set no timer');
  await time.advance(seconds(50));
  assert.deepEqual(told, ['ONLINE', 'OFFLINE']);
  presence.close();
  assert.equal(time.pending, 0);
});

test('one in queue mode is awake for its time after every answer', async () => {
  const { time, told, presence, register, answer } = open(true);
  register();
  await time.advance(seconds(80));
  answer();
  await time.advance(seconds(80));
  assert.deepEqual(told, ['ONLINE']);
  await time.advance(seconds(13));
  assert.deepEqual(told, ['ONLINE', 'SLEEPING']);
  answer();
  await time.advance(seconds(1));
  assert.deepEqual(told, ['ONLINE', 'SLEEPING', 'ONLINE']);
  presence.close();
  assert.equal(time.pending, 0);
});

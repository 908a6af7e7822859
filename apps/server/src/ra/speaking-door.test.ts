import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDeviceStore } from '@yaolian/directory/testing';
import { seconds, silentLog } from '@yaolian/kernel';
import { xml } from '@yaolian/xmpp';
import { ImWorld } from '@yaolian/xmpp/testing';
import type { PlatformEvent } from '../events/event-hub.ts';
import { SharedTerminals } from './shared-terminals.ts';
import { SpeakingDoor, type SpeakingDoorOptions } from './speaking-door.ts';

const key = 'nurse@example.com';

/** The nurse is a device here. */
async function world() {
  const im = new ImWorld();
  const shared = new SharedTerminals();
  shared.addSpeaking('nurse');
  const events: string[] = [];
  const devices = new MemoryDeviceStore();
  const known = { account: 'nurse', terminal: undefined, deviceType: 'kettle', vendor: 'V', model: 'M' };
  const registered = new Map([['nurse', known]]);
  new SpeakingDoor({
    ...{ im: im.server, shared, devices, log: silentLog, clock: im.time, timers: im.time },
    raDevices: { raDevice: async (account: string) => registered.get(account) },
    hub: { publish: ({ type }: PlatformEvent) => void events.push(type) },
    onState: () => events.push('state'),
    onValues: () => {},
  } as unknown as SpeakingDoorOptions);
  const session = await im.bind('nurse@example.com/ward');
  return { im, session, events, devices, shared, registered };
}

const described = (id: string) =>
  xml`<iq type='result' id='${id}' to='example.com'><device xmlns='urn:yaolian:ra:1:device'/></iq>`;

test('a device that comes is told of when it has said what it is, and when it goes', async () => {
  const { session, events, devices } = await world();
  await session.send(xml`<presence/>`);
  const id = /id='(ra-[^']+)'/.exec(session.take().join(''))![1]!;
  await session.send(described(id));
  await session.leave();
  assert.deepEqual(events, ['state', 'device.connected', 'device.disconnected', 'state']);
  assert.equal((await devices.device(key))?.key, key);
});

test('a device that goes before it said what it is never came', async () => {
  const { im, session, events } = await world();
  await session.send(xml`<presence/>`);
  await session.leave();
  await im.time.advance(seconds(60));
  assert.deepEqual(events, ['state', 'state']);
});

test('a device whose account is gone is in no list', async () => {
  const { session, devices, registered } = await world();
  registered.clear();
  await session.send(xml`<presence/>`);
  assert.equal(await devices.device(key), undefined);
});

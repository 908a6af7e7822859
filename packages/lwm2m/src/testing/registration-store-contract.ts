import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeHex, socketAddress } from '@yaolian/kernel';
import fc from 'fast-check';
import type { ObservationRecord, Registration, RegistrationStore } from '../server/registration.ts';

/** A store under a contract test. */
export interface OpenedRegistrationStore {
  readonly store: RegistrationStore;
  /** Closes the store and opens it again from what it kept. Absent where nothing outlives the process. */
  reopen?(): Promise<RegistrationStore>;
  close(): Promise<void>;
}

type Scenario = (title: string, run: (opened: OpenedRegistrationStore) => Promise<void>) => void;

function registration(id: string, change: Partial<Registration> = {}): Registration {
  return {
    id,
    endpoint: `urn:dev:${id}`,
    deviceKey: `urn:dev:${id}`,
    address: socketAddress('192.0.2.1', 5683),
    lifetime: 86_400,
    lwm2mVersion: '1.0',
    binding: 'U',
    queueMode: false,
    smsNumber: undefined,
    objectLinks: '</>;rt="oma.lwm2m",</1/0>,</3/0>',
    otherParameters: undefined,
    registeredAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...change,
  };
}

const full = registration('full', {
  endpoint: '861111003929110;460041850403690;CMEI12345678901;1.0',
  deviceKey: 'CMEI12345678901861111003929110',
  address: socketAddress('2001:db8::7', 65_535),
  lifetime: 4_294_967_295,
  lwm2mVersion: '1.1',
  binding: 'UQS',
  queueMode: true,
  smsNumber: '+8613800000000',
  objectLinks: '</r>;rt="oma.lwm2m";ct=11543,</1/0>;ver=1.1,</名/0>',
  otherParameters: { imei: '8611', 'x y': '"\\\u{1f680}' },
  registeredAt: 1_700_000_000_001,
  updatedAt: 4_102_444_800_000,
});

function observation(registrationId: string, token: number, change: Partial<ObservationRecord> = {}) {
  const record: ObservationRecord = {
    registrationId,
    token: Uint8Array.of(token, 0, 255),
    path: '/3/0/13',
    accept: undefined,
    createdAt: 1_700_000_000_005,
    ...change,
  };
  return record;
}

/** Everything in the store, in an order of its own; addresses and tokens as text. */
async function contentsOf(store: RegistrationStore) {
  const { registrations, observations } = await store.load();
  return {
    registrations: [...registrations].map(plainRegistration).sort(byText),
    observations: [...observations].map(plainObservation).sort(byText),
  };
}

function plainRegistration(registration: Registration) {
  return { ...registration, address: registration.address.key };
}

function plainObservation(observation: ObservationRecord) {
  return { ...observation, token: encodeHex(observation.token) };
}

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

async function assertHolds(
  opened: OpenedRegistrationStore,
  registrations: readonly Registration[],
  observations: readonly ObservationRecord[] = [],
): Promise<void> {
  const expected = {
    registrations: registrations.map(plainRegistration).sort(byText),
    observations: observations.map(plainObservation).sort(byText),
  };
  assert.deepEqual(await contentsOf(opened.store), expected);
  if (opened.reopen) assert.deepEqual(await contentsOf(await opened.reopen()), expected, 'after a restart');
}

/** What every {@link RegistrationStore} does. */
export function registrationStoreContract(name: string, open: () => Promise<OpenedRegistrationStore>): void {
  const opening = async (run: (opened: OpenedRegistrationStore) => Promise<void>) => {
    const opened = await open();
    try {
      await opened.store.load();
      await run(opened);
    } finally {
      await opened.close();
    }
  };
  const scenario: Scenario = (title, run) => it(title, () => opening(run));

  describe(`${name} keeps the contract of RegistrationStore`, () => {
    describe('registrations', () => registrationScenarios(scenario));
    describe('observations', () => observationScenarios(scenario));
    it('does what a plain map does, whatever the order of calls', () =>
      fc.assert(
        fc.asyncProperty(fc.array(callArbitrary, { maxLength: 50 }), (calls) =>
          opening((opened) => playAgainstModel(opened, calls)),
        ),
        { numRuns: 12 },
      ));
  });
}

function registrationScenarios(scenario: Scenario): void {
  scenario('are given back as they were registered, whatever they hold', async (opened) => {
    const plain = registration('plain', { objectLinks: '' });
    await Promise.all([opened.store.register(full, undefined), opened.store.register(plain, undefined)]);
    await assertHolds(opened, [full, plain]);
  });

  scenario('are replaced by the next one of the device', async (opened) => {
    const again = registration('again', { endpoint: full.endpoint, deviceKey: full.deviceKey });
    await opened.store.register(full, undefined);
    await opened.store.register(again, full.id);
    await assertHolds(opened, [again]);
  });

  scenario('are replaced though only times and address differ', async (opened) => {
    await opened.store.register(full, undefined);
    const second = { ...full, id: 'second', address: socketAddress('192.0.2.9', 1), updatedAt: 1_800_000_000_000 };
    await opened.store.register(second, full.id);
    const third = { ...second, id: 'third', registeredAt: 1_900_000_000_000 };
    await opened.store.register(third, second.id);
    await opened.store.update(full);
    await assertHolds(opened, [third]);
  });

  scenario('are replaced under another endpoint name, which is another SIM in the same device', async (opened) => {
    const moved = { ...full, id: 'moved', endpoint: '861111003929110;460000000000000;CMEI12345678901;1.0' };
    await opened.store.register(full, undefined);
    await opened.store.register(moved, full.id);
    await assertHolds(opened, [moved]);
  });

  scenario('are updated field by field', async (opened) => {
    const changes: readonly Partial<Registration>[] = [
      { updatedAt: 1_800_000_000_000 },
      { address: socketAddress('198.51.100.1', 40_000) },
      { lifetime: 60 },
      { binding: 'U', queueMode: false },
      { smsNumber: undefined },
      { objectLinks: '</3/0>' },
      { otherParameters: undefined },
      { updatedAt: 1_900_000_000_000 },
      { otherParameters: { a: 'b' }, lwm2mVersion: '1.2' },
      { peerKey: 'dtls:0011223344556677', updatedAt: 1_900_000_000_001 },
      { peerKey: 'dtls:8899aabbccddeeff', objectLinks: '</4/0>' },
    ];
    await opened.store.register(full, undefined);
    let current = full;
    for (const change of changes) {
      current = { ...current, ...change };
      await opened.store.update(current);
      assert.deepEqual((await contentsOf(opened.store)).registrations, [plainRegistration(current)]);
    }
    await assertHolds(opened, [current]);
  });

  scenario('are removed; removing what is not there is harmless', async (opened) => {
    const other = registration('other');
    await opened.store.register(full, undefined);
    await opened.store.register(other, undefined);
    await opened.store.update({ ...full, updatedAt: 1_800_000_000_000 });
    await opened.store.remove(full.id);
    await opened.store.remove(full.id);
    await opened.store.remove('never there');
    await assertHolds(opened, [other]);
  });

  scenario('do not come back by an Update that was late', async (opened) => {
    await opened.store.register(full, undefined);
    const removed = opened.store.remove(full.id);
    await Promise.all([removed, opened.store.update({ ...full, lifetime: 5 })]);
    await assertHolds(opened, []);
  });

  scenario('leave nothing behind for the next one in their place', async (opened) => {
    await opened.store.register(full, undefined);
    await opened.store.update({ ...full, lifetime: 77, updatedAt: 1_800_000_000_000 });
    await opened.store.addObservation(observation(full.id, 1));
    await opened.store.remove(full.id);
    const next = registration('next');
    await opened.store.register(next, undefined);
    await assertHolds(opened, [next]);
  });

  scenario('change in the order of calls within one turn', async (opened) => {
    const calls = [
      opened.store.register(registration('a'), undefined),
      opened.store.update(registration('a', { lifetime: 1 })),
      opened.store.register(registration('b', { lifetime: 2 }), 'a'),
      opened.store.remove('b'),
      opened.store.register(registration('c'), undefined),
      opened.store.update(registration('c', { lifetime: 3 })),
    ];
    await Promise.all(calls);
    await assertHolds(opened, [registration('c', { lifetime: 3 })]);
  });
}

function observationScenarios(scenario: Scenario): void {
  scenario('are given back as they were added', async (opened) => {
    const records = [
      observation(full.id, 1),
      observation(full.id, 2, { path: '/', accept: 0 }),
      observation(full.id, 5, { path: '/3/0/9 /3303/0/5700', composite: true, query: 'pmin=10&con=1', accept: 112 }),
      observation(full.id, 3, { token: Uint8Array.of(0), accept: 65_535 }),
      observation(full.id, 4, { token: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }),
    ];
    await opened.store.register(full, undefined);
    for (const record of records) await opened.store.addObservation(record);
    await assertHolds(opened, [full], records);
  });

  scenario('with the same token take the place of the earlier one', async (opened) => {
    await opened.store.register(full, undefined);
    await opened.store.addObservation(observation(full.id, 1));
    await opened.store.addObservation(observation(full.id, 1, { path: '/4/0', accept: 11_542 }));
    await assertHolds(opened, [full], [observation(full.id, 1, { path: '/4/0', accept: 11_542 })]);
  });

  scenario('are removed one by one', async (opened) => {
    await opened.store.register(full, undefined);
    await opened.store.addObservation(observation(full.id, 1));
    await opened.store.addObservation(observation(full.id, 2));
    await opened.store.removeObservation(full.id, observation(full.id, 1).token);
    await opened.store.removeObservation(full.id, Uint8Array.of(9));
    await opened.store.removeObservation('unknown', Uint8Array.of(9));
    await assertHolds(opened, [full], [observation(full.id, 2)]);
  });

  scenario('outlive an Update', async (opened) => {
    const updated = { ...full, objectLinks: '</1/0>', updatedAt: 1_800_000_000_000 };
    await opened.store.register(full, undefined);
    await opened.store.addObservation(observation(full.id, 1));
    await opened.store.update({ ...full, updatedAt: 1_750_000_000_000 });
    await opened.store.update(updated);
    await assertHolds(opened, [updated], [observation(full.id, 1)]);
  });

  scenario('end with their registration', async (opened) => {
    const other = registration('other');
    await opened.store.register(full, undefined);
    await opened.store.register(other, undefined);
    for (const id of [full.id, other.id]) await opened.store.addObservation(observation(id, 1));
    await opened.store.remove(full.id);
    await assertHolds(opened, [other], [observation(other.id, 1)]);
  });

  scenario('end when their registration is replaced', async (opened) => {
    const again = { ...full, id: 'again' };
    await opened.store.register(full, undefined);
    await opened.store.addObservation(observation(full.id, 1));
    await opened.store.register(again, full.id);
    await assertHolds(opened, [again]);
  });

  scenario('of a registration that is gone are not kept', async (opened) => {
    await opened.store.addObservation(observation('gone', 1));
    await assertHolds(opened, []);
  });
}

type Call =
  | { readonly call: 'register'; readonly endpoint: number; readonly links: number }
  | { readonly call: 'update'; readonly endpoint: number; readonly links: number; readonly lifetime: number }
  | { readonly call: 'remove'; readonly endpoint: number }
  | { readonly call: 'observe' | 'unobserve'; readonly endpoint: number; readonly token: number }
  | { readonly call: 'restart' };

const endpoints = fc.nat(3);
const callArbitrary: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ call: fc.constant('register' as const), endpoint: endpoints, links: fc.nat(1) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constant('update' as const),
      endpoint: endpoints,
      links: fc.nat(1),
      lifetime: fc.integer({ min: 1, max: 4_294_967_295 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('remove' as const), endpoint: endpoints }) },
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constantFrom('observe' as const, 'unobserve' as const),
      endpoint: endpoints,
      token: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('restart' as const) }) },
);

/** Plays calls as a server makes them, without waiting for one before the next, and compares with plain maps. */
async function playAgainstModel(opened: OpenedRegistrationStore, calls: readonly Call[]): Promise<void> {
  const registrations = new Map<number, Registration>();
  const observations = new Map<number, Map<number, ObservationRecord>>();
  let { store } = opened;
  let waiting: Promise<void>[] = [];
  for (const [time, call] of calls.entries()) {
    if (call.call === 'restart') {
      await Promise.all(waiting);
      waiting = [];
      if (opened.reopen) store = await opened.reopen();
      continue;
    }
    waiting.push(...playCall(store, call, time, registrations, observations));
  }
  await Promise.all(waiting);
  const kept = [...observations.values()].flatMap((records) => [...records.values()]);
  await assertHolds({ ...opened, store }, [...registrations.values()], kept);
}

function playCall(
  store: RegistrationStore,
  call: Exclude<Call, { call: 'restart' }>,
  time: number,
  registrations: Map<number, Registration>,
  observations: Map<number, Map<number, ObservationRecord>>,
): Promise<void>[] {
  const { endpoint } = call;
  const current = registrations.get(endpoint);
  if (call.call === 'register') {
    const next = registration(`r${time}`, {
      endpoint: `e${endpoint}`,
      objectLinks: `</${call.links}>`,
      updatedAt: time,
    });
    registrations.set(endpoint, next);
    observations.delete(endpoint);
    return [store.register(next, current?.id)];
  }
  if (current === undefined) return [];
  if (call.call === 'update') {
    const next = { ...current, lifetime: call.lifetime, objectLinks: `</${call.links}>`, updatedAt: time };
    registrations.set(endpoint, next);
    return [store.update(next)];
  }
  if (call.call === 'remove') {
    registrations.delete(endpoint);
    observations.delete(endpoint);
    return [store.remove(current.id)];
  }
  const record = observation(current.id, call.token, { createdAt: time });
  const records = observations.get(endpoint) ?? new Map<number, ObservationRecord>();
  observations.set(endpoint, records);
  if (call.call === 'observe') {
    records.set(call.token, record);
    return [store.addObservation(record)];
  }
  records.delete(call.token);
  return [store.removeObservation(current.id, record.token)];
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeviceQuery, DeviceStore } from '../device.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';

const identity = { imei: '861111003929110', imsi: '460041850403690', cmei: '', version: '1.0' };

function record(key: string, change: Partial<Parameters<DeviceStore['recordRegistration']>[0]> = {}) {
  return { key, endpoint: `ep-${key}`, address: '192.0.2.1:5683', time: 1_700_000_000_000, identity: {}, ...change };
}

/** What every {@link DeviceStore} does. */
export function deviceStoreContract(name: string, open: OpenStore<DeviceStore>): void {
  const scenario = (title: string, run: (opened: OpenedStore<DeviceStore>) => Promise<void>) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of DeviceStore`, () => {
    describe('devices', () => activationScenarios(scenario));
    describe('queries', () => queryScenarios(scenario));
    describe('the allow-list', () => allowListScenarios(scenario));
  });
}

type Scenario = (title: string, run: (opened: OpenedStore<DeviceStore>) => Promise<void>) => void;

function activationScenarios(scenario: Scenario): void {
  scenario('the first Register creates the device and is its activation', async ({ store }) => {
    await store.recordRegistration(record('k', { identity }));
    assert.deepEqual(await store.device('k'), {
      key: 'k',
      endpoint: 'ep-k',
      activatedAt: 1_700_000_000_000,
      activationAddress: '192.0.2.1:5683',
      lastAddress: '192.0.2.1:5683',
      lastRegisteredAt: 1_700_000_000_000,
      identity,
    });
    assert.equal(await store.countDevices(), 1);
  });

  scenario('a later Register keeps the activation and renews the rest', async ({ store, reopen }) => {
    await store.recordRegistration(record('k', { identity }));
    const second = record('k', { endpoint: 'new sim', address: '[2001:db8::7]:9', time: 1_700_000_100_000 });
    await store.recordRegistration({ ...second, identity: { imei: '1', version: '2.0' } });
    await store.recordRegistration({ ...second, address: '192.0.2.9:1', time: 1_700_000_200_000 });
    await store.recordRegistration({
      ...second,
      endpoint: 'third',
      time: 1_700_000_300_000,
      identity: { version: '3.0' },
    });
    const expected = {
      key: 'k',
      endpoint: 'third',
      activatedAt: 1_700_000_000_000,
      activationAddress: '192.0.2.1:5683',
      lastAddress: '[2001:db8::7]:9',
      lastRegisteredAt: 1_700_000_300_000,
      identity: { version: '3.0' },
    };
    assert.deepEqual(await store.device('k'), expected);
    assert.equal(await store.countDevices(), 1);
    if (reopen) assert.deepEqual(await (await reopen()).device('k'), expected);
  });

  scenario('two Registers in one turn both count', async ({ store }) => {
    const first = store.recordRegistration(record('k'));
    const second = store.recordRegistration(record('k', { address: '192.0.2.2:2', time: 1_700_000_000_001 }));
    await Promise.all([first, second]);
    const device = await store.device('k');
    assert.equal(device?.activationAddress, '192.0.2.1:5683');
    assert.equal(device?.lastAddress, '192.0.2.2:2');
    assert.equal(await store.countDevices(), 1);
  });

  scenario('a removed device is unknown, and activated anew by its next Register', async ({ store }) => {
    await store.recordRegistration(record('k'));
    assert.equal(await store.removeDevice('k'), true);
    assert.equal(await store.removeDevice('k'), false);
    assert.equal(await store.device('k'), undefined);
    assert.equal(await store.countDevices(), 0);
    assert.deepEqual([store.hasRoomFor('k', 1), store.hasRoomFor('k', 0)], [true, false]);
    await store.recordRegistration(record('k', { time: 1_800_000_000_000 }));
    assert.equal((await store.device('k'))?.activatedAt, 1_800_000_000_000);
    assert.deepEqual(
      [store.hasRoomFor('k', 1), store.hasRoomFor('other', 1), store.hasRoomFor('other', 2)],
      [true, false, true],
    );
  });

  scenario('a known device registers after a restart', async ({ store, reopen }) => {
    if (!reopen) return;
    await store.recordRegistration(record('k', { identity }));
    const again = await reopen();
    await again.recordRegistration(record('k', { identity: { version: '9.9' }, time: 1_700_000_000_009 }));
    const device = await again.device('k');
    assert.equal(device?.activatedAt, 1_700_000_000_000);
    assert.equal(device?.lastRegisteredAt, 1_700_000_000_009);
    assert.deepEqual(device?.identity, { version: '9.9' });
    assert.equal(await again.countDevices(), 1);
  });
}

function queryScenarios(scenario: Scenario): void {
  scenario(
    'devices are found by what they said of themselves, and by when they were heard',
    async ({ store, reopen }) => {
      for (const [index, key] of ['a', 'b', 'c'].entries()) {
        await store.recordRegistration(record(key, { time: 1000 + index }));
      }
      await store.recordFacts('a', { vendor: 'Acme', model: 'M1', version: '1.0' });
      await store.recordFacts('b', { vendor: 'Acme', model: 'M2' });
      await store.recordFacts('b', { version: '2.0', model: undefined });
      await store.recordFacts('nobody', { vendor: 'Acme' });
      await store.recordRegistration(record('b', { time: 1001 }));
      const kept = (await reopen?.()) ?? store;
      const keys = (query: Partial<DeviceQuery>) => keysOf(kept, { limit: 9, ...query });
      assert.deepEqual((await kept.device('b'))?.facts, { vendor: 'Acme', model: 'M2', version: '2.0' });
      assert.equal((await kept.device('c'))?.facts, undefined);
      assert.deepEqual(await keys({ vendor: 'Acme' }), ['a', 'b']);
      assert.deepEqual(await keys({ vendor: 'Acme', version: '2.0' }), ['b']);
      assert.deepEqual(await keys({ search: 'acm', after: 'a' }), ['b']);
      assert.deepEqual(await keys({ model: 'm1' }), []);
      assert.deepEqual(await keys({ unread: true }), ['c']);
      assert.deepEqual(await keys({ unread: true, search: 'b' }), []);
      assert.deepEqual(await keys({ seenSince: 1001 }), ['b', 'c']);
      assert.deepEqual(await keys({ seenSince: 1001, seenBefore: 1002 }), ['b']);
      assert.deepEqual(await kept.countFacts(1), {
        vendor: [{ value: 'Acme', count: 2 }],
        model: [{ value: 'M1', count: 1 }],
        version: [{ value: '1.0', count: 1 }],
      });
      await kept.removeDevice('a');
      assert.deepEqual((await kept.countFacts(9)).model, [{ value: 'M2', count: 1 }]);
      await kept.recordRegistration(record('a'));
      assert.equal((await kept.device('a'))?.facts, undefined, 'who is forgotten begins anew');
    },
  );

  scenario('pages follow the order of keys without gap or repetition', async ({ store }) => {
    const keys = Array.from({ length: 25 }, (_, i) => `k${String(i).padStart(2, '0')}`);
    await Promise.all(keys.toReversed().map((key) => store.recordRegistration(record(key))));
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await keysOf(store, { limit: 10, ...(after === undefined ? {} : { after }) });
      seen.push(...page);
      if (page.length < 10) break;
      after = page.at(-1)!;
    }
    assert.deepEqual(seen, keys);
  });

  scenario('keys are ordered by their UTF-8 bytes', async ({ store }) => {
    for (const key of ['\u{1f680}', '\uffee', 'b', 'B', 'é']) await store.recordRegistration(record(key));
    assert.deepEqual(await keysOf(store, { limit: 10 }), ['B', 'b', 'é', '\uffee', '\u{1f680}']);
  });

  scenario('a search finds parts of key, endpoint name and identity values in either case', async ({ store }) => {
    await store.recordRegistration(record('urn:imei:861111'));
    await store.recordRegistration(record('b', { endpoint: 'Kitchen-Meter' }));
    await store.recordRegistration(record('c', { identity: { imsi: '46004', note: 'say "hi" \\ to Müller' } }));
    const find = (search: string) => keysOf(store, { search, limit: 10 });
    assert.deepEqual(await find('IMEI:86'), ['urn:imei:861111']);
    assert.deepEqual(await find('kitchen'), ['b']);
    assert.deepEqual(await find('46004'), ['c']);
    assert.deepEqual(await find('SAY "HI" \\'), ['c']);
    assert.deepEqual(await find('Müller'), ['c']);
    assert.deepEqual(await find('imsi'), [], 'names of identity fields are no values');
    assert.deepEqual(await find(''), ['b', 'c', 'urn:imei:861111']);
  });

  scenario('characters with a meaning in patterns stand for themselves', async ({ store }) => {
    for (const key of ['a%b', 'a_b', 'axb', 'a\\b', '[a]']) await store.recordRegistration(record(key));
    const find = (search: string) => keysOf(store, { search, limit: 10 });
    assert.deepEqual(await find('%'), ['a%b']);
    assert.deepEqual(await find('a_b'), ['a_b']);
    assert.deepEqual(await find('\\'), ['a\\b']);
    assert.deepEqual(await find('[a'), ['[a]']);
  });

  scenario('a page of a search is full while there are more matches, however far apart', async ({ store }) => {
    const all = Array.from({ length: 3000 }, (_, i) => `k${String(i).padStart(4, '0')}`);
    await Promise.all(
      all.map((key, i) => store.recordRegistration(record(key, { endpoint: i % 1000 === 7 ? `rare-${i}` : `e-${i}` }))),
    );
    assert.deepEqual(await keysOf(store, { search: 'rare', limit: 2 }), ['k0007', 'k1007']);
    assert.deepEqual(await keysOf(store, { search: 'rare', after: 'k1007', limit: 2 }), ['k2007']);
  });
}

function allowListScenarios(scenario: Scenario): void {
  scenario('allows and disallows', async ({ store, reopen }) => {
    assert.equal(store.isAllowed('k'), false);
    await store.allow('k', 'lab', 5);
    assert.equal(store.isAllowed('k'), true);
    assert.equal(store.isAllowed('K'), false);
    await store.allow('gone', '', 6);
    assert.equal(await store.disallow('gone'), true);
    assert.equal(await store.disallow('gone'), false);
    assert.equal(store.isAllowed('gone'), false);
    if (!reopen) return;
    const again = await reopen();
    assert.equal(again.isAllowed('k'), true);
    assert.equal(again.isAllowed('gone'), false);
  });

  scenario('allowing again changes the note and keeps the time', async ({ store }) => {
    await store.allow('k', 'old', 5);
    await store.allow('k', 'new', 9);
    assert.deepEqual(await store.allowList({ limit: 10 }), [{ key: 'k', note: 'new', addedAt: 5 }]);
  });

  scenario('allows many at once', async ({ store, reopen }) => {
    await store.allow('k', 'old', 5);
    await store.allowMany(['j', 'k', 'l'].map((key) => ({ key, note: 'new', addedAt: 9 })));
    const again = reopen ? await reopen() : store;
    const listed = await again.allowList({ limit: 10 });
    assert.deepEqual(
      listed.map(({ key, note, addedAt }) => [key, note, addedAt]),
      [
        ['j', 'new', 9],
        ['k', 'new', 5],
        ['l', 'new', 9],
      ],
    );
    assert.equal(again.isAllowed('l'), true);
  });

  scenario('lists by page in the order of keys', async ({ store }) => {
    for (const key of ['c', 'a', 'b']) await store.allow(key, `note ${key}`, 1);
    const first = await store.allowList({ limit: 2 });
    assert.deepEqual(
      first.map((entry) => entry.key),
      ['a', 'b'],
    );
    assert.deepEqual(await store.allowList({ after: 'b', limit: 2 }), [{ key: 'c', note: 'note c', addedAt: 1 }]);
  });

  scenario('the list and the devices are apart', async ({ store }) => {
    await store.allow('k', '', 1);
    assert.equal(await store.device('k'), undefined);
    await store.recordRegistration(record('k'));
    await store.removeDevice('k');
    assert.equal(store.isAllowed('k'), true);
  });
}

/** The keys that a query finds: the names that it finds are those of its devices. */
async function keysOf(store: DeviceStore, query: DeviceQuery): Promise<string[]> {
  const found = (await store.devices(query)).map(({ key, endpoint }) => ({ key, endpoint }));
  assert.deepEqual(await store.deviceNames(query), found);
  return found.map(({ key }) => key);
}

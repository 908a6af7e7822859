/** Faults of Remote Access: the server dies at any commit of what users ask of terminals: commands that wait, observations, updates of firmware. */
import assert from 'node:assert/strict';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { minutes, seconds, silentLog } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { Crashes } from './support/crashes.ts';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { openOnFolder, openPlatform, type TestPlatform, untilState } from './support/platform.ts';
import { lamp, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

/** A user that owns a terminal which the operator shared. */
interface Owned<Terminal> {
  readonly live: TestPlatform;
  readonly one: TestUser;
  readonly terminal: Terminal;
}

interface Begins extends AsyncDisposable {
  readonly client: { start(): void; registered(): Promise<unknown> };
}

interface Flow<Terminal extends Begins, Answer> {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly terminal: (server: TestPlatform['coap']) => Promise<Terminal>;
  /** What is done before, and may not be lost any more. */
  readonly before?: (owned: Owned<Terminal>, crashes: Crashes) => Promise<unknown>;
  /** Ends with an answer of the server. */
  readonly step: (owned: Owned<Terminal>) => Promise<Answer>;
  /** After a start from the disk of a moment. @param isTold whether the step was answered by then */
  readonly judge: (place: Moment<Terminal>, isTold: boolean, answer: Answer) => Promise<void>;
}

/** A platform that started from the disk of a moment. */
interface Moment<Terminal> {
  readonly one: TestUser;
  /** Lets the terminal register. */
  readonly begin: () => Promise<Terminal>;
}

/** Makes the step, and judges every moment in which the server could have died. */
async function play<Terminal extends Begins, Answer>(flow: Flow<Terminal, Answer>): Promise<void> {
  const settings = { ...remoteAccess, ...flow.settings };
  using crashes = new Crashes();
  let answer: Answer;
  {
    await using live = await openPlatform(settings, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using terminal = await flow.terminal(live.coap);
    terminal.client.start();
    await terminal.client.registered();
    const issued = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
    await using one = await TestUser.register(live, 'ann');
    await one.home.bind(lamp, issued.code);
    await flow.before?.({ live, one, terminal }, crashes);
    crashes.isOn = true;
    answer = await flow.step({ live, one, terminal });
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  assert.ok(crashes.moments.length >= 2);
  const packages = join(crashes.root, 'firmware');
  for (const { folder, told } of crashes.moments) {
    if (existsSync(packages)) cpSync(packages, join(folder, 'firmware'), { recursive: true });
    await using place = await openOnFolder(folder, settings);
    await using stack = new AsyncDisposableStack();
    const one = stack.use(await TestUser.login(place, 'ann'));
    const begin = async () => {
      const terminal = stack.use(await flow.terminal(place.coap));
      terminal.client.start();
      await terminal.client.registered();
      return terminal;
    };
    await flow.judge({ one, begin }, told > 0, answer);
  }
}

const plain = (server: TestPlatform['coap']) => openTerminal({ endpointName: terminalKey, server });

const queued = {
  write: { kind: 'write', path: '/3303/0/5750', text: 'cellar' },
  execute: { kind: 'execute', path: '/3303/0/5605', arguments: '' },
} as const;

for (const request of Object.values(queued)) {
  test(`the server dies at any commit while a command is queued: who was told so is told what came of it (${request.kind})`, () => {
    let isFirst = true;
    return play({
      settings: { 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': minutes(60) },
      terminal: (server) => {
        const queueMode = isFirst ? { queueMode: {} } : {};
        isFirst = false;
        return openTerminal({ endpointName: terminalKey, server, ...queueMode });
      },
      before: ({ live }) => untilState(live.admin, terminalKey, 'SLEEPING'),
      step: async ({ one }) => assert.equal((await one.home.device(lamp).ask(request)).kind, 'queued'),
      judge: async ({ one, begin }, isTold) => {
        const terminal = await begin();
        const type = async () => (await one.home.device(lamp).read('/3303/0/5750'))[0]?.text;
        if (isTold) {
          const result = await one.push('result');
          assert.equal(result.elements().length, 0, 'carried out');
          if (request.kind === 'execute') assert.equal(terminal.executed.length, 1, 'once');
          else assert.equal(await type(), 'cellar');
        } else {
          // Nobody was promised anything: it may have been carried out or not, once at most, and the terminal is there.
          const answers = () =>
            type().then(
              () => true,
              () => false,
            );
          await until(answers, 'an answer of the terminal');
          assert.ok(terminal.executed.length <= 1);
        }
      },
    });
  });
}

test('the server dies at any commit while a device is given up for which a command waits: for who was told so it is not done', () => {
  let isFirst = true;
  let code = '';
  return play({
    settings: { 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': minutes(60) },
    terminal: (server) => {
      const queueMode = isFirst ? { queueMode: {} } : {};
      isFirst = false;
      return openTerminal({ endpointName: terminalKey, server, ...queueMode });
    },
    before: async ({ live, one }) => {
      code = await one.home.resetCode(lamp);
      await untilState(live.admin, terminalKey, 'SLEEPING');
      assert.equal((await one.home.device(lamp).ask(queued.write)).kind, 'queued');
    },
    step: ({ one }) => one.home.unbind(lamp),
    judge: async ({ one, begin }, isTold) => {
      const isBound = (await one.home.devices()).length > 0;
      assert.ok(!(isTold && isBound));
      await begin();
      if (!isBound) await one.home.bind(lamp, code);
      // What waited before goes first.
      const read = () => one.home.device(lamp).read('/3303/0/5750');
      const [type] = await until(() => read().catch(() => undefined), 'an answer of the terminal');
      assert.equal(type?.text === 'cellar', isBound);
    },
  });
});

const sensor = '/3303/0/5700';
const valuesIn = ({ messages }: TestUser) =>
  messages.filter((message) => message.elements()[0]?.is('values', 'urn:yaolian:ra:1:data'));

test('the server dies at any commit while a user begins to observe: who was told so gets values afterwards', () =>
  play({
    terminal: plain,
    step: ({ one }) => one.home.device(lamp).observe(sensor),
    judge: async ({ one, begin }, isTold) => {
      const terminal = await begin();
      if (!isTold) await one.home.device(lamp).observe(sensor); // it asks again, whatever became of it
      let temperature = 30;
      const isPushed = () => {
        terminal.temperature.set('sensorValue', ++temperature);
        return valuesIn(one).length > 0;
      };
      await until(isPushed, 'a value of what is observed');
    },
  }));

test('the server dies at any commit while a user ends what it observes: who was told so gets no value afterwards', () =>
  play({
    terminal: plain,
    before: ({ one }) => one.home.device(lamp).observe(sensor),
    step: ({ one }) => one.home.device(lamp).cancel(sensor),
    judge: async ({ one, begin }, isTold) => {
      const terminal = await begin();
      const device = one.home.device(lamp);
      if (!isTold) await device.cancel(sensor).catch(() => undefined); // as it may be over
      terminal.temperature.set('sensorValue', 35);
      // The terminal has told of it, if it was asked to, when it answers what comes later.
      assert.equal((await device.read(sensor))[0]?.text, '35');
      assert.deepEqual(valuesIn(one), [], `${isTold}`);
    },
  }));

const updated = (server: TestPlatform['coap']) =>
  openFirmwareTerminal({ endpointName: terminalKey, server, becomes: '2.0' });

/** There is a package for the terminal, which is away, so that nothing but the beginning of an update happens. */
async function offer({ live, terminal }: Owned<Awaited<ReturnType<typeof updated>>>, crashes: Crashes): Promise<void> {
  const query = { name: 'fw.bin', version: '2.0', model: 'Test' };
  await live.admin.call(routes.uploadFirmware, { query, body: new Uint8Array(2000).fill(7) });
  await terminal.client.close();
  await untilState(live.admin, terminalKey, 'OFFLINE');
  cpSync(join(crashes.dataFolder, 'firmware'), join(crashes.root, 'firmware'), { recursive: true });
}

test('the server dies at any commit while an owner begins a firmware update: it is begun once, and goes to its end where that was told', () =>
  play({
    terminal: updated,
    before: offer,
    step: async ({ one }) => (await one.home.device(lamp).updateFirmware()).id,
    judge: async ({ one, begin }, isTold, id) => {
      const device = one.home.device(lamp);
      const before = (await device.firmware()).update;
      assert.ok(before === undefined ? !isTold : before.id === id, 'what was told is there');
      if (before === undefined) await device.updateFirmware();
      const terminal = await begin();
      await until(async () => (await device.firmware()).update?.phase === 'succeeded', 'the end of the update');
      assert.equal(terminal.installed.length, 1);
    },
  }));

test('the server dies at any commit while an owner gives a firmware update up: it goes no further where that was told, and to its end otherwise', () => {
  let id = '';
  return play({
    terminal: updated,
    before: async (owned, crashes) => {
      await offer(owned, crashes);
      id = (await owned.one.home.device(lamp).updateFirmware()).id;
    },
    step: async ({ one }) => assert.equal((await one.home.device(lamp).cancelFirmware()).phase, 'cancelled'),
    judge: async ({ one, begin }, isTold) => {
      const device = one.home.device(lamp);
      const phase = async () => (await device.firmware()).update?.phase;
      const before = (await device.firmware()).update!;
      assert.equal(before.id, id);
      const isGivenUp = before.phase === 'cancelled';
      assert.ok(isGivenUp || !isTold, 'what was told is there');
      const terminal = await begin();
      if (isGivenUp) {
        // It is asked something, and whatever else was to be done would come before.
        await device.read('/3/0/3');
        assert.deepEqual([await phase(), terminal.installed.length], ['cancelled', 0]);
      } else {
        await until(async () => (await phase()) === 'succeeded', 'the end of the update');
        assert.equal(terminal.installed.length, 1);
      }
    },
  });
});

test('the server dies at any commit while values are recorded: who turns the pages of history finds each that was told, once and in order', async () => {
  const path = '/3303/0/5750';
  const texts = ['attic', 'cellar', 'hall', 'loft'];
  const half = 2;
  let cursor: string | undefined;
  let count = 0;
  using crashes = new Crashes();
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using terminal = await plain(live.coap);
    terminal.client.start();
    await terminal.client.registered();
    const { code } = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
    await using one = await TestUser.register(live, 'ann');
    await one.home.bind(lamp, code);
    const own = one.home.device(lamp);
    for (const [index, text] of texts.entries()) {
      await own.write(path, text);
      crashes.isOn = index >= half;
      await own.read(path);
      crashes.told = index + 1;
      if (crashes.isOn) crashes.keep();
      crashes.isOn = false;
      if (index === half) cursor = (await own.history(path, { max: half })).next;
    }
    count = (await own.history(path)).values.length;
  }
  assert.ok(cursor !== undefined && crashes.moments.length >= 4 && count === texts.length);
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using one = await TestUser.login(place, 'ann');
    const own = one.home.device(lamp);
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await own.history(path, { max: 1, after });
      found.push(...page.values.map(({ text }) => text));
      after = page.next;
    } while (after !== undefined);
    assert.ok(found.length === told || found.length === told + 1, `${found} after ${told}`);
    assert.deepEqual(found, texts.slice(0, found.length));
    const rest = await own.history(path, { after: cursor });
    assert.deepEqual(
      rest.values.map(({ text }) => text),
      found.slice(half),
      'a page that was told goes on after the start',
    );
  }
});

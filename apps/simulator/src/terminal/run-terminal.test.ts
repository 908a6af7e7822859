import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, milliseconds } from '@yaolian/kernel';
import { encodeBootstrapFile, objectInstance, singleResource } from '@yaolian/lwm2m';
import type { ClientEvent } from '@yaolian/lwm2m/client';
import { until } from '@yaolian/testkit';
import { simulatedIdentity } from '../identity.ts';
import { openCoapServer } from '../testing/coap-server.ts';
import type { Keys } from './keys.ts';
import { runTerminal, type TerminalOptions } from './run-terminal.ts';

/** A run whose lines, events and keys the test has in hand. */
function started(options: Omit<TerminalOptions, 'output'>, isTerminal = false) {
  const written: string[] = [];
  const events: string[] = [];
  let seen = 0;
  let press: (key: string) => void = () => {};
  const keys: Keys = {
    listen(onKey) {
      press = onKey;
      return () => {
        press = () => {};
      };
    },
  };
  const summary = runTerminal({
    ...options,
    keys,
    onEvent: (event: ClientEvent) => {
      events.push(event.type === 'state' ? `state ${event.state}` : event.type);
    },
    output: { isTerminal, columns: 200, write: (text) => void written.push(text) },
  });
  return {
    summary,
    written,
    press: (key: string) => press(key),
    /** Waits for the next event of that type (`state offline` for a state) after the one waited for before. */
    async event(type: string): Promise<void> {
      const after = () => events.indexOf(type, seen) + 1;
      seen = await until(after, () => `${type}; there came ${events.join(', ')}`);
    },
  };
}

for (const scheme of ['coap', 'coaps'] as const) {
  test(`a terminal that nobody answers over ${scheme} says what may be wrong`, async (t) => {
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    t.after(() => udp.close());
    await once(udp, 'listening');
    const server = `${scheme}://127.0.0.1:${udp.address().port}`;
    const abort = new AbortController();
    const tls = { psk: { identity: 'one', key: new Uint8Array(16) } };
    const secure = scheme === 'coaps' && { tls };
    const run = started({
      server,
      endpointName: 'one',
      signal: abort.signal,
      silenceAllowed: milliseconds(1),
      ...secure,
    });
    const hint = await until(() => run.written.find((line) => line.includes('nobody')), 'the hint');
    assert.ok(hint.includes(`nobody has answered at ${server} so far: does a platform run there`), hint);
    assert.equal(hint.includes('identity and key'), scheme === 'coaps');
    abort.abort();
    assert.equal((await run.summary).registrations, 0);
  });
}

test('a terminal registers, is managed, and de-registers when its run is aborted', async (t) => {
  const server = await openCoapServer(t);
  const abort = new AbortController();
  const run = started({ server: server.uri, endpointName: 'one', signal: abort.signal });
  await run.event('registered');
  const read = await server.endpoint.request(server.peers[0]!, { method: Code.GET, path: '/3/0/0', accept: 0 });
  assert.equal(decodeUtf8(read.payload), 'Yaolian');
  const light = { method: Code.PUT, path: '/3311/0/5850', contentFormat: 0, payload: encodeUtf8('1') };
  assert.equal((await server.endpoint.request(server.peers[0]!, light)).code, Code.Changed);
  abort.abort();
  assert.deepEqual(await run.summary, {
    endpointName: 'one',
    registrations: 1,
    updates: 0,
    failures: 0,
    operations: 2,
    notifications: 0,
  });
  assert.deepEqual(server.asked, ['2 /rd?ep=one', '4 /rd/1']);
  const lines = run.written.map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, '').replace(/ in \d+.*\n/, '\n'));
  assert.deepEqual(lines, [
    'terminal one\n',
    `registered with ${server.uri} as /rd/1\n`,
    'read /3/0/0 -> 2.05 Content\n',
    'write /3311/0/5850 -> 2.04 Changed\n',
    'de-registered\n',
  ]);
});

for (const [lwm2mVersion, bindings] of [
  ['1.0', 'UQ'],
  ['1.1', 'UT'],
  ['1.2', 'UMT'],
] as const) {
  test(`a terminal of LwM2M ${lwm2mVersion} that is refused tries again soon`, async (t) => {
    let refused = false;
    const server = await openCoapServer(t, ({ path }) => {
      if (refused || path[0] !== 'rd') return undefined;
      refused = true;
      return { code: Code.Forbidden };
    });
    const abort = new AbortController();
    t.after(() => abort.abort());
    const run = started({ server: server.uri, endpointName: 'one', lwm2mVersion, json: true, signal: abort.signal });
    await run.event('registration-failed');
    const line = await until(() => run.written.find((one) => one.includes('"registration-failed"')), 'the line');
    const { retryIn } = JSON.parse(line) as { retryIn: number };
    assert.ok(retryIn >= 10_000 && retryIn < 15_000, `${retryIn}`);
    abort.abort();
    await run.summary;
  });

  test(`a terminal of LwM2M ${lwm2mVersion} says by what it is reached`, async (t) => {
    const server = await openCoapServer(t);
    const abort = new AbortController();
    t.after(() => abort.abort());
    const run = started({ server: server.uri, endpointName: 'one', lwm2mVersion, signal: abort.signal });
    await run.event('registered');
    const read = { method: Code.GET, path: '/3/0/16', accept: 0 };
    assert.equal(decodeUtf8((await server.endpoint.request(server.peers[0]!, read)).payload), bindings);
    abort.abort();
    await run.summary;
  });
}

test('the temperature wanders where its object was chosen too', async (t) => {
  const server = await openCoapServer(t);
  const abort = new AbortController();
  const options = { server: server.uri, endpointName: 'chosen', objects: '3,3303', sampleEvery: milliseconds(10) };
  const run = started({ ...options, signal: abort.signal });
  await run.event('registered');
  const temperature = async () => {
    const request = { method: Code.GET, path: '/3303/0/5700', accept: 0 } as const;
    return decodeUtf8((await server.endpoint.request(server.peers[0]!, request)).payload);
  };
  const first = await temperature();
  await until(async () => (await temperature()) !== first, 'another temperature');
  abort.abort();
  await run.summary;
});

test('keys: u updates, a is airplane mode and back, q ends the run', async (t) => {
  const server = await openCoapServer(t);
  const run = started({ server: server.uri, seed: 5 }, true);
  await run.event('registered');
  run.press('u');
  await run.event('updated');
  run.press('a');
  await run.event('state offline');
  await run.event('deregistered');
  run.press('a');
  await run.event('registered');
  run.press('x');
  run.press('q');
  const summary = await run.summary;
  assert.equal(summary.endpointName, simulatedIdentity(5, 0).endpointName);
  assert.equal(summary.registrations, 2);
  assert.deepEqual(
    server.asked.map((line) => line.split('?')[0]),
    ['2 /rd', '2 /rd/1', '4 /rd/1', '2 /rd', '4 /rd/2'],
  );
  assert.ok(run.written.some((text) => text.includes('● registered') && text.includes('/rd/1')));
  assert.ok(run.written.some((text) => text.includes('✈ offline') && text.includes('[a] online')));
  assert.equal(run.written.at(-1), '\r\x1b[2K');
});

test('events are lines of JSON when asked for', async (t) => {
  const server = await openCoapServer(t);
  const run = started({ server: server.uri, endpointName: 'one', json: true }, true);
  await run.event('registered');
  run.press('q');
  await run.summary;
  const types = run.written.map((line) => JSON.parse(line).type);
  assert.equal(types[0], 'started');
  assert.ok(types.includes('registered') && types.includes('deregistered'), types.join());
});

test('Reboot is gone without a word and comes back', async (t) => {
  const server = await openCoapServer(t);
  const run = started({ server: server.uri, endpointName: 'one', rebootTime: milliseconds(20) });
  await run.event('registered');
  const answer = await server.endpoint.request(server.peers[0]!, { method: Code.POST, path: '/3/0/4' });
  assert.equal(answer.code, Code.Changed);
  await run.event('registered');
  assert.deepEqual(
    server.asked.map((line) => line.split('?')[0]),
    ['2 /rd', '2 /rd'],
  );
  run.press('q');
  await run.summary;
});

test('a terminal bootstraps first when it is told to, and remembers its servers where it has a file for that', async (t) => {
  const server = await openCoapServer(t);
  const bootstrap = await openCoapServer(t);
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-terminal-'));
  t.after(() => rm(folder, { recursive: true }));
  const memory = join(folder, 'memory.json');
  const options = { bootstrap: bootstrap.uri, endpointName: 'one', lwm2mVersion: '1.0', memory } as const;
  const run = started(options);
  await bootstrap.until(() => bootstrap.asked.length > 0);
  const [terminal] = bootstrap.peers;
  const texts: [string, string][] = [
    ['/0/0/0', server.uri],
    ['/0/0/1', '0'],
    ['/0/0/2', '3'],
  ];
  for (const [path, value] of texts) {
    const request = { method: Code.PUT, path, contentFormat: 0, payload: encodeUtf8(value) };
    assert.equal((await bootstrap.endpoint.request(terminal!, request)).code, Code.Changed, path);
  }
  const finish = await bootstrap.endpoint.request(terminal!, { method: Code.POST, path: '/bs' });
  assert.equal(finish.code, Code.Changed);
  await run.event('registered');
  assert.deepEqual(bootstrap.asked, ['2 /bs?ep=one']);
  assert.deepEqual(server.asked, ['2 /rd?ep=one']);
  run.press('q');
  await run.summary;
  assert.equal((await stat(memory)).mode & 0o777, 0o600, 'keys are in it');

  const again = started(options);
  await again.event('registered');
  assert.deepEqual(bootstrap.asked, ['2 /bs?ep=one'], 'it knows its server');
  again.press('q');
  await again.summary;

  await server.endpoint.close();
  const alone = started({ ...options, silenceAllowed: milliseconds(1) });
  const hint = await until(() => alone.written.find((line) => line.includes('nobody')), 'the hint');
  assert.ok(hint.includes(`nobody has answered at ${server.uri} so far`), hint);
  alone.press('q');
  await alone.summary;
});

test('a terminal goes by its smartcard while it is in', async (t) => {
  const server = await openCoapServer(t);
  const folder = await mkdtemp(join(tmpdir(), 'smartcard-'));
  t.after(() => rm(folder, { recursive: true }));
  const smartcard = join(folder, 'EF-LwM2M_Bootstrap');
  const security = [singleResource(0, 'string', server.uri), singleResource(1, 'boolean', false)];
  const account = [
    singleResource(0, 'integer', 1),
    singleResource(1, 'integer', 60),
    singleResource(6, 'boolean', false),
  ];
  const file = encodeBootstrapFile([
    objectOnCard(0, [...security, singleResource(2, 'integer', 3), singleResource(10, 'integer', 1)]),
    objectOnCard(1, [...account, singleResource(7, 'string', 'U')]),
  ]);
  assert.ok(file.ok);
  await writeFile(smartcard, file.value);
  const abort = new AbortController();
  const run = started({ smartcard, endpointName: 'one', signal: abort.signal });
  await run.event('smartcard');
  await run.event('registered');
  await rm(smartcard);
  run.press('u');
  await run.event('deregistered');
  await until(() => run.written.some((line) => line.includes('gone, with what it brought')), 'the card to be missed');
  abort.abort();
  assert.equal((await run.summary).registrations, 1);
});

function objectOnCard(id: number, resources: Parameters<typeof objectInstance>[1]) {
  const instances = new Map([[0, objectInstance(0, resources)]]);
  return { version: undefined, node: { kind: 'object', id, instances } } as const;
}

test('options that lead nowhere are refused with a sentence', async () => {
  const output = { isTerminal: false, columns: undefined, write() {} };
  const refused: [Omit<TerminalOptions, 'output'>, string][] = [
    [{ seed: -1 }, 'SIMULATOR_BAD_OPTION'],
    [{ server: 'http://127.0.0.1' }, 'SIMULATOR_BAD_OPTION'],
    [{ server: 'coap://127.0.0.1', bootstrap: 'nonsense' }, 'SIMULATOR_BAD_OPTION'],
    [{ server: 'coap://no-such-host.invalid' }, 'SIMULATOR_CANNOT_RESOLVE'],
  ];
  for (const [options, code] of refused) await assert.rejects(runTerminal({ ...options, output }), { code });
});

/** The README of packages/lwm2m: its examples run as they stand there, and its tables say what the code says. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ApiProblemError, routes } from '@yaolian/contract';
import { encodeUtf8, toSeconds } from '@yaolian/kernel';
import { defaultBootstrapBehaviour, defaultBootstrapLimits } from '@yaolian/lwm2m/bootstrap';
import { type ClientRecord, clientErrors, volatileJournal } from '@yaolian/lwm2m/client';
import { defaultServerBehaviour, defaultServerLimits, lwm2mErrors } from '@yaolian/lwm2m/server';
import { startServer } from '../packages/lwm2m/test/examples/server.ts';
import { startTerminal } from '../packages/lwm2m/test/examples/terminal.ts';
import { startValve } from '../packages/lwm2m/test/examples/valve.ts';
import { EventLog, openPlatform } from './support/platform.ts';

const package_ = join(import.meta.dirname, '../packages/lwm2m');
const readme = readFileSync(join(package_, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'yaolian-example-'));
after(() => rmSync(folder, { recursive: true }));

/** What is printed, and a promise of the first line that fits. */
function printer() {
  const lines: string[] = [];
  const waiting: { fits: RegExp; resolve: (line: string) => void }[] = [];
  const print = (line: string) => {
    lines.push(line);
    for (const { fits, resolve } of waiting) if (fits.test(line)) resolve(line);
  };
  const printed = (fits: RegExp) => {
    const already = lines.find((line) => fits.test(line));
    return already === undefined ? new Promise<string>((resolve) => waiting.push({ fits, resolve })) : already;
  };
  return { print, printed };
}

test('the examples stand in the README as they are', () => {
  for (const name of ['server', 'terminal', 'valve']) {
    const source = readFileSync(join(package_, `test/examples/${name}.ts`), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `${name}.ts`);
  }
});

test('the examples work', async () => {
  const { print, printed } = printer();
  const server = await startServer(folder, '127.0.0.1', 0, print);
  const terminal = await startTerminal('127.0.0.1', server.uri, print);
  assert.match(await printed(/registered/), /^urn:dev:os:0023C7-000001 registered from 127\.0\.0\.1:\d+$/);
  assert.match(await printed(/Yaolian/), /"value":"Yaolian"/);
  // Until it is observed nobody hears of a new value.
  const heard = printed(/3303\/0\/5700/);
  for (let celsius = 22; (await Promise.race([heard, tick()])) === undefined; celsius++) terminal.measure(celsius);
  await terminal.close();
  assert.equal(await printed(/left/), 'urn:dev:os:0023C7-000001 left');
  await server.close();
});

test('the example with security, rules and firmware works at the platform', async () => {
  await using bench = await openPlatform();
  const { admin, platform } = bench;
  const endpoint = 'urn:dev:os:0023C7-000002';
  const params = { device: endpoint };
  const key = '00112233445566778899aabbccddeeff';
  await admin.call(routes.addCredential, { body: { endpoint, kind: 'psk', identity: 'valve-2', key } });
  const { print, printed } = printer();
  const options = {
    uri: platform.listening.find(({ url }) => url.startsWith('coaps:'))!.url,
    identity: encodeUtf8('valve-2'),
    key: new Uint8Array(Buffer.from(key, 'hex')),
    memory: volatileJournal<ClientRecord>(),
    print,
  };
  const { close } = await startValve(options);
  const write = (value: number) =>
    admin.call(routes.writeResource, { params: { ...params, path: '33001/0/0' }, body: { value, type: 'integer' } });
  await assert.rejects(
    write(90),
    (error) => error instanceof ApiProblemError && /pump is not strong/.test(JSON.stringify(error.problem)),
  );
  await write(60);
  await printed(/^opening 60 %$/);
  const read = await admin.call(routes.readResource, { params: { ...params, path: '33001/0/1' } });
  assert.ok(read.node.kind === 'resource');
  const file = await admin.call(routes.uploadFirmware, {
    query: { name: 'fw.bin', version: '2.0' },
    body: Uint8Array.of(1, 2, 3),
  });
  const events = await EventLog.open(admin);
  await admin.call(routes.startFirmwareUpdate, { params, body: { file: file.id } });
  await events.next((event) => event.type === 'firmware.changed' && event.data.phase === 'succeeded');
  await printed(/^installing 3 bytes$/);
  await events.close();
  await close();
  // It remembers where it was, whatever it is told now.
  const again = await startValve({ ...options, uri: 'coaps://192.0.2.1' });
  await again.close();
});

function tick(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 20));
}

test('every error has its row', () => {
  for (const code of [...Object.keys(lwm2mErrors), ...Object.keys(clientErrors)]) {
    assert.ok(readme.includes(`| \`${code}\` |`), code);
  }
});

test('every limit and setting has its row, with its default', () => {
  const groups = [defaultServerLimits, defaultServerBehaviour, defaultBootstrapLimits, defaultBootstrapBehaviour];
  for (const [name, value] of groups.flatMap((group) => Object.entries(group) as [string, unknown][])) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    assert.ok(row !== undefined, name);
    const isDuration = /Lifetime|Grace|Granularity|Timeout|Window|After|Delay|Patience/.test(name);
    const shown = isDuration && typeof value === 'number' ? `${toSeconds(value as never)} s` : value;
    if (typeof value === 'number' && name !== 'unknownEndpointCode') {
      assert.ok(
        row.includes(`| ${String(shown).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} |`),
        `${name}: ${shown}; ${row}`,
      );
    }
  }
});

/** slixmpp as a user of Remote Access that nobody looks at (XEP-0352): of what it observes it gets the last values, when somebody looks again. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { openPlatform } from '../support/platform.ts';
import { lamp, remoteAccess, TestUser, terminalKey } from '../support/remote-user.ts';
import { openTerminal } from '../support/terminal.ts';
import { start } from './support/processes.ts';

const python = join(import.meta.dirname, '.venv/bin/python');
const script = join(import.meta.dirname, 'slixmpp-ra-values.py');

test('values that are observed wait for an inactive slixmpp, the last of each path, in order', {
  timeout: 120_000,
}, async (t) => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  const port = bench.platform.listening
    .find(({ url }) => url.startsWith('xmpp:'))!
    .url.split(':')
    .at(-1)!;
  const certificate = join(bench.dataFolder, 'tls', 'certificate.pem');
  const phone = start(t, python, [script, 'ann@home.example/phone', 'ann-secret', '127.0.0.1', port, certificate]);
  const tell = (line: string) => void phone.process.stdin.write(`${line}\n`);
  await phone.line(/^online /);
  for (const path of ['/3303/0/5700', '/3303/0/5750']) {
    tell(`observe ${lamp} ${path}`);
    await phone.line(/^done observe/);
  }
  tell('inactive');
  await phone.line(/^done inactive/);
  // The other connection, which somebody looks at, gets each at once.
  for (const value of [21, 22]) {
    terminal.temperature.set('sensorValue', value);
    await ann.value(String(value));
  }
  await ann.home.device(lamp).write('/3303/0/5750', 'attic');
  await ann.value('attic');
  terminal.temperature.set('sensorValue', 23);
  await ann.value('23');
  tell('active');
  const next = async () => (await phone.line(/^value (\S+ \S+)$/))[1];
  assert.deepEqual([await next(), await next()], ['/3303/0/5750 attic', '/3303/0/5700 23']);
  terminal.temperature.set('sensorValue', 24);
  assert.equal(await next(), '/3303/0/5700 24', 'at once');
});

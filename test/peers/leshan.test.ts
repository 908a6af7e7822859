/** Eclipse Leshan 2.0 (Californium): its client against our platform, and our terminal against its server. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '@yaolian/testkit';
import { startPlatform } from './support/platform.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';

const target = join(import.meta.dirname, 'leshan/target');
const classPath = `${join(target, 'classes')}:${join(target, 'dependency')}/*`;

function leshan(t: TestContext, program: 'LeshanTerminal' | 'LeshanPlatform', ...parameters: string[]): Peer {
  return start(t, 'java', ['-cp', classPath, program, ...parameters]);
}

test("Leshan's client registers, is managed and observed, and leaves", async (t) => {
  const platform = await startPlatform(t);
  const name = 'leshan;device 1';
  const terminal = leshan(t, 'LeshanTerminal', 'register', `coap://127.0.0.1:${platform.coapPort}`, name, '300');
  await terminal.line(/^REGISTERED/);

  const read = await platform.json('read', name, '/3/0/0');
  assert.match(JSON.stringify(read), /"Leshan"/);
  const instance = await platform.json('read', name, '/3/0');
  assert.match(JSON.stringify(instance), /Asia\/Shanghai/);

  assert.equal((await platform.yaolian('write', name, '/3/0/15', 'Europe/Vienna')).code, 0);
  await terminal.line(/^WRITTEN Europe\/Vienna$/);
  assert.equal((await platform.yaolian('execute', name, '/3/0/4', "0='now'")).code, 0);
  await terminal.line(/^EXECUTED 0='now'$/);
  assert.match(JSON.stringify(await platform.json('discover', name, '/3')), /\/3\/0\/15/);
  const refused = await platform.yaolian('read', name, '/3/0/17');
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /4\.04/);

  const observer = platform.follow(t, 'observe', name, '/3/0/9');
  await observer.line(/80/);
  for (const level of [55, 54, 53]) {
    terminal.process.stdin.write(`battery ${level}\n`);
    await observer.line(new RegExp(`${level}`));
  }

  terminal.process.stdin.write('update\n');
  await terminal.line(/^UPDATED/);
  terminal.process.stdin.write('quit\n');
  await terminal.line(/^DEREGISTERED/);
  assert.match(JSON.stringify(await platform.json('devices', 'show', name)), /OFFLINE/);
});

test("Leshan's client bootstraps from our platform and registers where it is told", async (t) => {
  const platform = await startPlatform(t);
  const uri = `coap://127.0.0.1:${platform.coapPort}`;
  const set = await platform.yaolian(
    'bootstrap',
    'set',
    'default',
    '--uri',
    uri,
    '--server-id',
    '7',
    '--lifetime',
    '120s',
  );
  assert.equal(set.code, 0, set.errors);
  const terminal = leshan(t, 'LeshanTerminal', 'bootstrap', uri, 'booted', '0');
  await terminal.line(/^BOOTSTRAPPED/);
  await terminal.line(/^REGISTERED/);
  assert.match(JSON.stringify(await platform.json('read', 'booted', '/1/0/1')), /120/);
});

test("our terminal registers with Leshan's server and answers it", async (t) => {
  const port = await freeUdpPort();
  const server = leshan(t, 'LeshanPlatform', `${port}`);
  await server.line(/^LISTENING/);
  const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts');
  const terminal = start(t, process.execPath, [
    cli,
    'terminal',
    '--server',
    `coap://127.0.0.1:${port}`,
    '--endpoint',
    'ours',
  ]);
  await server.line(/^REGISTERED ours 86400$/);
  const ask = async (command: string, expected: RegExp): Promise<void> => {
    server.process.stdin.write(`ours ${command}\n`);
    const [answer] = await server.line(/^ANSWER .*/);
    assert.match(answer, expected, command);
  };
  await ask('read-tlv /3/0', /CONTENT/);
  await ask('read-text /3/0/0', /CONTENT.*Yaolian/);
  await ask('read-json /3/0', /CONTENT/);
  await ask('discover /3', /CONTENT.*\/3\/0/);
  await ask('write /1/0/1 3600', /CHANGED/);
  await ask('write /3/0/0 no', /METHOD_NOT_ALLOWED/);
  await ask('read-tlv /0', /UNAUTHORIZED/);
  await ask('read-tlv /9999', /NOT_FOUND/);
  await ask('pmin /3303/0/5700 1', /CHANGED/);
  await ask('observe /3303/0/5700', /CONTENT/);
  await server.line(/^NOTIFIED \/3303\/0\/5700/);
  await ask('cancel /3303/0/5700', /CONTENT/);
  terminal.process.kill('SIGINT');
  await server.line(/^DEREGISTERED ours$/);
});

test("Leshan's client: composite operations, and Send of one moment and of several", async (t) => {
  const platform = await startPlatform(t);
  const name = 'leshan-composite';
  const terminal = leshan(t, 'LeshanTerminal', 'register', `coap://127.0.0.1:${platform.coapPort}`, name, '300');
  await terminal.line(/^REGISTERED/);
  const read = JSON.stringify(await platform.json('read', name, '/3/0/0', '/3/0/15'));
  assert.match(read, /Leshan.*Asia\/Shanghai/);
  const written = await platform.yaolian('write-composite', name, '/1/0/1=301', '/3/0/15=Asia/Urumqi');
  assert.equal(written.code, 0, written.errors);
  await terminal.line(/^WRITTEN Asia\/Urumqi$/);
  assert.match(JSON.stringify(await platform.json('read', name, '/1/0/1')), /301/);
  const observer = platform.follow(t, 'observe', name, '/3/0/9', '/3/0/15');
  await observer.line(/80/);
  terminal.process.stdin.write('battery 44\n');
  await observer.line(/44/);
  for (const [format, level] of [
    ['cbor', 43],
    ['json', 42],
  ] as const) {
    terminal.process.stdin.write(`battery ${level}\nsend ${format} /3/0/9 /3/0/15\n`);
    await terminal.line(/^SENT .*CHANGED/);
    assert.match(JSON.stringify(await platform.json('history', name, '/3/0/9')), new RegExp(`${level}`));
  }
  for (const level of [31, 32, 33]) {
    terminal.process.stdin.write(`battery ${level}\ncollect /3/0/9\n`);
    await terminal.line(/^COLLECTED/);
  }
  terminal.process.stdin.write('send-collected cbor\n');
  await terminal.line(/^SENT what was collected/);
  let history = '';
  const hasAll = async () => {
    history = JSON.stringify(await platform.json('history', name, '/3/0/9'));
    return [31, 32, 33].every((level) => history.includes(`${level}`));
  };
  await until(hasAll, () => `what was collected in ${history}`);
});

test("Leshan's server: composite operations on our terminal, and its Send", async (t) => {
  const port = await freeUdpPort();
  const server = leshan(t, 'LeshanPlatform', `${port}`);
  await server.line(/^LISTENING/);
  const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts');
  const uri = `coap://127.0.0.1:${port}`;
  start(t, process.execPath, [cli, 'terminal', '--server', uri, '--endpoint', 'ours', '--send-every', '1s']);
  await server.line(/^REGISTERED ours 86400$/);
  await server.line(/^SENT ours .*\/3303\/0\/5700/);
  const ask = async (command: string, expected: RegExp): Promise<void> => {
    server.process.stdin.write(`ours ${command}\n`);
    const [answer] = await server.line(/^ANSWER .*/);
    assert.match(answer, expected, command);
  };
  for (const format of ['cbor', 'json']) {
    await ask(`read-composite /3/0/0,/3303/0/5700,/1/0 ${format}`, /CONTENT.*Yaolian/);
    await ask(`observe-composite /3303/0/5700,/3/0/0 ${format}`, /CONTENT.*Yaolian/);
    await server.line(/^NOTIFIED-COMPOSITE .*\/3303\/0\/5700/);
    await ask('cancel-composite -', /CONTENT/);
  }
  await ask('write-composite /1/0/1 3600', /CHANGED/);
  await ask('read-composite /1/0/1 json', /CONTENT.*3600/);
  await ask('write-composite /3/0/0 no', /METHOD_NOT_ALLOWED/);
});

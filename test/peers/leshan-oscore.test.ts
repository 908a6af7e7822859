/** Eclipse Leshan over OSCORE (Californium): its client against our platform, and our terminal against its server. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startPlatform } from './support/platform.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';

const target = join(import.meta.dirname, 'leshan/target');
const classPath = `${join(target, 'classes')}:${join(target, 'dependency')}/*`;
const name = 'thermometer-1';
/** What both programs take for the Master Secret. */
const secret = Buffer.from('0123456789abcdef').toString('hex');
const context = ['--oscore-sender-id', 'aa', '--oscore-recipient-id', 'bb', '--oscore-secret', secret];

function leshan(t: TestContext, program: 'LeshanTerminal' | 'LeshanPlatform', ...parameters: string[]): Peer {
  return start(t, 'java', ['-cp', classPath, program, ...parameters]);
}

test("Leshan's client registers with its security context, is managed and observed, where NoSec is off", async (t) => {
  const platform = await startPlatform(t, '--no-coap-nosec');
  const added = await platform.yaolian('credentials', 'add', name, ...context);
  assert.equal(added.code, 0, added.errors);
  const uri = `coap://127.0.0.1:${platform.coapPort}`;
  const terminal = leshan(t, 'LeshanTerminal', 'register', uri, name, '300', 'oscore', 'aa', 'bb');
  await terminal.line(/^REGISTERED/, 30);
  assert.match(JSON.stringify(await platform.json('read', name, '/3/0/0')), /"Leshan"/);
  assert.equal((await platform.yaolian('write', name, '/3/0/15', 'Europe/Vienna')).code, 0);
  await terminal.line(/^WRITTEN Europe\/Vienna$/);
  assert.equal((await platform.yaolian('execute', name, '/3/0/4', "0='now'")).code, 0);
  await terminal.line(/^EXECUTED 0='now'$/);
  const observer = platform.follow(t, 'observe', name, '/3/0/9');
  await observer.line(/80/, 30);
  for (const level of [55, 54, 53]) {
    terminal.process.stdin.write(`battery ${level}\n`);
    await observer.line(new RegExp(`${level}`));
  }
  terminal.process.stdin.write('update\n');
  await terminal.line(/^UPDATED/);
  terminal.process.stdin.write('quit\n');
  await terminal.line(/^DEREGISTERED/);
});

test("Leshan's client bootstraps with its security context, is given another and registers with it", async (t) => {
  const platform = await startPlatform(t);
  const added = await platform.yaolian('credentials', 'add', name, ...context, '--for', 'bootstrap');
  assert.equal(added.code, 0, added.errors);
  const uri = `coap://127.0.0.1:${platform.coapPort}`;
  const account = ['--mode', 'oscore', '--issue', 'new', '--server-id', '7', '--lifetime', '120s'];
  const set = await platform.yaolian('bootstrap', 'set', 'default', '--uri', uri, ...account);
  assert.equal(set.code, 0, set.errors);
  const terminal = leshan(t, 'LeshanTerminal', 'bootstrap', uri, name, '0', 'oscore', 'aa', 'bb');
  await terminal.line(/^BOOTSTRAPPED/, 30);
  await terminal.line(/^REGISTERED/, 30);
  assert.match(JSON.stringify(await platform.json('read', name, '/1/0/1')), /120/);
  const { items } = await platform.json('credentials', 'list', '--endpoint', name);
  const issued = items.filter((one: { issued?: boolean }) => one.issued);
  assert.deepEqual(
    issued.map(({ kind, state }: { kind: string; state: string }) => [kind, state]),
    [['oscore', 'used']],
  );
});

test("our terminal registers with Leshan's server with its security context, and answers it", async (t) => {
  const port = await freeUdpPort();
  const server = leshan(t, 'LeshanPlatform', `${port}`, 'oscore', name, 'aa', 'bb');
  await server.line(/^LISTENING/, 30);
  const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts');
  // Leshan's server begins to count anew with each start.
  const states = mkdtempSync(join(tmpdir(), 'yaolian-states-'));
  t.after(() => rmSync(states, { recursive: true, force: true }));
  const to = ['--server', `coap://127.0.0.1:${port}`, '--endpoint', name, ...context, '--oscore-states', states];
  const terminal = start(t, process.execPath, [cli, 'terminal', ...to]);
  await server.line(new RegExp(`^REGISTERED ${name} 86400$`), 30);
  const ask = async (command: string, expected: RegExp): Promise<void> => {
    server.process.stdin.write(`${name} ${command}\n`);
    const [answer] = await server.line(/^ANSWER .*/, 30);
    assert.match(answer, expected, command);
  };
  await ask('read-text /3/0/0', /CONTENT.*Yaolian/);
  await ask('read-tlv /3/0', /CONTENT/);
  await ask('write /3/0/15 Europe/Vienna', /CHANGED/);
  await ask('discover /3', /CONTENT/);
  await ask('pmin /3303/0/5700 1', /CHANGED/);
  // No more than the first: Californium takes notifications for old whose Inner Observe is empty, as RFC 8613 §4.1.3.5.2 has it.
  await ask('observe /3303/0/5700', /CONTENT/);
  terminal.process.kill('SIGTERM');
  await server.line(new RegExp(`^DEREGISTERED ${name}`), 30);
});

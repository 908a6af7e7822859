/** slixmpp as a component (XEP-0114) of a whole platform: GB/T 29265.206 §8.3, application servers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { element } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { domain, remoteAccess, TestUser } from '../support/remote-user.ts';
import { start } from './support/processes.ts';

const python = fileURLToPath(new URL('.venv/bin/python', import.meta.url));
const script = fileURLToPath(new URL('slixmpp-component.py', import.meta.url));
const clock = `clock.${domain}`;

const portOf = ({ platform }: TestPlatform) =>
  new URL(
    platform.listening.find(({ url }) => url.startsWith('xmpp-component:'))!.url.replace('xmpp-component', 'http'),
  ).port;

test('XEP-0114: a slixmpp component attaches by its secret, talks with accounts, and forges nobody', {
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-components-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'components.txt');
  writeFileSync(file, `# application servers\n${clock} a-long-secret\n`);
  await using bench = await openPlatform({ ...remoteAccess, 'xmpp.components-file': file, 'xmpp.component-port': 0 });
  await using ann = await TestUser.register(bench, 'ann');
  const condition = async () => {
    const answer = await ann.client.request('get', clock, element('query', 'http://jabber.org/protocol/disco#info'));
    return answer.kind === 'error' ? answer.condition : answer.kind;
  };
  assert.equal(await condition(), 'remote-server-timeout');
  const stranger = start(t, python, [script, clock, 'a-wrong-secret', '127.0.0.1', portOf(bench)]);
  await stranger.line(/detached/);
  const peer = start(t, python, [script, clock, 'a-long-secret', '127.0.0.1', portOf(bench)]);
  await peer.line(/attached/);
  assert.equal(await condition(), 'result');
  ann.client.sendMessage(`wall@${clock}`, 'what time is it? 你好');
  await peer.line(/ann@home\.example\/\S+ to wall@clock\.home\.example: what time is it\? 你好/);
  const answer = await ann.heard('heard what time is it? 你好');
  assert.equal(answer.attribute('from'), `wall@${clock}`);
  ann.client.sendMessage(`wall@${clock}`, 'forge');
  await peer.line(/detached/);
  assert.ok(!ann.messages.some((message) => message.childText('body') === 'forged'));
});

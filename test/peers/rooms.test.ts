/** slixmpp in rooms of a whole platform: two clients enter, set up, talk, invite, kick, read the archive, and come back after a restart. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { routes } from '@yaolian/contract';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { type Peer, start } from './support/processes.ts';

const python = fileURLToPath(new URL('.venv/bin/python', import.meta.url));
const script = fileURLToPath(new URL('slixmpp-rooms.py', import.meta.url));
const room = 'garden@rooms.im.example.com';

async function come(t: TestContext, bench: TestPlatform, name: string): Promise<Peer & { do(line: string): void }> {
  const found = bench.platform.listening.find(({ service, url }) => service === 'xmpp' && url.startsWith('xmpp:'))!;
  const port = found.url.split(':').at(-1)!;
  const certificate = join(bench.dataFolder, 'tls', 'certificate.pem');
  const peer = start(t, python, [
    script,
    `${name}@im.example.com/slix`,
    'a long secret',
    '127.0.0.1',
    port,
    certificate,
  ]);
  await peer.line(/^online /);
  return { ...peer, do: (line) => void peer.process.stdin.write(`${line}\n`) };
}

test('slixmpp in rooms: made, set up, talked in, over a restart', { timeout: 120_000 }, async (t) => {
  let bench = await openPlatform({
    ...{ 'xmpp.domain': 'im.example.com', 'xmpp.host': '127.0.0.1', 'xmpp.port': 0, 'xmpp.tls-port': 0 },
    'tls.names': 'im.example.com',
  });
  t.after(() => bench[Symbol.asyncDispose]());
  for (const name of ['juliet', 'romeo'])
    await bench.admin.call(routes.addUser, { params: { name }, body: { password: 'a long secret' } });
  const juliet = await come(t, bench, 'juliet');
  const romeo = await come(t, bench, 'romeo');
  juliet.do(`join ${room} Juliet`);
  await juliet.line(/^joined 1 present 0 earlier/);
  juliet.do(`configure ${room} muc#roomconfig_persistentroom=1 muc#roomconfig_membersonly=1`);
  await juliet.line(/^done configure/);
  romeo.do(`join ${room} Romeo`);
  await romeo.line(/^refused join registration-required/);
  juliet.do(`invite ${room} romeo@im.example.com`);
  await romeo.line(/^invited straight to garden@rooms/);
  romeo.do(`join ${room} Romeo`);
  await romeo.line(/^joined 2 present 0 earlier/);
  await juliet.line(/^presence available garden@rooms\.im\.example\.com\/Romeo participant/);
  romeo.do(`say ${room} hello 你好 <&>`);
  await juliet.line(/^heard Romeo hello 你好 <&>/);
  juliet.do(`subject ${room} Roses`);
  await romeo.line(/^subject Roses/);
  juliet.do(`whisper ${room}/Romeo psst`);
  await romeo.line(/^whispered garden@rooms\.im\.example\.com\/Juliet psst/);
  romeo.do(`ping ${room} Romeo`);
  await romeo.line(/^done ping/);
  juliet.do(`kick ${room} Romeo`);
  await romeo.line(/^presence unavailable garden@rooms\.im\.example\.com\/Romeo none 110 307/);
  romeo.do(`ping ${room} Romeo`);
  await romeo.line(/^refused ping not-acceptable/);
  const { items } = await bench.admin.call(routes.listRooms, { query: {} });
  assert.deepEqual(
    items.map(({ room: address, persistent, membersOnly, occupants }) => [address, persistent, membersOnly, occupants]),
    [[room, true, true, 1]],
  );

  bench = await bench.restart();
  await juliet.line(/^disconnected/);
  const again = await come(t, bench, 'romeo');
  again.do(`join ${room} Romeo`);
  await again.line(/^joined 1 present 1 earlier, subject Roses/);
  again.do(`archive ${room}`);
  await again.line(/^archive hello 你好 <&>/);
  const owner = await come(t, bench, 'juliet');
  owner.do(`owners ${room}`);
  await owner.line(/^owners juliet@im\.example\.com/);
  owner.do(`join ${room} Juliet`);
  await owner.line(/^joined 2 present/);
  owner.do(`ban ${room} romeo@im.example.com`);
  await again.line(/^presence unavailable garden@rooms\.im\.example\.com\/Romeo none 110 301/);
  again.do(`join ${room} Romeo`);
  await again.line(/^refused join forbidden/);
});

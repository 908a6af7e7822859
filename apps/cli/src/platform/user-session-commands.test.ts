import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient } from '@yaolian/xmpp';
import { runCli } from '../testing/run-cli.ts';
import { startSamplePlatform } from '../testing/sample-platform.ts';

test('who is connected is listed, found and ended', async () => {
  const port = { 'xmpp.host': '127.0.0.1', 'xmpp.port': 0, 'xmpp.tls-port': 0 };
  const place = await startSamplePlatform({ 'xmpp.domain': 'im.example', 'tls.names': 'im.example', ...port });
  const environment = { HOME: place.folder };
  const yaolian = async (line: string, stdin?: string) => {
    const run = await runCli(line.split(' '), { environment, ...(stdin === undefined ? {} : { stdin }) });
    return run;
  };
  try {
    await yaolian(`login ${place.url} --password-stdin`, `${place.platform.adminPassword!}\n`);
    assert.match((await yaolian('users sessions')).stdout, /^No sessions\.\n$/);
    await yaolian('users add juliet --password-stdin', 'juliet-secret');
    const url = place.platform.xmpp!.urls.find((one) => one.startsWith('xmpp://'))!;
    const authorities = await readFile(join(place.platform.dataFolder, 'tls/certificate.pem'));
    const connected = async (resource: string) => {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      const client = new XmppClient({
        jid: Jid.parse(`juliet@im.example/${resource}`)!,
        connector: xmppConnector({
          ...{ domain: 'im.example', host: '127.0.0.1', port: Number(new URL(url).port), tls: { authorities } },
        }),
        mechanisms: scramClients({ crypto: saslCrypto, username: 'juliet', password: 'juliet-secret' }),
        ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom },
        listener: { onClosed: () => resolve() },
      });
      await client.connect();
      return { session: `${client.jid}`, closed };
    };
    const { session, closed } = await connected('phone');
    const listed = await yaolian('users sessions --search JULIET@ --state connected');
    assert.match(listed.stdout, /^SESSION +KIND +STATE +PRESENCE +FROM +TLS +SINCE\njuliet@im\.example\//);
    assert.match(listed.stdout, / user +connected +unavailable +127\.0\.0\.1:\d+ +yes +2/);
    const { items } = JSON.parse((await yaolian('users sessions --json')).stdout);
    assert.deepEqual(
      items.map((one: { session: string }) => one.session),
      [session],
    );
    assert.match((await yaolian('users sessions --state waiting')).stdout, /^No sessions/);

    const ended = await yaolian(`users end-session ${session}`);
    assert.equal(ended.stdout, `${session} has ended\n`);
    await closed;
    const again = await yaolian(`users end-session ${session}`);
    assert.notEqual(again.exitCode, 0);
    assert.match(again.stderr, /there is no session/);

    const all = await Promise.all([connected('phone'), connected('desk')]);
    assert.equal((await yaolian('users end-sessions juliet')).stdout, 'All sessions of juliet have ended.\n');
    await Promise.all(all.map((one) => one.closed));
    assert.match((await yaolian('users sessions')).stdout, /^No sessions/);
    const nobody = await yaolian('users end-sessions romeo');
    assert.equal(nobody.exitCode, 1);
    assert.match(nobody.stderr, /romeo/);
  } finally {
    await place.close();
  }
});

/** slixmpp and its contacts at a whole platform: roster, subscriptions, messages that wait, carbons, blocking, the archive in pages. */
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { routes } from '@yaolian/contract';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { type Peer, start } from './support/processes.ts';

const python = fileURLToPath(new URL('.venv/bin/python', import.meta.url));
const script = fileURLToPath(new URL('slixmpp-im.py', import.meta.url));
const [juliet, romeo] = ['juliet@im.example.com', 'romeo@im.example.com'];

type Client = Peer & { do(line: string): void };

async function come(t: TestContext, bench: TestPlatform, jid: string): Promise<Client> {
  const found = bench.platform.listening.find(({ service, url }) => service === 'xmpp' && url.startsWith('xmpp:'))!;
  const port = found.url.split(':').at(-1)!;
  const certificate = join(bench.dataFolder, 'tls', 'certificate.pem');
  const peer = start(t, python, [script, jid, 'a long secret', '127.0.0.1', port, certificate]);
  await peer.line(/^online /);
  return { ...peer, do: (line) => void peer.process.stdin.write(`${line}\n`) };
}

test('slixmpp and its contacts: roster, subscriptions, messages that wait, carbons, blocking, archive', {
  timeout: 120_000,
}, async (t) => {
  await using bench = await openPlatform({
    ...{ 'xmpp.domain': 'im.example.com', 'xmpp.host': '127.0.0.1', 'xmpp.port': 0, 'xmpp.tls-port': 0 },
    'tls.names': 'im.example.com',
  });
  for (const name of ['juliet', 'romeo'])
    await bench.admin.call(routes.addUser, { params: { name }, body: { password: 'a long secret' } });
  const hers = await come(t, bench, `${juliet}/slix`);
  let his = await come(t, bench, `${romeo}/slix`);

  // RFC 6121 §3.1: she asks, he lets her in, and the other way round.
  hers.do(`subscribe ${romeo}`);
  await his.line(/^asked by juliet@/);
  his.do(`allow ${juliet}`);
  await hers.line(/^roster romeo@\S+ to - -/);
  await hers.line(/^let in by romeo@|^sees romeo@/);
  his.do(`subscribe ${juliet}`);
  await hers.line(/^asked by romeo@/);
  hers.do(`allow ${romeo}`);
  await hers.line(/^roster romeo@\S+ both - -/);
  await his.line(/^roster juliet@\S+ both - -/);
  hers.do(`name ${romeo} Romeo Lovers`);
  await hers.line(/^roster romeo@\S+ both Romeo Lovers/);

  // XEP-0160: what is said to who is away waits, with its time (XEP-0203), and her other client hears of it (XEP-0280).
  const phone = await come(t, bench, `${juliet}/phone`);
  phone.do('carbons');
  await phone.line(/^done carbons/);
  his.do('leave');
  await hers.line(/^misses romeo@/);
  for (const text of ['one', 'two', 'three 你好 <&>']) hers.do(`say ${romeo} ${text}`);
  await phone.line(/^carbon three 你好 <&>/);
  his = await come(t, bench, `${romeo}/slix`);
  await his.line(/^heard juliet@\S+ late one/);
  await his.line(/^heard juliet@\S+ late two/);
  await his.line(/^heard juliet@\S+ late three 你好 <&>/);
  await hers.line(/^sees romeo@/);

  // XEP-0313 by pages of two, for both.
  for (const [client, contact] of [
    [his, juliet],
    [hers, romeo],
  ] as const) {
    client.do(`archive ${contact}`);
    await client.line(/^archive one \| two \| three 你好 <&>/);
  }

  // What nobody listed is answered service-unavailable (RFC 6120 §8.3.3.19).
  hers.do('unheard-of im.example.com');
  await hers.line(/^refused unheard-of service-unavailable/);

  // RFC 6121 §2.5: out of the roster, and out of each other's sight.
  hers.do(`remove ${romeo}`);
  await hers.line(/^roster romeo@\S+ remove/);
  await his.line(/^roster juliet@\S+ (?:none|to|from) - -/);

  // XEP-0191: who is blocked is told as of an account that is not there.
  his.do(`block ${juliet}`);
  await his.line(/^done block/);
  hers.do(`say ${romeo} four`);
  await hers.line(/^refused message service-unavailable/);
});

/** The console tells in Chinese what the platform says in English: every setting, why receivers are not reached, the words of the message trace. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { connectionFailure } from '../apps/console/src/catalogue/connection-failures.ts';
import { settingTexts } from '../apps/console/src/catalogue/setting-texts.ts';
import { traceInChinese, traceWords } from '../apps/console/src/catalogue/trace-words.ts';
import { openPlatform } from './support/platform.ts';

test('every setting that the platform tells of has a Chinese text in the console, and no other has', async () => {
  await using bench = await openPlatform();
  const { items } = await bench.admin.call(routes.listSettings, {});
  assert.deepEqual(Object.keys(settingTexts).toSorted(), items.map(({ name }) => name).toSorted());
  for (const [name, text] of Object.entries(settingTexts)) assert.match(text, /\p{Script=Han}{2}/u, name);
});

/** A server of TCP that does this to whoever asks. */
async function openServer(onAsked: (socket: Socket) => void) {
  const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => onAsked(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test('why a receiver of webhooks is not reached has a text in both languages', async () => {
  await using rude = await openServer((socket) => socket.destroy());
  await using odd = await openServer((socket) => socket.end('hello\r\n\r\n'));
  await using bench = await openPlatform({ 'webhooks.private-addresses': true });
  const told = async (url: string) => {
    const { id } = await bench.admin.call(routes.addWebhook, { body: { url } });
    const { error = '' } = await bench.admin.call(routes.testWebhook, { params: { webhook: id } });
    return connectionFailure(error)?.zh;
  };
  assert.equal(await told(`http://127.0.0.1:${rude.port}/`), '对方中断了连接');
  assert.equal(await told(`http://127.0.0.1:${odd.port}/`), '对方的应答不是 HTTP');
  assert.equal(await told(`https://127.0.0.1:${odd.port}/`), 'TLS 握手失败，请确认对方支持 TLS');
  assert.equal(await told('http://127.0.0.1:1/'), '该地址和端口无服务监听');
});

/** What the tap of messages is told of those that are dropped: constants in the sources. */
function dropReasons(): string[] {
  const packages = join(import.meta.dirname, '../packages');
  return globSync('{coap,dtls}/src/**/*.ts', { cwd: packages, exclude: (name) => name.includes('.test.') })
    .map((file) => readFileSync(join(packages, file), 'utf8'))
    .flatMap((code) => [...code.matchAll(/(?:\.#?drop|onJudged)\(\s*'([^']+)'/g)].map(([, reason]) => reason!));
}

test('why a message was dropped, and every other word of the message trace, is told in Chinese', () => {
  const reasons = dropReasons();
  assert.ok(reasons.length > 20, String(reasons));
  for (const reason of reasons) assert.ok(Object.hasOwn(traceWords, reason), reason);
  const told = {
    'CON GET Read /3/0/0': 'CON GET Read /3/0/0',
    'ACK 2.05 Content to Read /3/0/0': 'ACK 2.05 Content（应答 Read /3/0/0）',
    '2.04 Changed to Update /rd/5a': '2.04 Changed（应答 Update /rd/5a）',
    'ACK empty': 'ACK（空）',
    'CON ping': 'CON ping',
    'no CoAP message: truncated option': '不是 CoAP 报文：选项不完整',
    'ClientKeyExchange, ChangeCipherSpec, Finished (encrypted)':
      'ClientKeyExchange、ChangeCipherSpec、Finished（已加密）',
    'Certificate (fragment)': 'Certificate（分片）',
    'alert handshake_failure (fatal)': 'Alert handshake_failure（致命）',
    'a session is open: TLS_PSK_WITH_AES_128_CCM_8, resumed': '会话已恢复：TLS_PSK_WITH_AES_128_CCM_8',
    'the session is over: closed by the peer': '会话结束：由对端关闭',
    'repeated answer': '重复应答',
    'what has no text': 'what has no text',
  };
  for (const [english, chinese] of Object.entries(told)) assert.equal(traceInChinese(english), chinese);
});

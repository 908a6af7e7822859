/** The console tells in Chinese what the platform says in English: every setting, why receivers are not reached, the words of the message trace. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { healthFindings, routes } from '@yaolian/contract';
import { connectionFailure } from '../apps/console/src/catalogue/connection-failures.ts';
import { health } from '../apps/console/src/catalogue/health.ts';
import { limits } from '../apps/console/src/catalogue/limits.ts';
import { settingTexts } from '../apps/console/src/catalogue/setting-texts.ts';
import { traceFailures } from '../apps/console/src/catalogue/trace-failures.ts';
import { fieldInChinese, traceFields } from '../apps/console/src/catalogue/trace-fields.ts';
import { traceInChinese, traceWords } from '../apps/console/src/catalogue/trace-words.ts';
import { settingNames } from '../apps/server/src/config/settings.ts';
import { openPlatform } from './support/platform.ts';

test('every setting that the platform tells of has a Chinese text in the console, and no other has', async () => {
  await using bench = await openPlatform();
  const { items } = await bench.admin.call(routes.listSettings, {});
  assert.deepEqual(Object.keys(settingTexts).toSorted(), items.map(({ name }) => name).toSorted());
  for (const [name, text] of Object.entries(settingTexts)) assert.match(text, /\p{Script=Han}{2}/u, name);
  const groups = items.filter(({ name }) => name.includes('.')).map(({ name }) => `limits.group.${name.split('.')[0]}`);
  for (const group of new Set(groups)) assert.ok(group in limits, group);
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

test('why a broker of MQTT refuses has a text in both languages, and the commonest one of their own', () => {
  const told = (reason: string) => connectionFailure(`Connection refused: ${reason}`);
  const own = ['Bad User Name or Password', 'Not authorized', 'Server busy', 'Unsupported Protocol Version', 'Banned'];
  const others = ['Client Identifier not valid', 'Server moved', 'Protocol Error', 'Retain not supported'];
  for (const reason of [...own, ...others]) assert.match(told(reason)?.zh ?? '', inChinese, reason);
  assert.notEqual(told('Not authorized')?.zh, told('Bad User Name or Password')?.zh);
  assert.equal(connectionFailure('connack timeout')?.zh, '未在时限内应答');
});

test('what advice on health names as a setting is one', () => {
  const advice = [
    ...Object.values(healthFindings).map((finding) => finding.advice as string),
    ...Object.entries(health).flatMap(([key, { en, zh }]) => (key.startsWith('health.advice.') ? [en, zh] : [])),
  ];
  // A group and its name, `mqtt.url` or `mqtt.*`: the end of a sentence has no letter behind its dot.
  const named = advice.flatMap((text) => text.match(/[a-z][a-z0-9-]*\.[a-z0-9-]*[a-z0-9*]|data-dir/g) ?? []);
  assert.ok(named.includes('mqtt.max-waiting') && named.includes('tls.client-ca') && named.includes('data-dir'));
  const unknown = named.filter((name) => !(settingNames as readonly string[]).includes(name));
  assert.deepEqual(unknown, []);
});

/** Constants in the sources of the platform that stand where a pattern says. */
function constants(files: string, pattern: RegExp): string[] {
  const cwd = join(import.meta.dirname, '..');
  const found = globSync(files, { cwd, exclude: (name) => name.includes('.test.') })
    .map((file) => readFileSync(join(cwd, file), 'utf8'))
    .flatMap((code) => [...code.matchAll(pattern)].map(([, one, other]) => (one ?? other)!));
  return [...new Set(found)];
}

const inChinese = /\p{Script=Han}/u;

test('why a message was dropped, and every other word of the message trace, is told in Chinese', () => {
  const reasons = constants('packages/{coap,dtls}/src/**/*.ts', /(?:\.#?drop|onJudged)\(\s*'([^']+)'/g);
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

test('why a handshake failed or a connection ended is told in Chinese, and so is whatever else happens beside messages', () => {
  const faults = constants('packages/dtls/src/**/*.ts', /fault\(\s*'\w+',\s*'([^']+)'/g);
  const ends = constants(
    'packages/{dtls/src,coap/src/stream}/**/*.ts',
    /\.(?:abandon|abort|#end)\(\s*'([^']+ [^']+)'/g,
  );
  assert.ok(faults.length > 35 && ends.length > 8, `${faults.length} ${ends.length}`);
  for (const reason of [...faults, ...ends]) {
    assert.ok(Object.hasOwn(traceFailures, reason) || Object.hasOwn(traceWords, reason), reason);
    assert.match(traceInChinese(`the handshake failed: ${reason}`), /^握手失败：.*\p{Script=Han}/u);
  }
  const events = constants('packages/{dtls,coap}/src/**/*.ts', /onEvent\(\s*'([^']+)'/g);
  assert.ok(events.length > 3);
  for (const event of events) assert.match(traceInChinese(event), inChinese, event);
  const told = {
    'the handshake failed: malformed ClientHello': '握手失败：ClientHello 格式有误',
    'the handshake failed: the peer sent unknown_ca': '握手失败：对端发送了 unknown_ca',
    'the handshake failed: unexpected Finished (server hello was awaited)':
      '握手失败：意外的 Finished（应为 server hello）',
    'the handshake failed: its certificate is not for a client': '握手失败：其证书不是客户端证书',
    'the connection ended: read ECONNRESET': '连接结束：对方中断了连接',
    'the connection ended: it aborted: no reason given': '连接结束：对端中止：未说明原因',
    'gave up: message 7 was sent 5 times and nobody acknowledged it': '放弃：报文 7 已发送 5 次，均无确认',
  };
  for (const [english, chinese] of Object.entries(told)) assert.equal(traceInChinese(english), chinese);
});

test('every field of a decoded layer has a name in Chinese; the words of peers stay', () => {
  const files = '{packages/{coap,dtls}/src/dissect.ts,apps/server/src/trace/{dissector,content-fields}.ts}';
  const names = constants(files, /(?:field|whole|plain|all)\(\s*'([^']+)'|\bname: '([^']+)'/g);
  assert.ok(names.length > 25, String(names));
  const layers = ['DTLS', 'CoAP', 'LwM2M'];
  const missing = names.filter((name) => !layers.includes(name) && !Object.hasOwn(traceFields, name));
  assert.deepEqual(missing, []);
  const told: [name: string, english: string, chinese: string][] = [
    ['Type', 'CON (confirmable)', 'CON（需确认）'],
    ['Payload', '12 bytes of text/plain (0)', '12 字节，格式为 text/plain (0)'],
    ['Encrypted', '40 bytes', '40 字节'],
    ['Fragment', '0 to 50', '第 0 至 50 字节'],
    ['Block2', '3/more/64', '第 3 块，后续还有，每块 64 字节'],
    ['Record', 'ClientKeyExchange, Finished (encrypted)', 'ClientKeyExchange、Finished（已加密）'],
    ['Malformed', 'truncated option', '选项不完整'],
    ['Uri-Path', '"rd"', '"rd"'],
    ['Text', 'none', 'none'],
    ['/3/0/0  Manufacturer', 'empty', 'empty'],
  ];
  for (const [name, english, chinese] of told) assert.equal(fieldInChinese(name, english), chinese, name);
});

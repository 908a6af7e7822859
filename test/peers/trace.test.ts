/** Wireshark reads what the platform exports, and decrypts it with the keys that it asks for. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { createDtlsClient } from '@yaolian/dtls';
import { decodeHex, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { run } from './support/processes.ts';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

async function exported(t: TestContext, { admin }: TestPlatform, query = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-trace-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'trace.pcapng');
  await writeFile(file, await admin.download(routes.exportTrace, { params: { subject: '*' }, query }));
  return file;
}

async function tshark(file: string, parameters: readonly string[]): Promise<string[]> {
  const { output } = await run('tshark', ['-r', file, ...parameters]);
  return output.trim().split('\n');
}

test('capinfos and tshark read an export: UDP and TCP, events as comments, no checksum wrong', async (t) => {
  await using bench = await openPlatform({ 'coap.tcp': true });
  const { admin, coap } = bench;
  await admin.call(routes.startTrace, { params: { subject: '*' } });
  await using terminal = await openTerminal({
    endpointName: 'wire',
    servers: [{ uri: `coap://${coap.key}`, lifetime: seconds(300) }],
  });
  terminal.client.start();
  await terminal.client.registered();
  await admin.call(routes.readResource, { params: { device: 'wire', path: '3/0' } });
  const tcp = bench.platform.listening.find(({ url }) => url.startsWith('coap+tcp://'))!.url;
  await run(process.execPath, [
    new URL('../../apps/cli/src/main.ts', import.meta.url).pathname,
    'coap',
    'get',
    `${tcp}/nothing`,
  ]);
  const file = await exported(t, bench);
  const info = await run('capinfos', ['-M', file]);
  assert.match(info.output, /Encapsulation = Raw IP/);
  const fields = ['-T', 'fields', '-e', 'coap.code', '-e', 'coap.opt.uri_path_recon', '-e', 'frame.comment'];
  const lines = await tshark(file, fields);
  assert.match(lines[0]!, /^2\t\/rd\tRegister \/rd$/);
  assert.ok(
    lines.some((line) => line.startsWith('69\t/3/0\tRead /3/0')),
    lines.join('\n'),
  );
  assert.ok(
    lines.some((line) => line.includes('coap+tcp: a connection was opened')),
    lines.join('\n'),
  );
  assert.ok(
    lines.some((line) => line.startsWith('132\t')),
    lines.join('\n'),
  );
  const check = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'];
  const bad = await tshark(file, [
    ...check,
    '-Y',
    'ip.checksum.status==0 || udp.checksum.status==0 || tcp.checksum.status==0',
  ]);
  assert.deepEqual(bad, ['']);
  // Wireshark 4.0 reads the options of signaling messages as if they were those of requests.
  assert.deepEqual(await tshark(file, ['-Y', '_ws.malformed && coap.code < 224']), ['']);
});

test('tshark decrypts DTLS with the secrets in the file', async (t) => {
  await using bench = await openPlatform({ 'trace.key-log': true });
  const { admin } = bench;
  const identity = 'me';
  const key = '00112233445566778899aabbccddeeff';
  await admin.call(routes.addCredential, { body: { endpoint: 'me', kind: 'psk', identity, key } });
  await admin.call(routes.startTrace, { params: { subject: '*' } });
  const url = bench.platform.listening.find(({ url }) => url.startsWith('coaps://'))!.url;
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const client = createDtlsClient({
    port,
    ...runtime,
    crypto: await openCrypto(),
    credentials: { psk: { identity: encodeUtf8(identity), key: decodeHex(key)! } },
    cipherSuites: ['TLS_PSK_WITH_AES_128_CCM_8'],
    connectionIdLength: false,
  });
  const endpoint = createCoapEndpoint({ port: client, ...runtime });
  t.after(() => endpoint.close());
  const peer = socketAddress('127.0.0.1', Number(new URL(url).port));
  await endpoint.request(peer, { method: Code.GET, path: '/secret/place' });
  const decode = ['-d', 'dtls.port==5684,coap', '-T', 'fields', '-e', 'coap.opt.uri_path_recon'];
  const wire = await tshark(await exported(t, bench, { wire: true }), decode);
  assert.ok(!wire.includes('/secret/place'));
  const withSecrets = await tshark(await exported(t, bench, { wire: true, secrets: true }), decode);
  assert.ok(withSecrets.includes('/secret/place'), withSecrets.join('\n'));
});

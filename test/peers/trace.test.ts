/** Wireshark reads what the platform exports, and decrypts it with the keys that it asks for. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { type CipherSuiteName, createDtlsClient } from '@yaolian/dtls';
import { decodeHex, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { run } from './support/processes.ts';
import { UdpRelay } from './support/udp-relay.ts';

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

test('tshark decrypts DTLS with the secrets in the file, Connection IDs and a move to another port included', async (t) => {
  await using bench = await openPlatform({ 'trace.key-log': true });
  const session = await openSession(t, bench, 'TLS_PSK_WITH_AES_128_CCM_8', 6);
  await session.ask('/secret/place');
  await session.relay.rebind();
  await session.ask('/moved/place');
  const wire = await tshark(await exported(t, bench, { wire: true }), paths);
  assert.ok(!wire.some((line) => line.includes('/place')), wire.join('\n'));
  const withSecrets = await tshark(await exported(t, bench, { wire: true, secrets: true }), paths);
  assert.ok(withSecrets.includes('wire\t25\t/secret/place'), withSecrets.join('\n'));
  assert.ok(withSecrets.includes('wire\t25\t/moved/place'), withSecrets.join('\n'));
});

test('what tshark cannot decrypt is beside it on an interface of its own', async (t) => {
  await using bench = await openPlatform({ 'trace.key-log': true });
  // RFC 8442: Wireshark 4.0 knows its suites by name alone.
  const session = await openSession(t, bench, 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256', 6);
  await session.ask('/secret/place');
  const withSecrets = await tshark(await exported(t, bench, { wire: true, secrets: true }), paths);
  assert.ok(!withSecrets.some((line) => line.includes('/place')), 'tshark has learnt it: say so in the guide');
  const file = await exported(t, bench, { wire: true, decrypted: true });
  const both = await tshark(file, paths);
  assert.ok(both.includes('wire\t25\t'), both.join('\n'));
  // Of the request, and of the answer, for which tshark knows what was asked.
  assert.equal(both.filter((line) => line === 'decrypted\t\t/secret/place').length, 2, both.join('\n'));
  const answers = await tshark(file, ['-Y', 'frame.interface_name == "decrypted" && coap.response_to', ...paths]);
  assert.equal(answers.length, 1, 'the answer finds its request');
});

const paths = ['-d', 'dtls.port==5684,coap', '-T', 'fields']
  .concat('-e', 'frame.interface_name', '-e', 'dtls.record.special_type')
  .concat('-e', 'coap.opt.uri_path_recon');

/** A client with a session of DTLS through a NAT. */
async function openSession(t: TestContext, bench: TestPlatform, suite: CipherSuiteName, connectionIdLength: number) {
  const { admin } = bench;
  const identity = 'me';
  const key = '00112233445566778899aabbccddeeff';
  await admin.call(routes.addCredential, { body: { endpoint: 'me', kind: 'psk', identity, key } });
  await admin.call(routes.startTrace, { params: { subject: '*' } });
  const url = bench.platform.listening.find(({ url }) => url.startsWith('coaps://'))!.url;
  const relay = await UdpRelay.open(t, Number(new URL(url).port));
  const client = createDtlsClient({
    port: await openUdpPort({ host: '127.0.0.1', port: 0 }),
    ...runtime,
    crypto: await openCrypto(),
    credentials: { psk: { identity: encodeUtf8(identity), key: decodeHex(key)! } },
    cipherSuites: [suite],
    connectionIdLength,
  });
  const endpoint = createCoapEndpoint({ port: client, ...runtime });
  t.after(() => endpoint.close());
  const peer = socketAddress('127.0.0.1', relay.port);
  return { relay, ask: (path: string) => endpoint.request(peer, { method: Code.GET, path }) };
}

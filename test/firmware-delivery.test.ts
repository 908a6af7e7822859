/** How packages come from the platform's own store, protocol by protocol: each transfer breaks once and goes on at the byte where it was. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { coapFetcher, type PackageFetcher, SecurityMode, type ServerAccess } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, oscoreCrypto } from '@yaolian/node-runtime';
import { createOscore, VolatileOscoreStates } from '@yaolian/oscore';
import { httpFetcher, terminalConnector } from '@yaolian/simulator';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { oscoreContext } from './support/oscore-terminal.ts';
import { EventLog, openPlatform } from './support/platform.ts';
import { steadyPort } from './support/steady-port.ts';

const bytes = new Uint8Array(randomBytes(30_000));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const coapSchemes = ['coap', 'coaps', 'coap+tcp', 'coaps+tcp'] as const;
const key = '00112233445566778899aabbccddeeff';
/** In the middle of a block. */
const breaksAt = 10_000;

/** Loses its first connection after so many bytes; `starts` has where each transfer began. */
function breakingOnce(fetcher: PackageFetcher, starts: number[]): PackageFetcher {
  return {
    async fetch(request) {
      const breaks = starts.length === 0;
      let received = 0;
      const outcome = await fetcher.fetch({
        ...request,
        onStart: (offset, etag, size) => {
          starts.push(offset);
          return request.onStart(offset, etag, size);
        },
        onBytes: async (chunk) => {
          const room = breaks ? breaksAt - received : chunk.length;
          received += chunk.length;
          return (
            (await request.onBytes(chunk.slice(0, room))) && received < (breaks ? breaksAt : Number.POSITIVE_INFINITY)
          );
        },
      });
      return breaks ? 'connection-lost' : outcome;
    },
  };
}

const protectedly = ' under OSCORE';
const ways = [...coapSchemes, 'http', 'https', `coap${protectedly}`, `coap+tcp${protectedly}`] as const;

for (const way of ways) {
  test(`a package is pulled by ${way}, breaks off, goes on, and is whole`, async () => {
    const scheme = way.split(' ')[0]!;
    const secureHttp = steadyPort();
    const overHttps = {
      'http.tls-host': '127.0.0.1',
      'http.tls-port': secureHttp,
      'firmware.http-base': `https://127.0.0.1:${secureHttp}`,
    };
    await using bench = await openPlatform(scheme === 'https' ? overHttps : {});
    const { admin, platform } = bench;
    const isSecure = scheme.startsWith('coaps');
    const isProtected = way.endsWith(protectedly);
    const context = oscoreContext('dev', '01');
    const credential = isProtected ? context.body : ({ endpoint: 'dev', kind: 'psk', identity: 'id', key } as const);
    if (isSecure || isProtected) await admin.call(routes.addCredential, { body: credential });
    await admin.call(routes.startTrace, { params: { subject: '*' } });
    const query = { name: 'fw.bin', version: '2.0', sha256 };
    const file = await admin.call(routes.uploadFirmware, { query, body: bytes });
    const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
    const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
    const oscore = createOscore({ ...machine, crypto: oscoreCrypto, store: new VolatileOscoreStates() });
    const datagrams = createCoapEndpoint({ port, ...machine, protection: oscore });
    const connector = terminalConnector(datagrams, {}, undefined, oscore);
    let accounts: () => readonly ServerAccess[] = () => [];
    const starts: number[] = [];
    const isHttp = scheme.startsWith('http');
    const authorities =
      scheme === 'https' ? await readFile(join(bench.dataFolder, 'tls', 'certificate.pem')) : undefined;
    const fetcher = isHttp ? httpFetcher(authorities && { authorities }) : coapFetcher(connector, () => accounts());
    const door = platform.listening.find(({ url }) => url.startsWith(`${isHttp ? 'coap' : scheme}:`))!.url;
    const psk = {
      securityMode: SecurityMode.PreSharedKey,
      publicKeyOrIdentity: encodeUtf8('id'),
      secretKey: new Uint8Array(Buffer.from(key, 'hex')),
    };
    await using terminal = await openFirmwareTerminal({
      endpointName: 'dev',
      becomes: '2.0',
      transport: connector,
      servers: [
        { uri: door, lifetime: seconds(300), ...(isSecure && psk), ...(isProtected && { oscore: context.access }) },
      ],
      // It takes whatever CoAP goes over; the platform knows by what it came.
      fetchers: Object.fromEntries(
        (isHttp || isProtected ? [scheme] : coapSchemes).map((one) => [one, breakingOnce(fetcher, starts)]),
      ),
    });
    accounts = () => terminal.client.accounts;
    terminal.client.start();
    await terminal.client.registered();
    const events = await EventLog.open(admin);
    const body = { file: file.id, delivery: 'pull' } as const;
    const { id } = await admin.call(routes.startFirmwareUpdate, { params: { device: 'dev' }, body });
    const over = await events.next(
      (event) => event.type === 'firmware.changed' && /succeeded|failed/.test(event.data.phase),
    );
    assert.ok(over.type === 'firmware.changed');
    const shown = await admin.call(routes.showFirmwareUpdate, { params: { id } });
    assert.deepEqual([shown.phase, shown.delivery, shown.attempts, shown.version], ['succeeded', scheme, 1, '2.0']);
    assert.deepEqual(starts, [0, breaksAt]);
    assert.deepEqual(terminal.installed, [bytes]);
    if (isProtected) {
      const { items } = await admin.call(routes.listTraceMessages, { params: { subject: '*' } });
      const asked = items.filter(({ direction, title }) => direction === 'in' && /\/fw\//.test(title));
      assert.ok(asked.length > 20 && asked.every(({ title }) => / ?OSCORE GET /.test(title)));
    }
    await events.close();
    await terminal.client.close();
    await datagrams.close();
    await oscore.close();
  });
}

test('a terminal with OSCORE that pulls without it gets nothing in the clear, and the package is pushed under OSCORE', async () => {
  await using bench = await openPlatform();
  const { admin, platform } = bench;
  const context = oscoreContext('dev', '01');
  await admin.call(routes.addCredential, { body: context.body });
  await admin.call(routes.startTrace, { params: { subject: '*' } });
  const query = { name: 'fw.bin', version: '2.0', sha256 };
  const file = await admin.call(routes.uploadFirmware, { query, body: bytes });
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const oscore = createOscore({ ...machine, crypto: oscoreCrypto, store: new VolatileOscoreStates() });
  const datagrams = createCoapEndpoint({ port, ...machine, protection: oscore });
  const door = platform.listening.find(({ url }) => url.startsWith('coap:'))!.url;
  await using terminal = await openFirmwareTerminal({
    endpointName: 'dev',
    becomes: '2.0',
    transport: terminalConnector(datagrams, {}, undefined, oscore),
    servers: [{ uri: door, lifetime: seconds(300), oscore: context.access }],
    // By no account: the way of terminals that protect what they say to servers, and nothing else. It could ask by http too.
    fetchers: { coap: coapFetcher(terminalConnector(datagrams, {}, undefined, oscore)), http: httpFetcher() },
  });
  terminal.client.start();
  await terminal.client.registered();
  const events = await EventLog.open(admin);
  const { id } = await admin.call(routes.startFirmwareUpdate, { params: { device: 'dev' }, body: { file: file.id } });
  await events.next((event) => event.type === 'firmware.changed' && /succeeded|failed/.test(event.data.phase));
  const shown = await admin.call(routes.showFirmwareUpdate, { params: { id } });
  assert.deepEqual([shown.phase, shown.delivery, shown.attempts, shown.version], ['succeeded', 'push', 2, '2.0']);
  assert.deepEqual(terminal.installed, [bytes]);
  const { items } = await admin.call(routes.listTraceMessages, { params: { subject: '*' } });
  const asked = items.filter(({ direction, title }) => direction === 'in' && /GET \/fw\//.test(title));
  assert.ok(asked.length > 0 && asked.every(({ title }) => !/OSCORE/.test(title)));
  const clear = items.filter(({ direction, title }) => direction === 'out' && !/OSCORE/.test(title));
  assert.ok(clear.some(({ title }) => /4\.01/.test(title)));
  assert.deepEqual(
    clear.filter(({ title }) => /2\.05/.test(title)),
    [],
  );
  await events.close();
  await terminal.client.close();
  await datagrams.close();
  await oscore.close();
});

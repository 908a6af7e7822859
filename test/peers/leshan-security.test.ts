/** Eclipse Leshan over DTLS (Californium, Scandium): its client against our platform, and our terminal against its server. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCoapEndpoint } from '@yaolian/coap';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { type Credentials, SecurityMode } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { terminalConnector } from '@yaolian/simulator';
import { certificateOf, privateKeyOf } from '../support/credentials.ts';
import { openTerminal } from '../support/terminal.ts';
import { file, folder, key, keyHex } from './support/dtls.ts';
import { type RunningPlatform, startPlatform } from './support/platform.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';
import { UdpRelay } from './support/udp-relay.ts';

const target = join(import.meta.dirname, 'leshan/target');
const classPath = `${join(target, 'classes')}:${join(target, 'dependency')}/*`;
/** What client.pem calls itself, and so what Leshan's server takes it for. */
const name = 'thermometer-1';
const modes = ['psk', 'rpk', 'x509'] as const;
type Mode = (typeof modes)[number];

function leshan(t: TestContext, program: 'LeshanTerminal' | 'LeshanPlatform', ...parameters: string[]): Peer {
  return start(t, 'java', ['-cp', classPath, program, ...parameters]);
}

function publicKeyFile(t: TestContext): string {
  const place = mkdtempSync(join(tmpdir(), 'yaolian-rpk-'));
  t.after(() => rmSync(place, { recursive: true }));
  const { publicKey } = new X509Certificate(readFileSync(file('client.pem')));
  writeFileSync(join(place, 'client.pub'), publicKey.export({ format: 'pem', type: 'spki' }));
  return join(place, 'client.pub');
}

/** Tells the platform what the terminal proves itself with. */
async function addCredential(t: TestContext, platform: RunningPlatform, mode: Mode, ...more: string[]): Promise<void> {
  const proof = {
    psk: () => ['--psk-identity', name, '--psk-key', keyHex],
    rpk: () => ['--public-key', publicKeyFile(t)],
    x509: () => ['--certificate', file('client.pem')],
  }[mode]();
  const added = await platform.yaolian('credentials', 'add', name, ...proof, ...more);
  assert.equal(added.code, 0, added.errors);
}

for (const mode of modes) {
  test(`Leshan's client registers with ${mode}, and goes on from another address by its Connection ID`, async (t) => {
    const platform = await startPlatform(t);
    await addCredential(t, platform, mode);
    const relay = await UdpRelay.open(t, platform.dtlsPort);
    const uri = `coaps://127.0.0.1:${relay.port}`;
    const server = join(platform.folder, 'tls/certificate.pem');
    const terminal = leshan(t, 'LeshanTerminal', 'register', uri, name, '300', mode, '4', folder, server);
    await terminal.line(/^REGISTERED/, 30);
    assert.match(JSON.stringify(await platform.json('read', name, '/3/0/0')), /"Leshan"/);
    // Without a Connection ID the Update would time out, and the terminal register anew.
    await relay.rebind();
    terminal.process.stdin.write('update\n');
    await terminal.line(/^UPDATED/, 30);
    assert.equal((await platform.yaolian('write', name, '/3/0/15', 'Europe/Vienna')).code, 0);
    await terminal.line(/^WRITTEN Europe\/Vienna$/);
    const { items } = await platform.json('credentials', 'list', '--endpoint', name);
    assert.deepEqual(
      items.map(({ state }: { state: string }) => state),
      ['used'],
    );
  });

  test(`Leshan's client bootstraps over PSK, is given ${mode} and registers with it`, async (t) => {
    const platform = await startPlatform(t);
    await addCredential(t, platform, 'psk', '--for', 'bootstrap');
    const uri = `coaps://127.0.0.1:${platform.dtlsPort}`;
    const secured = ['--mode', mode, '--issue', 'new', '--server-id', '7', '--lifetime', '120s'];
    const set = await platform.yaolian('bootstrap', 'set', 'default', '--uri', uri, ...secured);
    assert.equal(set.code, 0, set.errors);
    const server = join(platform.folder, 'tls/certificate.pem');
    const terminal = leshan(t, 'LeshanTerminal', 'bootstrap', uri, name, '0', 'psk', '4', folder, server);
    await terminal.line(/^BOOTSTRAPPED/, 30);
    await terminal.line(/^REGISTERED/, 30);
    assert.match(JSON.stringify(await platform.json('read', name, '/1/0/1')), /120/);
    const { items } = await platform.json('credentials', 'list', '--endpoint', name);
    const issued = items.filter((one: { issued?: boolean }) => one.issued);
    assert.deepEqual(
      issued.map(({ kind, state }: { kind: string; state: string }) => [kind, state]),
      [[mode === 'x509' ? 'certificate' : mode, 'used']],
    );
  });

  test(`our terminal registers with Leshan's server with ${mode}, by its Connection ID`, async (t) => {
    const port = await freeUdpPort();
    const server = leshan(t, 'LeshanPlatform', `${port}`, mode, name, '6', folder);
    await server.line(/^LISTENING/, 30);
    const udp = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
    const plain = createCoapEndpoint({ port: udp, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
    t.after(() => plain.close());
    const spki = (one: 'client' | 'server') => {
      const { publicKey } = new X509Certificate(certificateOf(one));
      return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
    };
    const credentials: Readonly<Record<Mode, Credentials>> = {
      psk: { securityMode: SecurityMode.PreSharedKey, publicKeyOrIdentity: encodeUtf8(name), secretKey: key },
      rpk: {
        securityMode: SecurityMode.RawPublicKey,
        publicKeyOrIdentity: spki('client'),
        serverPublicKey: spki('server'),
        secretKey: privateKeyOf('client'),
      },
      x509: {
        securityMode: SecurityMode.Certificate,
        publicKeyOrIdentity: certificateOf('client'),
        serverPublicKey: certificateOf('server'),
        secretKey: privateKeyOf('client'),
      },
    };
    const relay = await UdpRelay.open(t, port);
    const servers = [{ uri: `coaps://127.0.0.1:${relay.port}`, lifetime: seconds(86_400), ...credentials[mode] }];
    await using terminal = await openTerminal({ endpointName: name, transport: terminalConnector(plain), servers });
    terminal.client.start();
    await server.line(new RegExp(`^REGISTERED ${name} 86400$`), 30);
    const ask = async (command: string, expected: RegExp): Promise<void> => {
      server.process.stdin.write(`${name} ${command}\n`);
      const [answer] = await server.line(/^ANSWER .*/);
      assert.match(answer, expected, command);
    };
    await ask('read-text /3/0/0', /CONTENT.*Yaolian/);
    await relay.rebind();
    terminal.client.update();
    await server.line(new RegExp(`^UPDATED ${name}`), 30);
    await ask('observe /3303/0/5700', /CONTENT/);
    terminal.temperature.set('sensorValue', 33);
    await server.line(/^NOTIFIED \/3303\/0\/5700.*33/, 30);
  });
}

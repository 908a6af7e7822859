/** Terminals over Eclipse Mosquitto: the platform and `yaolian terminal` as users run them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type JsonBootstrapConfiguration, routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { EventLog, openPlatform, type TestPlatform } from '../support/platform.ts';
import { freeTcpPort, type Peer, run, start } from './support/processes.ts';

const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts');

interface Mosquitto {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Starts it, again after it was killed. */
  run(): Promise<Peer>;
}

/**
 * Names are endpoint names, each with the password `secret`; the access list is that of docs/mqtt.md.
 * @param secure over TLS, with `certificate.pem` in the folder
 */
async function mosquitto(t: TestContext, names: readonly string[] = [], secure = false): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-lwm2m-mqtt-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const port = await freeTcpPort();
  const inFolder = (name: string) => join(folder, name);
  const closed = ['allow_anonymous false', `password_file ${inFolder('passwords')}`, `acl_file ${inFolder('acl')}`];
  const lines = names.length === 0 ? ['allow_anonymous true'] : closed;
  const user = `user ${process.env['USER'] ?? 'root'}`;
  const tls = [`certfile ${inFolder('certificate.pem')}`, `keyfile ${inFolder('key.pem')}`];
  const listener = [`listener ${port} 127.0.0.1`, ...(secure ? tls : [])];
  if (secure) {
    const made = await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-out', inFolder('certificate.pem'), '-keyout', inFolder('key.pem')],
    ]);
    assert.equal(made.code, 0, made.errors);
  }
  writeFileSync(inFolder('mosquitto.conf'), [user, ...listener, ...lines, ''].join('\n'));
  writeFileSync(inFolder('secret.txt'), 'secret\n');
  const rules = ['user yaolian', 'topic readwrite tenant-a/lwm2m/#', ''];
  for (const part of ['rd', 'bs']) rules.push(`pattern readwrite tenant-a/lwm2m/${part}/%u`);
  writeFileSync(inFolder('acl'), `${rules.join('\n')}\n`);
  writeFileSync(inFolder('passwords'), '');
  for (const name of names) {
    const made = await run('mosquitto_passwd', ['-b', inFolder('passwords'), name, 'secret']);
    assert.equal(made.code, 0, made.errors);
  }
  const broker = async () => {
    const peer = start(t, 'mosquitto', ['-v', '-c', inFolder('mosquitto.conf')]);
    await peer.line(/running/);
    return peer;
  };
  const url = secure ? `mqtts://localhost:${port}/tenant-a` : `mqtt://127.0.0.1:${port}/tenant-a`;
  return { url, port, folder, run: broker };
}

function terminal(t: TestContext, endpointName: string, ...options: readonly string[]): Peer {
  return start(t, process.execPath, [cli, 'terminal', '--endpoint', endpointName, '--json', ...options]);
}

async function registered(bench: TestPlatform, endpoint: string) {
  const params = { device: endpoint };
  const look = () => bench.admin.call(routes.showDevice, { params }).catch(() => undefined);
  return until(async () => {
    const device = await look();
    return device?.registration ? device : undefined;
  }, `${endpoint} is registered`);
}

test('a terminal registers, is read, written, executed and observed, and is there again after the broker was', {
  timeout: 180_000,
}, async (t) => {
  const broker = await mosquitto(t);
  const first = await broker.run();
  await using bench = await openPlatform({ 'lwm2m.mqtt-url': broker.url });
  const { admin } = bench;
  const peer = terminal(t, 'dev-1', '--server', broker.url, '--sample-every', '1s', '--confirmable');
  await peer.line(/"registered"/);
  const device = await registered(bench, 'dev-1');
  assert.deepEqual([device.registration?.binding, device.registration?.lwm2mVersion], ['M', '1.2']);
  const params = (path: string) => ({ device: 'dev-1', path });
  const read = await admin.call(routes.readResource, { params: params('3/0/0') });
  assert.match(JSON.stringify(read), /Yaolian/);
  // Both come from one address, the broker's; a trace of one has nothing of the other.
  const other = terminal(t, 'dev-9', '--server', broker.url);
  await other.line(/"registered"/);
  await admin.call(routes.startTrace, { params: { subject: 'dev-1' } });
  await admin.call(routes.readResource, { params: { device: 'dev-9', path: '3/0/0' } });
  await admin.call(routes.writeResource, { params: params('3311/0/5850'), body: { value: true } });
  await admin.call(routes.writeAttributes, { params: params('3303/0/5700'), body: { pmin: 1 } });
  const events = await EventLog.open(admin);
  await admin.call(routes.startObservation, { params: params('3303/0/5700') });
  const isValue = ({ type, device: of }: { readonly type: string; readonly device?: string | undefined }) =>
    type === 'observation.notified' && of === 'dev-1';
  await events.next(isValue);
  const { items } = await admin.call(routes.listTraceMessages, { params: { subject: 'dev-1' } });
  assert.ok(items.every(({ peer: from }) => from.endsWith('/dev-1')));
  const titles = items.map(({ transport, title, peer: from }) => `${transport} ${from} ${title}`);
  const topic = 'mqtt mqtt:tenant-a/lwm2m/rd/dev-1';
  assert.ok(
    titles.some((title) => title.startsWith(topic) && /PUT Write \(replace\) \/3311\/0\/5850/.test(title)),
    titles.join('\n'),
  );

  first.process.kill('SIGKILL');
  await until(async () => {
    const failed = await admin.call(routes.readResource, { params: params('3/0/0') }).then(
      () => undefined,
      (error: Error) => error,
    );
    return failed;
  }, 'the platform hears that the broker is away');
  await broker.run();
  await until(
    () =>
      admin.call(routes.readResource, { params: params('3/0/0') }).then(
        () => true,
        () => undefined,
      ),
    'the terminal is read again',
  );
  await events.next(isValue);
  await events.close();
});

test('a terminal is bootstrapped over the broker, with its account there, and registers with it', {
  timeout: 180_000,
}, async (t) => {
  const names = ['yaolian', 'dev-2'];
  const broker = await mosquitto(t, names);
  await broker.run();
  const secret = join(broker.folder, 'secret.txt');
  await using bench = await openPlatform({
    'lwm2m.mqtt-url': broker.url,
    'lwm2m.mqtt-username': 'yaolian',
    'lwm2m.mqtt-password-file': secret,
  });
  const body: JsonBootstrapConfiguration = {
    servers: [{ uri: broker.url, shortServerId: 1, lifetime: 120 }],
    writes: [
      { path: '/24/0', resources: { 6: 'dev2', 7: 'dev-2', 8: Buffer.from('secret').toString('base64') } },
      { path: '/0/1/26', value: '24:0', type: 'objlnk' },
    ],
    discoversAfter: ['/'],
  };
  await bench.admin.call(routes.setBootstrap, { params: { endpoint: 'default' }, body });
  const account = ['--mqtt-username', 'dev-2', '--mqtt-password-file', secret];
  const peer = terminal(t, 'dev-2', '--bootstrap', broker.url, ...account);
  await peer.line(/"bootstrap-finished"/);
  await peer.line(/"registered"/);
  const device = await registered(bench, 'dev-2');
  assert.deepEqual([device.registration?.binding, device.registration?.lifetime], ['M', 120]);

  // The broker lets nobody under the topic of another: its registration does not come through.
  const stranger = terminal(t, 'dev-3', '--server', broker.url, ...account);
  await stranger.line(/refuses the subscription|[Nn]ot authori[sz]ed/);
  // Who has no account is told so.
  const nobody = terminal(t, 'dev-4', '--server', broker.url);
  await nobody.line(/[Nn]ot authori[sz]ed/);
  const all = await bench.admin.call(routes.listDevices, {});
  assert.deepEqual(
    all.items.map(({ key }) => key),
    ['dev-2'],
  );
});

test('over mqtts: registered, read and observed with the authority that is named, over a broker that restarts; nobody else is believed', {
  timeout: 180_000,
}, async (t) => {
  const broker = await mosquitto(t, ['yaolian', 'dev-5'], true);
  const first = await broker.run();
  const [secret, authority] = [join(broker.folder, 'secret.txt'), join(broker.folder, 'certificate.pem')];
  await using bench = await openPlatform({
    'lwm2m.mqtt-url': broker.url,
    'lwm2m.mqtt-username': 'yaolian',
    'lwm2m.mqtt-password-file': secret,
    'lwm2m.mqtt-ca-file': authority,
  });
  const { admin } = bench;
  const account = ['--server', broker.url, '--mqtt-username', 'dev-5', '--mqtt-password-file', secret];
  // Without the authority the broker is anybody.
  const wary = terminal(t, 'dev-5', ...account);
  await wary.line(/self[- ]signed|certificate/);
  const peer = terminal(t, 'dev-5', ...account, '--ca', authority, '--sample-every', '1s');
  await peer.line(/"registered"/);
  await registered(bench, 'dev-5');
  await admin.call(routes.startTrace, { params: { subject: 'dev-5' } });
  const params = (path: string) => ({ device: 'dev-5', path });
  // A request that comes to the broker before the terminal is back is lost.
  const isRead = () =>
    admin.call(routes.readResource, { params: params('3/0/0'), query: { timeout: '3s' } }).then(
      () => true,
      () => undefined,
    );
  assert.ok(await isRead());
  const events = await EventLog.open(admin);
  await admin.call(routes.startObservation, { params: params('3303/0/5700') });
  const isValue = ({ type }: { readonly type: string }) => type === 'observation.notified';
  await events.next(isValue);
  const ended = once(first.process, 'exit');
  first.process.kill('SIGTERM');
  await ended;
  await broker.run();
  await until(isRead, 'the terminal is read again');
  await events.next(isValue);
  await events.close();
  // What was said is in the export, as the CoAP messages that say the same.
  const file = join(broker.folder, 'trace.pcapng');
  writeFileSync(file, await admin.download(routes.exportTrace, { params: { subject: 'dev-5' } }));
  const fields = ['-T', 'fields', '-e', 'coap.code', '-e', 'coap.opt.uri_path_recon', '-e', 'frame.comment'];
  const { output } = await run('tshark', ['-r', file, '-Y', 'coap && ipv6.addr == 2001:db8::/32', ...fields]);
  assert.match(output, /^1\t\/3\/0\/0\tmqtt:tenant-a\/lwm2m\/rd\/dev-5 .*Read \/3\/0\/0/m);
  assert.match(output, /^69\t.*mqtt:tenant-a\/lwm2m\/rd\/dev-5 /m);
});

test('over MQTT nobody has less to prove than over coap: neither with credentials nor without NoSec', {
  timeout: 180_000,
}, async (t) => {
  const broker = await mosquitto(t);
  await broker.run();
  {
    await using bench = await openPlatform({ 'lwm2m.mqtt-url': broker.url });
    const key = '00112233445566778899aabbccddeeff';
    const credential = { endpoint: 'dev-5', kind: 'psk', identity: 'dev-5', key } as const;
    await bench.admin.call(routes.addCredential, { body: credential });
    const proven = terminal(t, 'dev-5', '--server', broker.url);
    await proven.line(/this endpoint has credentials|"registration-failed"/);
    const list = await bench.admin.call(routes.listDevices, {});
    assert.deepEqual(list.items.filter(({ state }) => state !== 'OFFLINE').length, 0);
    proven.process.kill('SIGKILL');
  }
  await using bench = await openPlatform({ 'lwm2m.mqtt-url': broker.url, 'coap.nosec': false });
  const open = terminal(t, 'dev-6', '--server', broker.url);
  await open.line(/"registration-failed"/);
  const list = await bench.admin.call(routes.listDevices, {});
  assert.equal(list.items.filter(({ state }) => state !== 'OFFLINE').length, 0);
});

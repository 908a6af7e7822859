/** Eclipse Mosquitto as the broker that the platform publishes to. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { openPlatform } from '../support/platform.ts';
import { startServer } from '../support/server-process.ts';
import { openTerminal } from '../support/terminal.ts';
import { freeTcpPort, type Peer, run, start } from './support/processes.ts';

const endpointName = 'urn:dev:mac:0024befffe804ff1';

interface Mosquitto {
  readonly port: number;
  readonly folder: string;
  /** Starts it, again after it was killed. */
  run(): Promise<Peer>;
}

async function mosquitto(t: TestContext, lines: (folder: string) => readonly string[]): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-mqtt-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const port = await freeTcpPort();
  const file = join(folder, 'mosquitto.conf');
  const user = `user ${process.env['USER'] ?? 'root'}`;
  writeFileSync(file, [user, `listener ${port} 127.0.0.1`, ...lines(folder), ''].join('\n'));
  const broker = async () => {
    const peer = start(t, 'mosquitto', ['-v', '-c', file]);
    await peer.line(/running/);
    return peer;
  };
  return { port, folder, run: broker };
}

/** Listens to all topics; a line for each message. */
async function subscriber(t: TestContext, port: number, ...more: string[]): Promise<Peer> {
  const host = ['-h', '127.0.0.1', '-p', String(port)];
  const peer = start(t, 'stdbuf', [
    '-oL',
    'mosquitto_sub',
    '-V',
    '5',
    ...host,
    '-q',
    '1',
    '-t',
    '#',
    '-F',
    '%r %t %p',
    '-d',
    ...more,
  ]);
  await peer.line(/^Subscribed/);
  return peer;
}

test('events, values and states come to a subscriber; over a broker that goes away, none is lost', {
  timeout: 120_000,
}, async (t) => {
  const broker = await mosquitto(t, () => ['allow_anonymous true']);
  const first = await broker.run();
  const reader = await subscriber(t, broker.port);
  await using bench = await openPlatform({ 'mqtt.url': `mqtt://127.0.0.1:${broker.port}`, 'mqtt.topic': 'fleet/one' });
  await reader.line(/^0 fleet\/one\/status online$/);
  await using terminal = await openTerminal({ endpointName, server: bench.coap });
  terminal.client.start();
  const place = `fleet/one/devices/${endpointName}`;
  const told = await reader.line(new RegExp(`^0 ${place}/events/device\\.registered (.*)$`));
  const { time, ...registered } = JSON.parse(told[1]!);
  assert.match(time, /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual(
    [registered.type, registered.device, registered.data.lifetime],
    ['device.registered', endpointName, 86_400],
  );
  await reader.line(new RegExp(`^0 ${place}/state {"online":true,`));

  const params = { device: endpointName, path: '3303/0/5700' };
  await bench.admin.call(routes.startObservation, { params });
  terminal.temperature.set('sensorValue', 21.5);
  const value = await reader.line(new RegExp(`^0 ${place}/values/3303/0/5700 (.*"value":21\\.5.*)$`));
  assert.deepEqual({ ...JSON.parse(value[1]!), time: 0 }, { time: 0, value: 21.5, name: 'Sensor Value' });

  // §3.1.2.5, retained: who comes later knows what holds.
  const later = await subscriber(t, broker.port);
  await later.line(new RegExp(`^1 ${place}/state {"online":true,`));

  first.process.kill('SIGKILL');
  const away = ['22.5', '23.5', '24.5'];
  for (const text of away) terminal.temperature.set('sensorValue', Number(text));
  await broker.run();
  const again = await subscriber(t, broker.port);
  const seen = new Set<string>();
  while (seen.size < away.length) {
    const match = await again.line(new RegExp(`^0 ${place}/values/3303/0/5700 .*"value":(2[234]\\.5)`));
    seen.add(match[1]!);
  }
  await terminal.client.close();
  await again.line(new RegExp(`^0 ${place}/state {"online":false,`));
  await bench.platform.stop();
  await again.line(/^0 fleet\/one\/status offline$/);
});

test('over TLS with a password; a platform that is killed is said to be offline by its will', {
  timeout: 60_000,
}, async (t) => {
  const broker = await mosquitto(t, (folder) => [
    ...[`certfile ${join(folder, 'certificate.pem')}`, `keyfile ${join(folder, 'key.pem')}`],
    `password_file ${join(folder, 'passwords')}`,
  ]);
  const file = (name: string) => join(broker.folder, name);
  writeFileSync(file('secret.txt'), 'right horse\n');
  const made = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-out', file('certificate.pem'), '-keyout', file('key.pem')],
  ]);
  assert.equal(made.code, 0, made.errors);
  const user = await run('mosquitto_passwd', ['-b', '-c', file('passwords'), 'ann', 'right horse']);
  assert.equal(user.code, 0, user.errors);
  await broker.run();
  const access = ['--cafile', file('certificate.pem'), '--insecure', '-u', 'ann', '-P', 'right horse'];
  const reader = await subscriber(t, broker.port, ...access);
  const url = ['--mqtt-url', `mqtts://localhost:${broker.port}`, '--mqtt-ca-file', file('certificate.pem')];
  const server = await startServer([
    ...['--data-dir', file('data'), '--http-port', '0', '--coap-port', '0', '--coap-host', '127.0.0.1'],
    ...[...url, '--mqtt-username', 'ann', '--mqtt-password-file', file('secret.txt')],
  ]);
  await reader.line(/^0 yaolian\/status online$/);
  await server.kill();
  await reader.line(/^0 yaolian\/status offline$/);
});

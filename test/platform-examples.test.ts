/** The READMEs of packages/igrs and packages/contract: their examples do what they say, with a platform. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { insist, inTime } from '@yaolian/testkit';
import { listDevices } from '../packages/contract/examples/devices.ts';
import { addLamp } from '../packages/igrs/examples/home.ts';
import { startThermostat } from '../packages/igrs/examples/thermostat.ts';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { remoteAccess, TestUser } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

test('the examples stand in the READMEs as they are', () => {
  for (const [name, file] of [
    ['igrs', 'home.ts'],
    ['igrs', 'thermostat.ts'],
    ['contract', 'devices.ts'],
  ] as const) {
    const folder = join(import.meta.dirname, '../packages', name);
    const source = readFileSync(join(folder, 'examples', file), 'utf8');
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `packages/${name}/README.md has another ${file}`);
  }
});

test('ann adds a lamp by its code, reads it and hears its next value', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: 'lamp' }, body: {} });
  const place = placeOf(bench);
  const lines: string[] = [];
  // A value is pushed when it changes after it was observed, so it goes on changing.
  let celsius = 20;
  const warm = () => terminal.temperature.set('sensorValue', celsius++);
  const added = addLamp(place, code, (line) => lines.push(line));
  await insist(
    warm,
    inTime(added, () => `a pushed value after ${lines.join('; ')}`),
  );
  assert.match(lines[0]!, /^Sensor Value: \d+ /);
  assert.match(lines[1]!, /^\/3303\/0\/5700 is \d+ /);
});

test('a thermostat that speaks Remote Access is bound by its code, read and set', async () => {
  await using bench = await openPlatform(remoteAccess);
  const lines: string[] = [];
  const { device, verifyCode } = await startThermostat(placeOf(bench), 'a-long-password', (line) => lines.push(line));
  try {
    await using ann = await TestUser.register(bench, 'ann');
    await ann.home.bind('hall@home.example', verifyCode, { name: 'Hall' });
    const hall = ann.home.device('hall@home.example');
    const [temperature] = await hall.read('/3303/0');
    assert.equal(`${temperature?.name} ${temperature?.text} ${temperature?.unit}`, 'Sensor Value 19.5 Cel');
    assert.equal(await hall.write('/3308/0/5900', '22'), 'done');
    assert.equal((await hall.read('/3308/0/5900'))[0]?.text, '22');
    await assert.rejects(hall.write('/3308/0/5900', '40'), /30 degrees at most/);
    assert.ok(
      lines.some((line) => /^ann@home\.example.* owns it now$/.test(line)),
      lines.join('; '),
    );
    assert.ok(
      lines.some((line) => /write \/3308\/0\/5900: done$/.test(line)),
      lines.join('; '),
    );
  } finally {
    device.close();
  }
});

test('the devices of a platform, and what each calls itself', async () => {
  await using bench = await openPlatform();
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const lines: string[] = [];
  await listDevices(bench.httpUrl, bench.platform.adminPassword!, (line) => lines.push(line));
  assert.equal(lines[0], 'lamp is ONLINE');
  assert.match(lines[1]!, /"name":"Manufacturer"/);
});

/** Where a platform is for those who use its Remote Access. */
function placeOf(bench: TestPlatform) {
  return {
    url: bench.httpUrl,
    port: Number(new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url).port),
    certificate: readFileSync(join(bench.dataFolder, 'tls/certificate.pem'), 'utf8'),
  };
}

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeClock, ownCertificate } from '@yaolian/node-runtime';
import { type Config, defaultConfig } from '../config/settings.ts';
import { readBrokerFiles } from './broker-files.ts';

test('files of a broker are read at the start, and what is wrong with them is told by their settings', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-broker-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const own = await ownCertificate({ folder: join(folder, 'own'), clock: nodeClock });
  const other = await ownCertificate({ folder: join(folder, 'other'), clock: nodeClock });
  const certificate = await file('certificate.pem', own.certificate);
  const key = await file('key.pem', own.key);
  const otherKey = await file('other-key.pem', other.key);
  const text = await file('text.txt', 'p4ss\r\n');

  for (const group of ['mqtt.', 'lwm2m.mqtt-'] as const) {
    const read = (settings: Readonly<Record<string, string>>) => {
      const named = Object.entries(settings).map(([name, value]) => [`${group}${name}`, value]);
      return readBrokerFiles({ ...defaultConfig(), ...(Object.fromEntries(named) as Partial<Config>) }, group);
    };
    const refused = (settings: Readonly<Record<string, string>>, message: string) =>
      assert.rejects(read(settings), { code: 'MQTT_SETTING_BAD', message: `${group}${message}` });

    const all = { username: 'ann', 'password-file': text, 'ca-file': certificate };
    const files = await read({ ...all, 'certificate-file': certificate, 'key-file': key });
    assert.equal(Buffer.from(files.password!).toString(), 'p4ss\r\n');
    assert.ok(files.authorities && files.credentials);
    await refused({ 'password-file': text }, `password-file is not right: it goes with ${group}username`);
    await refused({ 'ca-file': text }, `ca-file is not right: ${text} holds no certificates in PEM`);
    await refused({ 'ca-file': join(folder, 'none') }, `ca-file is not right: there is no file ${folder}/none`);
    const both = `certificate-file is not right: it goes with ${group}key-file: give both, or none`;
    await refused({ 'certificate-file': certificate }, both);
    await refused({ 'key-file': key }, both);
    await refused(
      { 'certificate-file': text, 'key-file': key },
      `certificate-file is not right: ${text} holds no certificates in PEM`,
    );
    for (const wrong of [otherKey, text]) {
      await refused(
        { 'certificate-file': certificate, 'key-file': wrong },
        `key-file is not right: ${wrong} is not the key of the certificate in ${group}certificate-file, or no key in PEM`,
      );
    }
  }
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seconds, silentLog } from '@yaolian/kernel';
import { certificatesOfPem } from '@yaolian/node-runtime';
import { until, VirtualTime } from '@yaolian/testkit';
import { LiveAuthorities } from './live-authorities.ts';

const pem = (name: string) =>
  readFile(new URL(`../../../../packages/dtls/test/certificates/${name}.pem`, import.meta.url), 'utf8');

test('the file of tls.client-ca is read again: all take what is in it and what was added, and what cannot be read changes nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-authorities-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  const [ca, middle, other] = [await pem('ca'), await pem('middle'), await pem('server')];
  await writeFile(file, ca);
  const time = new VirtualTime();
  const refused: string[] = [];
  const config = { 'tls.client-ca': file, 'tls.max-client-ca': 64 };
  const log = { ...silentLog, warn: (text: string) => void refused.push(text) };
  const open = () => LiveAuthorities.open({ config, dataFolder: folder, timers: time, log });
  const live = await open();
  let isDeaf = false;
  const taken: (string | undefined)[] = [];
  live.onChange((all) => {
    if (isDeaf) throw new Error('it takes none');
    taken.push(all);
  });
  const subjects = () => live.list.map(({ facts, origin }) => `${origin} ${facts.subject.split('CN=')[1]}`);
  const later = async () => {
    await time.advance(seconds(10));
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate); // files are read
  };
  const comes = (isSo: () => boolean, what: string) => until(async () => later().then(isSo), what);
  await later();
  assert.deepEqual([taken, subjects()], [[], ['files Test authority']], 'nothing changed');

  await live.add(certificatesOfPem(other, 'it'));
  const added = 'imported server.example';
  assert.deepEqual(subjects().sort(), ['files Test authority', added]);
  await writeFile(file, ca + middle);
  await comes(() => live.list.length === 3, 'the second authority of the file');
  assert.deepEqual(subjects().sort(), ['files Middle authority', 'files Test authority', added]);
  assert.equal(taken.at(-1), live.pem);
  await writeFile(file, middle);
  await comes(() => live.list.length === 2, 'that the first one is gone');
  assert.deepEqual(subjects().sort(), ['files Middle authority', added]);

  for (const text of ['', 'half of a certificate', middle.slice(0, 200)]) {
    refused.length = 0;
    await writeFile(file, text);
    await comes(() => refused.length > 0, 'the refusal');
    assert.deepEqual(subjects().sort(), ['files Middle authority', added], text);
    assert.match(live.trouble!, /tls.client-ca/);
    await later();
    assert.equal(refused.length, 1, 'what is wrong is said once');
  }
  // Who does not take them has all go back to what was before.
  isDeaf = true;
  refused.length = 0;
  await writeFile(file, ca);
  await comes(() => refused.length > 0, 'the refusal');
  assert.deepEqual(subjects().sort(), ['files Middle authority', added]);
  isDeaf = false;
  await comes(() => taken.at(-1)?.includes(ca.trim()) === true, 'the first one again');
  assert.equal(live.trouble, undefined);

  // What an admin added stays added while it is in the file, too.
  await writeFile(file, ca + other);
  await comes(() => live.list.length === 2 && live.list.every(({ origin }) => origin === 'files'), 'it in the file');
  await live.add(certificatesOfPem(middle, 'it'));
  await live.remove(live.list.find(({ origin }) => origin === 'imported')!.facts.fingerprint);
  await writeFile(file, ca);
  await comes(() => subjects().includes(added), 'that it was added');
  assert.deepEqual((await open()).list.length, 2, 'as after a restart');

  live.close();
  await writeFile(file, middle);
  await later();
  assert.ok(subjects().includes('files Test authority'), 'closed, it looks no more');
});

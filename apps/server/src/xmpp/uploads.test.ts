import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { MemoryUploadStore } from '@yaolian/directory/testing';
import { days, silentLog } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { defaultConfig } from '../config/settings.ts';
import { Uploads } from './uploads.ts';

test('two put a file into one slot at the same time: the first that came stays, whole', async (t) => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'yaolian-uploads-'));
  t.after(() => rm(dataFolder, { recursive: true, force: true }));
  const time = new VirtualTime();
  const store = new MemoryUploadStore();
  const config = { ...defaultConfig(), 'xmpp.upload-url': 'https://files.example' };
  const machine = { clock: time, timers: time, random: new SeededRandom(1), log: silentLog };
  const uploads = (await Uploads.open({ ...machine, config, dataFolder, store }))!;
  const slot = await uploads.slot('ann', { name: 'a.txt', size: 5 });
  const id = slot!.put.split('/').at(-2)!;
  const content = new PassThrough();
  const first = uploads.put(id, content);
  // The second one looks whether there is room while the first is under way, and hears so late.
  const late = Promise.withResolvers<void>();
  const upload = store.upload.bind(store);
  store.upload = async (name) => {
    const found = await upload(name);
    await late.promise;
    return found;
  };
  const second = uploads.put(id, Readable.from([Buffer.from('other')]));
  store.upload = upload;
  content.end('hello');
  assert.equal(await first, undefined);
  late.resolve();
  assert.equal(await second, 'there');
  assert.equal(await text(uploads.read((await uploads.find(id))!)), 'hello');
  uploads.close();
});

test('a clock that is years ahead for a while costs no files', async (t) => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'yaolian-uploads-'));
  t.after(() => rm(dataFolder, { recursive: true, force: true }));
  const time = new VirtualTime();
  const store = new MemoryUploadStore();
  const config = { ...defaultConfig(), 'xmpp.upload-url': 'https://files.example' };
  const machine = { clock: time, timers: time, random: new SeededRandom(1), log: silentLog };
  const uploads = (await Uploads.open({ ...machine, config, dataFolder, store }))!;
  const slot = await uploads.slot('ann', { name: 'a.txt', size: 5 });
  const id = slot!.put.split('/').at(-2)!;
  assert.equal(await uploads.put(id, Readable.from([Buffer.from('hello')])), undefined);
  time.setClock(days(3650));
  await uploads.prune();
  time.setClock(-days(3650));
  await uploads.prune();
  assert.equal((await uploads.find(id))?.id, id);
  uploads.close();
});

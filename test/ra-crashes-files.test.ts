/** Faults of Remote Access: the server dies while accounts hand each other a file (XEP-0363). It is there whole once that was told, or can be put again. */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { element } from '@yaolian/xmpp';
import { Crashes } from './support/crashes.ts';
import { openOnFolder, openPlatform } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';

const files = 'https://files.home.example';
const settings = { ...remoteAccess, 'xmpp.upload-url': files };
const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);

test('the server dies at any commit of a file on its way, and in the middle of it: whole once that was told, else it is put again', async () => {
  using crashes = new Crashes();
  let path = '';
  {
    await using live = await openPlatform(settings, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using ann = await TestUser.register(live, 'ann');
    const put = (body: ReadableStream<Uint8Array>) =>
      fetch(`${live.httpUrl}${path}`, { method: 'PUT', body, duplex: 'half' } as RequestInit & { duplex: 'half' });
    crashes.isOn = true;
    const wanted = { filename: 'cellar.png', size: String(bytes.length), 'content-type': 'image/png' };
    const answer = await ann.client.request('get', domain, element('request', 'urn:xmpp:http:upload:0', wanted));
    assert.ok(answer.kind === 'result');
    path = answer.payload!.elements('put')[0]!.attribute('url')!.replace(files, '');
    crashes.told = 1;
    crashes.keep();

    const half = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes.slice(0, 50_000));
        await half.promise;
        controller.enqueue(bytes.slice(50_000));
        controller.close();
      },
    });
    const taken = put(body);
    const uploads = join(live.dataFolder, 'uploads');
    await until(
      () => readdirSync(uploads).some((name) => statSync(join(uploads, name)).size > 0),
      'some of the file on disk',
    );
    crashes.keep();
    half.resolve();
    assert.equal((await taken).status, 201);
    crashes.told = 2;
    crashes.isOn = false;
    crashes.keep();
  }
  assert.ok(crashes.moments.length >= 5, 'a commit of the slot and one of the file, and what was kept besides');
  for (const [moment, { folder, told }] of crashes.moments.entries()) {
    await using place = await openOnFolder(folder, settings);
    const url = `${place.httpUrl}${path}`;
    const found = async () => {
      const response = await fetch(url);
      return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
    };
    const before = await found();
    if (told < 2 && before.status === 404) {
      const { status } = await fetch(url, { method: 'PUT', body: bytes });
      assert.ok(status === 201 || (told < 1 && status === 404), `moment ${moment}, ${told} told: ${status}`);
      if (status === 404) continue;
    }
    assert.deepEqual(await found(), { status: 200, body: bytes }, `moment ${moment}, ${told} told`);
  }
});

import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { jsonLines, runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';

describe('yaolian smartcard', () => {
  let place: SamplePlatform;
  let folder: string;
  before(async () => {
    place = await startSamplePlatform();
    folder = await mkdtemp(join(tmpdir(), 'yaolian-card-'));
  });
  after(async () => {
    await place.close();
    await rm(folder, { recursive: true });
  });

  const write = (...words: string[]) => runCli(['smartcard', 'write', join(folder, 'card.bin'), '--force', ...words]);

  it('lets nobody else read a card, and writes over none unasked', async () => {
    const card = join(folder, 'secret.bin');
    const words = ['smartcard', 'write', card, '--uri', 'coap://h'];
    const mode = async () => ((await stat(card)).mode & 0o777).toString(8);
    assert.equal((await runCli(words)).exitCode, 0);
    assert.equal(await mode(), '600');
    const again = await runCli(words);
    assert.deepEqual(
      [again.exitCode, again.stderr],
      [2, `yaolian: the file ${card} is there already; --force writes over it\n`],
    );
    await chmod(card, 0o644);
    assert.equal((await runCli([...words, '--force'])).exitCode, 0);
    assert.equal(await mode(), '600');
  });

  it('writes a card that a terminal registers by', async () => {
    const written = await write('--uri', place.coap, '--lifetime', '77s');
    assert.equal(written.exitCode, 0, written.stderr);
    const interruption = new AbortController();
    let lifetime: number | undefined;
    const words = ['terminal', '--endpoint', 'carded', '--smartcard', join(folder, 'card.bin'), '--json'];
    await runCli(words, {
      signal: interruption.signal,
      onOutput: (text) => {
        if (!/"type":"registered"/.test(text)) return;
        lifetime = place.platform.server.registration({ endpoint: 'carded' })?.lifetime;
        interruption.abort();
      },
    });
    assert.equal(lifetime, 77);
  });

  it('shows what is on a card, keys too', async () => {
    const key = '00112233445566778899aabbccddeeff';
    await write('--uri', 'coaps://h', '--mode', 'psk', '--psk-identity', 'id', '--psk-key', key);
    const shown = await runCli(['smartcard', 'show', join(folder, 'card.bin')]);
    assert.match(shown.stdout, /^\/0\/1\/0 +LWM2M Server URI +coaps:\/\/h$/m);
    assert.match(shown.stdout, new RegExp(`^/0/1/5 +Secret Key +0x${key}$`, 'm'));
    assert.match(shown.stdout, /^\/1\/0\/1 +Lifetime +86400 +s$/m);
  });

  it('leads to a Bootstrap-Server, and to several servers from a file', async () => {
    const objects = async () => {
      const run = await runCli(['smartcard', 'show', join(folder, 'card.bin'), '--json']);
      const [{ objects }] = jsonLines(run) as [{ objects: { id: number; instances: { id: number }[] }[] }];
      return objects.map(({ id, instances }) => [id, instances.map((one) => one.id)]);
    };
    await write('--uri', 'coap://bs', '--bootstrap-server');
    assert.deepEqual(await objects(), [[0, [0]]]);
    const file = join(folder, 'servers.json');
    const servers = [
      { shortServerId: 1, uri: 'coap://a' },
      { shortServerId: 2, uri: 'coap://b' },
    ];
    await writeFile(file, JSON.stringify({ servers }));
    await write('--file', file);
    assert.deepEqual(await objects(), [
      [0, [1, 2]],
      [1, [0, 1]],
    ]);
  });

  const refused = async (...words: string[]) => {
    const { exitCode, stderr } = await write(...words);
    assert.equal(exitCode, 2);
    return stderr.trim();
  };

  it('says what is for no card', async () => {
    assert.equal(
      await refused('--uri', 'coaps://h', '--mode', 'x509'),
      'yaolian: this is for no card: coaps://h: mode x509 needs the key or certificate of the server',
    );
    assert.match(await refused(), /^yaolian: write what\? Give a server, as in --uri/);
    await writeFile(join(folder, 'none.json'), '{"servers":[]}');
    assert.match(await refused('--file', join(folder, 'none.json')), /servers: it leads nowhere/);
    await writeFile(join(folder, 'wrong.json'), '{"servers":[{"uri":"coap://h","shortServerId":0}]}');
    assert.match(await refused('--file', join(folder, 'wrong.json')), /servers\/0\/shortServerId: must be >= 1/);
    const shown = await runCli(['smartcard', 'show', join(folder, 'wrong.json')]);
    assert.match(shown.stderr, /this is no bootstrap file of a smartcard: /);
  });
});

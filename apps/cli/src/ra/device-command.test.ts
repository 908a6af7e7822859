import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type CliRun, jsonLines, runCli } from '../testing/run-cli.ts';
import { RunningCommand } from '../testing/running-command.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';

const remoteAccess = {
  'ra.domain': 'home.example',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': 'home.example',
  'coap.tls-port': 0,
  'coap.tcp-port': 0,
};

const running: RunningCommand[] = [];

describe('yaolian ra device, against a platform', () => {
  let bench: SamplePlatform;
  let ann: Readonly<Record<string, string>>;

  before(async () => {
    bench = await startSamplePlatform(remoteAccess);
    ann = {
      HOME: '/nonexistent',
      YAOLIAN_URL: bench.url,
      YAOLIAN_RA_USER: 'ann@home.example',
      YAOLIAN_RA_PASSWORD: 'correct-horse',
      YAOLIAN_RA_SERVER: new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url).host,
      YAOLIAN_RA_CA: join(bench.folder, 'data', 'tls', 'certificate.pem'),
    };
    assert.equal((await ra('register ann')).exitCode, 0);
  });
  after(() => bench.close());
  afterEach(async () => {
    for (const device of running.splice(0)) await device.stop();
  });

  const run = (line: string) => {
    const command = new RunningCommand(`ra device ${line}`, ann);
    running.push(command);
    return command;
  };
  const ra = (line: string) => runCli(['ra', ...line.split(' ')], { environment: ann });
  const said = async (line: string) => {
    const { exitCode, stdout, stderr } = await ra(line);
    return [exitCode, stdout + stderr];
  };

  it('registers, is bound by the code that it shows, and comes back as the same device', async () => {
    const device = run('cooler');
    const { code } = await device.event('registered');
    await device.event('online');
    assert.deepEqual(await said(`bind cooler ${code}`), [0, 'cooler@home.example is yours.\n']);
    assert.equal((await device.event('bound')).user, 'ann@home.example');
    assert.deepEqual(await said('write cooler /3308/0/5900 21'), [0, 'Written.\n']);
    assert.deepEqual(await said('read cooler /3308/0/5900'), [0, '21 Cel\n']);
    assert.match(String((await said('write cooler /3308/0/5900 90'))[1]), /it takes 16 to 30 Cel, not 90/);
    assert.match(String((await said('read cooler /3303'))[1]), /Sensor Value/);
    const operator = { environment: { HOME: bench.folder } };
    const password = `${bench.platform.adminPassword}\n`;
    await runCli(['login', bench.url, '--password-stdin'], { ...operator, stdin: password });
    const shown = await runCli(['devices', 'show', 'cooler@home.example'], operator);
    assert.match(shown.stdout, /^Type +air-conditioner\nVendor +Yaolian\nModel +Breeze 26$/m);
    const first = await device.stop();
    assert.equal(first.exitCode, 130);
    const again = run('cooler@home.example --kind air-conditioner');
    await again.event('owners');
    assert.ok(!again.events.some(({ type }) => type === 'registered'));
    assert.deepEqual(await said('unbind cooler'), [0, 'cooler@home.example is not yours any more.\n']);
    assert.equal((await again.event('unbound')).user, 'ann@home.example');
    await again.stop();
  });

  it('is asked before somebody owns it, where it wants to be', async () => {
    const waiting = [0, 'fridge@home.example is yours when it has agreed.\n'];
    const shy = run('fridge --kind refrigerator --confirm decline');
    const { code } = await shy.event('registered');
    await shy.event('online');
    assert.deepEqual(await said(`bind fridge ${code}`), waiting);
    await shy.event('asked');
    await shy.event('unbound');
    assert.equal((await said('home'))[1], 'No devices. Bind one with "yaolian ra bind".\n');
    await shy.stop();
    const willing = run('fridge --kind refrigerator --confirm accept');
    await willing.event('online');
    assert.deepEqual(await said(`bind fridge ${code}`), waiting);
    await willing.event('bound');
    assert.match(String((await said('home'))[1]), /fridge@home\.example +fridge/);
    const asked = 'fridge@home.example is asked before a user owns it.\n';
    const open = 'Who knows the code of fridge@home.example owns it at once.\n';
    assert.deepEqual(await said('confirm fridge'), [0, asked]);
    assert.deepEqual(await said('confirm fridge off'), [0, open]);
    assert.deepEqual(await said('confirm fridge'), [0, open]);
    assert.equal((await said('confirm fridge perhaps'))[0], 2);
    assert.deepEqual(await said('confirm nobody'), [1, 'yaolian: you may not do that, or there is no such device\n']);
    await ra('unbind fridge');
    assert.deepEqual(await said(`bind fridge ${code}`), [0, 'fridge@home.example is yours.\n']);
    await willing.stop();
  });

  it('runs several, of all kinds', async () => {
    const kitchen = run('kitchen --count 4 --code KITCHEN-CODE --speed 60 --step-every 20ms');
    await kitchen.event('online', 3);
    const names = kitchen.events.filter(({ type }) => type === 'registered').map(({ device }) => device);
    assert.deepEqual(
      names,
      [1, 2, 3, 4].map((turn) => `kitchen-${turn}@home.example`),
    );
    assert.equal((await said('bind kitchen-4 kitchen-code'))[0], 0);
    const { stdout } = await kitchen.stop();
    assert.deepEqual(jsonLines({ stdout } as CliRun).at(-1), {
      type: 'summary',
      devices: 4,
      requests: 0,
      refused: 0,
    });
  });

  it('links devices, and keeps bookmarks', async () => {
    const pair = run('pair --count 2 --code PAIR-CODE');
    await pair.event('online', 1);
    for (const turn of [1, 2]) await ra(`bind pair-${turn} pair-code`);
    assert.deepEqual(await said('links pair-1'), [0, 'No links.\n']);
    const both = 'pair-1@home.example and pair-2@home.example are linked';
    assert.deepEqual(await said('link pair-1 pair-2'), [0, `${both}.\n`]);
    assert.deepEqual(await said('link pair-1 pair-2'), [1, 'yaolian: the two are linked already\n']);
    assert.match(String((await said('links pair-2'))[1]), /pair-1@home\.example +ann@home\.example/);
    assert.deepEqual(await said('unlink pair-2 pair-1'), [
      0,
      'pair-2@home.example and pair-1@home.example are linked no more.\n',
    ]);
    assert.equal((await said('unlink pair-2 pair-1'))[0], 1);
    assert.equal((await said('link pair-1 nobody'))[0], 1);
    assert.deepEqual(await said('bookmarks'), [0, 'No bookmarks. Keep one with "yaolian ra bookmark".\n']);
    assert.deepEqual(await said('bookmark work lamp@office.example hall'), [0, 'work is kept.\n']);
    const wanted = 'which address? Write it behind the name; "yaolian ra bookmarks" lists what you keep';
    assert.deepEqual(await said('bookmark work'), [2, `yaolian: ${wanted}\n`]);
    assert.match(String((await said('bookmarks'))[1]), /work +lamp@office\.example +hall/);
    assert.deepEqual(await said('bookmark work --remove'), [0, 'work is forgotten.\n']);
    assert.equal((await said('bookmark work --remove'))[0], 1);
    for (const turn of [1, 2]) await ra(`unbind pair-${turn}`);
    await pair.stop();
  });

  it('renames, lists permissions, resets codes, and looks after the account', async () => {
    const fridge = run('pantry --kind refrigerator --code PANTRY-CODE');
    await fridge.event('online');
    await ra('bind pantry pantry-code');
    assert.deepEqual(await said('rename pantry Larder --group cold'), [0, 'pantry@home.example is Larder.\n']);
    assert.match(String((await said('home'))[1]), /pantry@home\.example +Larder +online +cold/);
    assert.match(String((await said('permissions pantry'))[1]), /^No permissions/);
    await ra('permit pantry friends read --object 3303 --expires 7d');
    assert.match(String((await said('permissions pantry'))[1]), /friends +urn:oma:lwm2m:ext:3303 +read +\d{4}/);
    const code = String((await said('code pantry'))[1]).trim();
    assert.match(code, /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    await ra('unbind pantry');
    assert.equal((await said('bind pantry pantry-code'))[0], 1, 'the old one is void');
    assert.equal((await said(`bind pantry ${code}`))[0], 0);
    assert.deepEqual(await said('account --nick Annie'), [0, 'ann@home.example is changed.\n']);
    assert.match(String((await said('account'))[1]), /nick +Annie/);
    assert.equal((await said('account --new-password'))[0], 2);
    const bob = { ...ann, YAOLIAN_RA_USER: 'bob@home.example' };
    const asBob = (line: string, typed?: string) =>
      runCli(['ra', ...line.split(' ')], { environment: bob, ...(typed === undefined ? {} : { typed }) });
    await asBob('register bob');
    assert.equal((await asBob('account --new-password', 'better-horse')).exitCode, 0);
    assert.equal((await asBob('account')).exitCode, 1);
    assert.equal(
      (await runCli(['ra', 'account', '--delete'], { environment: { ...bob, YAOLIAN_RA_PASSWORD: 'better-horse' } }))
        .exitCode,
      0,
    );
  });

  it('says what is wrong', async () => {
    assert.match(String((await said('device attic@'))[1]), /"attic@" is no account/);
    assert.equal((await said('device cooler --kind toaster'))[0], 2);
    assert.equal((await said('device cooler --speed 0 --no-register'))[0], 2);
    assert.deepEqual(await said('device nobody --no-register'), [
      1,
      'yaolian: the server did not let us in: the name or the password is wrong (not-authorized)\n',
    ]);
    assert.match(String((await said('device toaster --code 12'))[1]), /a verification code has 6 to 64/);
    assert.deepEqual(await said('device ann'), [1, 'yaolian: ann@home.example is a user\n']);
  });

  for (const via of ['network', 'server']) {
    it(`§11.6: lets its owner reach a service beside it, via the ${via}`, async () => {
      const web = createServer((request, response) => request.pipe(response));
      await once(web.listen(0, '127.0.0.1'), 'listening');
      const { port } = web.address() as AddressInfo;
      const box = `box-${via}`;
      await run(`${box} --code BOX-CODE --expose web=127.0.0.1:${port}`).event('online');
      assert.equal((await ra(`bind ${box} BOX-CODE`)).exitCode, 0);
      const forward = new RunningCommand(`ra forward ${box} web --via ${via}`, ann);
      const { port: here } = await forward.event('listening');
      const body = 'x'.repeat(200_000);
      const echo = () => fetch(`http://127.0.0.1:${here}/`, { method: 'POST', body, headers: { connection: 'close' } });
      assert.deepEqual(await Promise.all([echo(), echo()].map(async (one) => (await one).text())), [body, body]);
      web.close();
      assert.equal((await forward.event('connected')).path, via === 'network' ? 'direct' : 'in-band');
      await forward.stop();
    });
  }

  it('says that a service is not exposed, and what an address of one is', async () => {
    await run('bare --code BARE-CODE').event('online');
    assert.equal((await ra('bind bare BARE-CODE')).exitCode, 0);
    const forward = new RunningCommand('ra forward bare web --via server', ann);
    const { port } = await forward.event('listening');
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
    assert.match((await forward.event('failed')).reason!, /nobody answers|there is no channel of that name/);
    await forward.stop();
    const [exitCode, text] = await said('device bare --expose web=8080');
    assert.deepEqual([exitCode, /write name=host:port, such as web=127\.0\.0\.1:8080/.test(String(text))], [2, true]);
  });
});

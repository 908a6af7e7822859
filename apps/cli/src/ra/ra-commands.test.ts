import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { insist, until } from '@yaolian/testkit';
import { type CliRunOptions, jsonLines, runCli } from '../testing/run-cli.ts';
import {
  type SamplePlatform,
  type SampleTerminal,
  startSamplePlatform,
  startSampleTerminal,
} from '../testing/sample-platform.ts';
import { withPort } from './session.ts';

const remoteAccess = {
  'ra.domain': 'home.example',
  'ra.code-after-unbind': 'keep' as const,
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': 'home.example',
  'coap.tls-port': 0,
  'coap.tcp-port': 0,
  'lwm2m.awake-window': seconds(1),
};

describe('yaolian ra, against a platform with a terminal', () => {
  let bench: SamplePlatform;
  let terminal: SampleTerminal;
  let admin: ApiClient;
  let code: string;
  let ann: Readonly<Record<string, string>>;

  before(async () => {
    bench = await startSamplePlatform(remoteAccess);
    terminal = await startSampleTerminal(bench.coap, 'lamp');
    const operator = new ApiClient({ baseUrl: bench.url });
    const { token } = await operator.call(routes.login, { body: { password: bench.platform.adminPassword! } });
    admin = new ApiClient({ baseUrl: bench.url, token });
    ({ code } = await admin.call(routes.shareDevice, { params: { device: 'lamp' }, body: {} }));
    ann = {
      HOME: '/nonexistent',
      YAOLIAN_URL: bench.url,
      YAOLIAN_RA_USER: 'ann@home.example',
      YAOLIAN_RA_PASSWORD: 'correct-horse',
      YAOLIAN_RA_SERVER: portOf('xmpp:'),
      YAOLIAN_RA_CA: join(bench.folder, 'data', 'tls', 'certificate.pem'),
    };
  });
  after(async () => {
    await terminal.close();
    await bench.close();
  });

  const portOf = (scheme: string): string =>
    new URL(bench.platform.listening.find(({ url }) => url.startsWith(scheme))!.url).host;
  const ra = (line: string, options: CliRunOptions = {}) =>
    runCli(['ra', ...line.split(' ')], { environment: ann, ...options });
  const said = async (line: string, options?: CliRunOptions) => {
    const { exitCode, stdout, stderr } = await ra(line, options);
    return [exitCode, stdout + stderr];
  };

  it('registers a user, once', async () => {
    assert.deepEqual(await said('register ann'), [0, 'You are ann@home.example.\n']);
    assert.deepEqual(await said('register ann'), [1, 'yaolian: somebody has that name already\n']);
    const [refused] = await said('register bob --password-stdin', { stdin: '\n' });
    assert.equal(refused, 2, 'no password');
    assert.deepEqual(await said('register bob --url http://127.0.0.1:1'), [
      3,
      'yaolian: http://127.0.0.1:1 cannot be reached\n',
    ]);
  });

  it('binds by the code, lists, reads, writes, executes, and gives up', async () => {
    assert.deepEqual(await said('home'), [0, 'No devices. Bind one with "yaolian ra bind".\n']);
    const nothing = [1, 'yaolian: you may not do that, or there is no such device\n'];
    assert.deepEqual(await said('read lamp /3303/0/5700'), nothing);
    assert.deepEqual(await said('read nobody /3303/0/5700'), nothing);
    assert.equal((await said('bind lamp AAAAA-AAAAA'))[0], 1);
    assert.deepEqual(await said(`bind lamp ${code} --name Attic --group top`), [0, 'lamp@home.example is yours.\n']);
    const attic = { device: 'lamp@home.example', name: 'Attic', groups: ['top'], state: 'online' };
    assert.deepEqual(jsonLines(await ra('home --json')), [{ items: [attic] }]);
    assert.deepEqual(jsonLines(await ra('home att --group top --object 3303 --state online --json')), [
      { items: [attic] },
    ]);
    assert.deepEqual(await said('home cellar'), [0, 'No device of yours fits.\n']);
    const tls = { environment: { ...ann, YAOLIAN_RA_SERVER: portOf('xmpps:') } };
    assert.deepEqual(await said('read lamp /3303/0/5700 --tls', tls), [0, '21.5\n']);
    assert.match(String((await said('read lamp /3303/0'))[1]), /^PATH +NAME +VALUE\n(?:.*\n)*\/3303\/0\/5700 .* 21\.5/);
    assert.deepEqual(await said('write lamp /3303/0/5750 cellar'), [0, 'Written.\n']);
    assert.deepEqual(await said('read lamp /3303/0/5750'), [0, 'cellar\n']);
    assert.deepEqual(await said('execute lamp /3303/0/5605'), [0, 'Done.\n']);
    assert.deepEqual(terminal.executed, ['/3303/0/5605 0']);
    assert.deepEqual(await said('write lamp /3303/0/5700 7'), [1, 'yaolian: /3303/0/5700 is not writable.\n']);
    assert.equal((await said('read lamp 3303'))[0], 2);
    const watching = ra('observe lamp /3303/0/5700 --count 2 --json', {
      onOutput: (text) => {
        if (text.includes('21.5')) terminal.thermometer.set('sensorValue', 22.5);
      },
    });
    const seen = jsonLines(await watching) as { device: string; values: { path: string; text: string }[] }[];
    assert.deepEqual(
      seen.map(({ device, values }) => [device, values[0]?.path, values[0]?.text]),
      [
        ['lamp@home.example', '/3303/0/5700', '21.5'],
        ['lamp@home.example', '/3303/0/5700', '22.5'],
      ],
    );
    assert.deepEqual(
      (jsonLines(await ra('owners lamp --json'))[0] as { items: { user: string }[] }).items.map(({ user }) => user),
      ['ann@home.example'],
    );
    assert.match(String((await said('owners lamp'))[1]), /^OWNER +STATE +SINCE\nann@home\.example +active +\d{4}-/);
    assert.deepEqual(await said('unbind lamp --owner carl'), [1, 'yaolian: there is none such, or it is not yours\n']);
    assert.deepEqual(await said('unbind lamp --owner ann'), [0, 'lamp@home.example is not yours any more.\n']);
    assert.deepEqual(await said('unbind lamp --owner ann'), [1, 'yaolian: there is none such, or it is not yours\n']);
    await ra(`bind lamp ${code}`);
    assert.deepEqual(await said('unbind lamp'), [0, 'lamp@home.example is not yours any more.\n']);
    assert.deepEqual(await said('unbind lamp'), [1, 'yaolian: there is none such, or it is not yours\n']);
  });

  it('lets a friend use what is permitted, until it is revoked', async () => {
    const bob = { environment: { ...ann, YAOLIAN_RA_USER: 'bob@home.example' } };
    assert.deepEqual(await said('friends'), [0, 'No friends. Ask one with "yaolian ra befriend".\n']);
    await ra('register bob');
    await ra(`bind lamp ${code}`);
    assert.deepEqual(await said('befriend bob'), [0, 'bob@home.example is asked.\n']);
    assert.match((await ra('friends', bob)).stdout, /ann@home\.example +asks you/);
    assert.deepEqual(await said('befriend ann', bob), [0, 'You are friends with ann@home.example.\n']);
    assert.deepEqual(await said('tell bob hello'), [0, 'Sent to bob@home.example.\n']);
    assert.deepEqual(await said('tell carl hello'), [
      1,
      'yaolian: you may not write to carl@home.example, or there is no such account\n',
    ]);
    assert.deepEqual(await said('tell bob '), [2, 'yaolian: the message is empty\n']);
    assert.deepEqual(await said('tell lamp hello'), [1, 'yaolian: the device takes no messages\n']);
    assert.equal((await said('tell bob hello --receipt 100ms'))[0], 4, 'nobody is there to say that it has arrived');
    const done = new AbortController();
    const heard = await runCli(
      [
        'xmpp',
        'listen',
        'bob@home.example',
        '--server',
        ann['YAOLIAN_RA_SERVER']!,
        '--ca',
        ann['YAOLIAN_RA_CA']!,
        '--password-stdin',
        '--json',
      ],
      {
        environment: ann,
        stdin: 'correct-horse\n',
        signal: AbortSignal.any([done.signal, AbortSignal.timeout(60_000)]),
        onOutput: (text) => text.includes('hello') && done.abort(),
      },
    );
    assert.match(heard.stdout, /"body":"hello"/);
    const [kept] = await said('read lamp /3303/0/5750', bob);
    assert.equal(kept, 1);
    assert.deepEqual(await said('permit lamp bob read,observe --object 3303 --expires 7d'), [
      0,
      'Permitted: urn:oma:lwm2m:ext:3303.\n',
    ]);
    assert.deepEqual(await said('read lamp /3303/0/5750', bob), [0, 'cellar\n']);
    // Who may do something with it sees whether it is there.
    assert.match((await ra('home', bob)).stdout, /^lamp@home\.example +lamp +online +ann@home\.example$/m);
    assert.equal((await said('permit lamp bob read --object 3303 --expires 0s'))[0], 2);
    assert.deepEqual(await said('read lamp /3303/0/5750', bob), [0, 'cellar\n'], 'what stood stands');
    assert.equal((await said('write lamp /3303/0/5750 x', bob))[0], 1);
    const seen = Promise.withResolvers<void>();
    const observing = ra('observe lamp /3303/0/5750', { ...bob, onOutput: () => seen.resolve() });
    await seen.promise;
    assert.deepEqual(await said('revoke lamp bob --object 3303'), [0, 'Revoked: urn:oma:lwm2m:ext:3303.\n']);
    const { exitCode, stderr } = await observing;
    const ended = 'yaolian: lamp@home.example tells you no more values: you may not observe it any more\n';
    assert.deepEqual([exitCode, stderr], [1, ended]);
    assert.equal((await said('read lamp /3303/0/5750', bob))[0], 1);
    assert.equal((await said('permit lamp friends read --feature *'))[0], 0);
    assert.deepEqual(await said('read lamp /3303/0/5750', bob), [0, 'cellar\n']);
    assert.match((await ra('home', bob)).stdout, /^lamp@home\.example +lamp +(online|sleeping) +ann@home\.example$/m);
    assert.deepEqual(await said('revoke lamp friend --feature *'), [0, 'Revoked: *.\n']);
    assert.deepEqual(await said('home', bob), [0, 'No devices. Bind one with "yaolian ra bind".\n']);
    assert.equal((await said('permit lamp friend read --feature *'))[0], 0);
    assert.match((await ra('permissions lamp')).stdout, /^friends +\* +read/m);
    assert.equal((await said('permit lamp bob fly --object 3303'))[0], 2);
    const numbered = await ra('permit lamp bob read --feature 3303');
    assert.equal(numbered.exitCode, 2);
    assert.match(numbered.stderr, /"3303" is no feature; for an LwM2M object write --object 3303/);
    const vague = await ra('permit lamp bob read');
    assert.equal(vague.exitCode, 2);
    assert.match(vague.stderr, /--object 3303 for one object, --feature "\*" for the whole device/);
    assert.equal((await said('unfriend bob'))[0], 0);
    assert.equal((await said('read lamp /3303/0/5750', bob))[0], 1);
  });

  it('shows devices as they come and go', async () => {
    const stop = new AbortController();
    const events: string[] = [];
    const following = ra('home --follow --json', {
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
      onOutput: (text) => {
        events.push(...text.split('\n').filter((line) => line !== ''));
      },
    });
    const state = async (device: string, wanted: string) => {
      await until(() => events.some((line) => line.includes(`"${device}"`) && line.includes(`"${wanted}"`)), wanted);
      events.length = 0;
    };
    await state('lamp@home.example', 'online');
    await ra('rename lamp Loft --group Top --group Night');
    await state('lamp@home.example', 'Loft');
    await ra('rename lamp Garret');
    await state('lamp@home.example', 'Garret');
    assert.match((await ra('home --group Night')).stdout, /Garret/, 'another name takes it out of no group');
    await ra('rename lamp Loft --no-groups');
    await state('lamp@home.example', 'Loft');
    assert.match((await ra('home --group Night')).stdout, /No device of yours fits/);
    await ra('unbind lamp');
    await state('lamp@home.example', 'gone');
    await ra(`bind lamp ${code} --name Attic`);
    await state('lamp@home.example', 'Attic');
    stop.abort();
    assert.equal((await following).exitCode, 130);
  });

  it('shows what a value was, in spans too', async () => {
    await ra('write lamp /3303/0/5750 attic');
    await ra('read lamp /3303/0/5750');
    assert.match((await ra('history lamp /3303/0/5750')).stdout, /^TIME +VALUE\n(.+\n)*.+ attic\n$/);
    assert.match(
      (await ra('history lamp /3303/0/5750 --every 1h')).stdout,
      /^FROM +VALUES +LAST\n(.+\n)*.+ \d+ +attic\n$/,
    );
    assert.deepEqual(await said('history lamp /3303/0/9999'), [0, 'Nothing is known of that time.\n']);
    for (const line of [
      'history lamp /3303/0',
      'history lamp /3303/0/5750 --every 1ms',
      'history lamp /3303/0/5750 --max 0',
    ]) {
      assert.equal((await said(line))[0], 2, line);
    }
  });

  it('tells what firmware there is, and that nothing else is offered', async () => {
    assert.match(String((await said('firmware lamp'))[1]), /^Version .*\nOffered +nothing else\n/);
    assert.deepEqual(await said('firmware lamp --update'), [
      1,
      'yaolian: the operator offers no other firmware for it\n',
    ]);
    assert.equal((await said('firmware lamp --detach'))[0], 2);
  });

  it('waits for a device that sleeps, where it is told to', async () => {
    const sleeper = await startSampleTerminal(bench.coap, 'cellar', { queueMode: {} });
    const shared = await admin.call(routes.shareDevice, { params: { device: 'cellar' }, body: {} });
    await ra(`bind cellar ${shared.code}`);
    const isAsleep = async () =>
      (await admin.call(routes.showDevice, { params: { device: 'cellar' } })).state === 'SLEEPING';
    await until(isAsleep, 'cellar to sleep');
    assert.match((await ra('home')).stdout, /cellar@home\.example .* sleeping/);
    assert.deepEqual(await said('write cellar /3303/0/5750 wine'), [
      0,
      'cellar@home.example sleeps, and gets it when it wakes up.\n',
    ]);
    const late = await ra('read cellar /3303/0/5750 --wait 1ms');
    assert.deepEqual([late.exitCode, late.stdout], [4, '']);
    const waiting = ra('read cellar /3303/0/5750 --wait 1m');
    const queued = async () =>
      (await admin.call(routes.listQueue, { params: { device: 'cellar' }, query: {} })).items.length;
    await until(async () => (await queued()) >= 3, 'three requests in the queue');
    assert.deepEqual((await insist(() => sleeper.client.update(), waiting)).stdout, 'wine\n');
    await until(isAsleep, 'cellar to sleep again');
    const noted = Promise.withResolvers<void>();
    const missing = ra('observe cellar /3303/0/9999', { onError: () => noted.resolve() });
    await noted.promise;
    const { exitCode, stderr } = await insist(() => sleeper.client.update(), missing);
    assert.equal(exitCode, 1, 'what is refused when it wakes up ends the command');
    assert.match(
      stderr,
      /^cellar@home\.example sleeps; values come when it wakes up\nyaolian: .*\/3303\/0\/9999 is not there/,
    );
    await sleeper.close();
  });

  it('says what keeps a user out', async () => {
    const as = (change: Record<string, string>) => ({ environment: { ...ann, ...change } });
    assert.deepEqual(await said('home', as({ YAOLIAN_RA_PASSWORD: 'guess' })), [
      1,
      'yaolian: the server did not let us in: the name or the password is wrong (not-authorized)\n',
    ]);
    assert.equal((await said('home', as({ YAOLIAN_RA_CA: '' })))[0], 3, 'a certificate that nobody trusts');
    assert.equal((await said('home', as({ YAOLIAN_RA_SERVER: '127.0.0.1:1' })))[0], 3);
    assert.match(String((await said('home', as({ YAOLIAN_RA_USER: '' })))[1]), /say who you are/);
    assert.match(String((await said('home', as({ YAOLIAN_RA_PASSWORD: '' })))[1]), /YAOLIAN_RA_PASSWORD/);
  });

  it('a server without a port has the port of the RA', () => {
    assert.equal(withPort('home.example', false), 'home.example:5222');
    assert.equal(withPort('home.example', true), 'home.example:5223');
    assert.equal(withPort('[::1]:7', false), '[::1]:7');
    assert.equal(withPort('::1', false), '[::1]:5222');
  });
});

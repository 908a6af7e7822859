import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { JsonBootstrapEntry } from '@yaolian/contract';
import { creatable, EndDevice, instance } from '@yaolian/lwm2m/client';
import { Humidity, Temperature } from '@yaolian/lwm2m-objects/references';
import type { Environment } from '../host.ts';
import { type CliRunOptions, jsonLines, runCli } from '../testing/run-cli.ts';
import {
  type SamplePlatform,
  type SampleTerminal,
  startSamplePlatform,
  startSampleTerminal,
} from '../testing/sample-platform.ts';
import { sessionFile } from './session-file.ts';

const ddf = `<?xml version="1.0" encoding="utf-8"?>
<LWM2M><Object ObjectType="MODefinition"><Name>Gate</Name><Description1>A gate</Description1><ObjectID>33000</ObjectID>
<ObjectURN>urn:oma:lwm2m:x:33000</ObjectURN><MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>
<Resources><Item ID="1"><Name>Open</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
<Mandatory>Mandatory</Mandatory><Type>Boolean</Type><RangeEnumeration></RangeEnumeration><Units></Units>
<Description>Whether it is open</Description></Item></Resources></Object></LWM2M>
`;

const key = 'urn:imei:861111003929110';

describe('the command line, against a platform with a terminal', () => {
  let place: SamplePlatform;
  let terminal: SampleTerminal;
  let environment: Environment;
  before(async () => {
    place = await startSamplePlatform({ 'trace.key-log': true });
    terminal = await startSampleTerminal(place.coap, key);
    environment = { HOME: place.folder };
    const password = place.platform.adminPassword!;
    const run = await runCli(['login', place.url, '--password-stdin'], { stdin: `${password}\n`, environment });
    assert.equal(run.exitCode, 0, run.stderr);
  });
  after(async () => {
    await terminal.close();
    await place.close();
  });

  const yaolian = (args: readonly string[], options: CliRunOptions = {}) => runCli(args, { environment, ...options });
  const words = (line: string, options?: CliRunOptions) => yaolian(line.split(' '), options);

  describe('logging in', () => {
    it('keeps the token where only its owner reads it', async () => {
      const file = sessionFile(environment);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      const { url, operator } = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
      assert.deepEqual([url, operator], [place.url, 'admin']);
    });

    it('asks for the password at the terminal', async () => {
      const folder = join(place.folder, 'other');
      await mkdir(folder);
      const own = { HOME: folder };
      const typed = place.platform.adminPassword!;
      const run = await runCli(['login', place.url], { typed, environment: own });
      assert.deepEqual(run.prompts, [`Password of admin at ${place.url}: `]);
      assert.match(run.stdout, /^Logged in to http:\/\/127\.0\.0\.1:\d+ as admin \(admin\), for 7d\.\n$/);
      assert.equal((await runCli(['status'], { environment: own })).exitCode, 0);
      assert.match((await runCli(['logout'], { environment: own })).stdout, /^Logged out of /);
      const afterwards = await runCli(['status'], { environment: own });
      assert.equal(afterwards.exitCode, 2);
      assert.match(afterwards.stderr, /you are not logged in; run "yaolian login/);
      assert.equal((await runCli(['logout'], { environment: own })).stdout, 'You were not logged in.\n');
    });

    it('says no to a wrong password, and to a token that is none', async () => {
      const wrong = await runCli(['login', place.url, '--password-stdin'], { stdin: 'guess', environment });
      assert.equal(wrong.exitCode, 1);
      assert.match(wrong.stderr, /name or password is wrong; check both/);
      const stranger = { ...environment, YAOLIAN_TOKEN: 'x', YAOLIAN_URL: place.url };
      const run = await runCli(['devices', 'list'], { environment: stranger });
      assert.equal(run.exitCode, 1);
      assert.match(run.stderr, /does not know your token/);
    });

    it('says when there is no terminal to ask at, and nobody there', async () => {
      assert.match((await words(`login ${place.url}`)).stderr, /use --password-stdin/);
      const nobody = await words('login 127.0.0.1:1 --password-stdin', { stdin: 'x' });
      assert.equal(nobody.exitCode, 3);
      assert.match(nobody.stderr, /the platform does not answer at http:\/\/127\.0\.0\.1:1/);
    });
  });

  describe('appKeys', () => {
    it('take over a password from standard input, and not from the command line at once', async () => {
      const line = ['appkeys', 'issue', 'Example Phones', '--app-key', 'M100000001', '--password-stdin'];
      const both = await yaolian([...line, '--password', 'x'], { stdin: 'y\n' });
      assert.equal(both.exitCode, 2);
      const short = await yaolian(line, { stdin: 'too short\n' });
      assert.notEqual(short.exitCode, 0);
      const issued = await yaolian([...line, '--json'], { stdin: 'a1adfef9ed014286b7f7a314ee978f15\n' });
      assert.equal(issued.exitCode, 0, issued.stderr);
      assert.match((await words('appkeys list')).stdout, /M100000001/);
      assert.equal((await words('appkeys revoke M100000001')).exitCode, 0);
    });
  });

  describe('devices', () => {
    it('are listed', async () => {
      const run = await words('devices list');
      assert.match(run.stdout, /^DEVICE +STATE +ADDRESS +LIFETIME +REGISTERED +EXPIRES\n/);
      assert.match(run.stdout, /^urn:imei:861111003929110 {2}ONLINE {2}127\.0\.0\.1:\d+ +300 {2}/m);
      const [list] = jsonLines(await words('devices list --json')) as { items: { key: string }[]; more: boolean }[];
      assert.deepEqual([list?.items.map((device) => device.key), list?.more], [[key], false]);
      assert.equal((await words('devices list --search nothing')).stdout, 'No devices.\n');
      const csv = (await words('devices list --csv')).stdout;
      assert.match(
        csv,
        /^key,endpoint,state,.*,expiresAt,identity\r\nurn:imei:861111003929110,[^,]+,ONLINE,.*Z,\r\n$/s,
      );
      assert.equal((await words('devices list --csv --json')).exitCode, 2);
      assert.equal((await words('devices list --state sleeping')).stdout, 'No devices.\n');
      assert.match((await words('devices list --state gone')).stderr, /a state is one of ONLINE, OFFLINE, SLEEPING/);
    });

    it('are shown with their registration', async () => {
      const run = await words(`devices show ${key}`);
      assert.match(run.stdout, /^Device +urn:imei:861111003929110\nState +ONLINE\n(?:.+\n)*Activated/);
      assert.match(run.stdout, /^Lifetime +300 s$/m);
      assert.match(run.stdout, /^\/3303\/0 +Temperature +ver=1\.1$/m);
      const unknown = await words('devices show nobody');
      assert.equal(unknown.exitCode, 1);
      assert.match(unknown.stderr, /there is no device .*"nobody"; "yaolian devices list" shows all/);
    });

    it('are completed', async () => {
      assert.equal((await words('__complete -- read urn')).stdout, `${key}\tONLINE\n:done\n`);
      assert.equal((await words('__complete -- devices show 861')).stdout, ':done\n');
    });

    it('are watched and forgotten', async () => {
      const interruption = new AbortController();
      const watching = words('devices watch', {
        signal: interruption.signal,
        onOutput: (text) => text.includes('device.removed') && interruption.abort(),
      });
      const { client, close } = await startSampleTerminal(place.coap, 'visitor');
      await client.goOffline();
      await close();
      assert.equal((await words('devices remove visitor')).stdout, 'visitor is forgotten.\n');
      const run = await watching;
      assert.equal(run.exitCode, 130);
      assert.match(run.stdout, /device\.removed/);
    });
  });

  describe('reading', () => {
    it('shows a single value alone, with its units for people', async () => {
      assert.equal((await words(`read ${key} /3/0/0`)).stdout, 'Yaolian\n');
      assert.equal((await words(`read ${key} 3303/0/5700`)).stdout, '21.5\n');
      assert.match((await words(`read ${key} /3/0/9`, { columns: 80 })).stdout, /^80 .*%/);
    });

    it('shows an instance, an object and a resource with instances as tables', async () => {
      const run = await words(`read ${key} /3303/0`);
      assert.equal(
        run.stdout,
        [
          'PATH          NAME              VALUE',
          '/3303/0/5700  Sensor Value      21.5',
          '/3303/0/5750  Application Type  客厅',
          '',
        ].join('\n'),
      );
      assert.match((await words(`read ${key} /3303`)).stdout, /^\/3303\/0\/5700 /m);
      assert.match((await words(`read ${key} /3/0/7`)).stdout, /^\/3\/0\/7\/1 +Power Source Voltage +5000$/m);
    });

    it('answers --json with what the platform says', async () => {
      const [answer] = jsonLines(await words(`read ${key} /3/0/9 --json`)) as { coapCode: string; node: object }[];
      assert.equal(answer?.coapCode, '2.05');
      assert.deepEqual(answer?.node, {
        kind: 'resource',
        path: '/3/0/9',
        id: 9,
        name: 'Battery Level',
        units: '%',
        type: 'integer',
        value: 80,
      });
    });

    it('discovers', async () => {
      const run = await words(`discover ${key} /3303/0`);
      assert.match(run.stdout, /^PATH +NAME/);
      assert.match(run.stdout, /^\/3303\/0\/5700 +Sensor Value/m);
    });

    it('passes on what the device says, and refuses what is no path', async () => {
      const refused = await words(`read ${key} /3/0/99`);
      assert.equal(refused.exitCode, 1);
      assert.match(refused.stderr, /4\.04|refused/);
      assert.equal((await words(`read ${key} /3/x`)).exitCode, 2);
      assert.equal((await words('read nobody /3')).exitCode, 1);
    });
  });

  describe('behind a gateway', () => {
    it('lists, reads, writes, creates through the prefix', async () => {
      assert.equal((await words(`devices behind ${key}`)).stdout, 'No devices behind it.\n');
      const temperature = instance(Temperature, { sensorValue: 4 });
      const objects = [temperature, creatable(Humidity)];
      const endDevices = [new EndDevice({ deviceId: 'urn:dev:os:32473-101', prefix: 'd01', objects })];
      const { close } = await startSampleTerminal(place.coap, 'gateway', { endDevices });
      const listed = await words('devices behind gateway');
      assert.match(listed.stdout, /^Prefix +d01\nDevice +urn:dev:os:32473-101\n/);
      assert.match(listed.stdout, /^\/d01\/3303\/0 +Temperature +ver=1\.1$/m);
      assert.equal((await words('read gateway /d01/3303/0/5700')).stdout, '4\n');
      assert.equal((await words('write gateway d01/3303/0/5750 cellar')).stdout, '2.04 Changed\n');
      assert.equal(temperature.get('applicationType'), 'cellar');
      assert.match((await words('create gateway /d01/3304 5700=40')).stdout, /\/d01\/3304\/0/);
      assert.equal((await words('read gateway /d01/3304/0/5700')).stdout, '40\n');
      const composite = await words('write-composite gateway /d01/3303/0/5750=attic /1/0/1=600');
      assert.equal(composite.stdout, '2.04 Changed\n');
      assert.equal(temperature.get('applicationType'), 'attic');
      assert.equal((await words('read gateway /d01/x')).exitCode, 2);
      await close();
    });
  });

  describe('writing', () => {
    it('writes a resource by the type that the object model knows', async () => {
      assert.equal((await words(`write ${key} /1/0/1 600`)).stdout, '2.04 Changed\n');
      assert.equal((await words(`read ${key} /1/0/1`)).stdout, '600\n');
      assert.equal((await yaolian(['write', key, '/3/0/15', 'Europe/Vienna'])).exitCode, 0);
      assert.equal((await words(`write ${key} /3/0/13 2026-01-31T08:15:30Z`)).exitCode, 0);
      const wrong = await words(`write ${key} /1/0/1 soon`);
      assert.equal(wrong.exitCode, 2);
      assert.match(wrong.stderr, /^yaolian: \/1\/0\/1 is a whole number, not "soon"\n$/);
    });

    it('updates parts of an instance, from pairs, JSON and standard input', async () => {
      assert.equal((await words(`write --update ${key} /1/0 1=700 6=true`)).stdout, '2.04 Changed\n');
      assert.equal((await yaolian(['write', '-u', key, '/1/0', '{"1":800}'])).stdout, '2.04 Changed\n');
      assert.equal((await words(`read ${key} /1/0/1`)).stdout, '800\n');
      assert.equal((await words(`write -u ${key} /1/0 -`, { stdin: '{"1":300}\n' })).exitCode, 0);
      assert.equal((await words(`read ${key} /1/0/1`)).stdout, '300\n');
    });

    it('writes a text from a file', async () => {
      const file = join(place.folder, 'value');
      await writeFile(file, 'Kitchen');
      assert.equal((await words(`write ${key} /3303/0/5750 --file ${file}`)).exitCode, 0);
      assert.equal((await words(`read ${key} /3303/0/5750`)).stdout, 'Kitchen\n');
      assert.equal((await yaolian(['write', key, '/3303/0/5750', '客厅'])).exitCode, 0);
    });

    it('says what is missing', async () => {
      assert.match((await words(`write ${key} /1/0/1`)).stderr, /write what\? Give a value/);
      assert.match((await words(`write ${key} /1/0/1 300 --file x`)).stderr, /given twice/);
    });

    it('creates and deletes an instance', async () => {
      const created = await words(`create ${key} /3303/7 5700=19.5`);
      assert.deepEqual([created.stdout, created.stderr], ['2.01 Created /3303/7\n', '']);
      assert.equal((await words(`read ${key} /3303/7/5700`)).stdout, '19.5\n');
      assert.equal((await words(`delete ${key} /3303/7`)).stdout, '2.02 Deleted\n');
      assert.equal((await words(`read ${key} /3303/7`)).exitCode, 1);
      const chosen = await words(`create ${key} /3303 5700=20`);
      assert.match(chosen.stdout, /^2\.01 Created \/3303\/\d+\n$/);
      assert.equal((await words(`delete ${key} ${chosen.stdout.trim().split(' ')[2]}`)).exitCode, 0);
      assert.match((await words(`create ${key} /3303/0/1 1=1`)).stderr, /is no object/);
    });

    it('executes', async () => {
      assert.equal((await words(`execute ${key} /3/0/4`)).stdout, '2.04 Changed\n');
      assert.equal((await words(`execute ${key} /3303/0/5605 0='a',1`)).exitCode, 0);
      assert.deepEqual(terminal.executed, ['/3/0/4', '/3303/0/5605 2']);
      assert.equal((await words(`execute ${key} /3/0/0`)).exitCode, 1);
    });

    it('sets and removes attributes', async () => {
      assert.equal((await words(`attributes ${key} /3303/0/5700 --pmin 0 --pmax 60`)).stdout, '2.04 Changed\n');
      assert.match((await words(`discover ${key} /3303/0/5700`)).stdout, /pmax=60/);
      assert.equal((await words(`attributes ${key} /3303/0/5700 --pmin none --pmax none`)).exitCode, 0);
      assert.doesNotMatch((await words(`discover ${key} /3303/0/5700`)).stdout, /pmax/);
      assert.match((await words(`attributes ${key} /3303/0/5700`)).stderr, /set what\?/);
      assert.match((await words(`attributes ${key} /3303/0/5700 --gt warm`)).stderr, /--gt is a number, not "warm"/);
    });
  });

  describe('observing', () => {
    const path = '/3303/0/5700';

    it('follows notifications, and leaves the observation to the platform', async () => {
      let value = 22;
      const onOutput = (): void => terminal.thermometer.set('sensorValue', value++);
      const run = await words(`observe ${key} ${path} --count 3`, { onOutput });
      assert.equal(run.exitCode, 0, run.stderr);
      assert.match(run.stdout, /^(?:\d\d:\d\d:\d\d {2}[\d.]+\n){3}$/);
      assert.match(run.stderr, /The platform goes on observing; end that with: yaolian observe .* --cancel\n$/);
      const list = await words(`observations ${key}`);
      assert.match(list.stdout, /^PATH +NAME +FORMAT +STATE +STARTED\n\/3303\/0\/5700 +Sensor Value +tlv +active +/);
      assert.equal((await words(`observe ${key} ${path} --cancel`)).exitCode, 0);
      assert.equal((await words(`observations ${key}`)).stdout, 'Nothing is observed.\n');
      assert.equal((await words(`observe ${key} ${path} --cancel`)).exitCode, 1);
    });

    it('ends at Ctrl-C, after a time, or at once', async () => {
      const interruption = new AbortController();
      const run = await words(`observe ${key} ${path} --json`, {
        signal: interruption.signal,
        onOutput: () => interruption.abort(),
      });
      assert.equal(run.exitCode, 130);
      assert.equal((jsonLines(run)[0] as { path: string }).path, path);
      assert.equal((await words(`observe ${key} ${path} --duration 30ms`)).exitCode, 0);
      const detached = await words(`observe ${key} ${path} --detach`);
      assert.deepEqual([detached.exitCode, detached.stderr], [0, '']);
      assert.equal((await words(`observe ${key} ${path} --cancel passive`)).exitCode, 0);
    });

    it('says what cannot be observed', async () => {
      assert.equal((await words(`observe ${key} /3/0/99`)).exitCode, 1);
      assert.equal((await words('observe nobody /3/0/9')).exitCode, 1);
      assert.equal((await words(`observe ${key} ${path} --cancel --count 1`)).exitCode, 2);
    });
  });

  describe('events', () => {
    it('are followed live, of the kinds that are asked for', async () => {
      const interruption = new AbortController();
      const following = words('events --type device --json', {
        signal: interruption.signal,
        onOutput: (text) => text.includes('device.deregistered') && interruption.abort(),
      });
      // The first may have left before anybody listened.
      while (!interruption.signal.aborted) {
        const guest = await startSampleTerminal(place.coap, 'guest');
        await guest.close();
      }
      const run = await following;
      assert.equal(run.exitCode, 130);
      const types = jsonLines(run).map((event) => (event as { type: string }).type);
      assert.ok(types.includes('device.deregistered'), types.join());
      assert.match((await words('events --type nonsense')).stderr, /there are no events "nonsense"/);
    });
  });

  describe('enrolment', () => {
    it('is shown and set', async () => {
      assert.match((await words('enrolment')).stdout, /^open: every device/);
      assert.match((await words('enrolment allow-list')).stdout, /^allow-list: only devices/);
      assert.deepEqual(jsonLines(await words('enrolment open --json')), [{ mode: 'open' }]);
      assert.equal((await words('enrolment closed')).exitCode, 2);
    });

    it('keeps a list of who may', async () => {
      assert.equal((await words('allow list')).stdout, 'No devices.\n');
      const added = await yaolian(['allow', 'add', 'one', 'two;2', '--note', '车间 4']);
      assert.equal(added.stdout, 'one added\ntwo;2 added\n');
      assert.match((await words('allow list')).stdout, /^two;2 {3}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}车间 4$/m);
      assert.equal((await words('__complete -- allow remove t')).stdout, 'two;2\t车间 4\n:done\n');
      assert.deepEqual(jsonLines(await words('allow remove one two;2 --json')), [{ removed: ['one', 'two;2'] }]);
      assert.equal((await words('allow remove one')).exitCode, 1);
      const file = join(place.folder, 'keys.txt');
      await writeFile(file, 'key,note\none,gate 4\ntwo\n');
      assert.equal((await words(`allow import ${file}`)).stdout, '2 added\n');
      const [again] = jsonLines(await words(`allow import ${file} --json`));
      assert.deepEqual(again, { added: 0, unchanged: 2, refused: [], notSent: 0 });
      await words('allow remove one two');
    });
  });

  describe('credentials', () => {
    const key = '00112233445566778899aabbccddeeff';

    it('are added, shown without their secrets, and removed', async () => {
      assert.equal((await words('credentials list')).stdout, 'No credentials.\n');
      const added = await words(`credentials add one --psk-identity id-1 --psk-key ${key} --for bootstrap`);
      const { id } = /^one: psk credential (?<id>[0-9a-f]{16}) added\n$/.exec(added.stdout)!.groups!;
      const listed = await words('credentials list --endpoint one');
      assert.match(
        listed.stdout,
        new RegExp(`^${id} {2}one {7}psk {3}id-1 {3}bootstrap {2}operator {2}unused {2}`, 'm'),
      );
      assert.doesNotMatch(listed.stdout, new RegExp(key));
      assert.deepEqual(jsonLines(await words(`credentials remove ${id} --json`)), [{ removed: [id] }]);
      assert.equal((await words(`credentials remove ${id}`)).exitCode, 1);
    });

    it('get a random key, shown once', async () => {
      const [first, second] = jsonLines(await words('credentials add two --json')) as { key: string }[];
      assert.match(first!.key, /^[0-9a-f]{32}$/);
      assert.equal(second, undefined);
      assert.equal((await words('credentials add two')).exitCode, 1, 'the identity is taken');
      const both = await words('credentials add two --certificate-name x --psk-identity y');
      assert.deepEqual([both.exitCode, /one kind only/.test(both.stderr)], [2, true]);
    });

    it('of a wrong form are refused with the right one', async () => {
      for (const [options, message] of [
        ['--psk-key 0011', /a pre-shared key has 8 to 64 bytes.*not 2/],
        [`--psk-key ${'00'.repeat(65)}`, /not 65/],
        ['--psk-key 001', /written in hexadecimal/],
        ['--fingerprint 1234', /64 hexadecimal digits, not "1234"/],
        ['--certificate package.json', /package\.json is not a certificate in PEM/],
        ['--public-key package.json', /package\.json is not a public key in PEM/],
      ] as const) {
        const { exitCode, stderr } = await words(`credentials add wrong ${options}`);
        assert.equal(exitCode, 2, options);
        assert.match(stderr, message);
      }
      const fingerprint = 'AB:'.repeat(32).slice(0, -1);
      assert.equal((await words(`credentials add right --fingerprint ${fingerprint}`)).exitCode, 0);
    });

    it('are imported from a file, or told line by line why not', async () => {
      const file = join(place.folder, 'keys.csv');
      await writeFile(file, `endpoint,kind,identity,key\nthree,psk,id-3,${key}\nfour,psk,id-4,12\n`);
      const wrong = await words(`credentials import ${file}`);
      assert.deepEqual([wrong.exitCode, wrong.stdout], [2, '']);
      assert.match(wrong.stderr, /keys\.csv:3: key is 8 to 64 bytes.*\n.*nothing was added: 1 lines/);
      await writeFile(file, `endpoint,kind,identity,key\nthree,psk,id-3,${key}\nfour,psk,two,${key}\n`);
      const partly = await words(`credentials import ${file}`);
      assert.deepEqual([partly.exitCode, partly.stdout], [1, '1 added\n']);
      assert.match(partly.stderr, /keys\.csv:3: There is a credential with the PSK identity "two"/);
      const many = Array.from({ length: 1200 }, (_, row) => `many-${row},psk,many-${row},${key}`);
      await writeFile(file, ['endpoint,kind,identity,key', `three,psk,id-3,${key}`, ...many].join('\n'));
      const all = await words(`credentials import ${file}`);
      assert.deepEqual([all.exitCode, all.stdout], [0, '1200 added, 1 were there already\n'], all.stderr);
      assert.match(all.stderr, /1201 of 1201 lines/);
      await writeFile(file, `endpoint,kind,identity,key\nthree,psk,id-3,${'ff'.repeat(16)}\n`);
      const other = jsonLines(await words(`credentials import ${file} --json`)) as { refused: { line: number }[] }[];
      assert.equal(other[0]?.refused[0]?.line, 2, 'another secret is not what is there');
    });
  });

  describe('bootstrap', () => {
    it('is configured by flags and by file', async () => {
      const set = await words('bootstrap set default --uri coap://192.0.2.1:5683 --lifetime 12h');
      assert.equal(set.exitCode, 0, set.stderr);
      assert.match(set.stdout, /^default {6}.*coap:\/\/192\.0\.2\.1:5683 {7}12h {2}U {8}nosec$/m);
      const [shown] = jsonLines(await words('bootstrap show --json')) as { configuration: object }[];
      const file = join(place.folder, 'bootstrap.json');
      await writeFile(file, JSON.stringify(shown?.configuration));
      assert.equal((await words(`bootstrap set ${key} --file ${file}`)).exitCode, 0);
      assert.match((await words('bootstrap list')).stdout, /^default .*\nurn:imei:861111003929110 /m);
      assert.match((await words(`bootstrap show ${key}`)).stdout, /^Deleted first +\/$/m);
      assert.equal((await words(`bootstrap remove ${key}`)).exitCode, 0);
      assert.equal((await words(`bootstrap show ${key}`)).exitCode, 1);
      const web = await words('bootstrap set default --uri http://192.0.2.1');
      assert.equal(web.exitCode, 2);
      assert.match(
        web.stderr,
        /"http:\/\/192\.0\.2\.1" is no address that terminals register at; write it as in coap:/,
      );
    });

    it('shows all that is said of a server, in words', async () => {
      const server = {
        shortServerId: 7,
        uri: 'coap://192.0.2.1:5683',
        registrationPriority: 2,
        registrationFailureBlocks: true,
        bootstrapOnRegistrationFailure: false,
        retryCount: 3,
        retryTimer: 90,
        sequenceDelay: 3600,
        sequenceRetryCount: 1,
        muteSend: false,
      };
      const profileA = { uri: 'coap://192.0.2.2:5683', serverObject: false };
      const stdin = JSON.stringify({ servers: [server, profileA] });
      assert.equal((await words('bootstrap set ordered --file -', { stdin })).exitCode, 0);
      const shown = (await words('bootstrap show ordered')).stdout.replaceAll(/\s+/g, ' ');
      assert.match(
        shown,
        /Server 7 priority 2; others wait for it; does not bootstrap when it fails; 3 attempts a sequence; again after 1m30s, doubled each time; 1h between sequences; 1 sequence; takes Send/,
      );
      assert.match(shown, /Server its address alone, without a Server object/);
      assert.match((await words('bootstrap show')).stdout, /^Server 1 +all else by default$/m);
      assert.equal((await words('bootstrap remove ordered')).exitCode, 0);
    });

    it('takes keys for terminals from options, and shows none of them', async () => {
      const secure = 'bootstrap set secure --uri coaps://192.0.2.1:5684 --mode';
      const issued = await words(`${secure} psk --issue new`);
      assert.match(issued.stdout, /^secure .* psk, new keys$/m);
      const hex = '00112233445566778899aabbccddeeff';
      const given = await words(`${secure} psk --psk-identity me --psk-key ${hex} --json`);
      assert.deepEqual((jsonLines(given)[0] as JsonBootstrapEntry).configuration.servers[0]?.security, {
        mode: 'psk',
        identity: 'me',
        hasKey: true,
      });
      assert.match((await words('bootstrap set secure --uri coaps://h --issue new')).stderr, /need --mode/);
      const rederiving = await words('bootstrap set secure --uri coap://h --mode oscore --issue new --oscore-rederive');
      assert.match(rederiving.stderr, /unknown option '--oscore-rederive'/, 'no object 21 tells it');
      assert.match((await words(`${secure} x509 --certificate ${place.folder}/none`)).stderr, /none/);
      assert.equal((await words('bootstrap remove secure')).exitCode, 0);
    });

    it('refuses what makes no sense', async () => {
      assert.match((await words('bootstrap set default')).stderr, /set what\?/);
      const wrong = await words('bootstrap set default -f -', { stdin: '{"servers":[]}' });
      assert.equal(wrong.exitCode, 2);
      assert.match((await words('bootstrap set default -f -', { stdin: 'x' })).stderr, /is not JSON/);
    });
  });

  describe('access', () => {
    it('makes tokens for programs, and takes them away', async () => {
      const made = await yaolian(['tokens', 'create', 'a script', '--role', 'viewer', '--expires-in', '1d']);
      const token = made.stdout.trim();
      assert.match(made.stderr, /not shown again/);
      const program = { environment: { YAOLIAN_URL: place.url, YAOLIAN_TOKEN: token } };
      assert.equal((await words('devices list', program)).exitCode, 0);
      const forbidden = await words(`execute ${key} /3/0/4`, program);
      assert.equal(forbidden.exitCode, 1);
      assert.match(forbidden.stderr, /your role does not allow this: this takes the role operator/);
      const [id] = /^\S+(?= +admin +viewer +a script )/m.exec((await words('tokens list')).stdout) ?? [];
      assert.equal((await words(`tokens remove ${id}`)).exitCode, 0);
      assert.equal((await words('devices list', program)).exitCode, 1);
    });

    it('lets somebody log in, and no more', async () => {
      const added = await words('operators add anna --role operator --password-stdin', {
        stdin: 'long enough to do\n',
      });
      assert.equal(added.stdout, 'anna may log in now, as operator.\n');
      assert.match((await words('operators list')).stdout, /^admin +admin +no .*\nanna +operator +no /m);
      assert.equal((await words('operators add anna --password-stdin', { stdin: 'long enough to do' })).exitCode, 1);
      assert.equal((await words('operators add ben --password-stdin', { stdin: '' })).exitCode, 2);
      assert.equal((await words('operators change anna --role viewer')).stdout, 'anna is viewer.\n');
      const again = await words('operators change anna --password-stdin', { stdin: 'another one to do\n' });
      assert.equal(again.stdout, 'anna is viewer, with a new password.\n');
      assert.equal((await words('operators change anna')).exitCode, 2);
      const without = await words('operators change anna --reset-second-factor');
      assert.match(without.stderr, /no second factor/, 'she has none');
      assert.equal((await words('operators change nobody --role viewer')).exitCode, 1);
      assert.equal((await words('operators remove anna')).stdout, 'anna may not log in any more.\n');
      assert.equal((await words('operators remove anna')).exitCode, 1);
    });

    it('shows who did what, of a span of time', async () => {
      assert.match((await words('audit --from 1h')).stdout, /admin/);
      assert.equal((await words('audit --to 1d')).stdout, 'Nothing.\n');
      assert.match((await words('audit --from yesterday')).stderr, /from/);
    });

    it('changes the password, and back', async () => {
      const password = place.platform.adminPassword!;
      const change = (stdin: string) => words('password --stdin', { stdin });
      assert.equal((await change(`${password}\ntoo short\n`)).exitCode, 2);
      assert.equal((await change('wrong\nlong enough to do\n')).exitCode, 1);
      assert.equal((await change(`${password}\nlong enough to do\n`)).stdout, 'Your password is changed.\n');
      assert.equal((await change(`long enough to do\n${password}\n`)).exitCode, 0);
      assert.match((await words('password', { typed: 'short' })).stderr, /it needs at least 12/);
    });
  });

  describe('objects', () => {
    it('are looked up', async () => {
      assert.match((await words('objects show 3')).stdout, /^ +9 {2}Battery Level +R +integer +one +\/100 /m);
      assert.match((await words('objects list --search lwm2m:oma:3:')).stdout, /^ 3 {2}\d\.\d +Device +registry /m);
      assert.match((await words('objects show 65000')).stderr, /^yaolian: .*65000/);
      assert.equal((await words('objects show device')).exitCode, 2);
    });

    it('are added by their files, and removed', async () => {
      const file = join(place.folder, '33000.xml');
      await writeFile(file, ddf);
      const tried = await words(`objects add ${file} --dry-run`);
      const wouldBe = 'Object 33000 Gate 1.0 would be known: the file is right. Nothing was added.\n';
      assert.deepEqual([tried.stdout, tried.stderr], [wouldBe, '']);
      assert.equal((await words('objects show 33000')).exitCode, 1, 'nothing was added');
      const added = await words(`objects add ${file}`);
      assert.deepEqual([added.stdout, added.stderr], ['Object 33000 Gate 1.0 is known now.\n', '']);
      assert.match((await words('objects show 33000')).stdout, /^ 1 {2}Open +RW +boolean +one +yes$/m);
      const instead = join(place.folder, '3303.xml');
      await writeFile(instead, ddf.replaceAll('33000', '3303'));
      const would = (await words(`objects add ${instead} --dry-run`)).stdout;
      assert.match(would, /^It would stand in for Temperature of the registry\.$/m);
      assert.match(would, /^ +5700 +R float, mandatory +absent$/m);
      const replaced = (await words(`objects add ${instead}`)).stdout;
      assert.match(
        replaced,
        /^It stands in for Temperature of the registry; yaolian objects remove 3303 1\.0 brings that back\.$/m,
      );
      assert.match(replaced, /^ +1 +absent +RW boolean, mandatory$/m);
      assert.match(replaced, /^ +5700 +R float, mandatory +absent$/m);
      assert.match((await words('objects show 3303 --of 1.0')).stdout, /^It stands in for Temperature/m);
      await words('objects remove 3303 1.0');
      assert.doesNotMatch((await words('objects show 3303 --of 1.0')).stdout, /stands in/);
      assert.equal((await words('objects remove 33000 1.0')).stdout, 'Object 33000 1.0 is removed.\n');
      assert.equal((await words('objects remove 3 1.0')).exitCode, 1);
      const broken = await words('objects add -', { stdin: '<LWM2M>' });
      assert.equal(broken.exitCode, 1);
      assert.match(broken.stderr, /^yaolian: the object definition is not valid: /);
    });
  });

  describe('history', () => {
    it('has every value that was read, as a chart, a table, CSV and JSON', async () => {
      assert.equal((await words(`read ${key} /3303/0`)).exitCode, 0);
      assert.equal((await words(`read ${key} /3303/0/5700`)).exitCode, 0);
      assert.match((await words(`history ${key}`)).stdout, /^\/3303\/0\/5700 +Sensor Value +[\d.]+ +\S+/m);
      const chart = await words(`history ${key} /3303/0/5700 --since 10m`);
      assert.match(chart.stdout, /^\/3303\/0\/5700, Sensor Value/);
      assert.match(chart.stdout, /┤ *█/);
      assert.match(chart.stdout, /^Values +\d+, in spans of 10s$/m);
      const csv = await words(`history ${key} /3303/0/5700 --csv`);
      assert.equal((await words(`history ${key} /3303/0/5700 --csv --json`)).exitCode, 2);
      assert.match(csv.stdout, /^time,value,count,min,max,mean\r\n\d{4}-[^,]+Z,[\d.]+,1,,,\r\n/);
      const [json] = jsonLines(await words(`history ${key} 3303/0/5700 --every 1h --json`));
      assert.equal((json as { every: number }).every, 3_600_000);
      assert.match((await words(`history ${key} /3303/0/5750`)).stdout, /客厅/);
      assert.equal((await words(`history ${key} /3303/9/5700`)).stdout, 'No values in this time.\n');
      assert.match((await words(`history ${key} /3303/0`)).stderr, /name a resource, as in \/3303\/0\/5700/);
    });

    it('has what happened to a device', async () => {
      const all = await words(`timeline ${key}`);
      assert.match(all.stdout, /^\S+ \S+ +operation\.completed +read \/3303\/0: 2\.05 Content, \d+ ms/m);
      const one = await words(`timeline ${key} --type device.registered --limit 1`);
      assert.match(one.stdout, /device\.registered +from 127\.0\.0\.1:\d+, lifetime 300 s/);
    });
  });

  it('says in local time until when messages are recorded, and how to end it as a shell takes it', async () => {
    for (const [subject, shown] of [
      [key, key],
      ['*', "'*'"],
    ] as const) {
      const { stdout, stderr } = await yaolian(['trace', subject, '--brief']);
      const said = /Recording until (\S+ \S+); "yaolian trace (\S+) --stop"/.exec(stdout + stderr);
      assert.equal(said?.[2], shown);
      assert.match(said[1]!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      assert.equal((await yaolian(['trace', subject, '--forget'])).exitCode, 0);
    }
  });

  it('writes a trace with keys for its owner alone, also over a file that others may read', async () => {
    const file = join(place.folder, 'trace.pcapng');
    await writeFile(file, '', { mode: 0o644 });
    const mode = async () => ((await stat(file)).mode & 0o777).toString(8);
    await yaolian(['trace', key, '--brief']);
    assert.equal((await yaolian(['trace', key, '--pcapng', file])).exitCode, 0);
    assert.equal(await mode(), '644');
    const run = await yaolian(['trace', key, '--wire', '--secrets', '--pcapng', file]);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stderr, /^\d+ bytes written to .*, which only you can read: it holds keys$/m);
    assert.equal(await mode(), '600');
    assert.equal((await yaolian(['trace', key, '--forget'])).exitCode, 0);
  });

  it('shows how the platform does', async () => {
    const run = await words('status');
    assert.match(run.stdout, /^Platform +http:\/\/127\.0\.0\.1:\d+ \(yaolian /);
    assert.match(run.stdout, /^Devices +\d+: 1 online/m);
  });
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { encodeUtf8, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';

let place: SamplePlatform;
const yaolian = (line: string, stdin?: string) =>
  runCli(line.split(' '), { environment: { HOME: place.folder }, ...(stdin === undefined ? {} : { stdin }) });

before(async () => {
  place = await startSamplePlatform();
  await yaolian(`login ${place.url} --password-stdin`, `${place.platform.adminPassword!}\n`);
});

after(() => place.close());

test('what Profile IDs stand for is listed and forgotten', async (t) => {
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  t.after(() => coap.close());
  const query = ['ep=meter', 'lwm2m=1.2', 'b=U', 'lt=300', 'pid=oma:thermostat'];
  const register = async (payload: object) =>
    (
      await coap.request(socketAddress('127.0.0.1', Number(new URL(place.coap).port)), {
        ...{ method: Code.POST, path: '/rd', query },
        ...payload,
      })
    ).code;
  assert.equal((await yaolian('profiles list')).stdout, 'No profiles.\n');
  const links = { contentFormat: 40, payload: encodeUtf8('</1/0>,</3/0>') };
  assert.equal(await register(links), Code.Created);
  assert.match(
    (await yaolian('profiles list')).stdout,
    /^PROFILE +LEARNED +OBJECTS\noma:thermostat +2\S+ \S+ +<\/1\/0>,<\/3\/0>\n$/,
  );
  assert.equal(await register({}), Code.Created, 'it is known');
  assert.equal((await yaolian('profiles forget oma:thermostat')).stdout, 'oma:thermostat is forgotten.\n');
  assert.equal(await register({}), Code.Conflict);
  const again = await yaolian('profiles forget oma:thermostat');
  assert.equal(again.exitCode, 1);
  assert.match(again.stderr, /there is no profile oma:thermostat/);
});

test('traces are listed, whoever began them, with how they stand', async () => {
  assert.equal((await yaolian('traces')).stdout, 'No traces.\n');
  await yaolian('trace * --brief');
  assert.match(
    (await yaolian('traces')).stdout,
    /^DEVICE +STATE +SINCE +UNTIL +MESSAGES +BYTES +DROPPED\n\* +recording +2\S+ \S+ +2\S+ \S+ +0 +0 +0\n$/,
  );
  await yaolian('trace * --stop');
  assert.match((await yaolian('traces')).stdout, /^\* +stopped +2\S+ \S+ +0 +0 +0$/m);
  await yaolian('trace * --forget');
  assert.equal((await yaolian('traces')).stdout, 'No traces.\n');
});

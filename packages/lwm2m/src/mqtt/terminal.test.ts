/** Our terminal to the byte, before a server that a test plays (OMA-TS-LightweightM2M_Transport 1.2 §8.3.2 to §8.5). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { LockstepClient, MqttWorld, type MqttWorldOptions } from './testing/mqtt-world.ts';

const item = (major: number, value: string) =>
  encodeHex(Uint8Array.of((major << 5) | value.length)) + encodeHex(encodeUtf8(value));
const text = (value: string) => item(3, value);
const bytes = (value: string) => item(2, value);

async function registered(options: MqttWorldOptions = {}) {
  const world = MqttWorld.alone(options);
  const server = LockstepClient.as(world, 'rd');
  world.startTerminal();
  const register = await server.next();
  // {1: 6, 2: token, 7: links, 8: 300, 9: "1.2", 10: "M"}: neither endpoint name nor location, which the topic says.
  assert.match(register, new RegExp(`^a60106T0758.*0819012c09${text('1.2')}0a${text('M')}$`));
  await server.send(`a2 ${server.lastToken} 1218c9`);
  return { world, server };
}

/** The hexadecimal of what the terminal answers to a request; its token is 5. */
async function asked(server: LockstepClient, request: string): Promise<string> {
  await server.send(request);
  return server.next();
}

test('Update and De-register have no location but their topic', async () => {
  const { world, server } = await registered();
  world.client!.update();
  assert.equal(await server.next(), 'a20107T');
  await server.send(`a2 ${server.lastToken} 1218cc`);
  const closed = world.client!.close();
  assert.equal(await server.next(), 'a20108T');
  await server.send(`a2 ${server.lastToken} 1218ca`);
  await world.until(closed);
});

test('the terminal is asked: every operation', async () => {
  const { world, server } = await registered();
  world.objects.device.set('batteryLevel', 50);
  // Read-Composite, Discover with a depth, Write-Replace, Write-Partial-Update, Write-Attributes.
  const paths = `81a100${text('/3/0/9')}`;
  assert.match(await asked(server, `a3 010a 0205 064a ${paths}`), /^a4020507.*1218cd131870$/);
  assert.match(await asked(server, `a4 010b 0205 05${text('/3')} 1600`), /^a4020507.*1218cd131828$/);
  assert.equal(await asked(server, `a5 010c 0205 05${text('/1/0/2')} 07${bytes('9')} 1300`), 'a202051218cc');
  assert.equal(await asked(server, `a5 010d 0205 05${text('/1/0')} 0743c1030a 13192d16`), 'a202051218cc');
  assert.equal(await asked(server, `a4 010e 0205 05${text('/3/0/9')} 0c01`), 'a202051218cc');
  // Write-Composite, Execute with arguments, Create, Delete.
  assert.equal(await asked(server, `a4 010f 0205 074d 81a200${text('/1/0/2')}021818 131870`), 'a202051218cc');
  assert.equal(await asked(server, `a3 0110 0205 05${text('/3/0/4')}`), 'a202051218cc');
  assert.equal(world.executed.length, 1);
  // Object instance 3 (08 03), of 8 bytes, with one identity: resource 0 of instances (86 00), instance 0 (44 00) "host".
  const instance = `0803088600 4400${encodeHex(encodeUtf8('host'))}`;
  assert.equal(await asked(server, `a5 0111 0205 05${text('/16')} 074b ${instance} 13192d16`), 'a202051218c9');
  // It has other instances now, and says so.
  assert.match(await server.next(), /^a30107T07/);
  await server.send(`a2 ${server.lastToken} 1218cc`);
  assert.equal(await asked(server, `a3 0112 0205 05${text('/16/3')}`), 'a202051218ca');
  assert.match(await server.next(), /^a30107T07/);
  await server.send(`a2 ${server.lastToken} 1218cc`);
  assert.match(await asked(server, `a3 0109 0205 05${text('/3/0/9')}`), /^a4020507.*1218cd13/);
  await world.close();
});

test('Observe is answered with the first value, Notify has its token, and Cancel-Observe ends it', async () => {
  const { world, server } = await registered();
  world.objects.device.set('batteryLevel', 50);
  const first = await asked(server, `a3 0114 0205 05${text('/3/0/9')}`);
  assert.match(first, /^a4020507.*1218cd13/);
  world.objects.device.set('batteryLevel', 51);
  const notify = await server.next();
  assert.match(notify, /^a40117020507.*13/);
  assert.match(await asked(server, 'a2 0116 0205'), /^a4020507.*1218cd13/);
  world.objects.device.set('batteryLevel', 52);
  assert.deepEqual(await server.take(), []);
  // There is nothing left to cancel: 404.
  assert.match(await asked(server, 'a2 0116 0205'), /12190194$/);
  await world.close();
});

test('what the terminal does not take on is no observation: 503; what it forgot is none either: 404', async () => {
  const few = await registered({ client: { maximumObservations: 1 } });
  assert.match(await asked(few.server, `a3 0114 0205 05${text('/3/0/9')}`), /1218cd/);
  assert.equal(await asked(few.server, `a3 0114 0206 05${text('/3/0/0')}`), 'a20206121901f7');
  await few.world.close();

  const short = await registered({ bounds: { maximumObserved: 1 } });
  assert.match(await asked(short.server, `a3 0114 0205 05${text('/3/0/9')}`), /1218cd/);
  assert.match(await asked(short.server, `a3 0114 0206 05${text('/3/0/0')}`), /1218cd/);
  assert.match(await asked(short.server, 'a2 0116 0205'), /12190194$/);
  assert.match(await asked(short.server, 'a2 0116 0206'), /1218cd/);
  await short.world.close();
});

test('what is not right: 400 for operations of the other topic, 501 for unknown ones, 404 and 405 of the terminal itself', async () => {
  const { world, server } = await registered();
  assert.match(await asked(server, `a3 0102 0205 05${text('/1')}`), /12190190$/);
  assert.match(await asked(server, 'a2 01181e 0205'), /121901f5$/);
  assert.match(await asked(server, `a3 0109 0205 05${text('/99/0')}`), /12190194$/);
  assert.match(await asked(server, `a3 0109 0205 05${text('/0/0')}`), /12190191$/);
  // A URI that is no text.
  assert.match(await asked(server, 'a3 0109 0205 0503'), /12190190$/);
  // An echo of what terminals ask for, whoever published it.
  await server.send('a2 0108 0205');
  assert.deepEqual(await server.take(), []);
  await world.close();
});

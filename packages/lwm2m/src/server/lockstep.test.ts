import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import { LockstepPeer } from '@yaolian/testkit';
import { type Lwm2mNode, lwm2mPath } from '../index.ts';
import type { Answer, ReadAnswer } from './operation-types.ts';
import { keyedProfile, serverAddress, World, type WorldOptions } from './testing/world.ts';

// What terminals really send, to the byte. The server's message ids and tokens are whatever it likes.

const hex = (text: string) => encodeHex(encodeUtf8(text));
/** Uri-Path rd, Content-Format 40, Uri-Query ep=a, payload </1/0>,</3/0>. */
const registerBody = `b2 7264 11 28 34 ${hex('ep=a')} ff ${hex('</1/0>,</3/0>')}`;

async function terminalOf(options: WorldOptions = {}) {
  const world = await World.open(options);
  const port = world.network.port('198.51.100.7', 56_830);
  const peer = new LockstepPeer({ port, to: serverAddress, time: world.time });
  return { world, peer, server: world.server };
}

async function registeredTerminal(options: WorldOptions = {}) {
  const { world, peer, server } = await terminalOf(options);
  const [created] = await peer.play(`
    > 41 02 0001 aa ${registerBody}
    < 61 41 0001 aa *
  `);
  return { world, peer, server, location: encodeHex(created!.subarray(5)) };
}

/** What the server asked: the head of the answer that fits, as hex. */
function answerTo(request: Uint8Array, code: string): string {
  return `68 ${code} ${encodeHex(request.subarray(2, 12))}`;
}

function separateTo(request: Uint8Array, code: string, messageId: string): string {
  return `48 ${code} ${messageId} ${encodeHex(request.subarray(4, 12))}`;
}

function single(answer: Answer<ReadAnswer>): unknown {
  assert.ok(answer.ok, JSON.stringify(answer));
  const node: Lwm2mNode = answer.value.node;
  return node.kind === 'resource' ? node.value : node;
}

/** CON GET with an 8-byte token, path 3/0/`resource`, Accept TLV. */
const getTlv = (resource: string) => `48 01 ???? ???????????????? b1 33 01 30 01 ${hex(resource)} 62 2d16`;
const getPlain = (resource: string) => `48 01 ???? ???????????????? b1 33 01 30 01 ${hex(resource)}`;
const getText = (resource: string) => `${getPlain(resource)} 60`;

test('a Register that is sent again, at 2, 6, 14 and 30 s, gets the same answer, and is one registration', async () => {
  const { world, peer } = await terminalOf();
  const answers = await peer.play(`
    > 41 02 0001 aa ${registerBody}
    < 61 41 0001 aa 82 7264 0c *     # 2.01, Location-Path rd and twelve characters
    ${['2s', '4s', '8s', '16s'].map((pause) => `- ${pause}\n > 41 02 0001 aa ${registerBody}\n < *`).join('\n')}
  `);
  assert.equal(answers.length, 5);
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]!.length, 5 + 3 + 13);
  assert.equal(world.server.size, 1);
  assert.deepEqual(world.store.calls, ['register a', 'device a']);
});

test('a Register with nothing in it: no lwm2m, no b, no lt, no </>, and object 0 in the list', async () => {
  const { world, peer } = await terminalOf();
  await peer.play(`
    > 41 02 0001 aa b2 7264 44 ${hex('ep=a')} ff ${hex('</0/0>,</1/0>,</3/0>')}    # not even a Content-Format
    < 61 41 0001 aa 82 7264 0c *
  `);
  const { lwm2mVersion, binding, lifetime } = world.server.registration({ endpoint: 'a' })!;
  assert.deepEqual([lwm2mVersion, binding, lifetime], ['1.0', 'U', 86_400]);
  assert.deepEqual([...world.server.objectLinks({ endpoint: 'a' })!.objects.keys()], [0, 1, 3]);
});

test('a terminal that insists after 4.03: told to wait, without asking for it again', async () => {
  let asked = 0;
  const { world, peer } = await terminalOf({
    profile: (store) => {
      const profile = keyedProfile(store);
      const enrol: typeof profile.enrol = (request) => {
        asked++;
        return profile.enrol(request);
      };
      return { ...profile, enrol };
    },
  });
  const register = `b2 7264 11 28 36 ${hex('ep=bad')} ff ${hex('</3/0>')}`;
  for (let i = 1; i <= 5; i++) await peer.play(`> 40 02 000${i} ${register}\n < 60 83 000${i} ff *`);
  for (let i = 0; i < 30; i++) {
    // 4.29 with Max-Age 10, RFC 8516.
    await peer.play(`> 40 02 10${i + 10} ${register}\n < 60 9d 10${i + 10} d1 01 0a ff *`);
  }
  assert.equal(asked, 5);
  assert.deepEqual([world.server.size, world.store.calls], [0, []]);
  await peer.play(`- 11s\n > 40 02 2000 ${register}\n < 60 83 2000 ff *`);
});

test('a Register without a token, in a NON, with options in use nowhere', async () => {
  const { world, peer } = await terminalOf();
  await peer.play(`
    > 40 02 0001 ${registerBody}
    < 60 41 0001 82 7264 0c *
    > 50 02 0002 ${registerBody}
    < 50 41 ???? 82 7264 0c *
    # Elective option 2050 after Uri-Query is passed over; critical 2051 is 4.02.
    > 40 02 0003 b2 7264 11 28 34 ${hex('ep=a')} e0 06e6 ff ${hex('</3/0>')}
    < 60 41 0003 *
    > 40 02 0004 b2 7264 11 28 34 ${hex('ep=a')} e0 06e7 ff ${hex('</3/0>')}
    < 60 82 0004 *
  `);
  assert.equal(world.server.size, 1);
});

test('an endpoint name that is no UTF-8 is 4.00', async () => {
  const { world, peer } = await terminalOf();
  await peer.play(`
    > 40 02 0001 b2 7264 11 28 35 65703d c328 ff ${hex('</3/0>')}
    < 60 80 0001 ff *
    > 40 02 0002 b2 7264 11 28 34 ${hex('ep=b')} ff 3c ff 3e    # nor is the object list
    < 60 80 0002 ff *
  `);
  assert.deepEqual([world.server.size, world.store.calls], [0, []]);
});

test('an answer after an empty ACK, with TLV type bits 01', async () => {
  const { world, peer, server } = await registeredTerminal();
  const reading = server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 9));
  const request = await peer.expect(getTlv('9'));
  peer.send(`60 00 ${encodeHex(request.subarray(2, 4))}`);
  await peer.expectSilence(seconds(5));
  peer.send(`${separateTo(request, '45', '7001')} c2 2d16 ff 41095f`);
  assert.equal(single(await world.until(reading)), 95);
  await peer.expect('60 00 7001');
});

test('a string of no length, and text where TLV was asked for', async () => {
  const { world, peer, server } = await registeredTerminal();
  const empty = server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 0));
  peer.send(`${answerTo(await peer.expect(getTlv('0')), '45')} c2 2d16 ff c000`);
  assert.equal(single(await world.until(empty)), '');
  const nothing = server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 0));
  peer.send(`${answerTo(await peer.expect(getTlv('0')), '45')} c0`);
  assert.equal(single(await world.until(nothing)), '');
  const text = server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 9));
  peer.send(`${answerTo(await peer.expect(getTlv('9')), '45')} c0 ff 3935`);
  assert.equal(single(await world.until(text)), 95);
});

test('TLV labelled 1541, 1542 and 1543; a whole object for one resource', async () => {
  const { world, peer, server } = await registeredTerminal();
  for (const label of ['0605', '0606', '0607']) {
    const reading = server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 9));
    peer.send(`${answerTo(await peer.expect(getTlv('9')), '45')} c2 ${label} ff 080007 c80001 59 c1095f`);
    assert.equal(single(await world.until(reading)), 95, label);
  }
});

test('5.00 to an Accept that it does not know: without Accept, then text', async () => {
  const { world, peer, server } = await registeredTerminal();
  const reading = server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 9));
  peer.send(answerTo(await peer.expect(getTlv('9')), 'a0'));
  peer.send(answerTo(await peer.expect(getPlain('9')), 'a0'));
  peer.send(`${answerTo(await peer.expect(getText('9')), '45')} c0 ff 3935`);
  assert.equal(single(await world.until(reading)), 95);
});

test('notifications: NON and CON, late ones dropped, RST after the end', async () => {
  const { world, peer, server } = await registeredTerminal();
  const values = () => world.eventsOf('notification').map(({ node }) => node.kind === 'resource' && node.value);
  const observing = server.observe({ endpoint: 'a' }, lwm2mPath(3, 0, 9));
  const request = await peer.expect('48 01 ???? ???????????????? 60 51 33 01 30 01 39 62 2d16');
  const token = encodeHex(request.subarray(4, 12));
  peer.send(`${answerTo(request, '45')} 61 05 62 2d16 ff c1095f`);
  assert.ok((await world.until(observing)).ok);
  await peer.play(`
    > 58 45 7001 ${token} 61 06 62 2d16 ff c1095e
    > 48 45 7002 ${token} 61 08 62 2d16 ff c1095c
    < 60 00 7002
    > 58 45 7003 ${token} 61 07 62 2d16 ff c1095d    # older than the last
    - 1s
  `);
  assert.deepEqual(values(), [94, 92]);
  await world.until(server.cancelObservation({ endpoint: 'a' }, lwm2mPath(3, 0, 9), { by: 'reset' }));
  await peer.play(`
    > 48 45 7004 ${token} 61 09 62 2d16 ff c1095b
    < 70 00 7004
    > 58 45 7005 ${token} 61 0a 62 2d16 ff c1095a
    < 70 00 7005
  `);
  assert.deepEqual(values(), [94, 92]);
});

test('a terminal that gives an empty ACK and then nothing', async () => {
  const { peer, server, world } = await registeredTerminal();
  const reading = assert.rejects(server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 9), { timeout: seconds(20) }), {
    code: 'LWM2M_TIMEOUT',
  });
  const request = await peer.expect(getTlv('9'));
  peer.send(`60 00 ${encodeHex(request.subarray(2, 4))}`);
  await world.until(reading);
  // What comes after that nobody waits for any more.
  peer.send(`${separateTo(request, '45', '7001')} c2 2d16 ff c1095f`);
  await peer.expect('70 00 7001');
});

test('a terminal that rejects with RST', async () => {
  const { peer, server, world } = await registeredTerminal();
  const reading = assert.rejects(server.read({ endpoint: 'a' }, lwm2mPath(3, 0, 9)), { code: 'LWM2M_RESET' });
  const request = await peer.expect(getTlv('9'));
  peer.send(`70 00 ${encodeHex(request.subarray(2, 4))}`);
  await world.until(reading);
});

test('Update and De-register, to the byte', async () => {
  const { peer, location } = await registeredTerminal();
  // The location came as Location-Path (8) options; Uri-Path is 11, so its first delta is 3 more.
  const bytes = decodeHex(location)!;
  bytes[0] = bytes[0]! + 0x30;
  const path = encodeHex(bytes);
  await peer.play(`
    > 40 02 0002 ${path}                       # Update with nothing in it
    < 60 44 0002
    > 40 02 0003 ${path} 46 ${hex('lt=600')}
    < 60 44 0003
    > 40 02 0004 ${path} 44 ${hex('lt=0')}
    < 60 80 0004 ff *
    > 40 04 0005 ${path}
    < 60 42 0005
    > 40 04 0006 ${path}
    < 60 84 0006 ff *
    > 40 02 0007 ${path}
    < 60 84 0007 ff *
  `);
});

test('a semicolon in a location segment survives the round trip', async () => {
  const { peer } = await terminalOf({ behaviour: { location: 'endpoint' } });
  const name = '861;460;;1.0';
  await peer.play(`
    > 40 02 0001 b2 7264 11 28 3d 02 ${hex(`ep=${name}`)} ff ${hex('</3/0>')}
    < 60 41 0001 82 7264 0c ${hex(name)}
    > 40 02 0002 b2 7264 0c ${hex(name)}
    < 60 44 0002
    > 40 04 0003 b2 7264 0c ${hex(name)}
    < 60 42 0003
  `);
});

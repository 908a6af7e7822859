/** Binding M to the byte: each operation of OMA-TS-LightweightM2M_Transport 1.2 tables 8.3.1-1 to 8.3.4-1, and what goes wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { objectInstance, singleResource } from '../index.ts';
import { at } from '../server/testing/firmware-pair.ts';
import { LockstepClient, MqttWorld, type MqttWorldOptions, reference } from './testing/mqtt-world.ts';

/** A text item. */
const text = (value: string) => encodeHex(Uint8Array.of(0x60 | value.length)) + encodeHex(encodeUtf8(value));
/** A byte string item of text. */
const bytes = (value: string) => encodeHex(Uint8Array.of(0x40 | value.length)) + encodeHex(encodeUtf8(value));

/** Register {1: 6, 2: 7, 7: links, 8: 60, 9: "1.2", 10: "M"}. */
const register = `a6 0106 0207 07${bytes('</1/0>,</3/0>,</5>')} 08183c 09${text('1.2')} 0a${text('M')}`;

/** A server, and a terminal that a test plays, registered. */
async function registered(options: MqttWorldOptions = {}): Promise<{ world: MqttWorld; peer: LockstepClient }> {
  const world = await MqttWorld.open(options);
  const peer = LockstepClient.as(world, 'rd');
  await peer.send(register);
  assert.deepEqual(await peer.take(), ['a202071218c9']);
  return { world, peer };
}

test('Register 201, Update 204, De-register 202, and then 404', async () => {
  const { world, peer } = await registered();
  assert.equal(world.server.registration(reference)!.lifetime, 60);
  // Update {1: 7, 2: 8, 8: 120}
  await peer.send('a3 0107 0208 081878');
  assert.deepEqual(await peer.take(), ['a202081218cc']);
  assert.equal(world.server.registration(reference)!.lifetime, 120);
  // Send {1: 24, 2: 9, 7: [{"n": "/3/0/9", "v": 50}], 19: 112}
  await peer.send(`a4 011818 0209 074d 81a200${text('/3/0/9')}021832 131870`);
  assert.deepEqual(await peer.take(), ['a202091218cc']);
  // De-register {1: 8, 2: 10}
  await peer.send('a2 0108 020a');
  assert.deepEqual(await peer.take(), ['a2020a1218ca']);
  assert.equal(world.server.registration(reference), undefined);
  await peer.send('a3 0107 020b 081878');
  const told = Buffer.from('no location that we gave; register again');
  assert.deepEqual(await peer.take(), [`a3020b0758${told.length.toString(16)}${told.toString('hex')}12190194`]);
  await world.close();
});

/** An operation of the server, the message that it is, its answer, and what the server makes of that. */
const operations: readonly {
  readonly name: string;
  readonly run: (world: MqttWorld) => Promise<{ readonly ok: boolean }>;
  readonly asks: string;
  readonly answer: string;
}[] = [
  {
    name: 'Read',
    run: ({ server }) => server.read(reference, at('/3/0/0')),
    asks: `a30109T05${text('/3/0/0')}`,
    answer: `a4 # 07${bytes('OMA')} 1218cd 1300`,
  },
  {
    name: 'Read-Composite',
    run: ({ server }) => server.readComposite(reference, [at('/3/0/9')]),
    asks: `a3010aT064a81a100${text('/3/0/9')}`,
    answer: `a4 # 074d 81a200${text('/3/0/9')}021832 1218cd 131870`,
  },
  {
    name: 'Discover',
    run: ({ server }) => server.discover(reference, at('/3/0'), { depth: 1 }),
    asks: `a4010bT05${text('/3/0')}1601`,
    answer: `a4 # 07${bytes('</3/0>,</3/0/9>')} 1218cd 131828`,
  },
  {
    name: 'Write-Replace',
    run: ({ server }) => server.write(reference, at('/1/0/1'), singleResource(1, 'integer', 90), { contentFormat: 0 }),
    asks: `a5010cT05${text('/1/0/1')}07${bytes('90')}1300`,
    answer: 'a2 # 1218cc',
  },
  {
    name: 'Write-Partial-Update',
    run: ({ server }) =>
      server.update(reference, at('/1/0'), objectInstance(0, [singleResource(1, 'integer', 90)]), {
        contentFormat: 11_542,
      }),
    asks: `a5010dT05${text('/1/0')}0743c1015a13192d16`,
    answer: 'a2 # 1218cc',
  },
  {
    name: 'Write-Attributes',
    run: ({ server }) => server.writeAttributes(reference, at('/3/0/9'), { pmin: 10, pmax: 60, gt: 1.5, st: 2 }),
    asks: `a7010eT05${text('/3/0/9')}0c0a0d183c0efa3fc000000f02`,
    answer: 'a2 # 1218cc',
  },
  {
    name: 'Write-Composite',
    run: ({ server }) =>
      server.writeComposite(reference, [{ path: at('/1/0/1'), node: singleResource(1, 'integer', 90) }]),
    asks: `a4010fT074d81a200${text('/1/0/1')}02185a131870`,
    answer: 'a2 # 1218cc',
  },
  {
    name: 'Execute',
    run: ({ server }) => server.execute(reference, at('/3/0/4'), "0='x'"),
    asks: `a40110T05${text('/3/0/4')}07${bytes("0='x'")}`,
    answer: 'a2 # 1218cc',
  },
  {
    name: 'Create',
    run: ({ server }) =>
      server.create(reference, at('/5'), objectInstance(0, [singleResource(1, 'string', 'a')]), { unchecked: true }),
    asks: `a50111T05${text('/5')}0743c1016113192d16`,
    answer: 'a2 # 1218c9',
  },
  {
    name: 'Delete',
    run: ({ server }) => server.delete(reference, at('/5/0'), { unchecked: true }),
    asks: `a30112T05${text('/5/0')}`,
    answer: 'a2 # 1218ca',
  },
  {
    name: 'Observe',
    run: ({ server }) => server.observe(reference, at('/3/0/9')),
    asks: `a30114T05${text('/3/0/9')}`,
    answer: `a4 # 07${bytes('50')} 1218cd 1300`,
  },
  {
    name: 'Observe-Composite',
    run: ({ server }) => server.observeComposite(reference, [at('/3/0/9')]),
    asks: `a30115T064a81a100${text('/3/0/9')}`,
    answer: `a4 # 074d 81a200${text('/3/0/9')}021832 1218cd 131870`,
  },
];

for (const { name, run, asks, answer } of operations) {
  test(`the server asks: ${name}`, async () => {
    const { world, peer } = await registered();
    const done = run(world);
    assert.deepEqual(await peer.take(), [asks]);
    await peer.send(answer.replace('#', peer.lastToken));
    const outcome = await world.until(done);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    await world.close();
  });
}

test('Notify {1: 23, 2: token of the observation}; Cancel-Observe; a Notify that nobody waits for is cancelled', async () => {
  const { world, peer } = await registered();
  const observing = world.server.observe(reference, at('/3/0/9'));
  await peer.take();
  const token = peer.lastToken;
  await peer.send(`a4 ${token} 07${bytes('50')} 1218cd 1300`);
  await world.until(observing);
  await peer.send(`a4 0117 ${token} 07${bytes('51')} 1300`);
  assert.equal(world.events.filter(({ type }) => type === 'notification').length, 1);
  assert.deepEqual(await peer.take(), [], 'a Notify has no answer');
  const cancelling = world.server.cancelObservation(reference, at('/3/0/9'));
  assert.deepEqual(await peer.take(), ['a20116T']);
  assert.equal(peer.lastToken, token);
  await peer.send(`a4 ${token} 07${bytes('51')} 1218cd 1300`);
  await cancelling;
  await peer.send(`a4 0117 ${token} 07${bytes('52')} 1300`);
  assert.deepEqual(await peer.take(), ['a20116T']);
  assert.equal(peer.lastToken, token);
  await world.close();
});

test('an error in place of a Notify ends the observation', async () => {
  const { world, peer } = await registered();
  const observing = world.server.observe(reference, at('/3/0/9'));
  await peer.take();
  const token = peer.lastToken;
  await peer.send(`a4 ${token} 07${bytes('50')} 1218cd 1300`);
  await world.until(observing);
  await peer.send(`a2 ${token} 12190194`);
  assert.equal(world.server.observations(reference).length, 0);
  await world.close();
});

test('what is not right is answered: 400 for the wrong endpoint name, topic or type, 501 for unknown operations', async () => {
  const world = await MqttWorld.open();
  const peer = LockstepClient.as(world, 'rd');
  const result = async (hex: string) => {
    await peer.send(hex);
    const [one] = await peer.take();
    return /12(19.{4}|18..)/.exec(one ?? '')?.[1];
  };
  const [badRequest, notImplemented] = ['190190', '1901f5'];
  // Another endpoint name than the topic has.
  assert.equal(await result(`a5 0106 0201 03${text('b')} 08183c 09${text('1.2')}`), badRequest);
  // A Bootstrap-Request on the topic of registrations.
  assert.equal(await result('a2 0100 0202'), badRequest);
  assert.equal(await result('a2 01181e 0203'), notImplemented);
  // A lifetime that is a text.
  assert.equal(await result(`a3 0106 0204 08${text('x')}`), badRequest);
  // No object list.
  assert.equal(await result(`a4 0106 0205 08183c 09${text('1.2')}`), badRequest);
  // What a server asks for is its own echo, whoever published it; what is no message is dropped.
  assert.equal(await result(`a3 0109 0206 05${text('/3/0/0')}`), undefined);
  assert.equal(await result('83010203'), undefined);
  assert.equal(world.server.size, 0);
  await world.close();
});

test('answers of one topic are not those of another', async () => {
  const { world, peer } = await registered();
  const reading = world.server.read(reference, at('/3/0/0'));
  await peer.take();
  const stranger = LockstepClient.as(world, 'rd', 'stranger');
  await stranger.send(`a4 ${peer.lastToken} 07${bytes('BAD')} 1218cd 1300`);
  await peer.send(`a4 ${peer.lastToken} 07${bytes('OMA')} 1218cd 1300`);
  const read = await world.until(reading);
  assert.ok(read.ok && read.value.node.kind === 'resource' && read.value.node.value === 'OMA');
  // Nor does a stranger update or end the registration of another: its topic is another.
  await stranger.send('a2 0108 020a');
  assert.equal(world.server.size, 1);
  await world.close();
});

test('bounds: a message beyond the largest, one answer too many, one request too many', async () => {
  const { world, peer } = await registered({ bounds: { maximumMessageBytes: 200 } });
  const long = singleResource(1, 'string', 'x'.repeat(300));
  const written = await world.until(world.server.write(reference, at('/5/0/1'), long, { unchecked: true }));
  assert.ok(!written.ok && written.error.code === 0x8d, JSON.stringify(written));
  assert.match(written.error.diagnostic, /comes whole/);
  await peer.send(`a4 011818 0209 0759 0100 ${'00'.repeat(256)} 131870`);
  assert.deepEqual(await peer.take(), []);
  await world.close();

  const full = await registered({ bounds: { maximumUnsent: 1 } });
  const other = LockstepClient.as(full.world, 'rd', 'other');
  await other.send(register);
  const first = full.world.server.read(reference, at('/3/0/0'));
  const second = full.world.server.read({ endpoint: 'other' }, at('/3/0/0'));
  const refused: unknown = await second.catch((error: unknown) => error);
  assert.match(String(refused), /too much is waiting/);
  await full.peer.take();
  await full.peer.send(`a4 ${full.peer.lastToken} 07${bytes('OMA')} 1218cd 1300`);
  assert.ok((await full.world.until(first)).ok);
  await full.world.close();

  const limited = await MqttWorld.open({ rateLimit: { requestsPerSecond: 0.001, burst: 1 } });
  const eager = LockstepClient.as(limited, 'rd');
  await eager.send(register);
  await eager.send(register);
  // 4.29 has no result: 503 says the same to whom comes again later.
  const answers = await eager.take();
  assert.match(answers[1]!, /121901f7/);
  const calm = LockstepClient.as(limited, 'rd', 'calm');
  await calm.send(register);
  assert.deepEqual(await calm.take(), ['a202071218c9'], 'every topic has a budget of its own');
  await limited.close();
});

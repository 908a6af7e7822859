import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentFormat } from '@yaolian/coap';
import { hours, seconds } from '@yaolian/kernel';
import { conformanceTerminal } from './testing/conformance-terminal.ts';
import { code, TerminalWorld } from './testing/scripted-server.ts';

test('a day of a terminal: registered all the time, an Update each hour, nothing left over', async () => {
  const world = new TerminalWorld();
  const client = await world.registered({ servers: [{ uri: TerminalWorld.uri }], updateEvery: hours(1) });
  await world.time.advance(hours(24));
  assert.deepEqual(world.server.takeAsked(), new Array(24).fill('POST /rd/1'));
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

for (const loss of [0.1, 0.3, 0.5]) {
  test(`over a network that loses ${loss * 100} % and doubles and reorders the rest, everything still happens`, async () => {
    const world = new TerminalWorld();
    world.network.conditions = { loss, duplication: 0.2, reordering: 0.2, latency: seconds(0.2) };
    const { client, thermometer } = await conformanceTerminal(world, { confirmableNotifications: true });
    const answers: string[] = [];
    const { heard } = await world.observe('/3303/0/5700', ContentFormat.Text).catch(() => ({ heard: undefined }));
    for (let round = 0; round < 10; round++) {
      thermometer.set('sensorValue', round);
      answers.push(await world.get('/3/0/0').then(code, (error) => error.code));
      await world.pass(60);
    }
    // Four retransmissions each way: at 30 % some one in forty requests still fails, at 50 % one in five.
    const failed = answers.filter((answer) => answer !== '2.05');
    assert.ok(
      failed.every((answer) => answer === 'COAP_TIMEOUT'),
      answers.join(),
    );
    assert.ok(failed.length <= (loss < 0.5 ? 1 : 4), answers.join());
    assert.ok(heard === undefined || heard.length > 0);
    world.network.conditions = {};
    await world.pass(600);
    assert.equal(client.state, 'registered');
    assert.equal(await world.close(), 0);
  });
}

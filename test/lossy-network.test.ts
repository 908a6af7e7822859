/** 30 % of all datagrams lost, both ways: everything works, only slower. Seeded, so that a failure can be looked at again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { milliseconds, seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { LossyPort } from './support/lossy-port.ts';
import { EventLog, openPlatform } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

const loss = 0.3;
// RFC 7252 §4.8.1 lets endpoints agree on other parameters; on loopback the answer comes in a millisecond.
const impatient = { ackTimeout: milliseconds(40), maxRetransmit: 10 };

for (const seed of [1, 2, 3]) {
  test(`the life of a terminal at 30 % loss both ways, seed ${seed}`, async () => {
    const random = new SeededRandom(seed);
    const ports: LossyPort[] = [];
    await using bench = await openPlatform({
      'coap.ack-timeout': impatient.ackTimeout,
      'coap.max-retransmit': impatient.maxRetransmit,
    });
    const { admin, coap } = bench;
    const events = await EventLog.open(admin);
    const uri = `coap://${coap.key}`;
    await admin.call(routes.setBootstrap, {
      params: { endpoint: 'default' },
      body: { deletes: [], servers: [{ shortServerId: 1, uri, lifetime: 3600 }] },
    });
    const device = `lossy-${seed}`;
    await using terminal = await openTerminal({
      endpointName: device,
      bootstrap: { uri },
      transmission: impatient,
      wrap: (port) => {
        const lossy = new LossyPort(port, loss, random);
        ports.push(lossy);
        return lossy;
      },
    });
    terminal.client.start();
    await terminal.client.registered();
    const at = (path: string) => ({ params: { device, path }, query: { timeout: '30s' } });
    for (let round = 0; round < 5; round++) {
      const value = `round ${round}`;
      await admin.call(routes.writeResource, { ...at('3303/0/5750'), body: { value } });
      const read = await admin.call(routes.readResource, at('3303/0/5750'));
      assert.ok(read.node.kind === 'resource' && read.node.value === value);
      await admin.call(routes.executeResource, { ...at('3303/0/5605'), body: { arguments: `0='${round}'` } });
    }
    // Sent again, but carried out once each: the message ID tells (RFC 7252 §4.5).
    assert.equal(terminal.executed.length, 5);
    await admin.call(routes.startObservation, at('3303/0/5700'));
    let temperature = 20;
    const heard = events.next((event) => event.type === 'observation.notified');
    const repeat = setInterval(() => terminal.temperature.set('sensorValue', ++temperature), 50);
    await heard; // notifications are NON: one of a few comes through
    clearInterval(repeat);
    await terminal.client.goOffline({ timeout: seconds(30) });
    const shown = await admin.call(routes.showDevice, { params: { device } });
    assert.equal(shown.state, 'OFFLINE');
    const [port] = ports;
    assert.ok(port!.lost / (port!.lost + port!.passed) > 0.15, `${port!.lost} lost, ${port!.passed} passed`);
    await events.close();
  });
}

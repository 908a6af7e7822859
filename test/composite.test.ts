/** Composite operations and Send, from REST to the terminal and back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiClient, routes } from '@yaolian/contract';
import { EventLog, openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const device = 'urn:imei:861234567890123';
const params = { device };
let bench: TestPlatform;
let admin: ApiClient;
let terminal: TestTerminal;
let events: EventLog;

before(async () => {
  bench = await openPlatform();
  ({ admin } = bench);
  events = await EventLog.open(admin);
  terminal = await openTerminal({ endpointName: device, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await events.close();
  await bench[Symbol.asyncDispose]();
});

for (const format of ['senml-json', 'senml-cbor'] as const) {
  test(`reads and writes of several paths with ${format}: all, some, none`, async () => {
    const paths = ['/3/0/0', '/3303/0/5700', '/3303/9/5700'];
    const read = await admin.call(routes.readComposite, { params, query: { format }, body: { paths } });
    assert.deepEqual(
      read.values.map(({ path, node }) => [path, node?.kind === 'resource' ? node.value : undefined]),
      [
        ['/3/0/0', 'Yaolian'],
        ['/3303/0/5700', 20],
        ['/3303/9/5700', undefined],
      ],
    );
    assert.equal(read.oneByOne, false);
    const write = (writes: readonly { readonly path: string; readonly value: string | number }[]) =>
      admin.call(routes.writeComposite, { params, query: { format, unchecked: true }, body: { writes: [...writes] } });
    const changed = { path: '/3303/0/5750', value: format };
    assert.equal((await write([changed, { path: '/1/0/1', value: 4000 }])).coapCode, '2.04');
    assert.equal(terminal.temperature.get('applicationType'), format);
    // One of them cannot be: none is.
    const wrong = write([
      { path: '/3303/0/5750', value: 'neither' },
      { path: '/3303/0/5700', value: 5 },
    ]);
    await assert.rejects(wrong, withCode('device-refused'));
    assert.equal(terminal.temperature.get('applicationType'), format);
  });
}

test('an observation of several paths tells all of them when one changes, until it is cancelled', async () => {
  const body = { paths: ['/3303/0/5700', '/3303/0/5701'] };
  const begun = await admin.call(routes.observeComposite, { params, body });
  assert.ok(begun.observing);
  const since = events.events.length;
  terminal.temperature.set('sensorValue', 25.5);
  const told = [];
  for (const path of body.paths) {
    const event = await events.next((one) => one.type === 'observation.notified' && one.data.path === path, since);
    assert.ok(event.type === 'observation.notified' && event.data.node.kind === 'resource');
    told.push(event.data.node.value);
  }
  assert.deepEqual(told, [25.5, 'Cel']);
  const listed = await admin.call(routes.listObservations, { params });
  assert.equal(listed.items.length, 1);
  await admin.call(routes.cancelComposite, { params, body });
  assert.deepEqual((await admin.call(routes.listObservations, { params })).items, []);
});

test('a Send arrives as an event once the device may send; a muted one stays silent', async () => {
  const mute = (value: boolean) =>
    admin.call(routes.writeResource, { params: { device, path: '1/0/23' }, body: { value } });
  await mute(true);
  assert.deepEqual(
    (await terminal.client.send(['/3303/0/5700'])).map(({ result }) => result),
    ['muted'],
  );
  await mute(false);
  assert.equal((await terminal.client.send(['/3303/0/5700', '/3303/0/5701']))[0]?.result, 'accepted');
  const event = await events.next((one) => one.type === 'device.sent');
  assert.ok(event.type === 'device.sent' && event.data.path === '/3303/0');
  const [{ node } = assert.fail('nothing was sent')] = event.data.values;
  assert.ok(node.kind === 'object-instance');
  assert.deepEqual(
    node.resources.map((one) => one.id),
    [5700, 5701],
  );
});

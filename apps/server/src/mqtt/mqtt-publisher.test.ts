import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deafMeter, seconds, silentLog } from '@yaolian/kernel';
import { settle, VirtualTime } from '@yaolian/testkit';
import { EventHub } from '../events/event-hub.ts';
import type { FleetDevice, FleetQuery } from '../fleet/fleet.ts';
import type { BrokerListener } from './broker.ts';
import { MqttPublisher } from './mqtt-publisher.ts';
import { Topics, topicLevel } from './topics.ts';
import { WaitingMessages } from './waiting-messages.ts';

interface Sent {
  readonly topic: string;
  readonly body: string;
  readonly retain: boolean;
  readonly answer: (error?: Error) => void;
}

/** A publisher, a broker that answers when the test says so, and a fleet. */
function open({ maxWaiting = 1_000_000, online = [] as string[], offline = [] as string[] } = {}) {
  const time = new VirtualTime(0);
  const machine = { clock: time, timers: time };
  const hub = new EventHub({ ...machine, history: 0, maxReaders: 0 });
  const sent: Sent[] = [];
  let listener: BrokerListener | undefined;
  let isClosed = false;
  const keys = [...online, ...offline].sort();
  const fleet = {
    stateOf: (key: string) => (online.includes(key) ? 'ONLINE' : 'OFFLINE') as 'ONLINE' | 'OFFLINE',
    page: async ({ after = '', limit }: FleetQuery) => {
      const rest = keys.filter((key) => key > after);
      const devices = rest.slice(0, limit).map((key) => ({ device: { key } }) as FleetDevice);
      return { devices, next: rest.length > limit ? devices.at(-1)!.device.key : undefined };
    },
  };
  const publisher = new MqttPublisher({
    ...{ ...machine, hub, fleet, maxWaiting, log: silentLog, meter: deafMeter, topics: new Topics('y') },
    connect: (given) => {
      listener = given;
      return {
        publish: (topic, body, { retain }) =>
          new Promise((resolve, reject) => {
            const answer = (error?: Error) => (error ? reject(error) : resolve());
            sent.push({ topic, body, retain, answer });
          }),
        close: async () => {
          isClosed = true;
        },
      };
    },
  });
  publisher.start();
  const publish = (type: 'device.registered' | 'device.expired' | 'device.removed', device: string) =>
    hub.publish({ type, time: 0, device, data: () => ({}) });
  /** Answers all that was sent, until nothing more comes. */
  const answerAll = async () => {
    const all: Sent[] = [];
    for (await settle(); sent.length > 0; await settle()) {
      for (const one of sent.splice(0)) {
        all.push(one);
        one.answer();
      }
    }
    return all;
  };
  return { time, hub, sent, publisher, publish, answerAll, online, broker: () => listener!, isClosed: () => isClosed };
}

const asLines = (sent: readonly Sent[]) =>
  sent.map(({ topic, body, retain }) => `${retain ? 'retained ' : ''}${topic} ${body}`);

test('events, values and states go to topics of their own; a removed device takes its state with it', async () => {
  const { broker, hub, publish, answerAll, online } = open();
  broker().up(100);
  assert.deepEqual(asLines(await answerAll()), ['retained y/status online']);
  online.push('a/b');
  publish('device.registered', 'a/b');
  const time = '1970-01-01T00:00:00.000Z';
  assert.deepEqual(asLines(await answerAll()), [
    `y/devices/a%2Fb/events/device.registered {"type":"device.registered","time":"${time}","device":"a/b","data":{}}`,
    `retained y/devices/a%2Fb/state {"online":true,"time":"${time}"}`,
  ]);
  const node = {
    ...{ kind: 'object-instance', path: '/3/0', id: 0 },
    resources: [
      { kind: 'resource', path: '/3/0/9', id: 9, name: 'Battery Level', units: '%', type: 'integer', value: 80 },
      { kind: 'multiple-resource', path: '/3/0/6', id: 6, type: 'integer', values: { 0: 1, 1: 5 } },
    ],
  } as const;
  hub.publish({
    type: 'observation.notified',
    time: 1000,
    device: 'a',
    data: () => ({ path: '/3/0', node: node as never }),
  });
  const values = [{ time: '1970-01-01T00:00:07.000Z', node: node.resources[0] as never }];
  hub.publish({ type: 'device.sent', time: 1000, device: 'a', data: () => ({ path: '/3/0', values }) });
  hub.publish({ type: 'stream.gap', time: 0, data: () => ({ reason: 'x' }) });
  assert.deepEqual(asLines(await answerAll()), [
    'y/devices/a/values/3/0/9 {"time":"1970-01-01T00:00:01.000Z","value":80,"units":"%","name":"Battery Level"}',
    'y/devices/a/values/3/0/6/0 {"time":"1970-01-01T00:00:01.000Z","value":1}',
    'y/devices/a/values/3/0/6/1 {"time":"1970-01-01T00:00:01.000Z","value":5}',
    'y/devices/a/values/3/0/9 {"time":"1970-01-01T00:00:07.000Z","value":80,"units":"%","name":"Battery Level"}',
    `y/events/stream.gap {"type":"stream.gap","time":"${time}","data":{"reason":"x"}}`,
  ]);
  const data = () => ({ account: 'ann@im.example', service: 'push.example', node: 'n', options: { secret: 's' } });
  hub.publish({ type: 'message.waiting', time: 0, data: data as never });
  assert.deepEqual(await answerAll(), [], 'what a push service is asked with stays here');
  online.pop();
  publish('device.expired', 'a/b');
  publish('device.removed', 'a/b');
  const last = asLines(await answerAll());
  assert.deepEqual(
    last.filter((line) => line.startsWith('retained')),
    [`retained y/devices/a%2Fb/state {"online":false,"time":"${time}"}`, 'retained y/devices/a%2Fb/state '],
  );
  assert.equal(last.length, 4);
});

test('once connected, the state of every device is told, page by page, and events are not kept waiting for it', async () => {
  const offline = Array.from({ length: 1200 }, (_, i) => `dev-${i}`);
  const { broker, publish, sent, answerAll } = open({ online: ['a'], offline });
  broker().up(10);
  await settle();
  assert.equal(sent.length, 10, 'as many as the broker takes without an answer');
  publish('device.expired', 'dev-7');
  const all = await answerAll();
  const states = all.filter(({ topic }) => topic.endsWith('/state'));
  assert.equal(new Set(states.map(({ topic }) => topic)).size, 1201);
  assert.ok(states.some(({ topic, body }) => topic === 'y/devices/a/state' && body.includes('"online":true')));
  assert.ok(all.findIndex(({ topic }) => topic === 'y/devices/dev-7/events/device.expired') < 30);
  broker().down('gone');
  broker().up(10);
  assert.deepEqual(asLines(await answerAll()), ['retained y/status online'], 'all was told before');
});

test('while the broker is away messages wait up to the bound; the oldest go, and who reads is told', async () => {
  const { broker, publish, sent, publisher, answerAll } = open({ maxWaiting: 1200 });
  for (let i = 0; i < 9; i++) publish('device.expired', `dev-${i}`);
  broker().down('connect ECONNREFUSED');
  assert.equal(sent.length, 0);
  const trouble = 'connect ECONNREFUSED';
  assert.deepEqual(publisher.condition, { isUp: false, trouble, waiting: 3, dropped: 6 });
  broker().up(100);
  assert.deepEqual([publisher.condition.isUp, publisher.condition.trouble], [true, undefined]);
  const all = asLines(await answerAll());
  assert.match(all[1]!, /^y\/events\/stream.gap .*6 messages were dropped/);
  const events = all.filter((line) => line.includes('device.expired'));
  assert.deepEqual(
    events.map((line) => line.slice(0, 15)),
    ['y/devices/dev-6', 'y/devices/dev-7', 'y/devices/dev-8'],
  );
  assert.equal(all.filter((line) => line.includes('/state ')).length, 9, 'states are told all the same');
});

test('what the broker refuses is counted, and the next goes on', async () => {
  const { broker, publish, sent, answerAll } = open();
  broker().up(1);
  await settle();
  sent.shift()!.answer();
  publish('device.expired', 'a');
  await settle();
  sent.shift()!.answer(new Error('Publish error: Not authorized'));
  assert.deepEqual(asLines(await answerAll()).length, 1);
});

test('closing waits for what is under way, no longer than it may, and says farewell', async () => {
  const one = open();
  one.broker().up(1);
  one.publish('device.expired', 'a');
  const closed = one.publisher.close();
  assert.equal(one.isClosed(), false);
  const all = asLines(await one.answerAll());
  assert.equal(all.at(-1), 'retained y/status offline');
  assert.equal(all.length, 4);
  await closed;
  assert.equal(one.isClosed(), true);

  const silent = open();
  silent.broker().up(1);
  const late = silent.publisher.close();
  await silent.time.advance(seconds(4));
  await late;
  assert.equal(silent.isClosed(), true);
  assert.equal(silent.time.pending, 0);

  const away = open();
  await away.publisher.close();
  assert.equal(away.isClosed(), true);
});

test('MQTT 5 §4.7: a name becomes one level of a topic, and no two the same', () => {
  assert.equal(topicLevel('urn:imei:861234567890123'), 'urn:imei:861234567890123');
  assert.equal(topicLevel('a/b+c#d%e\u0000\u0085'), 'a%2Fb%2Bc%23d%25e%00%C2%85');
  assert.equal(topicLevel('温度'), '温度');
});

test('a long queue gives its memory back', () => {
  const waiting = new WaitingMessages(Number.POSITIVE_INFINITY);
  for (let i = 0; i < 5000; i++) waiting.push({ topic: 't', body: String(i) });
  for (let i = 0; i < 4000; i++) assert.equal(waiting.shift()!.body, String(i));
  for (let i = 5000; i < 5010; i++) waiting.push({ topic: 't', body: String(i) });
  assert.equal(waiting.size, 1010);
  for (let i = 4000; i < 5010; i++) assert.equal(waiting.shift()!.body, String(i));
  assert.equal(waiting.shift(), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeUtf8, seconds, silentLog, socketAddress, zeroDuration } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { Code } from './codes.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import { KeptBodies } from './kept-bodies.ts';
import { datagramSizing } from './message-sizing.ts';
import type { DeliveryListener, MessageSender } from './messaging.ts';
import { ResponseCutter } from './response-cutter.ts';
import { ServerObserver } from './server-observer.ts';

/** An observer over a message layer that has room only when it is told to. */
function overloaded(room: { free: boolean }) {
  const time = new VirtualTime();
  const deadlines = new DeadlineQueue(time, time);
  const sent: string[] = [];
  const listeners: DeliveryListener[] = [];
  let ended = 0;
  const sender: MessageSender = {
    send(_peer, message, _confirmable, listener) {
      if (!room.free) return undefined;
      sent.push(decodeUtf8(message.payload)!);
      if (listener) listeners.push(listener);
      return { cancel() {} };
    },
    sendToGroup: () => false,
    ping: () => undefined,
    sizing: () => datagramSizing(1024),
  };
  const kept = new KeptBodies({ clock: time, deadlines, maximumBytes: 0, idleTime: seconds(1) });
  const host = {
    clock: time,
    log: silentLog,
    deadlines,
    sender,
    cutter: new ResponseCutter(kept),
    notificationInterval: zeroDuration,
    notificationBurst: 1,
    maximumUnconfirmedNotifications: 16,
    retryDelay: seconds(2),
    onObserverEnded() {},
  };
  const observer = new ServerObserver(host, {
    peer: socketAddress('192.0.2.1', 5683),
    token: Uint8Array.of(1),
    requestKey: 'x',
    block2: -1,
    confirmable: true,
    memory: 0,
    binding: undefined,
    onEnded: () => {
      ended++;
    },
  });
  observer.establish({ code: Code.Content });
  observer.watch(undefined);
  const notify = (text: string) => observer.notify({ code: Code.Content, payload: encodeUtf8(text) });
  return { time, sent, listeners, observer, notify, ended: () => ended };
}

test('without room the latest state waits and is tried again', async () => {
  const room = { free: false };
  const { time, sent, notify } = overloaded(room);
  notify('a');
  notify('b');
  await time.advance(seconds(3));
  assert.deepEqual(sent, []);
  room.free = true;
  await time.advance(seconds(2));
  assert.deepEqual(sent, ['b']);
});

test('a notification that was queued and then found no message ID is tried again, unless there is a newer one', async () => {
  for (const newer of [false, true]) {
    const { time, sent, listeners, observer, notify, ended } = overloaded({ free: true });
    notify('a');
    if (newer) notify('b');
    listeners[0]!.onFailed(coapErrors.COAP_OVERLOADED('message IDs'));
    await time.advance(seconds(2));
    assert.deepEqual(sent, ['a', newer ? 'b' : 'a']);
    assert.ok(observer.active);
    assert.equal(ended(), 0);
    listeners[1]!.onFailed(coapErrors.COAP_TIMEOUT('peer'));
    assert.equal(ended(), 1);
  }
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PeerConnectionListener } from './ports.ts';
import { type WebRtcConnection, webRtc } from './web-rtc.ts';

/** A connection whose channel is open at once and says to nobody what is sent on it. */
function opened(listener: Partial<PeerConnectionListener>) {
  const sent: unknown[] = [];
  const channel = {
    readyState: 'open',
    onmessage: undefined as ((event: { readonly data: unknown }) => void) | undefined,
    send: (data: unknown): void => void sent.push(data),
  };
  const connection = { createDataChannel: () => channel, createOffer: () => new Promise(() => {}), close: () => {} };
  const closed: string[] = [];
  const peer = webRtc(() => connection as unknown as WebRtcConnection).open([], {
    ...{ onOpen: () => {}, onData: () => {}, onEnd: () => {}, onClosed: (reason) => void closed.push(reason) },
    ...listener,
  });
  void peer.offer();
  return { peer, channel, sent, closed, hear: (data: unknown) => channel.onmessage!({ data }) };
}

it('who sends more than its window before it is taken is cut off', async () => {
  const { hear, closed } = opened({ onData: () => new Promise(() => {}) });
  const message = new Uint8Array(16 * 1024);
  for (let i = 0; i < 8; i++) hear(message);
  assert.deepEqual(closed, []);
  for (let i = 0; i < 9; i++) hear(message);
  assert.deepEqual(closed, ['the other side sent more than it may']);
});

it('a listener that throws closes the connection, and nothing else', async () => {
  const { hear, closed } = opened({
    onEnd: () => {
      throw new Error('the file is gone');
    },
  });
  hear('end');
  await new Promise(setImmediate);
  assert.deepEqual(closed, ['the file is gone']);
});

it('however many send at a time, no more is on its way than a window and one message', async () => {
  const { peer, sent, hear } = opened({});
  const data = new Uint8Array(100 * 1024);
  const sending = Promise.all(Array.from({ length: 10 }, () => peer.send(data)));
  const size = () => sent.reduce((total: number, part) => total + (part as Uint8Array).length, 0);
  for (let taken = 0; taken < 10 * data.length; taken = size()) {
    await new Promise(setImmediate);
    assert.ok(size() - taken <= 144 * 1024, `${size() - taken} bytes at once`);
    hear(`taken ${size()}`);
  }
  await sending;
});

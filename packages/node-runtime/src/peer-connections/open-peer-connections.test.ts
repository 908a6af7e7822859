import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerConnectionListener } from '@yaolian/igrs/client';
import { openPeerConnections } from './open-peer-connections.ts';

const deaf: PeerConnectionListener = { onOpen: () => {}, onData: () => {}, onEnd: () => {}, onClosed: () => {} };

test('bytes go through two peer connections, whole and in order, and each side learns of the end', async () => {
  const connections = await openPeerConnections();
  const opened = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  const received: Uint8Array[] = [];
  const asking = connections.open([], { ...deaf, onOpen: opened.resolve, onClosed: opened.reject });
  const asked = connections.open([], {
    ...deaf,
    onData: (data) => void received.push(data),
    onEnd: ended.resolve,
  });
  await asking.accept(await asked.answer(await asking.offer()));
  assert.equal(await opened.promise, 'direct');
  // More than may be on its way at once.
  const sent = Uint8Array.from({ length: 400_000 }, (_, index) => index * 7);
  await asking.send(sent);
  await asking.end();
  await ended.promise;
  assert.deepEqual(Buffer.concat(received), Buffer.from(sent));
  asking.close();
  asked.close();
});

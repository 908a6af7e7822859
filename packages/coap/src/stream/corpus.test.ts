import assert from 'node:assert/strict';
import { replayCorpus } from '@yaolian/testkit';
import { dissectFrame } from '../dissect.ts';
import { decodeStreamMessage } from '../message.ts';
import { FrameReader, readWholeFrame } from './frame.ts';

const maximumBytes = 1_152;

/*
 * Hostile bytes of connections, one to a file: `# stream:` with what a reader of TCP makes of them, whole and byte by byte: how many messages,
 * then why it stops, or what it holds; `# websocket:` with what they are as one WebSocket message.
 */
replayCorpus(new URL('../../corpus-streams/', import.meta.url), ({ bytes, fields }) => {
  assert.equal(read([bytes]), fields['stream']);
  assert.equal(read(Array.from(bytes, (byte) => Uint8Array.of(byte))), fields['stream']);
  const whole = readWholeFrame(bytes, maximumBytes);
  const decoded = typeof whole === 'string' ? whole : decodeStreamMessage(whole, 128);
  const said = typeof decoded === 'string' ? decoded : decoded.ok ? 'ok' : decoded.error;
  assert.equal(said, fields['websocket']);
  dissectFrame(bytes, true);
  dissectFrame(bytes, false);
});

function read(chunks: readonly Uint8Array[]): string {
  const said: string[] = [];
  let count = 0;
  const reader = new FrameReader(maximumBytes, {
    onFrame(frame) {
      count++;
      const message = decodeStreamMessage(frame, 128);
      if (!message.ok) said.push(message.error);
      return message.ok;
    },
  });
  for (const chunk of chunks) {
    const refused = reader.push(chunk);
    if (refused !== undefined) said.push(refused);
    if (said.length > 0) break;
  }
  // What is announced takes no memory before it comes.
  assert.ok(reader.held <= maximumBytes);
  return `${count} ${said[0] ?? 'more'}`;
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeHex, seconds } from '@yaolian/kernel';
import { createWorld, peerOf, serverHost } from '../test/world.ts';
import { formatCode } from './codes.ts';
import { decodeMessage, MessageType } from './message.ts';

/*
 * Hostile datagrams, one to a file: a comment that says what it is, `# decode:` with the reason why decodeMessage refuses it
 * (- when it does not), `# answer:` with what the endpoint sends back (RST, a code, or nothing), then the bytes in hex.
 */
const folder = new URL('../corpus/', import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith('.hex'))) {
  const content = readFileSync(new URL(file, folder), 'utf8');
  const field = (name: string) => new RegExp(`^# ${name}: (.*)$`, 'm').exec(content)![1]!;
  const datagram = decodeHex(content.replaceAll(/^#.*$/gm, ''))!;

  test(`corpus ${file}: ${field('decode')}, ${field('answer')}`, async () => {
    const decoded = decodeMessage(datagram);
    assert.equal(decoded.ok ? '-' : decoded.error.reason, field('decode'));
    assert.equal(await answerTo(datagram), field('answer'));
  });
}

async function answerTo(datagram: Uint8Array): Promise<string> {
  const world = createWorld();
  const answers: string[] = [];
  const port = world.network.port('192.0.2.8', 5683);
  port.listen({
    onDatagram: (bytes) => {
      const decoded = decodeMessage(bytes);
      assert.ok(decoded.ok);
      const { type, code, messageId } = decoded.value;
      if (type !== MessageType.NON) assert.equal(messageId, 0x1234);
      answers.push(type === MessageType.RST ? 'RST' : formatCode(code));
    },
  });
  port.send(datagram, peerOf(serverHost));
  await world.time.advance(seconds(1));
  // Whatever it was, the endpoint goes on.
  const response = await world.time.until(world.client.request(world.serverPeer, { method: 1 }), seconds(5));
  assert.equal(formatCode(response.code), '4.04');
  return answers.join(' ') || 'nothing';
}

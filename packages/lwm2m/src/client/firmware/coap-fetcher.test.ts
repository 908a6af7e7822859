/** What a package server does that never answers, message by message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint, decodeMessage, encodeMessage, type Message, MessageType } from '@yaolian/coap';
import { emptyBytes, seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { plainConnector } from '../connection.ts';
import { coapFetcher } from './coap-fetcher.ts';

const server = socketAddress('192.0.2.2', 5683);

for (const [what, answered] of [
  ['the first block', 0],
  ['a later block', 1],
] as const) {
  test(`${what} that is acknowledged and never answered is a lost connection after 93 s, once what came is kept`, async () => {
    const time = new VirtualTime();
    const random = new SeededRandom(1);
    const network = new SimulatedNetwork({ timers: time, random, conditions: {} });
    const port = network.port(server.host, server.port);
    const asked: Message[] = [];
    port.listen({
      onDatagram: (datagram, from) => {
        const decoded = decodeMessage(datagram.slice());
        assert.ok(decoded.ok);
        const { messageId, token } = decoded.value;
        asked.push(decoded.value);
        // Block2 0/1/1024 with 1,024 bytes, else an acknowledgement without more (RFC 7252 §5.2.2).
        const block = { code: Code.Content, token, options: [{ number: 23, value: Uint8Array.of(0x0e) }] };
        const empty = { code: 0, token: emptyBytes, options: [] };
        const answer =
          asked.length <= answered ? { ...block, payload: new Uint8Array(1024) } : { ...empty, payload: emptyBytes };
        port.send(encodeMessage({ type: MessageType.ACK, messageId, ...answer }), from.address);
      },
    });
    const endpoint = createCoapEndpoint({ port: network.port('192.0.2.1', 5683), clock: time, timers: time, random });
    let received = 0;
    const began = time.monotonic();
    const fetching = coapFetcher(plainConnector(endpoint)).fetch({
      ...{ uri: `coap://${server.key}/fw`, offset: 0, etag: undefined, signal: new AbortController().signal },
      onStart: () => true,
      onBytes: (bytes) => {
        received += bytes.length;
        return true;
      },
    });
    assert.equal(await time.until(fetching, seconds(300)), 'connection-lost');
    const took = time.monotonic() - began;
    assert.ok(took >= seconds(93) && took < seconds(94), `${took} ms`);
    assert.deepEqual([asked.length, received], [answered + 1, answered * 1024]);
    await endpoint.close();
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DatagramListener,
  type DatagramPort,
  type Duration,
  decodeUtf8,
  milliseconds,
  seconds,
} from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { createWorld, text, transcript } from '../test/world.ts';
import { Code } from './codes.ts';
import { ContentFormat } from './content-format.ts';
import { createCoapEndpoint } from './endpoint.ts';

test('a confirmable GET is answered on its ACK', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  server.handle((request) => ({
    code: Code.Content,
    contentFormat: ContentFormat.Text,
    payload: text(`${request.path.join('/')} ${request.query.join('&')} ${request.accept}`),
  }));
  const response = await time.until(
    client.request(serverPeer, { method: Code.GET, path: '/a/b%2Fc', query: ['x=1', 'y'], accept: 0 }),
    seconds(5),
  );
  assert.equal(response.code, Code.Content);
  assert.equal(response.contentFormat, 0);
  assert.equal(decodeUtf8(response.payload), 'a/b/c x=1&y 0');
  assert.deepEqual(transcript(sent), ['client CON 0.01', 'server ACK 2.05']);
  await client.close();
  await server.close();
  assert.equal(time.pending, 0);
});

test('a slow handler makes a separate response', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  server.handle(async () => {
    await new Promise<void>((resolve) => time.schedule(seconds(1), resolve));
    return { code: Code.Changed };
  });
  const response = await time.until(client.request(serverPeer, { method: Code.POST, path: 'x' }), seconds(5));
  await time.advance(milliseconds(10));
  assert.equal(response.code, Code.Changed);
  assert.deepEqual(transcript(sent), ['client CON 0.02', 'server ACK 0.00', 'server CON 2.04', 'client ACK 0.00']);
});

test('a non-confirmable request is answered non-confirmable', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  server.handle(() => ({ code: Code.Deleted }));
  const request = client.request(serverPeer, { method: Code.DELETE, path: 'x', confirmable: false });
  assert.equal((await time.until(request, seconds(5))).code, Code.Deleted);
  assert.deepEqual(transcript(sent), ['client NON 0.04', 'server NON 2.02']);
});

test('everything arrives once over a network that loses, doubles and reorders', async () => {
  const { time, client, server, serverPeer } = createWorld({
    conditions: { loss: 0.3, duplication: 0.2, reordering: 0.2 },
    client: { transmission: { nstart: 8 } },
  });
  const handled: string[] = [];
  server.handle((request) => {
    handled.push(request.path[0]!);
    return { code: Code.Changed, payload: request.payload };
  });
  const names = Array.from({ length: 50 }, (_, i) => `r${i}`);
  const answers = names.map((name) =>
    client.request(serverPeer, { method: Code.POST, path: name, payload: text(name) }).then(
      (response) => decodeUtf8(response.payload),
      () => 'lost',
    ),
  );
  const results = await time.until(Promise.all(answers), seconds(2000));
  assert.ok(results.filter((result, i) => result === names[i]).length >= 45);
  assert.equal(new Set(handled).size, handled.length);
});

test('a time-out says what the network said of the request, until somebody answers', async () => {
  const { time, network, client, server, serverPeer } = createWorld();
  server.handle(() => ({ code: Code.Content }));
  const refusal = new Error('its certificate bears another name');
  const inner = network.port('192.0.2.3', 5683);
  let refuses = true;
  let listener: DatagramListener | undefined;
  const port: DatagramPort = {
    localAddress: inner.localAddress,
    listen(one) {
      listener = one;
      inner.listen(one);
    },
    send(datagram, to) {
      if (refuses) time.schedule(milliseconds(1), () => listener!.onSendError!(refusal, to));
      else inner.send(datagram, to);
    },
    close: () => inner.close(),
  };
  const endpoint = createCoapEndpoint({ port, clock: time, timers: time, random: new SeededRandom(1) });
  const ask = (timeout?: Duration) =>
    time.until(endpoint.request(serverPeer, { method: Code.GET }, timeout ? { timeout } : {}), seconds(300));
  const said = {
    code: 'COAP_TIMEOUT',
    message: '192.0.2.2:5683 did not answer in time: its certificate bears another name',
    cause: refusal,
  };
  await assert.rejects(ask(), said);
  await assert.rejects(ask(seconds(1)), said);
  await assert.rejects(time.until(endpoint.ping(serverPeer, { timeout: seconds(1) }), seconds(5)), said);
  refuses = false;
  assert.equal((await ask()).code, Code.Content);
  await server.close();
  await assert.rejects(ask(), (error: Error) => {
    assert.equal(error.message, '192.0.2.2:5683 did not answer in time');
    return error.cause === undefined;
  });
  await endpoint.close();
  await client.close();
});

test('a request that nobody answers times out after MAX_TRANSMIT_WAIT', async () => {
  const { time, client, serverPeer, server, sent } = createWorld({ conditions: { loss: 1 } });
  server.handle(() => ({ code: Code.Content }));
  await assert.rejects(time.until(client.request(serverPeer, { method: Code.GET }), seconds(300)), {
    code: 'COAP_TIMEOUT',
  });
  assert.equal(sent.length, 5);
  assert.ok(time.monotonic() >= 62_000 && time.monotonic() <= 93_000);
});

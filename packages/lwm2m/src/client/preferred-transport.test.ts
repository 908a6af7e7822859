import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCoapUri } from '@yaolian/coap';
import { seconds, socketAddress } from '@yaolian/kernel';
import type { Lwm2mClientOptions } from './client-options.ts';
import type { Connector } from './connection.ts';
import { brief, type ScriptedServer, TerminalWorld } from './testing/scripted-server.ts';

/** One server with two addresses, which stand for its transports: UDP at 192.0.2.1, TCP at 192.0.2.2. */
class TwoWays {
  readonly world = new TerminalWorld();
  readonly udp = this.world.server;
  readonly tcp: ScriptedServer = this.world.addServer('192.0.2.2');
  released = 0;

  readonly #connector: Connector = {
    connect: async ({ uri }) => {
      const parsed = parseCoapUri(uri);
      assert.ok(parsed.ok);
      const release = () => {
        this.released++;
      };
      return { endpoint: this.world.transport, peer: socketAddress(parsed.value.host, parsed.value.port), release };
    },
  };

  client(servers: Partial<NonNullable<Lwm2mClientOptions['servers']>[number]> = {}) {
    return this.world.client({
      transport: this.#connector,
      servers: [
        { uri: 'coap://192.0.2.1', shortServerId: 7, lifetime: seconds(300), ...servers },
        { uri: 'coap+tcp://192.0.2.2:5683', shortServerId: 7 },
      ],
    });
  }

  async close(): Promise<void> {
    await this.tcp.endpoint.close();
    assert.equal(await this.world.close(), 0);
  }
}

const registers = (server: ScriptedServer) => server.takeAsked();

test('1/x/22: of several ways to a server the preferred one is taken', async () => {
  for (const [preferredTransport, udp, tcp] of [
    [undefined, 1, 0],
    ['U', 1, 0],
    ['T', 0, 1],
    ['S', 1, 0],
  ] as const) {
    const ways = new TwoWays();
    const client = ways.client(preferredTransport ? { preferredTransport } : {});
    client.start();
    await ways.world.pass(1);
    assert.deepEqual([ways.udp.requests.length, ways.tcp.requests.length], [udp, tcp], preferredTransport ?? 'none');
    const [asked] = [...registers(ways.udp), ...registers(ways.tcp)];
    assert.equal(asked, 'POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=UT');
    await ways.world.time.until(client.close(), seconds(60));
    await ways.close();
  }
});

test('1/x/22 written: the terminal answers, and registers by the other transport', async () => {
  const ways = new TwoWays();
  const client = ways.client();
  client.start();
  await ways.world.pass(1);
  registers(ways.udp);
  assert.equal(brief(await ways.world.put('/1/0/22', 'T')), '2.04');
  await ways.world.pass(1);
  assert.deepEqual([registers(ways.udp), registers(ways.tcp).length, ways.released], [[], 1, 1]);
  assert.equal(client.registrations[0]!.server.uri, 'coap+tcp://192.0.2.2:5683');
  // A server is managed by where it has the terminal registered.
  assert.equal(brief(await ways.world.get('/1/0/22', 0, ways.tcp)), '2.05 T');
  assert.equal(brief(await ways.world.get('/1/0/22', 0, ways.udp)), '4.01 not a server of this terminal');
  await ways.world.time.until(client.close(), seconds(60));
  assert.deepEqual([registers(ways.udp), registers(ways.tcp)], [[], ['DELETE /rd/1']]);
  await ways.close();
});

test('1/x/22 written with a transport that leads nowhere changes nothing', async () => {
  const ways = new TwoWays();
  const client = ways.client();
  client.start();
  await ways.world.pass(1);
  registers(ways.udp);
  assert.equal(brief(await ways.world.put('/1/0/22', 'N')), '2.04');
  await ways.world.pass(10);
  assert.deepEqual([registers(ways.udp), registers(ways.tcp)], [[], []]);
  await ways.world.time.until(client.close(), seconds(60));
  await ways.close();
});

test('1/x/22 written with what is no transport is refused, and says what is', async () => {
  const ways = new TwoWays();
  const client = ways.client();
  client.start();
  await ways.world.time.until(client.registered(), seconds(60));
  for (const wrong of ['X', 'UT', 'u', '']) {
    const answer = await ways.world.put('/1/0/22', wrong);
    assert.equal(brief(answer), '4.00 a preferred transport is one letter of the Binding: U, T, M, S, N or H');
  }
  await ways.world.time.until(client.close(), seconds(60));
  await ways.close();
});

test('a server that does not answer by the preferred transport is asked by the next', async () => {
  const ways = new TwoWays();
  await ways.tcp.endpoint.close();
  const client = ways.client({ preferredTransport: 'T' });
  client.start();
  await ways.world.time.until(client.registered(), seconds(600));
  assert.equal(client.registrations[0]!.server.uri, 'coap://192.0.2.1');
  const failed = ways.world.events.find(({ type }) => type === 'registration-failed');
  assert.ok(failed?.type === 'registration-failed');
  assert.equal(failed.server.uri, 'coap+tcp://192.0.2.2:5683');
  await ways.world.time.until(client.close(), seconds(60));
  await ways.close();
});

test('two ways to a server by one transport are refused', async () => {
  const world = new TerminalWorld();
  const servers = [
    { uri: 'coap://192.0.2.1', shortServerId: 7 },
    { uri: 'coap://192.0.2.2', shortServerId: 7 },
  ];
  assert.throws(
    () => world.client({ servers }).start(),
    /two Security object instances are of server 7, by the same transport/,
  );
  await world.close();
});

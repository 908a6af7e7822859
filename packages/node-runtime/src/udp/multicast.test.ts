import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { socketAddress } from '@yaolian/kernel';
import { DatagramInbox } from '@yaolian/testkit';
import { openUdpPort } from './open-udp-port.ts';
import { adaptersHere, openFor } from './testing/adapters-here.ts';
import type { UdpPortOptions } from './udp-port.ts';

const allCoapNodes = '224.0.1.187';

for (const adapter of await adaptersHere()) {
  const open = (t: TestContext, options: Partial<UdpPortOptions> = {}) => openFor(t, { adapter, ...options });

  for (const host of ['0.0.0.0', '127.0.0.1', '::']) {
    test(`${adapter} on ${host}: tells what came by a group from what came to it alone, and hears each once`, async (t) => {
      const server = await open(t, { host, multicast: { groups: [allCoapNodes], interface: '127.0.0.1' } });
      const client = await open(t, { multicast: { groups: [], interface: '127.0.0.1' } });
      const requests = new DatagramInbox(server, ({ datagram, from }) => server.send(datagram, from));
      const answers = new DatagramInbox(client);
      const { port } = server.localAddress;
      client.send(Uint8Array.of(1), socketAddress(allCoapNodes, port));
      client.send(Uint8Array.of(2), socketAddress('127.0.0.1', port));
      await answers.datagrams(2);
      // Whatever the first two left behind is there before this one.
      client.send(Uint8Array.of(3), socketAddress('127.0.0.1', port));
      await answers.datagrams(3);
      const heard = requests.received.map(({ datagram, multicast }) => `${datagram[0]} ${multicast}`);
      assert.deepEqual(heard.sort(), ['1 true', '2 false', '3 false']);
      for (const { from } of requests.received) assert.equal(from, requests.received[0]?.from);
      for (const { from } of answers.received) assert.equal(from.key, `127.0.0.1:${port}`);
    });
  }

  test(`${adapter}: two servers on one machine may hear the same group`, async (t) => {
    const multicast = { groups: [allCoapNodes], interface: '127.0.0.1' };
    const first = await open(t, { multicast });
    const second = await open(t, { host: '127.0.0.2', port: first.localAddress.port, multicast });
    const client = await open(t, { multicast: { groups: [], interface: '127.0.0.1' } });
    const inboxes = [new DatagramInbox(first), new DatagramInbox(second)];
    client.send(Uint8Array.of(1), socketAddress(allCoapNodes, first.localAddress.port));
    for (const inbox of inboxes) assert.equal((await inbox.datagrams(1))[0]?.multicast, true);
  });

  test(`${adapter}: joining leaves the port closed to others`, async (t) => {
    const multicast = { groups: [allCoapNodes], interface: '127.0.0.1' };
    const server = await open(t, { host: '0.0.0.0', multicast });
    await assert.rejects(open(t, { host: '0.0.0.0', port: server.localAddress.port }), { code: 'UDP_ADDRESS_IN_USE' });
    await server.close();
    await (await open(t, { host: '0.0.0.0', port: server.localAddress.port })).close();
  });

  test(`${adapter}: an IPv6 group can be joined`, async (t) => {
    await open(t, { host: '::1', multicast: { groups: ['ff02::fd', 'ff05::fd'], interface: '::1' } });
  });

  test(`${adapter}: an interface that was named and is none is an error, and nothing stays open`, async (t) => {
    const refused = open(t, { port: 0, multicast: { groups: [allCoapNodes], interface: '192.0.2.254' } });
    await assert.rejects(refused, { code: 'UDP_GROUP_FAILED' });
  });
}

test('groups that are none, or whose peers cannot be answered, are the caller’s mistakes', async () => {
  const wrong: [host: string, group: string, ipv6Only?: boolean][] = [
    ['127.0.0.1', '192.0.2.1'],
    ['127.0.0.1', 'ff02::fd'],
    ['::', '224.0.1.187', true],
    ['::', 'fe80::1'],
    ['127.0.0.1', 'all-coap-nodes'],
  ];
  for (const [host, group, ipv6Only = false] of wrong) {
    await assert.rejects(openUdpPort({ host, port: 0, ipv6Only, multicast: { groups: [group] } }), RangeError);
  }
});

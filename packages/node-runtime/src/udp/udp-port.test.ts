import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { socketAddress } from '@yaolian/kernel';
import { DatagramInbox, datagramPortContract } from '@yaolian/testkit';
import { PrometheusMeter } from '../prometheus-meter.ts';
import { adaptersHere, openFor } from './testing/adapters-here.ts';
import type { UdpPortOptions } from './udp-port.ts';

const loopback = { 4: '127.0.0.1', 6: '::1' } as const;

for (const adapter of await adaptersHere()) {
  const open = (t: TestContext, options: Partial<UdpPortOptions> = {}) => openFor(t, { adapter, ...options });

  test(`${adapter}: keeps the contract of a datagram port`, async (t) => {
    const granted = await open(t);
    // A short datagram occupies up to 2 KiB of the receive buffer; systems that grant less than we ask for hold fewer.
    const burst = Math.min(2000, Math.floor(granted.receiveBufferBytes / 2048));
    await granted.close();
    await datagramPortContract(t, (family, port = 0) => open(t, { host: loopback[family], port }), {
      refused: 65_535,
      burst,
    });
  });

  test(`${adapter}: an address in use is refused, unless both sides allow it`, async (t) => {
    const first = await open(t);
    const { port } = first.localAddress;
    await assert.rejects(open(t, { port }), { code: 'UDP_ADDRESS_IN_USE' });
    await assert.rejects(open(t, { port, reuseAddress: true }), { code: 'UDP_ADDRESS_IN_USE' });
    await first.close();
    await open(t, { port, reuseAddress: true });
    await open(t, { port, reuseAddress: true });
  });

  test(`${adapter}: an address of another machine is refused`, async (t) => {
    await assert.rejects(open(t, { host: '192.0.2.254' }), { code: 'UDP_ADDRESS_UNAVAILABLE' });
    await assert.rejects(open(t, { host: 'fe80::1%nowhere' }), { code: /UDP_ADDRESS_UNAVAILABLE|UDP_OPEN_FAILED/ });
  });

  test(`${adapter}: a socket for both families shows IPv4 peers as IPv4`, async (t) => {
    const [both, four, six] = [await open(t, { host: '::' }), await open(t), await open(t, { host: '::1' })];
    const { port } = both.localAddress;
    const inbox = new DatagramInbox(both, ({ datagram, from }) => both.send(datagram, from));
    const [answers4, answers6] = [new DatagramInbox(four), new DatagramInbox(six)];
    four.send(Uint8Array.of(4), socketAddress('127.0.0.1', port));
    six.send(Uint8Array.of(6), socketAddress('::1', port));
    const keys = (await inbox.datagrams(2)).map(({ from }) => `${from.key} ${from.address.family}`);
    assert.deepEqual(keys.sort(), [`${four.localAddress.key} 4`, `${six.localAddress.key} 6`].sort());
    await Promise.all([answers4.datagrams(1), answers6.datagrams(1)]);
    both.send(Uint8Array.of(5), four.localAddress); // an address that did not come from this socket
    assert.equal((await answers4.datagrams(2))[1]?.datagram[0], 5);
  });

  test(`${adapter}: an IPv6 socket may leave IPv4 to another one`, async (t) => {
    const six = await open(t, { host: '::', ipv6Only: true });
    await open(t, { host: '0.0.0.0', port: six.localAddress.port });
  });

  test(`${adapter}: counts what comes, goes and fails`, async (t) => {
    const meter = new PrometheusMeter();
    const [port, peer] = [await open(t, { meter }), await open(t)];
    const [inbox, outbox] = [new DatagramInbox(port), new DatagramInbox(peer)];
    for (let i = 0; i < 3; i++) peer.send(Uint8Array.of(i), port.localAddress);
    await inbox.datagrams(3);
    port.send(Uint8Array.of(1), peer.localAddress);
    port.send(new Uint8Array(65_530), peer.localAddress);
    await Promise.all([outbox.datagrams(1), inbox.refusals(1)]);
    const label = `{local="${port.localAddress.key}"}`;
    const text = meter.text();
    assert.ok(text.includes(`udp_datagrams_received_total${label} 3\n`), text);
    assert.ok(text.includes(`udp_datagrams_sent_total${label} 1\n`), text);
    assert.ok(text.includes(`udp_send_errors_total{local="${port.localAddress.key}",reason="EMSGSIZE"} 1\n`), text);
    if (adapter === 'batched') assert.ok(text.includes(`udp_receive_buffer_drops${label} 0\n`), text);
    await Promise.all([port.close(), peer.close()]);
    assert.ok(adapter === 'portable' || meter.text().includes(`udp_receive_buffer_drops${label} NaN\n`));
  });

  test(`${adapter}: says so when the kernel grants a smaller buffer than asked for`, async (t) => {
    const warnings: unknown[] = [];
    const silent = () => {};
    const log = {
      debug: silent,
      info: silent,
      error: silent,
      warn: (_message: string, fields: unknown) => warnings.push(fields),
      child: () => log,
    };
    const port = await open(t, { log, sendBufferBytes: 2 ** 31 - 1 });
    assert.ok(port.sendBufferBytes < 2 ** 31 - 1);
    assert.equal(warnings.length, 1);
    assert.equal((warnings[0] as { granted: number }).granted, port.sendBufferBytes);
    await port.close();
  });
}

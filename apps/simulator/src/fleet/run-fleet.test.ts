import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { milliseconds, seconds, socketAddress } from '@yaolian/kernel';
import { openCoapServer } from '../testing/coap-server.ts';
import { SocketSharing, terminalPorts } from '../udp/terminal-ports.ts';
import type { FleetOptions } from './options.ts';
import { runFleet } from './run-fleet.ts';

type Server = Awaited<ReturnType<typeof openCoapServer>>;

/** Runs a fleet until `condition` holds at the server. */
async function fleetUntil(server: Server, options: Omit<FleetOptions, 'server' | 'signal'>, condition: () => boolean) {
  const abort = new AbortController();
  const running = runFleet({ server: server.uri, rate: 10_000, ...options, signal: abort.signal });
  await Promise.race([server.until(condition), running]);
  abort.abort();
  return running;
}

const registers = (server: Server) => server.asked.filter((line) => line.startsWith('2 /rd?')).length;
const updates = (server: Server) => server.asked.filter((line) => /^2 \/rd\/\d/.test(line)).length;

const shareable = process.platform === 'linux' ? ['each', 'shared'] : ['each'];

for (const sockets of shareable as ('each' | 'shared')[]) {
  test(`a fleet registers, updates and de-registers (sockets: ${sockets})`, async (t) => {
    const server = await openCoapServer(t);
    const options = { count: 60, sockets, seed: 4, updateEvery: milliseconds(200), endpointPrefix: 'terminal-' };
    // A terminal that updates again has had the answer to its first Update.
    const summary = await fleetUntil(server, options, () => registers(server) === 60 && updates(server) > 60);
    assert.equal(summary.sockets, sockets);
    assert.equal(summary.registered, 60);
    assert.equal(summary.registrations.succeeded, 60);
    assert.ok(summary.registrations.perSecond! > 0);
    // The last ones may be given up as the run ends.
    assert.ok(summary.updates.succeeded > 0 && summary.registrations.latency.maximum > 0);
    assert.equal(summary.deregistrations.succeeded, 60);
    assert.deepEqual(summary.registrations.failures, {});
    const names = server.asked.flatMap((line) => /ep=(.*)/.exec(line)?.[1] ?? []);
    assert.deepEqual(names.toSorted(), Array.from({ length: 60 }, (_, i) => `terminal-${i}`).toSorted());
    assert.equal(new Set(server.peers.map(({ key }) => key)).size, 60, 'each terminal has its own address');
    assert.ok(summary.memory.residentBytes > 0);
  });
}

test('the same seed makes the same names, in the same order', async (t) => {
  const names = async (seed: number) => {
    const server = await openCoapServer(t);
    await fleetUntil(server, { count: 20, seed, maximumStarting: 1 }, () => registers(server) === 20);
    return server.asked.filter((line) => line.startsWith('2 /rd?')).map((line) => line.slice(8));
  };
  const first = await names(9);
  assert.deepEqual(await names(9), first);
  assert.notDeepEqual(await names(10), first);
});

test('refusals are counted by their codes, and terminals wait before they come again', async (t) => {
  const server = await openCoapServer(t, ({ method, path, query }) => {
    const refusedName = query.some((option) => /[13579]$/.test(option) && option.startsWith('ep='));
    return method === Code.POST && path.length === 1 && refusedName ? { code: Code.Forbidden } : undefined;
  });
  const options = { count: 40, endpointPrefix: 't', retry: { initialDelay: milliseconds(100) } };
  const summary = await fleetUntil(server, options, () => registers(server) >= 50);
  assert.deepEqual(Object.keys(summary.registrations.failures), ['4.03']);
  assert.ok(summary.registrations.failures['4.03']! >= 20);
  assert.equal(summary.registrations.succeeded, 20);
  assert.equal(summary.registrations.perSecond, undefined);
});

test('temperatures that move are heard by a server that observes', async (t) => {
  const server = await openCoapServer(t);
  let heard = 0;
  let wake: () => void = () => {};
  const notified = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const abort = new AbortController();
  const options = { server: server.uri, count: 5, notifyEvery: milliseconds(30), signal: abort.signal };
  const running = runFleet(options);
  await server.until(() => registers(server) === 5);
  const listener = {
    onNotification() {
      if (++heard === 5) wake();
    },
  };
  await server.endpoint.observe(server.peers[0]!, { method: Code.GET, path: '/3303/0/5700' }, listener);
  await notified;
  abort.abort();
  const summary = await running;
  assert.ok(summary.notifications >= 5);
  assert.deepEqual(summary.operations, { observe: 1 });
});

test('progress is told, and a run without de-registration leaves silently', async (t) => {
  const server = await openCoapServer(t);
  const written: string[] = [];
  const phases: string[] = [];
  const output = { isTerminal: false, columns: undefined, write: (text: string) => void written.push(text) };
  const summary = await runFleet({
    server: server.uri,
    count: 3,
    duration: seconds(0.1),
    deregister: false,
    output,
    onProgress: ({ phase }) => phases.push(phase),
  });
  assert.equal(phases[0], 'starting');
  assert.match(written[0]!, /\/3 registered/);
  assert.equal(summary.deregistrations.succeeded, 0);
  assert.ok(server.asked.every((line) => !line.startsWith('4 ')));
});

test('options that make no sense are refused with a sentence', async () => {
  for (const options of [{ count: 0 }, { count: 1.5 }, { count: 1, rate: 0 }, { count: 1, seed: 0.5 }]) {
    await assert.rejects(runFleet(options), { code: 'SIMULATOR_BAD_OPTION' });
  }
});

test('more terminals than files may be open share a socket, or the error says what to do', async () => {
  const loopback = [socketAddress('127.0.0.1', 5683)];
  const far = [socketAddress('192.0.2.1', 5683)];
  const tooMany = 900_000_000;
  await assert.rejects(terminalPorts(SocketSharing.Each, tooMany, loopback), { code: 'SIMULATOR_TOO_FEW_DESCRIPTORS' });
  await assert.rejects(terminalPorts(SocketSharing.Auto, tooMany, far), { code: 'SIMULATOR_TOO_FEW_DESCRIPTORS' });
  await assert.rejects(terminalPorts(SocketSharing.Shared, 1, far), { code: 'SIMULATOR_CANNOT_SHARE' });
  if (process.platform !== 'linux') return;
  const ports = await terminalPorts(SocketSharing.Auto, tooMany, loopback);
  assert.equal(ports.sharing, 'shared');
  await ports.close();
});

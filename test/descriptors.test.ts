/** A platform that has no file descriptor left says so; Node and the system do not. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { startServer } from './support/server-process.ts';

const limit = 80;
const none = 'there are no file descriptors left';

test('descriptors that are used up are in the log once, in health and in the metrics', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-descriptors-'));
  const held: Socket[] = [];
  t.after(async () => {
    for (const socket of held) socket.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  const free = ['--coap-port', '--coap-dtls-port', '--coap-tcp-port', '--coap-tls-port', '--http-port'];
  const ports = free.flatMap((flag) => [flag, '0']);
  const server = await startServer(['--data-dir', folder, '--coap-host', '127.0.0.1', ...ports], [], limit);
  for (let index = 0; index < limit; index++) {
    const socket = connect({ port: Number(new URL(server.httpUrl).port), host: '127.0.0.1' });
    socket.on('error', () => {}); // it is cut off
    held.push(socket);
  }
  await until(
    () => server.errors.includes(none),
    () => `a line in the log: ${server.errors}`,
  );
  for (const socket of held.splice(0)) socket.destroy();
  await until(() => server.errors.includes('there are file descriptors again'), 'the end of it in the log');
  const client = new ApiClient({ baseUrl: server.httpUrl });
  const { token } = await client.call(routes.login, { body: { password: server.adminPassword! } });
  const { checks } = await new ApiClient({ baseUrl: server.httpUrl, token }).call(routes.showHealth, {});
  const { state, finding, values } = checks.find(({ part }) => part === 'descriptors')!;
  assert.deepEqual({ state, finding, limit: values['limit'] }, { state: 'failed', finding: 'descriptors-none', limit });
  const metrics = await fetch(`${server.httpUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  assert.match(await metrics.text(), new RegExp(`^process_open_fds \\d+$[^]*^process_max_fds ${limit}$`, 'm'));
  const { code, errors } = await server.signal('SIGTERM');
  assert.equal(code, 0);
  assert.equal(errors.split(none).length, 2, errors);
});

/** SIGTERM in the middle of work: what is in hand is finished, what was acknowledged is there after the next start, and a second signal ends it at once. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { socketAddress } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { type ServerProcess, startServer } from './support/server-process.ts';
import { openTerminal } from './support/terminal.ts';

async function openFolder(t: TestContext): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-stop-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const free = ['--coap-port', '--coap-dtls-port', '--coap-tcp-port', '--coap-tls-port', '--http-port'];
  return ['--data-dir', folder, '--coap-host', '127.0.0.1', ...free.flatMap((flag) => [flag, '0'])];
}

async function login(server: ServerProcess, password: string) {
  const { token } = await new ApiClient({ baseUrl: server.httpUrl }).call(routes.login, { body: { password } });
  return { admin: new ApiClient({ baseUrl: server.httpUrl, token }), token };
}

const size = 200_000;
const stopping = 'SIGTERM: stopping. Once more ends it at once.';

/** An upload whose body is not there yet. */
function beginUpload(server: ServerProcess, token: string): ClientRequest {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/octet-stream',
    'content-length': size,
  };
  const upload = request(`${server.httpUrl}/api/v1/firmware?name=app.bin`, { method: 'POST', headers });
  upload.write(randomBytes(size / 2));
  return upload;
}

test('SIGTERM in the middle of requests, Sends and an upload loses nothing of what was acknowledged', async (t) => {
  const args = await openFolder(t);
  const server = await startServer(args);
  const password = server.adminPassword!;
  const { admin, token } = await login(server, password);
  await using terminal = await openTerminal({
    endpointName: 'meter',
    server: socketAddress('127.0.0.1', server.coapPort),
  });
  terminal.client.start();
  await terminal.client.registered();
  const made: string[] = [];
  const sent: number[] = [];
  let isOver = false;
  const making = (async () => {
    for (let index = 0; !isOver; index++) {
      await admin.call(routes.addGroup, { body: { name: `group-${index}` } });
      made.push(`group-${index}`);
    }
  })().catch(() => {}); // refused or cut off
  const sending = (async () => {
    for (let value = 100; !isOver; value++) {
      terminal.temperature.set('sensorValue', value);
      const [outcome] = await terminal.client.send(['/3303/0/5700']);
      if (outcome?.result !== 'accepted') break;
      sent.push(value);
    }
  })().catch(() => {}); // nobody answers any more
  const upload = beginUpload(server, token);
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
  await until(() => made.length > 5 && sent.length > 5, 'work under way');
  const stopped = server.signal('SIGTERM');
  await until(() => server.output.includes(stopping), 'the stop to begin');
  upload.end(randomBytes(size / 2));
  const [response] = await answered;
  assert.equal(response.statusCode, 201, 'it was in hand');
  response.resume();
  const { code, output } = await stopped;
  assert.equal(code, 0);
  assert.match(output, /Stopped\. Everything is stored\.\n$/);
  isOver = true;
  await terminal.client.close({ deregister: false });
  await Promise.all([making, sending]);

  const again = await startServer(args);
  const { admin: reader } = await login(again, password);
  const kept = await reader.call(routes.listGroups, { query: { limit: 1000 } });
  const names = kept.items.map(({ name }) => name);
  assert.deepEqual(
    made.filter((name) => !names.includes(name)),
    [],
  );
  const query = { path: '/3303/0/5700', limit: 1000 };
  const { points } = await reader.call(routes.showHistory, { params: { device: 'meter' }, query });
  const values = new Set(points!.map(({ value }) => value));
  assert.deepEqual(
    sent.filter((value) => !values.has(value)),
    [],
  );
  const { items } = await reader.call(routes.listFirmware, {});
  assert.deepEqual(
    items.map(({ name, size: bytes }) => [name, bytes]),
    [['app.bin', size]],
  );
  assert.equal((await again.signal('SIGTERM')).code, 0);
});

test('a second signal ends a stop that waits for an upload, which leaves nothing behind', async (t) => {
  const args = [...(await openFolder(t)), '--stop-drain', '10m'];
  const server = await startServer(args);
  const password = server.adminPassword!;
  const { token } = await login(server, password);
  const upload = beginUpload(server, token);
  upload.on('error', () => {}); // it is cut off
  const first = server.signal('SIGTERM');
  await until(() => server.output.includes(stopping), 'the stop to begin');
  const { code, output, errors } = await server.signal('SIGTERM');
  await first;
  assert.equal(code, 1);
  assert.doesNotMatch(output, /Stopped\./);
  assert.match(errors, /stopped at once/);
  const again = await startServer(args.slice(0, -2));
  const { admin } = await login(again, password);
  const { items } = await admin.call(routes.listFirmware, {});
  assert.deepEqual(items, []);
  assert.equal((await again.signal('SIGTERM')).code, 0);
});

/** Bootstrap that gives security contexts of OSCORE (object 21), with platform and terminal as processes of their own. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApiClient, type JsonBootstrapSecurity, routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { openPlatform, withCode } from './support/platform.ts';
import { startServer } from './support/server-process.ts';

const cli = join(import.meta.dirname, '../apps/cli/src/main.ts');
const factory = { senderId: '0b', recipientId: '00', masterSecret: '5a'.repeat(16) };

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-oscore-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function login(baseUrl: string, password: string): Promise<ApiClient> {
  const { token } = await new ApiClient({ baseUrl }).call(routes.login, { body: { password } });
  return new ApiClient({ baseUrl, token });
}

/** `yaolian terminal`, which knows the Bootstrap-Server alone, over OSCORE. */
function startTerminal(t: TestContext, port: number, folder: string, lwm2m: '1.1' | '1.2') {
  const { senderId, recipientId, masterSecret } = factory;
  const keys = ['--oscore-sender-id', senderId, '--oscore-recipient-id', recipientId, '--oscore-secret', masterSecret];
  const where = [
    '--endpoint',
    'a',
    '--bootstrap',
    `coap://127.0.0.1:${port}`,
    '--oscore-states',
    join(folder, 'states'),
  ];
  const child: ChildProcess = spawn(
    process.execPath,
    [cli, 'terminal', '--json', '--lwm2m', lwm2m, ...where, ...keys],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return { printed: () => printed };
}

async function readManufacturer(admin: ApiClient) {
  const call = { params: { device: 'a', path: '3/0/0' }, query: { timeout: '60s' } };
  const { node } = await admin.call(routes.readResource, call);
  return node.kind === 'resource' && node.value;
}

const put = (admin: ApiClient, port: number, security: JsonBootstrapSecurity) =>
  admin.call(routes.setBootstrap, {
    params: { endpoint: 'default' },
    body: { servers: [{ shortServerId: 1, uri: `coap://127.0.0.1:${port}`, lifetime: 300, security }] },
  });

test('with NoSec off a terminal bootstraps, registers with the context that it was given, and goes on after kill -9', async (t) => {
  const given = { mode: 'oscore', senderId: '0c0d', recipientId: '01', masterSecret: 'a5'.repeat(16) } as const;
  const context = { ...given, masterSalt: '9e7ca92223786340', idContext: 'cafe', hkdf: 'HKDF-SHA-512' } as const;
  const made = { mode: 'oscore', issue: 'new' } as const;
  // Object 21 of LwM2M 1.1 has text, that of 1.2 bytes: what the platform makes is both.
  for (const [lwm2m, security] of [
    ['1.1', made],
    ['1.2', made],
    ['1.2', { mode: 'oscore', issue: 'stored' }],
    ['1.2', context],
  ] as const) {
    const folder = await newFolder(t);
    const off = ['--no-coap-nosec', '--no-coap-tcp', '--no-coap-tls', '--no-coap-dtls', '--log-level', 'warn'];
    const flags = ['--data-dir', folder, '--coap-host', '127.0.0.1', '--http-port', '0', ...off];
    const first = await startServer([...flags, '--coap-port', '0']);
    const admin = await login(first.httpUrl, first.adminPassword!);
    await admin.call(routes.addCredential, {
      body: { endpoint: 'a', kind: 'oscore', purpose: 'bootstrap', ...factory },
    });
    if (!('issue' in security) || security.issue === 'stored') {
      const { mode: kind, ...rest } = context;
      await admin.call(routes.addCredential, { body: { endpoint: 'a', kind, purpose: 'register', ...rest } });
    }
    await put(admin, first.coapPort, security);
    const terminal = startTerminal(t, first.coapPort, folder, lwm2m);
    const credentials = async () =>
      (await admin.call(routes.listCredentials, { query: { endpoint: 'a' } })).items.filter(
        ({ purpose, state }) => purpose === 'register' && state === 'used',
      );
    const [used, ...others] = await until(
      async () => {
        const found = await credentials();
        return found.length > 0 && found;
      },
      () => `the use of the context; the terminal said ${terminal.printed()}`,
    );
    assert.deepEqual([used?.kind, others], ['oscore', []]);
    assert.equal(used?.issued === true, 'issue' in security && security.issue === 'new');
    assert.equal(await readManufacturer(admin), 'Yaolian');
    await first.kill();
    const second = await startServer([...flags, '--coap-port', `${first.coapPort}`]);
    assert.equal(await readManufacturer(await login(second.httpUrl, first.adminPassword!)), 'Yaolian');
    assert.equal((await second.signal('SIGTERM')).code, 0);
  }
});

test('the Master Secret is sealed, told to nobody, and stays while what names it stays', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const secret = 'a55aa5c3'.repeat(4);
  const ids = { mode: 'oscore', senderId: '0C', recipientId: '', idContext: 'cafe' } as const;
  const answer = await put(admin, 5683, { ...ids, masterSecret: secret, masterSalt: '9e7ca922' });
  const shown = answer.configuration.servers[0]!.security!;
  const algorithms = { aead: 'AES-CCM-16-64-128', hkdf: 'HKDF-SHA-256' } as const;
  assert.deepEqual(shown, { ...ids, senderId: '0c', hasKey: true, ...algorithms });
  // What was shown may be sent again.
  assert.deepEqual((await put(admin, 5683, shown)).configuration.servers[0]!.security, shown);
  for (const name of ['yaolian.db', 'yaolian.db-wal']) {
    const bytes = await readFile(join(bench.dataFolder, name));
    for (const text of [secret, Buffer.from(secret, 'hex').toString('base64')]) {
      assert.equal(bytes.includes(text), false, name);
    }
    assert.equal(bytes.includes(Buffer.from(secret, 'hex')), false, name);
  }
  for (const [wrong, where] of [
    [{ ...shown, senderId: '0d' }, 'security/masterSecret'],
    [{ ...shown, masterSalt: '00' }, 'security/masterSecret'],
    [{ ...shown, senderId: '' }, 'security/recipientId'],
    [{ ...shown, senderId: '0102030405060708' }, 'senderId'],
    [{ mode: 'oscore', issue: 'new', senderId: '01' }, 'security/senderId'],
    [{ mode: 'oscore', recipientId: '01' }, 'security/senderId'],
    [{ ...shown, identity: 'x' }, 'security/identity'],
    [{ mode: 'nosec', senderId: '01' }, 'security/senderId'],
  ] as const) {
    await assert.rejects(put(admin, 5683, wrong), (error: unknown) => {
      assert.ok(withCode('invalid-value')(error) || withCode('invalid-request')(error), String(error));
      return JSON.stringify(error).includes(where);
    });
  }
  const writes = [{ path: '/21/0', resources: { '0': 'AAAA' } }];
  const servers = [{ shortServerId: 1, uri: 'coap://127.0.0.1' }];
  await assert.rejects(
    admin.call(routes.setBootstrap, { params: { endpoint: 'default' }, body: { servers, writes } }),
    withCode('invalid-value'),
  );
});

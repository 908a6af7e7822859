/** The platform as a process: what it prints, how it refuses to start, how it stops. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { inTime, until } from '@yaolian/testkit';
import { main, runServer, startServer } from './support/server-process.ts';

let folder: string;
const ports = ['--coap-host', '127.0.0.1', '--coap-port', '0', '--http-port', '0'];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaolian-process-'));
});

after(() => rm(folder, { recursive: true, force: true }));

function data(name: string): string[] {
  return ['--data-dir', join(folder, name), ...ports];
}

test('the first start prints where everything is, the password once, and what to do next', async () => {
  const server = await startServer(data('first'));
  const { welcome, adminPassword, httpUrl } = server;
  assert.match(welcome, /^Yaolian \d+\.\d+\.\d+ runs\./);
  assert.match(welcome, /Console {5}http:\/\/127\.0\.0\.1:\d+\/ /);
  assert.match(welcome, /Terminals {3}coap:\/\/127\.0\.0\.1:\d+ \(CoAP, (batched|portable)\)/);
  assert.match(welcome, /npx yaolian login http:\/\/127\.0\.0\.1:\d+\n/);
  assert.match(welcome, /npx yaolian terminal --server coap:\/\/127\.0\.0\.1:\d+ /);
  const client = new ApiClient({ baseUrl: httpUrl });
  const { role } = await client.call(routes.login, { body: { password: adminPassword! } });
  assert.equal(role, 'admin');
  const stopped = await server.signal('SIGTERM');
  assert.equal(stopped.code, 0);
  assert.match(stopped.output, /SIGTERM: stopping.*\nStopped\. Everything is stored\.\n$/s);
  const second = await startServer(data('first'));
  assert.equal(second.adminPassword, undefined);
  await new ApiClient({ baseUrl: second.httpUrl }).call(routes.login, { body: { password: adminPassword! } });
  assert.equal((await second.signal('SIGINT')).code, 0);
});

test('only the hash of the password is kept', async () => {
  const server = await startServer(data('hash'));
  await server.signal('SIGTERM');
  const stored = await readFile(join(folder, 'hash', 'yaolian.db'));
  assert.equal(stored.includes(server.adminPassword!), false);
  assert.equal(stored.includes('$scrypt$'), true);
});

test('a lost password is replaced at start', async () => {
  const first = await startServer(data('reset'));
  await first.signal('SIGTERM');
  const second = await startServer([...data('reset'), '--reset-admin-password']);
  assert.ok(second.adminPassword !== undefined && second.adminPassword !== first.adminPassword);
  const client = new ApiClient({ baseUrl: second.httpUrl });
  await client.call(routes.login, { body: { password: second.adminPassword } });
  await assert.rejects(client.call(routes.login, { body: { password: first.adminPassword! } }), /wrong/);
  await second.signal('SIGTERM');
});

test('a stop is one to the end, also when nobody reads any more what it says: `| tee`, and Ctrl-C', async () => {
  const server = await startServer(data('unread'));
  server.closeOutput();
  assert.equal((await server.signal('SIGINT')).code, 0);
  // What a stop leaves in order: SQLite removes the log of changes with the last connection.
  assert.deepEqual(
    (await readdir(join(folder, 'unread'))).filter((name) => name.endsWith('-wal')),
    [],
  );
});

test('a stop ends event streams and lets go of everything', async () => {
  const server = await startServer(data('streams'));
  const anyone = new ApiClient({ baseUrl: server.httpUrl });
  const { token } = await anyone.call(routes.login, { body: { password: server.adminPassword! } });
  const client = new ApiClient({ baseUrl: server.httpUrl, token });
  const opened = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const event of client.events({ onOpen: () => opened.resolve() })) assert.fail(event.type);
  })();
  await opened.promise;
  assert.equal((await server.signal('SIGTERM')).code, 0);
  await reading;
});

test('a second platform on the same data folder is turned away', async () => {
  const server = await startServer(data('lock'));
  const second = await runServer(data('lock'));
  assert.equal(second.code, 3);
  assert.match(second.errors, /Yaolian did not start: the data folder \S+lock is in use by process \d+; stop that one/);
  assert.equal(second.errors.trim().split('\n').length, 1);
  await server.signal('SIGTERM');
});

test('a port in use is told in one sentence, and the data folder let go', async () => {
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const port = String(udp.address().port);
  const args = ['--data-dir', join(folder, 'ports'), '--coap-host', '127.0.0.1'];
  const coap = await runServer([...args, '--coap-port', port, '--http-port', '0']);
  assert.equal(coap.code, 3);
  assert.match(
    coap.errors,
    new RegExp(`^Yaolian did not start: UDP 127.0.0.1:${port} is in use; .* \\(--coap-port\\)$`, 'm'),
  );
  udp.close();
  const tcp = createServer().listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port: tcpPort } = tcp.address() as AddressInfo;
  const http = await runServer([...args, '--coap-port', '0', '--http-port', String(tcpPort)]);
  assert.equal(http.code, 3);
  assert.match(
    http.errors,
    /HTTP 127\.0\.0\.1:\d+ is in use; stop the other process or choose another port with --http-port/,
  );
  tcp.close();
  const server = await startServer(data('ports'));
  assert.ok(server.adminPassword, 'the starts that failed did not use the password up');
  await server.signal('SIGTERM');
});

test('a data folder that is none, and a database that is damaged or of another program', async () => {
  const file = join(folder, 'file');
  await writeFile(file, 'x');
  const none = await runServer(['--data-dir', join(file, 'x'), ...ports]);
  assert.equal(none.code, 3);
  assert.match(none.errors, /Yaolian did not start: the data folder \S+ cannot be used: /);
  const server = await startServer(data('damaged'));
  await server.signal('SIGTERM');
  await writeFile(join(folder, 'damaged', 'yaolian.db'), 'this is no database, whatever its name says');
  const damaged = await runServer(data('damaged'));
  assert.equal(damaged.code, 3);
  assert.match(damaged.errors, /is damaged \(.*\): restore it from a backup/);
});

test('a wrong configuration is exit code 2 and says everything that is wrong', async () => {
  const config = join(folder, 'wrong.yaml');
  await writeFile(config, 'http: { port: 99999 }\n');
  const wrong = await runServer(['--config', config, '--coap-prt', '1'], { YAOLIAN_LOG_LEVEL: 'loud' });
  assert.equal(wrong.code, 2);
  assert.equal(
    wrong.errors,
    [
      'The configuration is not right:',
      `  http.port in ${config} line 1: 99999 is not right: it must be a whole number from 0 to 65535`,
      '  the environment variable YAOLIAN_LOG_LEVEL: "loud" is not right: it must be one of debug, info, warn, error, silent',
      '  the flag --coap-prt: there is no such flag; did you mean --coap-port?',
      '',
    ].join('\n'),
  );
});

test('what only a start finds wrong in the configuration is exit code 2 too: a supervisor need not try again', async () => {
  const domain = await runServer([...data('unfit'), '--ra-domain', 'no domain']);
  assert.deepEqual(
    [domain.code, domain.errors.split('\n').at(-2)],
    [2, 'Yaolian did not start: ra.domain is not right: "no domain" is no domain; write one such as home.example'],
  );
  const tls = await runServer([...data('unfit'), '--tls-certificate', join(folder, 'none.pem')]);
  assert.equal(tls.code, 2);
  assert.match(tls.errors, /tls\.key is not right: tls\.certificate and tls\.key go together/);
});

test('help, version and configuration are printed without starting', async () => {
  const help = await runServer(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.output, /^Usage: npm start -- \[flags\]/);
  assert.match((await runServer(['--version'])).output, /^yaolian \d+\.\d+\.\d+\n$/);
  const config = await runServer(['--print-config', '--http-port', '9']);
  assert.equal(config.code, 0);
  assert.match(config.output, /^ {2}port: 9 # the flag --http-port$/m);
});

test('people read where everything is before the log, programs read the log as it comes', async () => {
  for (const format of ['pretty', 'json']) {
    const file = join(folder, `${format}.txt`);
    const both = await open(file, 'a');
    const args = [...data(format), '--log-format', format];
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', both.fd, both.fd] });
    const ended = once(child, 'close');
    await both.close();
    const text = () => readFile(file, 'utf8');
    await until(
      async () => /Ctrl-C stops it.*made a certificate|made a certificate.*Ctrl-C stops it/s.test(await text()),
      'both',
    );
    const first = format === 'pretty' ? /^Yaolian / : /^\{"level":"info"/;
    assert.match(await text(), first);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  }
});

test('a SIGTERM that npm passes to its shell alone stops the platform', async () => {
  // npm runs a program as the child of a shell, which dies of the signal and tells nobody.
  const shell = spawn('/bin/sh', ['-c', '"$0" "$@"; exit $?', process.execPath, main, ...data('npm')], {
    env: { ...process.env, npm_lifecycle_event: 'npx', npm_lifecycle_script: 'yaolian' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const closed = once(shell, 'close'); // when the platform has closed its output too
  await until(() => output.includes('Ctrl-C stops it'), 'the platform to run');
  shell.kill('SIGTERM');
  await inTime(closed, () => `the end of the platform: ${output}`);
  assert.match(output, /npm ended: stopping.*\nStopped\. Everything is stored\.\n$/s);
});

test('a defect ends the process: the log says why, and nobody is half alive', async () => {
  for (const defect of [
    'setTimeout(() => { throw new Error("a defect"); }, 0)',
    'Promise.reject(new Error("a defect"))',
  ]) {
    const source = `process.on('SIGUSR2', () => { ${defect} })`;
    const args = [...data('defect'), '--log-format', 'json'];
    const server = await startServer(args, ['--import', `data:text/javascript,${encodeURIComponent(source)}`]);
    const ended = server.ended();
    process.kill(server.pid, 'SIGUSR2');
    const { code, errors } = await ended;
    assert.equal(code, 1);
    const line = JSON.parse(errors.trim().split('\n').at(-1)!);
    assert.deepEqual([line.level, line.msg, line.error.message], ['error', 'the platform failed and ends', 'a defect']);
  }
});

test('a second signal does not wait', async () => {
  const server = await startServer([...data('twice'), '--stop-drain', '10m']);
  const anyone = new ApiClient({ baseUrl: server.httpUrl });
  const { token } = await anyone.call(routes.login, { body: { password: server.adminPassword! } });
  // A request whose body never comes keeps the drain busy.
  const socket = connect(Number(new URL(server.httpUrl).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {}); // the reset at the end
  const head = ['PUT /api/v1/enrolment HTTP/1.1', 'host: x', `authorization: Bearer ${token}`];
  socket.write(`${[...head, 'content-type: application/json', 'content-length: 100'].join('\r\n')}\r\n\r\n`);
  // The platform has taken the other connection when it answers once, and has read from it when it answers again.
  for (let i = 0; i < 2; i++) await anyone.call(routes.showLiveness, {});
  process.kill(server.pid, 'SIGTERM');
  const ended = server.ended();
  const isClosed = () =>
    anyone.call(routes.showLiveness, {}).then(
      () => false,
      () => true,
    );
  await until(isClosed, 'it to take no requests any more');
  process.kill(server.pid, 'SIGTERM');
  assert.equal((await ended).code, 1);
  socket.destroy();
});

test('the log is structured', async () => {
  const server = await startServer([...data('log'), '--log-format', 'json', '--log-level', 'debug']);
  const { errors } = await server.signal('SIGTERM');
  for (const line of errors.trim().split('\n')) assert.equal(typeof JSON.parse(line).msg, 'string', line);
});

test('files are closed to other users', async () => {
  await chmod(folder, 0o755);
  const server = await startServer(data('modes'));
  await server.signal('SIGTERM');
  const modes = execFileSync('stat', ['-c', '%a', join(folder, 'modes'), join(folder, 'modes', 'yaolian.db')], {
    encoding: 'utf8',
  });
  assert.deepEqual(modes.trim().split('\n'), ['700', '600']);
});

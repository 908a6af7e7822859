/**
 * What npm would publish works for a stranger: every package packs, installs into an empty project from its tarball, and does there
 * what its README says: the code compiles strictly, and the examples run as they are printed. Run by `npm run test:package` after `npm run build`.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { packAll } from '../tools/pack.ts';
import { readmeCode, writeReadmeCode } from './support/readme-code.ts';

const project = mkdtempSync(join(tmpdir(), 'yaolian-consumer-'));
const running = new Set<ChildProcess>();
after(() => {
  for (const process of running) process.kill('SIGKILL');
  rmSync(project, { recursive: true, force: true });
});

const consumer = `
import { Lwm2mClient } from '@yaolian/lwm2m/client';
import { Lwm2mServer } from '@yaolian/lwm2m/server';
import { BootstrapServer } from '@yaolian/lwm2m/bootstrap';
import { omaObjects } from '@yaolian/lwm2m-objects';

console.log([Lwm2mClient, Lwm2mServer, BootstrapServer].map((loaded) => typeof loaded).join(' '));
console.log(omaObjects.object(3)?.name);
`;

test('the packed packages install and load in an empty project', () => {
  const tarballs = packAll(join(project, 'tarballs'));
  assert.ok(tarballs.length >= 12, `${tarballs.length} packages were packed`);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], {
    cwd: project,
    stdio: 'pipe',
  });
  writeFileSync(join(project, 'consumer.ts'), consumer);
  assert.equal(node(['consumer.ts']), 'function function function\nDevice\n');
  const help = execFileSync(join(project, 'node_modules/.bin/yaolian'), ['--help'], { cwd: project }).toString();
  assert.match(help, /Usage: yaolian/);
});

test('the code of every README compiles in it', () => {
  const files = writeReadmeCode(project);
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2024'];
  const types = ['--types', 'node', '--typeRoots', resolve(import.meta.dirname, '../node_modules/@types')];
  const tsc = resolve(import.meta.dirname, '../node_modules/.bin/tsc');
  execFileSync(tsc, [...strict, ...types, 'consumer.ts', ...files], { cwd: project, stdio: 'inherit' });
});

test('@yaolian/coap: its README runs as printed', async () => {
  const server = start([example('coap', 'server.ts'), '0']);
  const [, address] = await server.printed(/^coap:\/\/(.+)\/lamp$/);
  const said = node([example('coap', 'client.ts'), address!]).split('\n');
  assert.deepEqual(said.slice(0, 2), ['found /lamp', 'it is off']);
  assert.ok(said.includes('dim: 4.00 BadRequest'), said.join('\n'));
  await server.stop();
});

test('@yaolian/dtls: its README runs as printed', async () => {
  const server = start([example('dtls', 'server.ts'), '0']);
  const [, port] = await server.printed(/^coaps:\/\/127\.0\.0\.1:(\d+)\/$/);
  const said = node([example('dtls', 'client.ts'), port!]);
  assert.equal(said, 'the server says: hello thermometer-1\nagain: hello thermometer-1, resumed: true\n');
  await server.stop();
});

test('@yaolian/oscore: its README runs as printed', async () => {
  const server = start([example('oscore', 'server.ts'), '0']);
  const [, port] = await server.printed(/^coap:\/\/127\.0\.0\.1:(\d+)\/greeting$/);
  const said = node([example('oscore', 'client.ts'), port!]);
  assert.equal(said, 'the server says: hello thermometer-2\nwithout protection: 4.01 Unauthorized\n');
  await server.stop();
});

test('@yaolian/xmpp: its README runs as printed', async () => {
  const server = start([example('xmpp', 'server.ts'), '0']);
  const [, port] = await server.printed(/can come to port (\d+);/);
  const said = node([example('xmpp', 'client.ts'), port!]);
  assert.equal(said, 'bob@localhost: you said: hello <bob> & all\nlocalhost: service-unavailable\n');
  await server.stop();
});

test('@yaolian/lwm2m: its README runs as printed', async () => {
  const server = start([example('lwm2m', 'server.ts'), '0']);
  const [, uri] = await server.printed(/^terminals can come to (coap:.+)$/);
  const terminal = start([example('lwm2m', 'terminal.ts'), uri!]);
  await server.printed(/registered from/);
  await server.printed(/3303\/0\/5700/);
  await terminal.stop();
  await server.printed(/left$/);
  await server.stop();
});

test('@yaolian/storage, directory and kernel: their READMEs run as printed', () => {
  assert.match(node([first('storage')]), /\ntrue\n$/);
  assert.match(node([first('directory')]), /allowed: true/);
  assert.equal(node([first('kernel')]), '[2001:db8::1]:5683\n1h30m\nattic has not been heard of\n1500\n');
});

test('@yaolian/testkit: the tests of its README pass', () => {
  const files = readmeCode()
    .map(({ file }) => file)
    .filter((file) => file.startsWith('testkit-'));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ['--test', '--test-reporter=tap', ...files];
  assert.match(execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', env }), /^# pass 2$/m);
});

/** The first code of a README. */
function first(name: string): string {
  return readmeCode().find(({ file }) => file.startsWith(`${name}-`) && /^\d+\.ts$/.test(file.slice(name.length + 1)))!
    .file;
}

/** The code of a README that says of itself how it is run, under the name that it goes by there. */
function example(package_: string, name: string): string {
  const found = readmeCode().find(
    ({ file, text }) => file.startsWith(`${package_}-`) && text.split('\n', 1)[0]!.includes(`\`node ${name}`),
  );
  assert.ok(found, `packages/${package_}/README.md has a ${name}`);
  copyFileSync(join(project, found.file), join(project, `${package_}-${name}`));
  return `${package_}-${name}`;
}

function node(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
}

function start(args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout! });
  const ended = once(reader, 'close');
  const exited = once(child, 'exit');
  reader.on('line', (line) => lines.push(line));
  return {
    /** The first line that fits, what was printed before included. */
    async printed(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = lines.map((line) => pattern.exec(line)).find((one) => one !== null);
        if (found) return found;
        const more = await Promise.race([once(reader, 'line'), ended.then(() => undefined)]);
        assert.ok(more, `${args.join(' ')} ended without ${pattern}; it said\n${lines.join('\n')}`);
      }
    },
    /** As Ctrl-C does. */
    async stop(): Promise<void> {
      child.kill('SIGINT');
      await exited;
      running.delete(child);
    },
  };
}

/**
 * What npm would publish works for a stranger: every package packs, installs into an empty project from its tarball, loads
 * in Node and type-checks in a strict consumer. Run by `npm run test:package` after `npm run build`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { packAll } from '../tools/pack.ts';

const project = mkdtempSync(join(tmpdir(), 'yaolian-consumer-'));
after(() => rmSync(project, { recursive: true, force: true }));

const consumer = `
import { Code, type CoapEndpoint } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { Lwm2mClient } from '@yaolian/lwm2m/client';
import { Lwm2mServer } from '@yaolian/lwm2m/server';
import { BootstrapServer } from '@yaolian/lwm2m/bootstrap';
import { omaObjects } from '@yaolian/lwm2m-objects';

export function ask(endpoint: CoapEndpoint, peer: Parameters<CoapEndpoint['request']>[0]) {
  return endpoint.request(peer, { method: Code.GET, path: '/time' }, { timeout: seconds(2) });
}
console.log([Lwm2mClient, Lwm2mServer, BootstrapServer].map((loaded) => typeof loaded).join(' '));
console.log(omaObjects.object(3)?.name);
`;

test('the packed packages install, load and type-check in an empty project', () => {
  const tarballs = packAll(join(project, 'tarballs'));
  assert.ok(tarballs.length >= 12, `${tarballs.length} packages were packed`);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], {
    cwd: project,
    stdio: 'pipe',
  });
  writeFileSync(join(project, 'consumer.ts'), consumer);
  const output = execFileSync(process.execPath, ['consumer.ts'], { cwd: project }).toString();
  assert.equal(output, 'function function function\nDevice\n');
  const tsc = resolve(import.meta.dirname, '../node_modules/.bin/tsc');
  const strict = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--types',
    'node',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ];
  const typeRoots = ['--typeRoots', resolve(import.meta.dirname, '../node_modules/@types')];
  execFileSync(tsc, [...strict, ...typeRoots, 'consumer.ts'], { cwd: project, stdio: 'inherit' });
  const help = execFileSync(join(project, 'node_modules/.bin/yaolian'), ['--help'], { cwd: project }).toString();
  assert.match(help, /Usage: yaolian/);
});

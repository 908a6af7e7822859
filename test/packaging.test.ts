/** `packaging/` says again what the platform's settings say: here the two are held together. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { toSeconds } from '@yaolian/kernel';
import { parse } from 'yaml';
import { loadConfig } from '../apps/server/src/config/load.ts';
import { platformArgs } from '../bench/support/platform-args.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../packaging', name), 'utf8');
const containerfile = read('Containerfile');
const { services } = parse(read('compose.yaml')) as {
  services: { yaolian: { ports: string[]; volumes: string[]; stop_grace_period: string } };
};

/** What the platform runs with in the container. A name that is no setting is refused here as it is there. */
const environment = Object.fromEntries(
  [...containerfile.matchAll(/(YAOLIAN_[A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
);
const { config } = loadConfig({ args: [], environment, readFile: () => undefined });
const coap = config['coap.port'];
const dtls = config['coap.dtls-port'] ?? coap + 1;
const tls = config['coap.tls-port'] ?? coap + 1;
const doors = [`${coap}/udp`, `${coap}/tcp`, `${dtls}/udp`, `${tls}/tcp`, `${config['http.port']}/tcp`];

test('the container exposes every port that the platform opens by itself', () => {
  assert.deepEqual(
    containerfile
      .match(/^EXPOSE (.+)$/m)?.[1]
      ?.split(' ')
      .sort(),
    doors.sort(),
  );
});

test('compose publishes those ports under their own numbers, and the console to the machine alone', () => {
  const published = services.yaolian.ports.map((port) => {
    const [, address, outside, inside, protocol = 'tcp'] = /^(127\.0\.0\.1:)?(\d+):(\d+)(?:\/(\w+))?$/.exec(port) ?? [];
    assert.equal(outside, inside);
    assert.equal(address !== undefined, Number(inside) === config['http.port'], port);
    return `${inside}/${protocol}`;
  });
  assert.deepEqual(published.sort(), doors.sort());
});

test('data outlives the container: the volume is where the platform keeps it', () => {
  assert.equal(containerfile.match(/^VOLUME (.+)$/m)?.[1], config['data-dir']);
  assert.deepEqual(services.yaolian.volumes, [`data:${config['data-dir']}`]);
});

test('the container is asked for its health where the platform tells it', () => {
  const asked = containerfile.match(/fetch\('([^']+)'\)/)?.[1];
  const { path } = Object.values(routes).find((route) => route.path === '/healthz')!;
  assert.equal(asked, `http://127.0.0.1:${config['http.port']}${path}`);
});

test('whoever stops the platform waits longer than the platform waits for what is in hand', () => {
  const drain = toSeconds(config['stop.drain']);
  assert.ok(Number.parseInt(services.yaolian.stop_grace_period, 10) > drain);
  assert.ok(Number(read('yaolian.service').match(/^TimeoutStopSec=(\d+)s$/m)?.[1]) > drain);
});

test('Node gets the same arguments wherever the platform is started, and in the benches', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const given = platformArgs.join(' ');
  assert.equal(read('yaolian.service').match(/^Environment=NODE_OPTIONS=(.+)$/m)?.[1], given);
  assert.equal(containerfile.match(/^ENV NODE_OPTIONS=(.+)$/m)?.[1], given);
  assert.equal(scripts.start, `node ${given} apps/server/src/main.ts`);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { coapErrors, defaultEndpointBounds, defaultTransmissionParameters } from '@yaolian/coap';
import { switchLamp } from '../packages/coap/examples/client.ts';
import { startLamp } from '../packages/coap/examples/server.ts';

const readme = readFileSync(new URL('../packages/coap/README.md', import.meta.url), 'utf8');

test('the examples of packages/coap do what they say', async () => {
  const { endpoint, address } = await startLamp(0);
  const lines: string[] = [];
  await switchLamp(address, (line) => void lines.push(line));
  await endpoint.close();
  const expected = ['found /lamp', 'it is off', 'on: 2.04 Changed', 'off: 2.04 Changed', 'dim: 4.00 BadRequest'];
  assert.deepEqual(
    lines.filter((line) => !line.endsWith(' now')),
    expected,
  );
  assert.deepEqual(
    lines.filter((line) => line.endsWith(' now')),
    ['it is on now', 'it is off now'],
  );
});

test('the README shows the examples as they are', () => {
  for (const name of ['server', 'client']) {
    const source = readFileSync(new URL(`../packages/coap/examples/${name}.ts`, import.meta.url), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `packages/coap/README.md has another ${name}.ts`);
  }
});

test('the README lists every error, bound and parameter, with its default', () => {
  for (const code of Object.keys(coapErrors)) assert.ok(readme.includes(`| \`${code}\` |`), code);
  for (const [name, value] of Object.entries(defaultEndpointBounds)) {
    const shown = value >= 1 << 20 ? `${value / (1 << 20)} MiB` : value.toLocaleString('en');
    const isBytes = name.endsWith('Bytes');
    assert.ok(readme.includes(`| \`${name}\` | ${isBytes ? shown : value.toLocaleString('en')} |`), `${name} ${value}`);
  }
  for (const name of Object.keys(defaultTransmissionParameters)) assert.ok(readme.includes(`\`${name}\``), name);
});

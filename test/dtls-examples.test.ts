import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultDtlsBounds, dtlsErrors } from '@yaolian/dtls';
import { askGreeter } from '../packages/dtls/examples/client.ts';
import { startGreeter } from '../packages/dtls/examples/server.ts';

const readme = readFileSync(new URL('../packages/dtls/README.md', import.meta.url), 'utf8');

test('the examples of packages/dtls do what they say', async () => {
  const [server, client]: [string[], string[]] = [[], []];
  const { coap, address } = await startGreeter(0, (line) => void server.push(line));
  await askGreeter(address, 'correct horse battery staple', (line) => void client.push(line));
  await coap.close();
  assert.deepEqual(client, ['the server says: hello thermometer-1', 'again: hello thermometer-1, resumed: true']);
  const opened = server.filter((line) => line.includes('TLS_')).map((line) => line.replace(/^dtls:\w+: /, ''));
  assert.deepEqual(opened, [
    'new, TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256',
    'resumed, TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256',
  ]);
});

test('the README shows the examples as they are', () => {
  for (const name of ['server', 'client']) {
    const source = readFileSync(new URL(`../packages/dtls/examples/${name}.ts`, import.meta.url), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `packages/dtls/README.md has another ${name}.ts`);
  }
});

test('the README lists every error and every bound', () => {
  for (const code of Object.keys(dtlsErrors)) assert.ok(readme.includes(`| \`${code}\` |`), code);
  for (const name of Object.keys(defaultDtlsBounds)) assert.match(readme, new RegExp(`\`${name}\\b`), name);
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultOscoreBounds, oscoreErrors } from '@yaolian/oscore';
import { askGreeter } from '../packages/oscore/examples/client.ts';
import { startGreeter } from '../packages/oscore/examples/server.ts';

const readme = readFileSync(new URL('../packages/oscore/README.md', import.meta.url), 'utf8');

test('the examples of packages/oscore do what they say, over a restart too', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-oscore-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const states = (name: string) => join(folder, name);
  for (let run = 0; run < 2; run++) {
    const said: string[] = [];
    const { address, stop } = await startGreeter(0, states('server'));
    await askGreeter(address, 'correct horse battery staple', states('client'), (line) => void said.push(line));
    const guess = askGreeter(address, 'correct horse battery stable', states('guess'), () => {});
    await assert.rejects(guess, { code: 'OSCORE_REFUSED' });
    await stop();
    assert.deepEqual(said, ['the server says: hello thermometer-2', 'without protection: 4.01 Unauthorized']);
  }
});

test('the README shows the examples as they are', () => {
  for (const name of ['server', 'client']) {
    const source = readFileSync(new URL(`../packages/oscore/examples/${name}.ts`, import.meta.url), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `packages/oscore/README.md has another ${name}.ts`);
  }
});

test('the README lists every error and every bound', () => {
  for (const code of Object.keys(oscoreErrors)) assert.ok(readme.includes(`| \`${code}\` |`), code);
  for (const name of Object.keys(defaultOscoreBounds)) assert.match(readme, new RegExp(`\`${name}\\b`), name);
});

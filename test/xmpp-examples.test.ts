/** The README of packages/xmpp: its examples run as they stand there. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sayHello } from '../packages/xmpp/examples/client.ts';
import { startServer } from '../packages/xmpp/examples/server.ts';

const package_ = join(import.meta.dirname, '../packages/xmpp');
const folder = mkdtempSync(join(tmpdir(), 'yaolian-example-'));
after(() => rmSync(folder, { recursive: true }));

test('the examples stand in the README as they are', () => {
  const readme = readFileSync(join(package_, 'README.md'), 'utf8');
  for (const name of ['server', 'client']) {
    const source = readFileSync(join(package_, `examples/${name}.ts`), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `${name}.ts`);
  }
});

test('anna says hello to bob, and hears it back', async (t) => {
  const place = await startServer({ anna: 'secret', bob: 'secret' }, folder, 0);
  t.after(() => place.server.close());
  const lines: string[] = [];
  await sayHello(place, (line) => lines.push(line));
  assert.deepEqual(lines, ['bob@localhost: you said: hello <bob> & all', 'localhost: service-unavailable']);
});

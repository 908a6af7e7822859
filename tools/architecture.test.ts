/** docs/architecture.md has the table that `npm run layers` goes by. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { layers } from './layers.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/architecture.md'), 'utf8');

/** What each row allows: names, `nothing` and `everything below`. */
const rows = new Map(
  [...page.matchAll(/^\| \S+ \| `(?:packages|apps)\/([a-z0-9-]+)`.*\| ([^|]+) \|$/gm)].map(([, name, may]) => [
    name!,
    may!.trim(),
  ]),
);

test('every package of the layers has its row', () => {
  assert.deepEqual([...rows.keys()].sort(), Object.keys(layers).sort());
});

for (const [name, may] of rows) {
  if (may.startsWith('everything below')) continue;
  test(`${name} may import what its row says`, () => {
    const named = may === 'nothing' ? [] : may.split(', ');
    assert.deepEqual(named.sort(), [...layers[name]!.imports].sort());
  });
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeObjection, oldestNode } from './node-version.ts';

test('a Node that is too old is told in a sentence', () => {
  assert.equal(
    nodeObjection('v20.20.2'),
    'yaolian needs Node 24 or newer, and was started with Node 20.20.2. Put a newer one first in PATH; "node --version" tells which that is.',
  );
  assert.equal(nodeObjection(`v${oldestNode - 1}.99.0`)?.includes(`${oldestNode - 1}.99.0`), true);
  for (const version of [`v${oldestNode}.0.0`, process.version, 'v100.0.0']) {
    assert.equal(nodeObjection(version), undefined, version);
  }
});

test('the oldest Node is the one of package.json', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal(engines.node, `>=${oldestNode}`);
});

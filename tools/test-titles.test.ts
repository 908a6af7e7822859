import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseIds, titlesOf } from './test-titles.ts';

test('titles of tests that run', () => {
  const source = [
    "test('one', () => {});",
    "  it('it\\'s', async () => {});",
    'describe("group", () => {});',
    "test.skip('skipped', () => {});",
    "test('skipped too', { skip: true }, () => {});",
    "test('bounded', { timeout: 60_000 }, () => {});",
    "// test('commented', () => {});",
    `for (const [id, name] of [\n  [203, 'TLV'],\n  ['204', 'JSON'],\n]) {\n  test(\`case \${id} in \${name}\`, () => {});\n}`,
    `const rows = [\n  ['01', 'GET'],\n] as const;\nfor (const [id, name] of rows) {\n  test(\`row \${id}\`, () => [\n    [7, name],\n  ]);\n}`,
    "test(\n  'on a line of its own',\n  () => {},\n);",
  ].join('\n');
  const titles = [
    'one',
    "it's",
    'group',
    'bounded',
    `case 203 in \${name}`,
    `case 204 in \${name}`,
    'row 01',
    'on a line of its own',
  ];
  assert.deepEqual(titlesOf(source), titles);
});

test('ids of cases', () => {
  assert.deepEqual(caseIds('LightweightM2M-1.1-int-102 Update; LightweightM2M-1.1-int-107 Extending, in 3 steps'), [
    '1.1-int-102',
    '1.1-int-107',
  ]);
  assert.deepEqual(
    caseIds('LightweightM2M-1.1-int-222 to 225 Read'),
    [222, 223, 224, 225].map((n) => `1.1-int-${n}`),
  );
  assert.deepEqual(
    caseIds('LightweightM2M-1.1-int-226, 227, 228 Write'),
    [226, 227, 228].map((n) => `1.1-int-${n}`),
  );
  assert.deepEqual(caseIds('TD_COAP_OBS_01: observe, and TD_COAP_OBS_03'), ['TD_COAP_OBS_01', 'TD_COAP_OBS_03']);
  assert.deepEqual(caseIds('no id, 404 and all'), []);
});

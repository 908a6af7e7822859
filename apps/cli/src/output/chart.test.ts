import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatChart, shortNumber } from './chart.ts';

test('bars stand between the least and the greatest value', () => {
  const bars = [
    { column: 0, value: 10 },
    { column: 1, value: 15 },
    { column: 3, value: 20 },
  ];
  assert.equal(
    formatChart(bars, { columns: 4, rows: 2, ends: ['a', 'b'] }),
    ['20 ┤ ▁ █', '10 ┤▁█ █', '   └────', '    a  b', ''].join('\n'),
  );
});

test('a value that does not change is a line in the middle', () => {
  const bars = [0, 1].map((column) => ({ column, value: 21.5 }));
  assert.equal(
    formatChart(bars, { columns: 2, rows: 2, ends: ['a', 'b'] }),
    ['21.5 ┤', '     ┤██', '     └──', '      a b', ''].join('\n'),
  );
});

test('numbers are short', () => {
  assert.deepEqual([21.500000001, 1234567, 0.1 + 0.2, -3].map(shortNumber), ['21.5', '1234570', '0.3', '-3']);
});

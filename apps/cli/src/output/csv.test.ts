import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv } from './csv.ts';

test('cells are quoted where they must be, and no text is a formula', () => {
  assert.equal(
    formatCsv(
      ['a', 'b'],
      [
        [1, 'x,y'],
        ['say "hi"', undefined],
        ['=1+1', -2],
      ],
    ),
    'a,b\r\n1,"x,y"\r\n"say ""hi""",\r\n\'=1+1,-2\r\n',
  );
});

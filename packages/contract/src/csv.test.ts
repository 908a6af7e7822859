import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvRow } from './csv.ts';

test('cells are quoted as RFC 4180 has it, and formulas of devices are none', () => {
  assert.equal(csvRow(['a', 5, undefined]), 'a,5,\r\n');
  assert.equal(csvRow(['a,b', 'say "x"', 'two\nlines']), '"a,b","say ""x""","two\nlines"\r\n');
  assert.equal(csvRow(['=1+1', '@x', '-2', '+3', -4]), "'=1+1,'@x,'-2,'+3,-4\r\n");
});

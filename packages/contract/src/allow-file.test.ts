import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AllowFileReader } from './allow-file.ts';
import { linesRead } from './testing/lines-read.ts';

const read = (text: string) => linesRead(new AllowFileReader(), text, 'allow');

test('keys come one a line, with a note or without, below a heading or none', () => {
  const text = '\ufeffKey,note\r\n# the first lot\r\nurn:imei:1, gate 4, north\r\n\r\n"a,b","say ""x"""\r\n plain \r\n';
  assert.deepEqual(read(text), [
    { line: 3, allow: { key: 'urn:imei:1', note: 'gate 4, north' } },
    { line: 5, allow: { key: 'a,b', note: 'say "x"' } },
    { line: 6, allow: { key: 'plain' } },
  ]);
});

test('each line that is wrong is told', () => {
  assert.deepEqual(read('a\n,a note\n"b\n'), [
    '2: the key is missing',
    '3: a quotation mark is not closed, or stands within a field',
  ]);
});

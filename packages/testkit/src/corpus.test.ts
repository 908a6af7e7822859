import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type CorpusEntry, readCorpus, replayCorpus } from './corpus.ts';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
after(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'inputs/nested'), { recursive: true });
writeFileSync(
  join(folder, 'inputs/b.hex'),
  '# an ACK with a request code\n# answer: RST, at once\n# decode: -\n60 01\n1234\n',
);
writeFileSync(join(folder, 'inputs/nested/a.xml'), '<a>');
writeFileSync(join(folder, 'inputs/empty.bin'), '');
writeFileSync(join(folder, 'inputs/README.md'), 'What this is.');

const replayed: CorpusEntry[] = [];
replayCorpus(pathToFileURL(`${folder}/inputs/`), (entry) => void replayed.push(entry));

test('every input of a corpus is replayed once, in the order of names', () => {
  assert.deepEqual(replayed, readCorpus(join(folder, 'inputs')));
  assert.deepEqual(replayed, [
    { name: 'b.hex', bytes: Uint8Array.of(0x60, 0x01, 0x12, 0x34), fields: { answer: 'RST, at once', decode: '-' } },
    { name: 'empty.bin', bytes: new Uint8Array(0), fields: {} },
    { name: 'nested/a.xml', bytes: Uint8Array.from('<a>', (character) => character.charCodeAt(0)), fields: {} },
  ]);
});

test('an empty corpus and a broken file are errors, not silence', () => {
  mkdirSync(join(folder, 'nothing'));
  assert.throws(() => readCorpus(join(folder, 'nothing')), /no input/);
  assert.throws(() => readCorpus(join(folder, 'missing')), /ENOENT/);
  mkdirSync(join(folder, 'broken'));
  writeFileSync(join(folder, 'broken/odd.hex'), '123');
  assert.throws(() => readCorpus(join(folder, 'broken')), /odd\.hex/);
});

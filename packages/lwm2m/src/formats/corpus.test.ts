import assert from 'node:assert/strict';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { replayCorpus } from '@yaolian/testkit';
import { parsePath } from '../path.ts';
import { decodeDiscover } from './discover.ts';
import { decodePack, decodePackPaths, encodePack } from './pack.ts';
import { contentFormats, decodeContent, decodeTimedContent } from './registry.ts';

const packs = [110, 112, 320, 322, 11544];

/*
 * Hostile content, one to a file: a comment that says what it is, `# format:` and `# path:` that it claims to be for,
 * `# decode:` with the code of the refusal (ok when there is none), `# pack:` with that of the bytes as a pack where it matters,
 * then the bytes in hex. Every decoder also gets every
 * file at every level, whatever it is: none throws, and none takes long.
 */
replayCorpus(new URL('../../corpus/', import.meta.url), ({ bytes, fields }) => {
  const path = parsePath(fields['path']!);
  assert.ok(path.ok);
  const decoded = decodeContent(Number(fields['format']), path.value, bytes, omaObjects);
  assert.equal(decoded.ok ? 'ok' : decoded.error.code, fields['decode']);
  if (fields['pack'] !== undefined) {
    const pack = decodePack(Number(fields['format']), bytes, omaObjects);
    assert.equal(pack.ok ? 'ok' : pack.error.code, fields['pack']);
  }
  for (const format of packs) {
    const pack = decodePack(format, bytes, omaObjects);
    if (pack.ok) {
      const removals = pack.value.removals.map((removed) => ({ path: removed, removed: true as const }));
      encodePack(format, removals);
    }
    decodePackPaths(format, bytes);
  }
  for (const format of contentFormats) {
    for (const text of ['/', '/3', '/3/0', '/3/0/9', '/3/0/6/0', '/3303/0/5700', '/59999/0/0']) {
      const level = parsePath(text);
      assert.ok(level.ok);
      decodeContent(format, level.value, bytes, omaObjects, { exact: true });
      decodeTimedContent(format, level.value, bytes, omaObjects);
    }
  }
  decodeDiscover(bytes);
});

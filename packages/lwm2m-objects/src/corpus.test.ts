import assert from 'node:assert/strict';
import { decodeUtf8 } from '@yaolian/kernel';
import { replayCorpus } from '@yaolian/testkit';
import { parseObjectDefinitions } from './ddf.ts';

/** Definition files that are none, one to a file: each is refused with a sentence, and quickly. */
replayCorpus(new URL('../corpus/', import.meta.url), ({ bytes, name }) => {
  const parsed = parseObjectDefinitions(decodeUtf8(bytes)!, { unknownElements: 'refuse' });
  assert.ok(!parsed.ok, name);
  assert.match(parsed.error.message, /\S/);
});

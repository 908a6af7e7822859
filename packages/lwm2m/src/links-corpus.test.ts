import assert from 'node:assert/strict';
import { replayCorpus } from '@yaolian/testkit';
import { decodeDiscover } from './formats/discover.ts';
import { parseObjectLinks } from './object-links.ts';
import { formatPath } from './path.ts';

/*
 * Hostile link-format, one to a file: `# links:` with the objects that a Register of it has, or why it is refused, `# discover:` with
 * how many links the answer to a Discover has in it, or why that is refused.
 */
replayCorpus(new URL('../corpus-links/', import.meta.url), ({ bytes, fields }) => {
  const links = parseObjectLinks(bytes);
  const objects = links.ok
    ? [...links.value.objects].slice(0, 8).map(([id, { instances }]) => `${id}/${instances.join('+')}`)
    : [];
  assert.equal(links.ok ? `ok ${objects.join(' ')}`.trim() : links.error.code, fields['links']);
  if (!links.ok) assert.match(links.error.message, /\S/);
  const discovered = decodeDiscover(bytes);
  assert.equal(discovered.ok ? `ok ${discovered.value.length}` : discovered.error.code, fields['discover']);
  if (discovered.ok) for (const { path } of discovered.value) formatPath(path);
});

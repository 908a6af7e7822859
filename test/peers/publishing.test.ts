/** slixmpp at the platform: what accounts publish for others and for themselves, avatars both ways, bookmarks old and new. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { routes } from '@yaolian/contract';
import { openPlatform, urlOf } from '../support/platform.ts';
import { run } from './support/processes.ts';

const python = fileURLToPath(new URL('.venv/bin/python', import.meta.url));
const script = fileURLToPath(new URL('slixmpp-publishing.py', import.meta.url));

test('slixmpp: XEP-0163, XEP-0084 with XEP-0398, XEP-0223, XEP-0402 with XEP-0048 and XEP-0049', async () => {
  await using bench = await openPlatform({
    'xmpp.domain': 'example.org',
    'xmpp.host': '127.0.0.1',
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
    'tls.names': 'example.org',
  });
  for (const name of ['juliet', 'romeo']) {
    await bench.admin.call(routes.addUser, { params: { name }, body: { password: 'correct horse' } });
  }
  const { port } = new URL(urlOf(bench.platform, 'xmpp'));
  const certificate = join(bench.dataFolder, 'tls', 'certificate.pem');
  const { output, errors, code } = await run(python, [script, '127.0.0.1', port, certificate], 60);
  const avatar = '24a5ccb3f0a9ce2dbc5ab0ffa0ae5c7cff0b2e1c';
  assert.deepEqual(
    output
      .trim()
      .replaceAll(/[0-9a-f]{40}/g, avatar)
      .split('\n'),
    [
      'pep True',
      'romeo hears tune Air',
      'romeo hears tune Badinerie',
      'juliet hears tune Badinerie',
      `romeo hears avatar ${avatar}`,
      'published True',
      'vcard True',
      `romeo hears photo ${avatar}`,
      'private secret',
      'private to others not-allowed',
      'other options conflict',
      'old bookmark play@rooms.example.org The Play JC',
      'new bookmarks orchard@rooms.example.org The Orchard',
      'access presence',
      'nodes http://jabber.org/protocol/tune urn:xmpp:avatar:data urn:xmpp:avatar:metadata',
      'deleted item-not-found',
    ],
    errors,
  );
  assert.equal(code, 0, errors);
});

/** docs/igrs-ra.md in both languages: every stanza in it fits the schemas, and what is answered looks on the wire as it does there. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { faultOfRaMessage } from '@yaolian/igrs';
import { parseXmlText, type XmlElement } from '@yaolian/xmpp';
import { openPlatform } from './support/platform.ts';
import { domain, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

/** Names, namespaces and attributes; of children that look the same one. */
type Shape = readonly [name: string, namespace: string, attributes: readonly string[], children: readonly Shape[]];

function shapeOf(given: XmlElement): Shape {
  const children = new Map(given.elements().map((child) => [JSON.stringify(shapeOf(child)), shapeOf(child)]));
  return [given.name, given.namespace, Object.keys(given.attributes).sort(), [...children.values()]];
}

/** Every stanza of a page, with a time where it has an ellipsis. */
async function stanzasOf(page: string): Promise<readonly XmlElement[]> {
  const text = await readFile(new URL(`../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^ {4}(<iq .*)$/gm)].map(([, stanza]) => {
    const parsed = parseXmlText(stanza!.replaceAll("='…'", "='2026-01-01T00:00:00Z'"));
    assert.ok(parsed.ok, `${stanza}`);
    return parsed.value;
  });
}

for (const page of ['igrs-ra.md', 'igrs-ra.zh-CN.md']) {
  test(`the stanzas of ${page} are those of the wire`, async () => {
    await using bench = await openPlatform(remoteAccess);
    await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
    terminal.client.start();
    await terminal.client.registered();
    const place = { params: { device: terminalKey }, body: { name: 'lamp' } };
    const { code } = await bench.admin.call(routes.shareDevice, place);
    await using ann = await TestUser.register(bench, 'ann');
    const stanzas = await stanzasOf(page);
    assert.ok(stanzas.length >= 7, 'they are found');
    let answer: XmlElement | undefined;
    for (const stanza of stanzas) {
      const [payload] = stanza.elements();
      assert.ok(payload);
      assert.equal(faultOfRaMessage(payload), undefined, `<${payload.name}/>`);
      const { type, to = domain } = stanza.attributes;
      if (type === 'result') {
        assert.ok(answer, `<${payload.name}/> answers something`);
        assert.deepEqual(shapeOf(payload), shapeOf(answer));
        continue;
      }
      const own = {
        bind: { code },
        history: { from: new Date(Date.now() - 3_600_000).toISOString() },
      };
      const asked = payload.with(own[payload.name as keyof typeof own] ?? {});
      const told = await ann.client.request(type as 'get' | 'set', to, asked);
      assert.ok(told.kind === 'result', `<${payload.name}/> is done`);
      answer = told.payload;
      if (payload.name === 'bind') await ann.home.rename(`lamp@${domain}`, 'Attic', ['top']);
    }
  });
}

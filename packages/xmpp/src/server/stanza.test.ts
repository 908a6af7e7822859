import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import { element } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { parseXml, parseXmlText } from '../xml/parse.ts';
import { SenderStamp, Stanza } from './stanza.ts';

const child = element('stanza-id', 'urn:xmpp:sid:0', { by: "o'neil@example.org", id: '1' });

test('a stanza with a child more says the same as element, as bytes and as text', () => {
  const stamp = new SenderStamp("o'neil@example.org/a", 'de');
  const messages = [
    '<message to="romeo@example.org"><body>&lt;hi&gt; 你好</body></message>',
    '<message/>',
    '<message></message>',
    '<message ></message >',
    "<message xmlns='jabber:client'><x xmlns='urn:x'/></message>",
    "<c:message xmlns:c='jabber:client'><c:body/></c:message>",
    '<message><body><![CDATA[</message>]]></body></message>',
    '<message from="juliet@example.org"><body>1</body></message>',
  ];
  for (const text of messages) {
    const bytes = encodeUtf8(text);
    const parsed = parseXml(bytes, clientContext);
    assert.ok(parsed.ok, text);
    for (const stanza of [
      new Stanza(parsed.value),
      new Stanza(parsed.value, bytes),
      stamp.stamp(parsed.value, bytes),
    ]) {
      const changed = stanza.appended(child);
      assert.deepEqual(parseXml(changed.bytes, clientContext), { ok: true, value: changed.element }, text);
      assert.deepEqual(parseXmlText(changed.text, clientContext), { ok: true, value: changed.element }, text);
      assert.deepEqual(changed.element.children.at(-1), child);
      assert.deepEqual(stanza.element.children, parsed.value.children);
    }
  }
});

test('a stanza to somebody says the same as element and as bytes', () => {
  const messages = [
    '<message><body>&lt;hi&gt; 你好</body></message>',
    '<message/>',
    '<message ></message >',
    '<message to="romeo@example.org"/>',
    "<c:message xmlns:c='jabber:client'><c:body/></c:message>",
    "<presence from='room@example.org/nick'><x xmlns='urn:x'/></presence>",
  ];
  for (const text of messages) {
    const bytes = encodeUtf8(text);
    const parsed = parseXml(bytes, clientContext);
    assert.ok(parsed.ok, text);
    for (const stanza of [new Stanza(parsed.value), new Stanza(parsed.value, bytes)]) {
      const changed = stanza.addressed("o'neil@example.org/a&b");
      assert.deepEqual(parseXml(changed.bytes, clientContext), { ok: true, value: changed.element }, text);
      assert.equal(changed.element.attribute('to'), "o'neil@example.org/a&b");
      assert.deepEqual(changed.element.children, parsed.value.children);
    }
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { forbiddenCharacters } from './characters.ts';
import { element, type XmlElement } from './element.ts';
import type { XmlFaultReason } from './fault.ts';
import { xml } from './literal.ts';
import { parseXml, parseXmlText, type XmlParseOptions } from './parse.ts';
import { encodeXml, serialiseXml } from './serialise.ts';

function parsed(text: string, options: XmlParseOptions = {}): XmlElement {
  const result = parseXmlText(text, options);
  assert.ok(result.ok, `${text}: ${JSON.stringify(result)}`);
  return result.value;
}

function reason(text: string, options: XmlParseOptions = {}): XmlFaultReason | 'taken' {
  const result = parseXmlText(text, options);
  return result.ok ? 'taken' : result.error.reason;
}

describe('what is taken', () => {
  it('elements, attributes, text and namespaces', () => {
    const message = parsed(
      "<message to='a@b' xmlns='jabber:client' xml:lang=\"zh\"><body>你好 &amp; 𝄞</body><x:y xmlns:x='urn:x' x:z='1'/></message>",
    );
    assert.equal(message.namespace, 'jabber:client');
    assert.deepEqual(message.attributes, { to: 'a@b', 'xml:lang': 'zh' });
    assert.equal(message.childText('body'), '你好 & 𝄞');
    assert.deepEqual(message.child('y', 'urn:x')?.attributes, { '{urn:x}z': '1' });
  });

  it('declarations hold where they are made, for attributes before them too, and end with their element', () => {
    const root = parsed("<a xmlns='urn:a'><p:b p:c='1' xmlns:p='urn:p'><d xmlns=''/><e/></p:b><f/></a>");
    const b = root.child('b', 'urn:p')!;
    assert.equal(b.attribute('{urn:p}c'), '1');
    assert.ok(b.child('d', ''));
    assert.ok(b.child('e', 'urn:a'));
    assert.ok(root.child('f', 'urn:a'));
    assert.equal(reason("<a><p:b xmlns:p='urn:p'/><p:c/></a>"), 'unbound-prefix');
  });

  it('what the stream declared', () => {
    const options = { defaultNamespace: 'jabber:client', prefixes: { stream: 'http://etherx.jabber.org/streams' } };
    assert.equal(parsed('<presence/>', options).namespace, 'jabber:client');
    assert.equal(parsed('<stream:error/>', options).namespace, 'http://etherx.jabber.org/streams');
  });

  it('CDATA, references and line ends', () => {
    assert.equal(parsed('<a>1<![CDATA[<2>&amp;]]>3&#x34;&#53;&lt;\r\n\r</a>').text(), '1<2>&amp;345<\n\n');
    assert.deepEqual(parsed("<a b='x\ty\r\nz&#10;'/>").attributes, { b: 'x y z\n' });
    assert.equal(parsed('<a>1<![CDATA[]]>2</a>').children.length, 1);
  });

  it('names and attributes of the language itself', () => {
    const strange = parsed("<constructor __proto__='1' toString='2'/>");
    assert.equal(strange.attribute('__proto__'), '1');
    assert.equal(strange.attribute('toString'), '2');
    assert.equal(strange.attribute('hasOwnProperty'), undefined);
    assert.equal(reason("<a __proto__='1' __proto__='2'/>"), 'duplicate-attribute');
  });
});

describe('RFC 6120 §11: what is refused', () => {
  const refused: Record<string, XmlFaultReason> = {
    '<a><!-- c --></a>': 'comment',
    '<a><?pi?></a>': 'processing-instruction',
    '<?xml version="1.0"?><a/>': 'processing-instruction',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>': 'document-type',
    '<a>&nbsp;</a>': 'entity-reference',
    "<a b='&nbsp;'/>": 'entity-reference',
    '<a>&constructor;</a>': 'entity-reference',
    '<a>&</a>': 'not-well-formed',
    '<a>&#xd800;</a>': 'not-well-formed',
    '<a>&#0;</a>': 'not-well-formed',
    '<a>&#99999999999;</a>': 'not-well-formed',
    '<a>&#X41;</a>': 'not-well-formed',
    '<a>]]></a>': 'not-well-formed',
    '<a>\u0001</a>': 'forbidden-character',
    '<a>\ufffe</a>': 'forbidden-character',
    '<a>\ud800</a>': 'forbidden-character',
    "<a b='1' b='2'/>": 'duplicate-attribute',
    "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>": 'duplicate-attribute',
    "<a xmlns='u' xmlns='v'/>": 'duplicate-attribute',
    '<p:a/>': 'unbound-prefix',
    "<a p:b='1'/>": 'unbound-prefix',
    "<a xmlns:p=''/>": 'reserved-prefix',
    "<a xmlns:xml='u'/>": 'reserved-prefix',
    "<a xmlns:xmlns='u'/>": 'reserved-prefix',
    "<a xmlns='http://www.w3.org/2000/xmlns/'/>": 'reserved-prefix',
    "<a b='<'/>": 'not-well-formed',
    '<a b=1/>': 'not-well-formed',
    '<a b/>': 'not-well-formed',
    "<a b='1'c='2'/>": 'not-well-formed',
    '<a></b>': 'not-well-formed',
    '<a></ab>': 'not-well-formed',
    '<a/><b/>': 'not-well-formed',
    'text<a/>': 'not-well-formed',
    '<a/>text': 'not-well-formed',
    '<1/>': 'not-well-formed',
    '<a:b:c/>': 'not-well-formed',
    '< a/>': 'not-well-formed',
    '<a / >': 'not-well-formed',
    '<a><![CDATA[': 'incomplete',
    '<a': 'incomplete',
    '<a>': 'incomplete',
    "<a b='": 'incomplete',
    '': 'incomplete',
  };
  for (const [text, expected] of Object.entries(refused)) {
    it(`${JSON.stringify(text)} is ${expected}`, () => assert.equal(reason(text), expected));
  }

  it('bytes that are not UTF-8, overlong forms and surrogates among them', () => {
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe4, 0xbd]]) {
      const result = parseXml(Uint8Array.from([0x3c, 0x61, 0x3e, ...bytes, 0x3c, 0x2f, 0x61, 0x3e]));
      assert.deepEqual(result, { ok: false, error: { reason: 'not-utf-8', at: 0 } });
    }
    assert.equal(reason('\ufeff<a/>'), 'not-well-formed');
  });

  it('limits: at them, and one beyond', () => {
    assert.equal(reason('<a><a><a/></a></a>', { maximumDepth: 3 }), 'taken');
    assert.equal(reason('<a><a><a/></a></a>', { maximumDepth: 2 }), 'too-deep');
    assert.equal(reason("<a b='' c=''/>", { maximumAttributes: 2 }), 'taken');
    assert.equal(reason("<a b='' c=''/>", { maximumAttributes: 1 }), 'too-many-attributes');
    assert.equal(reason("<a xmlns:b='b' xmlns:c='c'/>", { maximumAttributes: 1 }), 'too-many-attributes');
    assert.equal(reason('<a>t<b/></a>', { maximumNodes: 3 }), 'taken');
    assert.equal(reason('<a>t<b/></a>', { maximumNodes: 2 }), 'too-many-nodes');
    const bytes = new TextEncoder().encode('<abc/>');
    assert.ok(parseXml(bytes, { maximumSize: 6 }).ok);
    assert.deepEqual(parseXml(bytes, { maximumSize: 5 }), { ok: false, error: { reason: 'too-large', at: 5 } });
  });
});

const anyName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
const anyNamespace = fc.constantFrom('', 'jabber:client', 'urn:a', "urn:'<&>");
const anyText = fc
  .string({ unit: 'binary' })
  .map((text) => text.toWellFormed().replaceAll(new RegExp(forbiddenCharacters, 'g'), ''));
const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
  tree: fc
    .tuple(
      anyName,
      anyNamespace,
      fc.dictionary(
        fc.oneof(
          anyName,
          anyName.map((name) => `{urn:b}${name}`),
          fc.constant('xml:lang'),
        ),
        anyText,
        { maxKeys: 4 },
      ),
      fc.array(fc.oneof({ maxDepth: 4 }, anyText, tie('tree')), { maxLength: 4 }),
    )
    .map(([name, namespace, attributes, children]) => element(name, namespace, attributes, ...children)),
}));

it('what is written is read back', () => {
  fc.assert(
    fc.property(tree, anyNamespace, (written, defaultNamespace) => {
      const result = parseXml(encodeXml(written, { defaultNamespace }), { defaultNamespace });
      assert.deepEqual(result, { ok: true, value: written });
    }),
  );
});

it('what cannot be written becomes U+FFFD', () => {
  assert.equal(
    serialiseXml(element('a', '', { b: '\0' }, '\ud800x\udc00\uffff')),
    "<a b='\ufffd'>\ufffdx\ufffd\ufffd</a>",
  );
});

/** What saxes makes of it: 'taken', or not; undefined when it meets what RFC 6120 forbids and XML allows. */
function oracle(text: string): 'taken' | 'refused' | undefined {
  const parser = new SaxesParser({ xmlns: true, fragment: false });
  let isRestricted = false;
  let isRefused = false;
  const restrict = () => {
    isRestricted = true;
  };
  parser.on('comment', restrict);
  parser.on('doctype', restrict);
  parser.on('processinginstruction', restrict);
  parser.on('xmldecl', restrict);
  parser.on('error', () => {
    isRefused = true;
  });
  parser.write(text).close();
  return isRefused ? 'refused' : isRestricted ? undefined : 'taken';
}

it('saxes takes what we take and refuses what we refuse', () => {
  const piece = fc.constantFrom(
    ...[
      '<a',
      '<p:b',
      '>',
      '/>',
      '</a>',
      '</p:b>',
      " xmlns:p='u'",
      " xmlns='v'",
      " c='d'",
      " p:c='e'",
      ' ',
      '\n',
      'text',
    ],
    ...[
      '&amp;',
      '&#65;',
      '&x;',
      '&',
      '<![CDATA[',
      ']]>',
      ']]',
      "'",
      '"',
      '<',
      '=',
      '\u0001',
      '\u00b7',
      'é',
      '𝄞',
      ':',
      '-',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = `<a xmlns:q='q'>${pieces.join('')}</a>`;
      const expected = oracle(text);
      if (expected !== undefined) assert.equal(parseXmlText(text).ok, expected === 'taken', text);
    }),
    { numRuns: 3000 },
  );
});

it('any bytes are answered', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const result = parseXml(bytes);
      assert.ok(result.ok || result.error.at <= bytes.length);
    }),
  );
});

it('literals: of jabber:client unless they say otherwise, with values escaped and elements put in', () => {
  const query = element('query', 'jabber:iq:version');
  const iq = xml`
    <iq type='get' id='${`a'<b`}'>
      ${query}
      <x xmlns='urn:x'> ${5} </x>
    </iq>`;
  const x = element('x', 'urn:x', {}, ' 5 ');
  assert.deepEqual(iq, element('iq', 'jabber:client', { type: 'get', id: "a'<b" }, query, x));
  assert.throws(() => xml`<a>`, SyntaxError);
});

it('elements change into others', () => {
  const message = xml`<message from='a' to='b'>x<body>1</body></message>`;
  assert.deepEqual(message.with({ from: undefined, to: 'c' }).attributes, { to: 'c' });
  assert.deepEqual(message.containing('y', undefined, 'z').children, ['yz']);
  assert.equal(message.text(), 'x');
  assert.equal(message.elements().length, 1);
  assert.equal(message.elements('body').length, 1);
  assert.equal(message.elements('body', 'urn:other').length, 0);
});

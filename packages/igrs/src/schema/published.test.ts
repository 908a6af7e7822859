import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { channelNamespace, raNamespaces } from '../namespaces.ts';
import { publishedSchemas } from './published.ts';
import { encodeRelaxNg } from './relax-ng.ts';

const folder = new URL('../../schemas/', import.meta.url);

test('the files that third parties take are those that the code is held against: node tools/ra-schemas.ts', () => {
  const files = publishedSchemas();
  assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort());
  for (const [name, text] of files) assert.equal(readFileSync(new URL(name, folder), 'utf8'), text, name);
  for (const namespace of [channelNamespace, ...Object.values(raNamespaces)]) {
    assert.ok(files.has(`${namespace.split(':').at(-1)}.rng`), namespace);
  }
});

test('what a schema says is a pattern of RELAX NG', () => {
  const text = encodeRelaxNg('urn:example', [
    [
      'box',
      {
        attributes: { lid: ['open', 'shut'] },
        optional: { may: { list: ['see', 'touch'] } },
        children: {
          '{urn:other}thing': { occurs: '1', attributes: { at: 'path' } },
          note: { occurs: '*', text: 'text' },
        },
      },
    ],
    ['nothing', {}],
  ]);
  assert.equal(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>
<grammar xmlns='http://relaxng.org/ns/structure/1.0' ns='urn:example' datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>
  <start>
    <choice>
      <element name='box'>
        <attribute name='lid'>
          <choice>
            <value>open</value>
            <value>shut</value>
          </choice>
        </attribute>
        <optional>
          <attribute name='may'>
            <list>
              <zeroOrMore>
                <choice>
                  <value>see</value>
                  <value>touch</value>
                </choice>
              </zeroOrMore>
            </list>
          </attribute>
        </optional>
        <interleave>
          <element name='thing' ns='urn:other'>
            <attribute name='at'>
              <data type='string'>
                <param name='pattern'>(/[0-9]{1,5}){1,4}</param>
              </data>
            </attribute>
          </element>
          <zeroOrMore>
            <element name='note'>
              <text/>
            </element>
          </zeroOrMore>
        </interleave>
      </element>
      <element name='nothing'>
        <empty/>
      </element>
    </choice>
  </start>
</grammar>
`,
  );
  assert.throws(() => encodeRelaxNg('urn:example', [['a', { text: 'text', children: { b: { occurs: '1' } } }]]), {
    message: '<a> has a text and children',
  });
});

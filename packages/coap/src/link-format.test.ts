import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import {
  decodeLinks,
  describeLinkRefusal,
  encodeLinks,
  type Link,
  type LinkAttribute,
  type LinkLimits,
  type LinkRefusal,
  linkAttribute,
} from './link-format.ts';

function links(text: string | Uint8Array, limits?: LinkLimits): readonly Link[] {
  const result = decodeLinks(text, limits);
  assert.ok(result.ok, result.ok ? '' : describeLinkRefusal(result.error));
  return result.value;
}

function refusal(text: string | Uint8Array, limits?: LinkLimits): LinkRefusal {
  const result = decodeLinks(text, limits);
  assert.ok(!result.ok, 'the text was accepted');
  return result.error;
}

describe('decodeLinks', () => {
  it('reads the examples of RFC 6690 §5', () => {
    assert.deepEqual(links('</sensors>;ct=40;title="Sensor Index",</t>;anchor="/sensors/temp";rel="alternate"'), [
      {
        target: '/sensors',
        attributes: [
          { name: 'ct', value: '40' },
          { name: 'title', value: 'Sensor Index' },
        ],
      },
      {
        target: '/t',
        attributes: [
          { name: 'anchor', value: '/sensors/temp' },
          { name: 'rel', value: 'alternate' },
        ],
      },
    ]);
    const [external] = links('<http://www.example.com/sensors/t123>;anchor="/sensors/temp";rel="describedby"');
    assert.equal(external?.target, 'http://www.example.com/sensors/t123');
    const [firmware] = links('</firmware/v2.1>;rt="firmware";sz=262144');
    assert.equal(firmware && linkAttribute(firmware, 'sz'), '262144');
  });

  it('reads what terminals register with', () => {
    const text = '</>;rt="oma.lwm2m";ct="60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</3>;ver="1.2",</5/0>;ct=60';
    assert.deepEqual(
      links(text).map(({ target, attributes }) => [target, ...attributes.map(({ name, value }) => `${name}:${value}`)]),
      [
        ['/', 'rt:oma.lwm2m', 'ct:60 110 112 11542 11543'],
        ['/1', 'ver:1.1'],
        ['/1/0'],
        ['/3', 'ver:1.2'],
        ['/5/0', 'ct:60'],
      ],
    );
  });

  it('reads nothing as no links', () => {
    assert.deepEqual(links(''), []);
    assert.deepEqual(links(new Uint8Array(0)), []);
    assert.deepEqual(links(' \r\n'), []);
  });

  it('allows white space around separators and nowhere else', () => {
    const spaced = links('</>;rt="oma.lwm2m" , </1/0>\t;\tpmin=1 ;obs,\r\n</3/0>\n');
    assert.equal(encodeLinks(spaced), '</>;rt="oma.lwm2m",</1/0>;pmin=1;obs,</3/0>');
    assert.deepEqual(refusal('</1 0>'), { reason: 'target-invalid', offset: 3 });
    assert.deepEqual(refusal('</1>;ct =4'), { reason: 'separator-missing', offset: 8 });
    assert.deepEqual(refusal('</1>;ct= 4'), { reason: 'value-missing', offset: 8 });
  });

  it('keeps separators, escapes and other scripts inside quotes', () => {
    const [link] = links(encodeUtf8(String.raw`</a>;title="a;b,c>\"d\\e\f 温度";obs`));
    assert.deepEqual(link?.attributes, [
      { name: 'title', value: 'a;b,c>"d\\ef 温度' },
      { name: 'obs', value: undefined },
    ]);
  });

  it('keeps extended values as they are', () => {
    const [link] = links("</a>;title*=UTF-8'de'n%c3%a4chste%20Seite;x*=utf-8''");
    assert.deepEqual(link?.attributes, [
      { name: 'title*', value: "UTF-8'de'n%c3%a4chste%20Seite" },
      { name: 'x*', value: "utf-8''" },
    ]);
    assert.deepEqual(refusal('</a>;title*="x"'), { reason: 'value-missing', offset: 12 });
    assert.deepEqual(refusal("</a>;title*=UTF-8''%zz"), { reason: 'value-invalid', offset: 12 });
    assert.deepEqual(refusal('</a>;title*'), { reason: 'value-missing', offset: 11 });
  });

  it('keeps repeated attributes; the first one counts', () => {
    const [link] = links('</a>;rt="first";rt="second"');
    assert.equal(link?.attributes.length, 2);
    assert.equal(link && linkAttribute(link, 'rt'), 'first');
    assert.equal(link && linkAttribute(link, 'if'), undefined);
  });

  for (const [text, reason, offset] of [
    ['a', 'target-missing', 0],
    ['<', 'target-invalid', 1],
    ['</a', 'target-invalid', 3],
    ['</%4>', 'target-invalid', 2],
    ['</a"b>', 'target-invalid', 3],
    ['</温>', 'target-invalid', 2],
    ['<</a>>', 'target-invalid', 1],
    ['</a>,', 'target-missing', 5],
    [',</a>', 'target-missing', 0],
    ['</a>,,</b>', 'target-missing', 5],
    ['</a></b>', 'separator-missing', 4],
    ['</a>;', 'name-missing', 5],
    ['</a>;;obs', 'name-missing', 5],
    ['</a>;="x"', 'name-missing', 5],
    ['</a>;rt=', 'value-missing', 8],
    ['</a>;rt="x', 'quote-unterminated', 10],
    ['</a>;rt="x\\', 'quote-unterminated', 11],
    ['</a>;rt="x\\"', 'quote-unterminated', 12],
    ['</a>;rt="x\u0000"', 'quote-invalid', 10],
    ['</a>;rt="x"y', 'separator-missing', 11],
    ['</a>\u0000', 'separator-missing', 4],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}: ${reason}`, () => {
      assert.deepEqual(refusal(text), { reason, offset });
      assert.match(describeLinkRefusal({ reason, offset }), / \(at offset \d+\)$/);
    });
  }

  it('counts offsets in bytes when bytes were given', () => {
    assert.deepEqual(refusal(encodeUtf8('</a>;title="温",x')), { reason: 'target-missing', offset: 17 });
    assert.deepEqual(refusal(new Uint8Array([0x3c, 0x2f, 0xc3, 0x28, 0x3e])), { reason: 'not-utf8', offset: 2 });
    assert.deepEqual(refusal(new Uint8Array([0x3c, 0x2f, 0x3e, 0xff])), { reason: 'not-utf8', offset: 3 });
  });

  it('looks at no more than its bounds', () => {
    const megabyte = new Uint8Array(1 << 20).fill(0xff);
    assert.deepEqual(refusal(megabyte), { reason: 'too-long', offset: 0 });
    assert.deepEqual(refusal('</1/0>'.padEnd(70_000, ',</1/0>')), { reason: 'too-long', offset: 0 });
    assert.deepEqual(refusal('</1>,</2>,</3>', { maximumLinks: 2 }), { reason: 'too-many-links', offset: 10 });
    assert.equal(links('</1>,</2>', { maximumLinks: 2 }).length, 2);
    assert.deepEqual(refusal('</1>;a;b', { maximumAttributes: 1 }), { reason: 'too-many-attributes', offset: 6 });
    assert.equal(links('</1>;a', { maximumAttributes: 1 }).length, 1);
    assert.deepEqual(refusal('</12345>', { maximumTargetLength: 5 }), { reason: 'target-too-long', offset: 6 });
    assert.equal(links('</1234>', { maximumTargetLength: 5 }).length, 1);
    assert.deepEqual(refusal('</1/2/3>', { maximumDepth: 2 }), { reason: 'target-too-deep', offset: 5 });
    assert.equal(refusal(`<${'/a'.repeat(400)}>`).reason, 'target-too-deep');
    assert.equal(refusal(',</1/0>'.repeat(3_000).slice(1)).reason, 'too-many-links');
    assert.equal(refusal(`</1>${';a'.repeat(1_000)}`).reason, 'too-many-attributes');
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = decodeLinks(bytes);
        assert.ok(result.ok || (result.error.offset >= 0 && result.error.offset <= bytes.length));
      }),
    );
    const alphabet = fc.constantFrom('<', '>', '/', '"', '\\', ';', ',', '=', '*', "'", '%', '4', 'a', ' ', '温', '\0');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 60 }), (characters) => {
        const text = characters.join('');
        const result = decodeLinks(text);
        if (result.ok) assert.deepEqual(links(encodeLinks(result.value)), result.value);
        else assert.ok(result.error.offset <= text.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('"', '\\', ';', ',', '\0', '\t', '温'), fc.string({ maxLength: 3 })),
});
const plainRecord = { noNullPrototype: true } as const;
const anyAttribute: fc.Arbitrary<LinkAttribute> = fc.oneof(
  fc.record(
    {
      name: fc.constantFrom('rt', 'if', 'ct', 'title', 'hreflang', 'ver', 'x-1'),
      value: fc.option(fc.oneof(anyText, fc.integer().map(String)), { nil: undefined }),
    },
    plainRecord,
  ),
  fc.record({ name: fc.constant('title*'), value: fc.constantFrom("UTF-8''%41", "utf-8'en'a") }, plainRecord),
);
const anyLink: fc.Arbitrary<Link> = fc.record(
  {
    target: fc
      .array(fc.constantFrom('/', 'a', '3', '%20', '?', 'x=1', ';', ',', '[::1]'), { maxLength: 8 })
      .map((parts) => parts.join('')),
    attributes: fc.array(anyAttribute, { maxLength: 5 }),
  },
  plainRecord,
);

describe('encodeLinks', () => {
  it('writes the canonical form', () => {
    const attributes = [
      { name: 'rt', value: 'oma.lwm2m' },
      { name: 'ct', value: '60 110' },
      { name: 'ver', value: '1.1' },
      { name: 'lt', value: '-4.5' },
      { name: 'title', value: '42' },
      { name: 'hreflang', value: 'en-GB' },
      { name: 'obs', value: undefined },
      { name: 'note', value: '' },
    ];
    assert.equal(
      encodeLinks([
        { target: '/', attributes },
        { target: '/1/0', attributes: [] },
      ]),
      '</>;rt="oma.lwm2m";ct="60 110";ver=1.1;lt=-4.5;title="42";hreflang=en-GB;obs;note="",</1/0>',
    );
    assert.equal(encodeLinks([]), '');
  });

  it('is undone by decodeLinks', () => {
    fc.assert(
      fc.property(fc.array(anyLink, { maxLength: 5 }), (value) => {
        assert.deepEqual(links(encodeLinks(value)), value);
      }),
    );
  });

  it('refuses what has no text', () => {
    assert.throws(() => encodeLinks([{ target: '/a b', attributes: [] }]), RangeError);
    assert.throws(() => encodeLinks([{ target: '/a>', attributes: [] }]), RangeError);
    assert.throws(() => encodeLinks([{ target: '/', attributes: [{ name: 'a b', value: '1' }] }]), RangeError);
    assert.throws(() => encodeLinks([{ target: '/', attributes: [{ name: 'title*', value: 'x' }] }]), RangeError);
    assert.throws(() => encodeLinks([{ target: '/', attributes: [{ name: 'title*', value: undefined }] }]), RangeError);
  });
});

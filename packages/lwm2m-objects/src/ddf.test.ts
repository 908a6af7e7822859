import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DefinitionError, type DefinitionOptions, parseObjectDefinitions } from './ddf.ts';

const item = (id: string | number, parts: string) => `<Item ID="${id}">\n${parts}\n</Item>`;
const rest = '<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>';
const resource = (type: string, operations: string, more = '') =>
  `<Name>A</Name><Operations>${operations}</Operations>${rest}<Type>${type}</Type>${more}`;
const head =
  '<Name>Thing</Name><ObjectID>30000</ObjectID><MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory>';
const document = (items: string, objectHead = head) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<LWM2M>\n<Object ObjectType="MODefinition">${objectHead}<Resources>${items}</Resources></Object></LWM2M>`;

function refused(xml: string, options = {}): DefinitionError {
  const parsed = parseObjectDefinitions(xml, options);
  assert.ok(!parsed.ok, 'it was accepted');
  return parsed.error;
}

test('reads a definition with the words in any case and white space around them', () => {
  const items =
    item(
      5,
      resource(
        ' UNSIGNED  integer ',
        ' rw ',
        '<RangeEnumeration>\n 0: OFF\n\t 1: ON </RangeEnumeration><Units>\n </Units>',
      ),
    ) + item(1, resource('', 'e'));
  const parsed = parseObjectDefinitions(document(items));
  assert.ok(parsed.ok);
  const [object] = parsed.value;
  assert.equal(object?.name, 'Thing');
  assert.equal(object?.version, '1.0');
  assert.equal(object?.urn, 'urn:oma:lwm2m:x:30000');
  assert.equal(object?.multiple, true);
  assert.deepEqual([...object!.resources.keys()], [1, 5]);
  assert.deepEqual(object?.resources.get(5), {
    id: 5,
    name: 'A',
    readable: true,
    writable: true,
    executable: false,
    multiple: false,
    mandatory: false,
    type: 'unsigned',
    range: '0: OFF 1: ON',
    units: '',
  });
  assert.equal(object?.resources.get(1)?.type, 'none');
});

test('takes CDATA, comments, a byte order mark and elements that the schema does not have', () => {
  const items = item(
    0,
    `<!-- hm --><Vendor>x</Vendor>${resource('String', 'R', '<Description><![CDATA[<b>]]></Description>')}`,
  );
  assert.ok(parseObjectDefinitions(`\ufeff${document(items)}`).ok);
  const error = refused(document(items), { unknownElements: 'refuse' });
  assert.equal(error.reason, 'unknown-element');
  assert.match(error.message, /Item 0 \(line \d+\): Vendor is not one of Name, Operations/);
});

test('several objects in one document; the same version twice is refused', () => {
  const object = (id: number) =>
    `<Object ObjectType="MODefinition">${head.replace('30000', String(id))}<Resources></Resources></Object>`;
  const parsed = parseObjectDefinitions(`<LWM2M>${object(30_001)}${object(30_002)}</LWM2M>`);
  assert.deepEqual(parsed.ok && parsed.value.map(({ id }) => id), [30_001, 30_002]);
  assert.equal(refused(`<LWM2M>${object(30_001)}${object(30_001)}</LWM2M>`).reason, 'duplicate');
});

const mistakes: readonly (readonly [string, string, DefinitionError['reason'], RegExp])[] = [
  [
    'another type',
    document(item(0, resource('Int', 'R'))),
    'bad-value',
    /Object 30000, Item 0, Type \(line 4\): this is one of String, Integer/,
  ],
  [
    'another operation',
    document(item(0, resource('String', 'RWE'))),
    'bad-value',
    /Operations .*this is R, W, RW, E or empty, not "RWE"/,
  ],
  ['no type', document(item(0, resource('', 'R'))), 'missing-element', /has a Type/],
  ['no operations', document(item(0, '<Name>A</Name>')), 'missing-element', /Item 0 \(line 3\): Operations is missing/],
  [
    'no name',
    document(item(0, resource('String', 'R').replace('<Name>A</Name>', '<Name> </Name>'))),
    'bad-value',
    /a name is not empty/,
  ],
  ['an id that is none', document(item('a', resource('String', 'R'))), 'bad-value', /0 to 65534, not "a"/],
  ['MAX_ID', document(item(65_535, resource('String', 'R'))), 'bad-value', /0 to 65534/],
  [
    'a resource twice',
    document(item(0, resource('String', 'R')) + item(0, resource('String', 'R'))),
    'duplicate',
    /twice/,
  ],
  [
    'an element twice',
    document(item(0, resource('String', 'R', '<Name>B</Name>'))),
    'duplicate',
    /Name is there twice/,
  ],
  [
    'another multiplicity',
    document('', head.replace('Multiple<', 'Many<')),
    'bad-value',
    /this is Multiple or Single, not "Many"/,
  ],
  [
    'a version that is none',
    document('', `${head}<ObjectVersion>1</ObjectVersion>`),
    'bad-value',
    /two numbers such as 1.0/,
  ],
  [
    'the URN of another object',
    document('', `${head}<ObjectURN>urn:oma:lwm2m:ext:3</ObjectURN>`),
    'bad-value',
    /urn:oma:lwm2m:x:30000 /,
  ],
  ['another kind of object', '<LWM2M><Object ObjectType="X"></Object></LWM2M>', 'not-a-definition', /MODefinition/],
  ['no object', '<LWM2M></LWM2M>', 'missing-element', /no Object/],
  ['another document', '<html></html>', 'not-a-definition', /LWM2M/],
  ['no XML', 'hello', 'not-xml', /not well-formed/],
  ['nothing', '', 'not-xml', /not well-formed/],
  ['an open element', '<LWM2M>\n<Object>', 'not-xml', /not well-formed XML \(line 2\): /],
  ['an unknown entity', '<LWM2M>&x;</LWM2M>', 'not-xml', /not well-formed/],
  [
    'a prototype as word',
    document('', head.replace('Multiple<', '__proto__<')),
    'bad-value',
    /this is Multiple or Single/,
  ],
];

for (const [what, xml, reason, message] of mistakes) {
  test(`says what is right: ${what}`, () => {
    const error = refused(xml);
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
  });
}

test('refuses a DOCTYPE before anything is expanded', () => {
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  const error = refused(`<!DOCTYPE LWM2M [<!ENTITY l0 "ha">${laughs}]><LWM2M>&l9;</LWM2M>`);
  assert.equal(error.reason, 'doctype');
  assert.equal(refused('<!DOCTYPE LWM2M SYSTEM "file:///etc/passwd"><LWM2M/>').reason, 'doctype');
});

test('says by a code what is wrong, with what was found and what is right', () => {
  const faultOf = (xml: string, options?: DefinitionOptions) => {
    const { fault, params, element } = refused(xml, options);
    return [fault, params, element];
  };
  const type = {
    values: 'String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk, Corelnk',
    found: 'Int',
  };
  assert.deepEqual(faultOf(document(item(0, resource('Int', 'R')))), ['type', type, 'Object 30000, Item 0, Type']);
  assert.deepEqual(faultOf(document('', head.replace('Multiple<', 'Many<'))), [
    ...['choice', { one: 'Multiple', other: 'Single', found: 'Many' }],
    'Object 30000, MultipleInstances',
  ]);
  assert.deepEqual(faultOf('<html/>'), ['other-root', { found: 'html' }, 'html']);
  assert.deepEqual(faultOf('hello'), ['not-xml', {}, undefined]);
  assert.deepEqual(faultOf('<a>'.repeat(9)), ['too-deep', { maximum: 8 }, undefined]);
  const short = { maximumLength: 50 };
  assert.deepEqual(faultOf(' '.repeat(51), short), ['too-long', { length: 51, maximum: 50 }, undefined]);
});

test('bounds: size, depth, elements, resources', () => {
  assert.equal(refused('<LWM2M>'.padEnd(100, ' '), { maximumLength: 50 }).reason, 'too-large');
  assert.equal(refused('<a>'.repeat(100_000)).reason, 'too-deep');
  assert.equal(refused(`<LWM2M>${'<a/>'.repeat(60_000)}</LWM2M>`).reason, 'too-large');
  const many = Array.from({ length: 3 }, (_, id) => item(id, resource('String', 'R'))).join('');
  assert.equal(refused(document(many), { maximumResources: 2 }).reason, 'too-large');
});

test('anything at all is read or refused, never thrown', () => {
  const pieces = fc.constantFrom(
    '<LWM2M>',
    '</LWM2M>',
    '<Object>',
    '</Object>',
    '<Item ID="1">',
    '<![CDATA[',
    ']]>',
    '&amp;',
    '<?',
    'x',
    '"',
  );
  fc.assert(fc.property(fc.string(), (text) => void parseObjectDefinitions(text)));
  fc.assert(fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => void parseObjectDefinitions(parts.join(''))));
  const good = document(item(0, resource('String', 'R')));
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(good.length), (a, b) => {
      parseObjectDefinitions(good.slice(0, a) + good.slice(b));
    }),
  );
});

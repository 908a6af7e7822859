import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import fc from 'fast-check';
import { registeredModel } from './model.ts';
import { formatObjectLinks, ObjectLinksReader, parseObjectLinks } from './object-links.ts';

function parsed(text: string) {
  const result = parseObjectLinks(text);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

const objectsOf = (text: string) =>
  [...parsed(text).objects].map(([id, { version, instances }]) => [id, version, instances]);

test('the object list of the China Mobile platform', () => {
  const links = parsed('</>;rt="oma.lwm2m",</1/0>,</3/0>,</6/0>');
  assert.deepEqual(links.rootPath, []);
  assert.deepEqual(links.contentFormats, []);
  assert.deepEqual(objectsOf('</>;rt="oma.lwm2m",</1/0>,</3/0>,</6/0>'), [
    [1, undefined, [0]],
    [3, undefined, [0]],
    [6, undefined, [0]],
  ]);
});

test('the object list of DM 4.0: versions and content formats', () => {
  const text =
    '</>;rt="oma.lwm2m";ct="60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</3>;ver=1.2,</3/0>,</6/0>,</668>;ver=1.2,</668/0>,</669>;ver=1.2,</669/0>';
  const links = parsed(text);
  assert.deepEqual(links.contentFormats, [60, 110, 112, 11_542, 11_543]);
  assert.deepEqual(objectsOf(text), [
    [1, '1.1', [0]],
    [3, '1.2', [0]],
    [6, undefined, [0]],
    [668, '1.2', [0]],
    [669, '1.2', [0]],
  ]);
  assert.equal(formatObjectLinks(links), text);
});

test('an alternate path, wherever its link is, and whatever else it says', () => {
  const text = '</lwm2m/1/0>,</lwm2m/3/0>,</3/9>,</lwm2m>;rt="oma.lwm2m";ct=11543;hb';
  const links = parsed(text);
  assert.deepEqual(links.rootPath, ['lwm2m']);
  assert.deepEqual(links.contentFormats, [11_543]);
  assert.deepEqual(
    [...links.rootAttributes],
    [
      ['rt', 'oma.lwm2m'],
      ['ct', '11543'],
      ['hb', ''],
    ],
  );
  assert.deepEqual(objectsOf(text), [
    [1, undefined, [0]],
    [3, undefined, [0]],
  ]);
  assert.equal(formatObjectLinks(links), '</lwm2m>;rt="oma.lwm2m";ct=11543,</lwm2m/1/0>,</lwm2m/3/0>');
  assert.deepEqual(parsed('</a/b%20c/>;rt=oma.lwm2m,</a/b%20c/3/0>').rootPath, ['a', 'b c']);
});

test('what terminals do besides', () => {
  assert.deepEqual(objectsOf(''), []);
  assert.deepEqual(objectsOf('</0/0>,</1/0>'), [
    [0, undefined, [0]],
    [1, undefined, [0]],
  ]);
  assert.deepEqual(objectsOf(' </1/0> , </1/1>;ver="1.1"\n'), [[1, '1.1', [0, 1]]]);
  assert.deepEqual(objectsOf('<1/0>,</3/>,</5/0/>'), [
    [1, undefined, [0]],
    [3, undefined, []],
    [5, undefined, [0]],
  ]);
  assert.deepEqual(objectsOf('</10/5>,</3303/2>,</3303/0>,</3303/2>'), [
    [10, undefined, [5]],
    [3303, undefined, [0, 2]],
  ]);
  assert.deepEqual(objectsOf('</3/0/1>,</x>,</03>,</3/x>,</65535/0>,</65534/65534>,<coap://h/3>'), [
    [65_534, undefined, [65_534]],
  ]);
});

test('bad lists are refused with the place', () => {
  for (const [text, offset] of [
    ['</1/0', 5],
    ['</1/0>,', 7],
    ['1/0', 0],
    ['</1/0>;ver="1.1', 15],
  ] as const) {
    const result = parseObjectLinks(text);
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'malformed');
    assert.equal(result.error.offset, offset);
    assert.match(result.error.message, /^the object list is not link-format such as/);
  }
  assert.equal(parseObjectLinks(new Uint8Array([0x3c, 0xff])).ok, false);
});

test('hostile lists: size and number are bounded', () => {
  const megabyte = parseObjectLinks(encodeUtf8('</1/0>,'.repeat(150_000)));
  assert.equal(!megabyte.ok && megabyte.error.code, 'too-large');
  const many = parseObjectLinks(`</1/0>${',</1/0>'.repeat(10)}`, { maximumLinks: 10 });
  assert.equal(!many.ok && many.error.code, 'too-large');
  const deep = parseObjectLinks(`<${'/a'.repeat(3000)}>`);
  assert.equal(deep.ok, false);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void parseObjectLinks(bytes)));
});

test('any list reads back from its text', () => {
  const objects = fc.uniqueArray(
    fc.record({
      id: fc.nat(65_534),
      version: fc.option(fc.constantFrom('1.0', '1.1', '2.0'), { nil: undefined }),
      instances: fc.uniqueArray(fc.nat(65_534), { maxLength: 4 }),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  );
  fc.assert(
    fc.property(objects, (list) => {
      const sorted = list.toSorted((a, b) => a.id - b.id);
      const links = {
        rootPath: [],
        contentFormats: [60],
        objects: new Map(
          sorted.map(({ id, version, instances }) => [id, { version, instances: instances.toSorted((a, b) => a - b) }]),
        ),
      };
      const read = parsed(formatObjectLinks(links));
      assert.deepEqual(read.objects, links.objects);
      assert.deepEqual(read.contentFormats, [60]);
    }),
  );
});

test('a reader remembers lists, and shares their texts', () => {
  const reader = new ObjectLinksReader({ maximumRemembered: 2 });
  const read = (text: string) => {
    const result = reader.read(encodeUtf8(text));
    assert.ok(result.ok);
    return result.value;
  };
  const first = read('</1/0>,</3/0>');
  assert.equal(read('</1/0>,</3/0>'), first);
  assert.equal(first.text, '</1/0>,</3/0>');
  read('</1/1>');
  read('</1/2>');
  assert.notEqual(read('</1/0>,</3/0>'), first, 'the oldest is forgotten');
  assert.equal(reader.read('</1').ok, false);
  assert.equal(reader.read(new Uint8Array([0xff])).ok, false);
  const long = `</1/0>${',</3/0>'.repeat(400)}`;
  assert.notEqual(read(long), read(long), 'long lists are not remembered');
});

test('an alternate path that no request could be made of is refused', () => {
  for (const segment of ['a'.repeat(256), '%C3%A9'.repeat(128), '..', '.', '%2e%2e']) {
    const list = parseObjectLinks(`</${segment}>;rt="oma.lwm2m",</${segment}/3/0>`);
    assert.ok(!list.ok && list.error.code === 'malformed', segment.slice(0, 10));
    assert.match(list.error.message, /alternate path/);
  }
  for (const segment of ['a'.repeat(255), '%C3%A9'.repeat(127), '...']) {
    assert.ok(parseObjectLinks(`</${segment}>;rt="oma.lwm2m",</${segment}/3/0>`).ok, segment.slice(0, 10));
  }
});

test('what a reader remembers is bounded in characters too: long lists of strangers push others out', () => {
  const reader = new ObjectLinksReader({ maximumRemembered: 1_000, maximumRememberedCharacters: 5_000 });
  const read = (text: string) => {
    const result = reader.read(text);
    assert.ok(result.ok);
    return result.value;
  };
  const first = read('</1/0>,</3/0>');
  const hostile = (id: number) => `</${id}/0>${',</3/0>'.repeat(280)}`;
  const second = read(hostile(1_000));
  assert.equal(read('</1/0>,</3/0>'), first);
  assert.equal(read(hostile(1_000)), second);
  read(hostile(1_001));
  read(hostile(1_002));
  assert.notEqual(read('</1/0>,</3/0>'), first);
  assert.notEqual(read(hostile(1_000)), second);
});

test('definitions are looked up in the version that was registered', () => {
  const model = registeredModel(omaObjects, parsed('</1/0>,</4>;ver=1.1,</4/0>,</20>;ver=9.9,</20/0>'));
  assert.equal(model.object(4)?.version, '1.1');
  assert.equal(model.object(4, '1.2')?.version, '1.2');
  assert.equal(model.object(20)?.version, '2.1', 'a version that nobody knows');
  assert.equal(model.object(21)?.version, '1.1', 'an object that says none: the newest 1.x');
  assert.equal(model.object(59_999), undefined);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Jid, JidCache } from './jid.ts';
import { decodePunycode } from './punycode.ts';

const read = (text: string) => {
  const jid = Jid.parse(text);
  return jid && [jid.local, jid.domain, jid.resource];
};

describe('RFC 7622 §3.5: examples of valid JIDs', () => {
  const valid: readonly [string, string | undefined, string, string | undefined][] = [
    ['juliet@example.com', 'juliet', 'example.com', undefined],
    ['juliet@example.com/foo', 'juliet', 'example.com', 'foo'],
    ['juliet@example.com/foo bar', 'juliet', 'example.com', 'foo bar'],
    ['juliet@example.com/foo@bar', 'juliet', 'example.com', 'foo@bar'],
    ['foo\\20bar@example.com', 'foo\\20bar', 'example.com', undefined],
    ['fussball@example.com', 'fussball', 'example.com', undefined],
    ['fußball@example.com', 'fußball', 'example.com', undefined],
    ['π@example.com', 'π', 'example.com', undefined],
    ['Σ@example.com/foo', 'σ', 'example.com', 'foo'],
    ['σ@example.com/foo', 'σ', 'example.com', 'foo'],
    ['ς@example.com/foo', 'ς', 'example.com', 'foo'],
    ['king@example.com/♚', 'king', 'example.com', '♚'],
    ['example.com', undefined, 'example.com', undefined],
    ['example.com/foobar', undefined, 'example.com', 'foobar'],
    ['a.example.com/b@example.net', undefined, 'a.example.com', 'b@example.net'],
  ];
  for (const [text, local, domain, resource] of valid) {
    test(text, () => assert.deepEqual(read(text), [local, domain, resource]));
  }
});

describe('RFC 7622 §3.5: examples of strings that are not JIDs', () => {
  const invalid = [
    '"juliet"@example.com',
    'foo bar@example.com',
    'juliet@example.com/',
    '@example.com/',
    'henryⅣ@example.com',
    '♚@example.com',
    'juliet@',
    '/foobar',
  ];
  for (const text of invalid) test(text, () => assert.equal(Jid.parse(text), undefined));
});

describe('local parts are prepared as UsernameCaseMapped', () => {
  const cases: readonly [title: string, text: string, prepared: string | undefined][] = [
    ['case', 'Juliet', 'juliet'],
    ['fullwidth letters', 'ＪＵＬＩＥＴ', 'juliet'],
    ['composition', 'e\u0301va', 'éva'],
    ['the Kelvin sign has a compatible form that lower case removes', '\u212aelvin', 'kelvin'],
    ['a ligature has a compatible form', 'ﬁsh', undefined],
    ['every character of RFC 7622 §3.3.1', 'a&b', undefined],
    ['a fullwidth commercial at', 'a＠b', undefined],
    ['control characters', 'a\u0007b', undefined],
    ['private use', 'a\ue000', undefined],
    ['a lone surrogate', 'a\ud800', undefined],
    ['unassigned code points', 'a\u{e01f0}', undefined],
    ['soft hyphens', 'so\u00adft', undefined],
    ['conjoining jamo of old Hangul', '\u1100', undefined],
    ['Hebrew', 'שלום', 'שלום'],
    ['Hebrew after Latin, against the Bidi rule', 'aשלום', undefined],
    ['Arabic ending in a digit', 'سلام5', 'سلام5'],
    ['Arabic ending in a symbol', 'سلام-', undefined],
    ['digits of both Arabic kinds', 'س\u0661\u06f1', undefined],
    ['middle dot between two l', 'col·lega', 'col·lega'],
    ['middle dot elsewhere', 'a·b', undefined],
    ['katakana middle dot beside katakana', 'ア・イ', 'ア・イ'],
    ['katakana middle dot alone', 'a・b', undefined],
    ['a joiner after a virama', 'क्\u200dष', 'क्\u200dष'],
    ['a joiner elsewhere', 'a\u200db', undefined],
    ['a non-joiner after a virama', 'क्\u200cष', 'क्\u200cष'],
    ['a non-joiner between letters that join', 'نامه\u200cای', 'نامه\u200cای'],
    ['… with a vowel sign between', 'نامهِ\u200cای', 'نامهِ\u200cای'],
    ['a non-joiner after a letter that joins to nothing behind it', 'نا\u200cمه', undefined],
    ['a non-joiner before a letter that joins to nothing', 'ن\u200cء', undefined],
    ['a non-joiner at the end', 'نامه\u200c', undefined],
    ['a joiner between letters that join', 'نامه\u200dای', undefined],
    ['a digit before Hebrew', '5שלום', undefined],
    ['Hebrew ending in a sign that takes no space', 'שלוםּ', 'שלוםּ'],
    ['Arabic with digits of Europe and of Arabia', 'س5\u0661س', undefined],
    ['Thaana, N\u2019Ko and Adlam', 'ދިވެހިߒߞߏ', 'ދިވެހިߒߞߏ'],
    ['a modifier letter that is neutral after Latin', 'aʹ', 'aʹ'],
    ['a modifier letter that is neutral after Hebrew', 'שʹ', undefined],
    ['Chinese', '遥联', '遥联'],
  ];
  for (const [title, text, prepared] of cases) {
    test(title, () => assert.equal(Jid.of(text, 'example.com')?.local, prepared));
  }
});

describe('domains', () => {
  const cases: readonly [title: string, text: string, prepared: string | undefined][] = [
    ['case and the dot of the root', 'Example.COM.', 'example.com'],
    ['A-labels become U-labels', 'xn--bcher-kva.example', 'bücher.example'],
    ['U-labels stay', 'bücher.example', 'bücher.example'],
    ['A-labels of upper case letters are none', 'xn--bcher-kvb9', undefined],
    ['A-labels of ASCII are none', 'xn--abc-', undefined],
    ['IPv4', '127.0.0.1', '127.0.0.1'],
    ['IPv6', '[::1]', '[::1]'],
    ['an empty label', 'a..b', undefined],
    ['hyphens at the edge', '-a.example', undefined],
    ['a label of 64', `${'a'.repeat(64)}.example`, undefined],
    ['a label of 63', `${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
    ['spaces', 'exa mple', undefined],
    ['underscores', 'a_b', undefined],
    ['ideographic full stops', '例え。テスト', '例え.テスト'],
    ['nothing', '', undefined],
    ['labels from right to left', 'שלום.דוגמה', 'שלום.דוגמה'],
    ['a label from left to right beside them', 'example.דוגמה', 'example.דוגמה'],
    ['RFC 5893 §1.4: a label of digits beside one from right to left', '1a.דוגמה', undefined],
  ];
  for (const [title, text, prepared] of cases) {
    test(title, () => assert.equal(Jid.of(undefined, text)?.domain, prepared));
  }

  test('RFC 3492 §7.1 samples decode', () => {
    assert.equal(decodePunycode('ihqwcrb4cv8a8dqg056pqjye'), '他们为什么不说中文');
    assert.equal(decodePunycode('egbpdaj6bu4bxfgehfvwxn'), 'ليهمابتكلموشعربي؟');
    assert.equal(decodePunycode('3b-ww4c5e180e575a65lsy2b'), '3年b組金八先生');
    assert.equal(decodePunycode('99999999999999'), undefined);
    assert.equal(decodePunycode('A'), undefined);
  });
});

describe('resources are prepared as OpaqueString', () => {
  const resource = (text: string) => Jid.of('juliet', 'example.com', text)?.resource;
  test('keep case and spaces', () => assert.equal(resource('My Phone'), 'My Phone'));
  test('other spaces become spaces', () => assert.equal(resource('a\u3000b\u00a0c'), 'a b c'));
  test('are composed', () => assert.equal(resource('e\u0301'), 'é'));
  test('take compatible forms', () => assert.equal(resource('Ⅳ'), 'Ⅳ'));
  test('take no controls', () => assert.equal(resource('a\tb'), undefined));
});

describe('bounds', () => {
  test('each part holds 1023 bytes', () => {
    const part = (count: number, letter = 'a') => letter.repeat(count);
    assert.ok(Jid.of(part(1023), 'example.com', part(1023)));
    assert.equal(Jid.of(part(1024), 'example.com'), undefined);
    assert.equal(Jid.of(part(342, '遥'), 'example.com'), undefined);
    assert.ok(Jid.of(part(341, '遥'), 'example.com'));
    assert.equal(Jid.of('a', 'example.com', part(512, 'é')), undefined);
    assert.equal(Jid.of('a', Array.from({ length: 520 }, () => 'a').join('.')), undefined);
  });
});

describe('Jid', () => {
  const jid = Jid.parse('Juliet@example.com/balcony')!;

  test('is the same as another with the same prepared text', () => {
    assert.ok(jid.equals(Jid.parse('JULIET@Example.com/balcony')!));
    assert.ok(!jid.equals(Jid.parse('juliet@example.com/Balcony')!));
    assert.ok(jid.sameBare(Jid.parse('juliet@example.com/chamber')!));
    assert.ok(!jid.sameBare(Jid.parse('romeo@example.com/balcony')!));
  });

  test('knows its bare form', () => {
    assert.equal(`${jid.bare}`, 'juliet@example.com');
    assert.equal(jid.bare.bare, jid.bare);
    assert.equal(jid.isBare, false);
    assert.equal(jid.bare.isBare, true);
    assert.equal(`${jid.bare.withResource('x')}`, 'juliet@example.com/x');
    assert.equal(jid.withResource(''), undefined);
    assert.equal(JSON.stringify({ jid }), '{"jid":"juliet@example.com/balcony"}');
  });

  test('preparing a prepared one changes nothing', () => {
    for (const text of ['Σ@example.com/foo', 'ＪＵＬＩＥＴ@xn--bcher-kva.example/Ⅳ', 'שלום@example.com/a\u3000b']) {
      const once = Jid.parse(text)!;
      assert.equal(`${Jid.parse(`${once}`)}`, `${once}`);
    }
  });
});

describe('JidCache', () => {
  test('gives the same object for the same text, within its bound', () => {
    const cache = new JidCache(2);
    const juliet = cache.parse('juliet@example.com');
    assert.equal(cache.parse('juliet@example.com'), juliet);
    for (const name of ['a', 'b', 'c', 'd', 'e']) cache.parse(`${name}@example.com`);
    const again = cache.parse('juliet@example.com');
    assert.notEqual(again, juliet);
    assert.ok(again?.equals(juliet!));
    assert.equal(cache.parse('@'), undefined);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { displayWidth, pad, printable, printableLines, truncate } from './display-width.ts';

describe('displayWidth', () => {
  for (const [text, width] of [
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['世界', 4],
    ['カナ', 4],
    ['ｶﾅ', 2],
    ['ＡＢ', 4],
    ['한글', 4],
    ['한글', 4],
    ['：', 2],
    ['👍', 2],
    ['👨‍👩‍👧', 2],
    ['🇨🇳', 2],
    ['❤️', 2],
    ['→', 1],
    ['\u200b', 0],
    ['𠀀', 2],
  ] as const) {
    it(`of ${JSON.stringify(text)} is ${width}`, () => assert.equal(displayWidth(text), width));
  }
});

describe('truncate and pad', () => {
  it('keep to the width, also in the middle of a wide character', () => {
    assert.equal(truncate('temperature', 20), 'temperature');
    assert.equal(truncate('temperature', 5), 'temp…');
    assert.equal(truncate('世界你好', 5), '世界…');
    assert.equal(truncate('世界你好', 4), '世…');
    assert.equal(truncate('abc', 0), '');
    assert.equal(pad('世', 4), '世  ');
    assert.equal(pad('世', 4, 'right'), '  世');
    assert.equal(pad('long', 2), 'long');
  });

  it('never give more than was asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        assert.ok(displayWidth(truncate(text, width)) <= width);
        assert.ok(displayWidth(pad(truncate(text, width), width)) === width || displayWidth(text) > width);
      }),
    );
  });
});

describe('printable', () => {
  it('shows what would act on a terminal', () => {
    assert.equal(printable('a\u001b[2Jb\n\t\r\u0000\u009b\u202e'), 'a\\x1b[2Jb\\n\\t\\r\\x00\\x9b\\u202e');
    assert.equal(printableLines('a\nb\tc\u001b'), 'a\nb\tc\\x1b');
    assert.equal(printable('温度 21°'), '温度 21°');
  });

  it('lets nothing through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
        assert.doesNotMatch(printable(text), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

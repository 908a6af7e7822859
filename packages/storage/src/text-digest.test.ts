import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TextDigest } from './text-digest.ts';

const digest = (...texts: string[]) => {
  const all = new TextDigest();
  for (const text of texts) all.add(text);
  return all.value();
};

describe('text digests', () => {
  it('are the same for the same texts, and safe integers', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        assert.equal(digest(...texts), digest(...texts));
        assert.ok(Number.isSafeInteger(digest(...texts)) && digest(...texts) >= 0);
      }),
    );
  });

  it('tell where a text ends', () => {
    assert.notEqual(digest('ab', 'c'), digest('a', 'bc'));
    assert.notEqual(digest('a'), digest('a', ''));
    assert.notEqual(digest(), digest(''));
  });

  it('differ for texts that hardly do', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 100_000; i++) seen.add(digest(`</>;rt="oma.lwm2m",</3/${i}>`));
    assert.equal(seen.size, 100_000);
  });
});

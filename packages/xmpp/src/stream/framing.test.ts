import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { serialiseXml } from '../xml/serialise.ts';
import { DocumentFraming } from './framing.ts';

const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.org'>";

function drain(framing: DocumentFraming): string[] {
  const seen: string[] = [];
  for (;;) {
    const event = framing.next();
    if (event === undefined) return seen;
    seen.push(event.kind === 'element' ? serialiseXml(event.element) : event.kind);
    if (event.kind === 'fault') return seen;
  }
}

/** Streams with an end or a fault at the place of one stanza, maybe. */
const stream = fc
  .array(fc.constantFrom('a', 'b', 'text &amp; more', '<!-- no -->', '</stream:stream>'), { maxLength: 12 })
  .map((parts) => header + parts.map((part) => (part.startsWith('<') ? part : `<m>${part}</m> `)).join(''));

test('streams that take turns, cut anywhere, share nothing but what none of them needs', () => {
  fc.assert(
    fc.property(
      fc.array(stream, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(40), { minLength: 1 }),
      (texts, cuts) => {
        const alone = texts.map((text) => {
          const framing = new DocumentFraming({});
          framing.push(encodeUtf8(text));
          return drain(framing);
        });
        const rest = texts.map((text) => encodeUtf8(text));
        const framings = texts.map(() => new DocumentFraming({}));
        const seen: string[][] = texts.map(() => []);
        for (let turn = 0; rest.some((bytes) => bytes.length > 0); turn++) {
          const at = turn % texts.length;
          const size = Math.min(rest[at]!.length, cuts[turn % cuts.length]! + 1);
          framings[at]!.push(concatBytes([rest[at]!.subarray(0, size)]));
          rest[at] = rest[at]!.subarray(size);
          if (seen[at]!.at(-1) !== 'fault') seen[at]!.push(...drain(framings[at]!));
        }
        assert.deepEqual(seen, alone);
      },
    ),
  );
});

test('a stream that begins anew between two stanzas reads a header first', () => {
  const framing = new DocumentFraming({});
  framing.push(encodeUtf8(`${header}<a/>`));
  assert.deepEqual(drain(framing), ['header', "<a xmlns='jabber:client'/>"]);
  framing.restart();
  framing.push(encodeUtf8(`<?xml version='1.0'?>${header}<b/>`));
  assert.deepEqual(drain(framing), ['header', "<b xmlns='jabber:client'/>"]);
});

test('limits that change hold for streams that wait for their next stanza', () => {
  const framing = new DocumentFraming({ maximumSize: 100 });
  framing.push(encodeUtf8(`${header}<a/>`));
  assert.equal(drain(framing).length, 2);
  framing.limit({ maximumSize: 300 });
  framing.push(encodeUtf8(`<a>${'x'.repeat(200)}</a>`));
  assert.match(drain(framing).join(''), /x{200}/);
  framing.push(encodeUtf8(`<a>${'x'.repeat(300)}</a>`));
  assert.deepEqual(drain(framing), ['fault']);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { replayCorpus } from '@yaolian/testkit';
import fc from 'fast-check';
import { element } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { serialiseXml } from '../xml/serialise.ts';
import { type ScannedPiece, type ScannerLimits, StanzaScanner } from './scanner.ts';

const header =
  "<?xml version='1.0'?>\n<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

/** What a stream gives: kinds, and what stanzas are once they are parsed. */
function scan(chunks: Iterable<Uint8Array>, limits?: ScannerLimits): string[] {
  const scanner = new StanzaScanner(limits);
  const seen: string[] = [];
  for (const chunk of chunks) {
    scanner.push(chunk);
    for (let piece = scanner.next(); piece !== undefined; piece = scanner.next()) {
      seen.push(described(piece));
      if (piece.kind === 'fault') return seen;
    }
  }
  return seen;
}

function described(piece: ScannedPiece): string {
  if (piece.kind === 'fault') return piece.reason;
  if (piece.kind !== 'stanza') return `${piece.kind} ${decodeUtf8(piece.bytes)}`;
  const parsed = parseXml(piece.bytes);
  return parsed.ok ? `stanza ${decodeUtf8(piece.bytes)}` : parsed.error.reason;
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

function scanText(text: string, limits?: ScannerLimits): string[] {
  const bytes = encodeUtf8(text);
  const whole = scan([bytes], limits);
  for (const size of [1, 2, 3, 7]) assert.deepEqual(scan(cut(bytes, size), limits), whole, `in pieces of ${size}`);
  return whole;
}

describe('pieces', () => {
  it('a stream from its header to its end', () => {
    const stanzas = ["<message id='1'><body>a>b</body></message>", '<presence/>', "<iq id='/>'><a/><b></b></iq>"];
    assert.deepEqual(scanText(`${header} ${stanzas[0]}\n${stanzas[1]}${stanzas[2]} </stream:stream>\n`), [
      `header ${header}`,
      ...stanzas.map((stanza) => `stanza ${stanza}`),
      'end </stream:stream>',
    ]);
  });

  it('bounds in quotes and CDATA sections are none', () => {
    const stanza = `<message a="'>" b='"/>'><body><![CDATA[</body></message>]] ]>]]]></body></message>`;
    assert.deepEqual(scanText(header + stanza), [`header ${header}`, `stanza ${stanza}`]);
  });

  it('a stream that is restarted', () => {
    const scanner = new StanzaScanner();
    scanner.push(encodeUtf8(`${header}<auth/> ${header}<iq/>`));
    assert.deepEqual([scanner.next()?.kind, scanner.next()?.kind], ['header', 'stanza']);
    assert.equal(scanner.hasRest, true);
    scanner.restart();
    assert.deepEqual([scanner.next()?.kind, scanner.next()?.kind], ['header', 'stanza']);
    assert.equal(scanner.hasRest, false);
  });

  it('any stanzas, cut anywhere, come as they were sent', () => {
    const text = fc.constantFrom('a', ' ', '<', '>', ']]>', '"', "'", '/', '&', '你', '\n');
    const node = fc
      .tuple(fc.array(text), fc.array(text), fc.array(text))
      .map(([id, ...texts]) =>
        element('a', '', { id: id.join('') }, ...texts.map((content) => element('b', '', {}, content.join('')))),
      );
    fc.assert(
      fc.property(fc.array(node), fc.integer({ min: 1, max: 40 }), (stanzas, size) => {
        const texts = stanzas.map((stanza) => serialiseXml(stanza));
        const seen = scan(cut(encodeUtf8(header + texts.join('')), size));
        assert.deepEqual(seen, [`header ${header}`, ...texts.map((stanza) => `stanza ${stanza}`)]);
      }),
    );
  });
});

describe('limits', () => {
  it('size: at it, and one beyond, before the rest has come', () => {
    assert.equal(scanText(`${header}<abcd/>`, { maximumSize: 7 })[1], 'stanza <abcd/>');
    assert.equal(scanText(`${header}<abcde/>`, { maximumSize: 7 })[1], 'too-large');
    assert.equal(scanText(`${header}<a b='${'x'.repeat(99)}`, { maximumSize: 50 })[1], 'too-large');
    assert.deepEqual(scanText(header, { maximumHeaderSize: header.length }), [`header ${header}`]);
    assert.deepEqual(scanText(header, { maximumHeaderSize: header.length - 1 }), ['too-large']);
  });

  it('depth', () => {
    assert.equal(scanText(`${header}<a><a><a/></a></a>`, { maximumDepth: 3 })[1], 'stanza <a><a><a/></a></a>');
    assert.equal(scanText(`${header}<a><a><a/></a></a>`, { maximumDepth: 2 })[1], 'too-deep');
  });

  it('a hundred thousand elements within each other end at the limit', () => {
    const deep = encodeUtf8(header + '<a>'.repeat(100_000));
    assert.deepEqual(scan([deep]), [`header ${header}`, 'too-deep']);
    assert.deepEqual(scan([deep], { maximumDepth: 1_000_000 }), [`header ${header}`, 'too-large']);
  });

  it('white space between stanzas is no stanza, however much of it', () => {
    assert.deepEqual(
      scan([encodeUtf8(header), ...cut(encodeUtf8(' \n'.repeat(1000)), 100)], { maximumSize: 9 }).length,
      1,
    );
  });
});

it('headers: nothing before them but a declaration', () => {
  assert.deepEqual(scanText(`<!--x-->${header}`), ['comment']);
  assert.deepEqual(scanText(`<!DOCTYPE a>${header}`), ['document-type']);
  assert.deepEqual(scanText(`x${header}`), ['not-well-formed']);
  assert.deepEqual(scanText("<?xml version='1.0'?><?pi?><a>"), ['processing-instruction']);
  assert.deepEqual(scanText('</stream:stream>'), ['not-well-formed']);
  assert.deepEqual(scanText('<stream:stream/>'), ['not-well-formed']);
  assert.deepEqual(scan([Uint8Array.of(0x16, 0x03, 0x01, 0x02)]), ['not-well-formed']);
});

describe('the corpus', () => {
  replayCorpus(new URL('../../corpus/', import.meta.url), ({ name, bytes }) => {
    const [reason] = name.split('/');
    const parsed = parseXml(bytes);
    // A parser meets an end where a stream would go on.
    if (parsed.ok) assert.equal(reason, 'taken');
    else assert.equal(parsed.error.reason, reason);
    const stream = concatBytes([encodeUtf8(header), bytes]);
    for (const size of [1, 2, 5, stream.length]) {
      const [, found] = scan(cut(stream, size));
      if (reason === 'taken') assert.match(found!, /^stanza /);
      else if (found !== undefined) assert.equal(found, reason);
    }
  });
});

it('any bytes are answered, and no chunk is held that was given out', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 }), (chunks) => {
      const scanner = new StanzaScanner({ maximumSize: 100 });
      for (const chunk of chunks) {
        scanner.push(chunk);
        for (let count = 0; count < 40; count++) {
          const piece = scanner.next();
          if (piece === undefined || piece.kind === 'fault') break;
        }
      }
    }),
  );
});

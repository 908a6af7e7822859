import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { OptionNumber } from './options.ts';
import { type CoapUri, formatCoapUri, formatUriPath, parseCoapUri, parseUriPath, uriHostOptions } from './uri.ts';

function uri(text: string): CoapUri {
  const result = parseCoapUri(text);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

function complaint(text: string): string {
  const result = parseCoapUri(text);
  assert.ok(!result.ok, `${text} was accepted`);
  return result.error;
}

describe('parseCoapUri', () => {
  it('takes a URI apart', () => {
    assert.deepEqual(uri('coap://example.com:61616/rd/5a;b?ep=node1&lt=60&Q'), {
      scheme: 'coap',
      host: 'example.com',
      port: 61616,
      path: ['rd', '5a;b'],
      query: ['ep=node1', 'lt=60', 'Q'],
    });
  });

  it('knows the default ports', () => {
    assert.equal(uri('coap://h').port, 5683);
    assert.equal(uri('coaps://h').port, 5684);
    // RFC 8323 §8.1 to §8.4.
    assert.equal(uri('coap+tcp://h').port, 5683);
    assert.equal(uri('coaps+tcp://h').port, 5684);
    assert.equal(uri('coap+ws://h').port, 80);
    assert.equal(uri('COAPS+WS://h').port, 443);
    assert.equal(formatCoapUri(uri('coap+tcp://h:5683/a')), 'coap+tcp://h/a');
    assert.equal(uri('coap://h:/').port, 5683);
  });

  // RFC 7252 §6.3
  it('finds the three equivalent URIs of RFC 7252 equal', () => {
    const [first, ...others] = [
      'coap://example.com:5683/~sensors/temp.xml',
      'coap://EXAMPLE.com/%7Esensors/temp.xml',
      'coap://EXAMPLE.com:/%7esensors/temp.xml',
    ].map(uri);
    for (const other of others) assert.deepEqual(other, first);
  });

  // RFC 7252 appendix B
  it('takes the examples of RFC 7252 appendix B apart', () => {
    assert.deepEqual(uri('coap://[2001:db8::2:1]/').path, []);
    assert.deepEqual(uri('coap://example.net/.well-known/core').path, ['.well-known', 'core']);
    const japanese = uri('coap://xn--18j4d.example/%E3%81%93%E3%82%93%E3%81%AB%E3%81%A1%E3%81%AF');
    assert.deepEqual([japanese.host, japanese.path], ['xn--18j4d.example', ['こんにちは']]);
    const odd = uri('coap://198.51.100.1:61616//%2F//?%2F%2F&?%26');
    assert.deepEqual(
      [odd.path, odd.query],
      [
        ['', '/', '', ''],
        ['//', '?&'],
      ],
    );
    assert.equal(formatCoapUri(odd), 'coap://198.51.100.1:61616//%2F//?//&?%26');
  });

  it('reads IPv6 addresses with and without zones', () => {
    assert.equal(uri('coap://[2001:DB8:0::1]:5685/').host, '2001:db8::1');
    assert.equal(uri('coap://[fe80::1%25eth0]/').host, 'fe80::1%eth0');
    assert.equal(uri('coap://[fe80::1%eth0]/').host, 'fe80::1%eth0');
    assert.equal(uri('coap://[fe80::1%25]/').host, 'fe80::1%25');
    assert.equal(formatCoapUri(uri('coaps://[fe80::1%eth0]:5684/a')), 'coaps://[fe80::1%25eth0]/a');
  });

  it('resolves dot segments', () => {
    assert.deepEqual(uri('coap://h/a/./b/../c').path, ['a', 'c']);
    assert.deepEqual(uri('coap://h/../..').path, []);
    assert.deepEqual(uri('coap://h/a/b/..').path, ['a', '']);
    for (const root of ['/a/..', '/a/../', '/./', '/.', '/..']) assert.deepEqual(uri(`coap://h${root}`).path, [], root);
    assert.deepEqual(uri('coap://h/a/%2e%2E/b').path, ['b']);
  });

  it('distinguishes an empty query from none, and keeps a plus', () => {
    assert.deepEqual(uri('coap://h/?').query, ['']);
    assert.deepEqual(uri('coap://h?a+b&&').query, ['a+b', '', '']);
  });

  for (const [text, pattern] of [
    ['example.com/a', /write coap:\/\/host/],
    ['/a', /not a CoAP URI/],
    ['http://h/', /"http" is not supported; use coap, coaps, coap\+tcp, coaps\+tcp, coap\+ws, coaps\+ws/],
    ['coap+sms://h/', /not supported/],
    ['coap:///a', /no host/],
    ['coap://h/a#top', /leave out "#top"/],
    ['coap://h/#', /fragment/],
    ['coap://me:secret@h/', /no user/],
    ['coap://h:0/', /1 to 65535, not "0"/],
    ['coap://h:65536/', /65536/],
    ['coap://h:five/', /five/],
    ['coap://2001:db8::1/', /brackets/],
    ['coap://[2001:db8::1/', /brackets/],
    ['coap://[::g]/', /not an IPv6 address/],
    ['coap://[v1.x]/', /not an IPv6 address/],
    ['coap://256.1.1.1/', /not an IPv4 address/],
    ['coap://a b/', /not a host name/],
    ['coap://h%zz/', /not a host name/],
    ['coap://h/%zz', /path segment "%zz"/],
    ['coap://h/%ff', /UTF-8/],
    ['coap://h/?%', /query argument "%"/],
    [`coap://h/${'x'.repeat(256)}`, /256 bytes; CoAP carries 255/],
    [`coap://h/?${'%E6%B8%A9'.repeat(86)}`, /258 bytes/],
    [`coap://${'h'.repeat(256)}/`, /host name .* 256 bytes/],
  ] as const) {
    it(`refuses ${text.slice(0, 40)}`, () => assert.match(complaint(text), pattern));
  }

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'coap://',
      'h',
      '/',
      '%',
      '2',
      'f',
      '[',
      ']',
      ':',
      '?',
      '&',
      '#',
      '@',
      '..',
      '温',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const result = parseCoapUri(pieces.join(''));
        if (result.ok) assert.deepEqual(uri(formatCoapUri(result.value)), result.value);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('formatCoapUri', () => {
  it('is undone by parseCoapUri', () => {
    const component = fc.string({ maxLength: 12, unit: 'binary' });
    const segments = fc
      .array(
        component.filter((segment) => segment !== '.' && segment !== '..'),
        { maxLength: 4 },
      )
      .filter((path) => path.length !== 1 || path[0] !== '');
    const anyUri = fc.record(
      {
        scheme: fc.constantFrom('coap' as const, 'coaps' as const),
        host: fc.constantFrom('example.com', '192.0.2.1', '2001:db8::1', 'fe80::1%eth0', 'xn--18j4d.example'),
        port: fc.integer({ min: 1, max: 65_535 }),
        path: segments,
        query: fc.array(component, { maxLength: 4 }),
      },
      { noNullPrototype: true },
    );
    fc.assert(fc.property(anyUri, (value) => assert.deepEqual(uri(formatCoapUri(value)), value)));
  });

  it('keeps what a path may hold and escapes the rest', () => {
    assert.equal(formatUriPath(['rd', '8611;4600;x;1.0']), '/rd/8611;4600;x;1.0');
    assert.equal(formatUriPath(['a/b', 'c?d', '50%', 'é']), '/a%2Fb/c%3Fd/50%25/%C3%A9');
    assert.equal(formatUriPath([]), '/');
  });
});

describe('parseUriPath', () => {
  it('forgives a missing first slash', () => {
    assert.deepEqual(parseUriPath('3/0'), { ok: true, value: ['3', '0'] });
    assert.deepEqual(parseUriPath(''), { ok: true, value: [] });
    assert.deepEqual(parseUriPath('//'), { ok: true, value: ['', ''] });
  });
});

describe('uriHostOptions', () => {
  // RFC 7252 §6.4 step 5
  it('names the host unless it is an address', () => {
    assert.deepEqual(uriHostOptions(uri('coap://Example.com/')), [
      { number: OptionNumber.UriHost, value: encodeUtf8('example.com') },
    ]);
    assert.deepEqual(uriHostOptions(uri('coap://192.0.2.1/')), []);
    assert.deepEqual(uriHostOptions(uri('coap://[fe80::1%25lo]/')), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCredentialFile } from './credential-file.ts';

const key = '00112233445566778899aabbccddeeff';

function read(text: string) {
  const result = readCredentialFile(text);
  return result.ok ? result.value : result.error.map(({ line, message }) => `${line}: ${message}`);
}

describe('a file of credentials', () => {
  it('has columns in any order, quoted fields, comments and empty lines', () => {
    const text = `\uFEFFkey,Endpoint,kind,identity\r\n# of the first lot\r\n${key},"a,""b""",psk,id 1\r\n\r\n${key}, c , psk ,id 2\r\n`;
    assert.deepEqual(read(text), [
      { line: 3, credential: { endpoint: 'a,"b"', kind: 'psk', purpose: 'any', identity: 'id 1', key } },
      { line: 5, credential: { endpoint: 'c', kind: 'psk', purpose: 'any', identity: 'id 2', key } },
    ]);
  });

  it('has every kind and purpose', () => {
    const digest = 'AB'.repeat(32);
    const text = `endpoint,kind,purpose,fingerprint,name,public-key\na,rpk,register,,,MAA=\nb,certificate,bootstrap,${digest},,\nc,certificate-name,,,urn:x,`;
    assert.deepEqual(read(text), [
      { line: 2, credential: { endpoint: 'a', kind: 'rpk', purpose: 'register', publicKey: 'MAA=' } },
      { line: 3, credential: { endpoint: 'b', kind: 'certificate', purpose: 'bootstrap', fingerprint: digest } },
      { line: 4, credential: { endpoint: 'c', kind: 'certificate-name', purpose: 'any', name: 'urn:x' } },
    ]);
  });

  it('is told every line that is wrong, and what is right', () => {
    const header = 'endpoint,kind,purpose,identity,key,fingerprint';
    const rows = [
      `,psk,,i,${key},`,
      `a,pks,,i,${key},`,
      `a,psk,all,i,${key},`,
      'a,psk,,,,',
      'a,psk,,i,12,',
      `a,psk,,i,${key}`,
      `"a,psk,,i,${key},`,
      `a,psk,,i,${key},${key}`,
      `a,certificate,,,,${key}`,
      `a,psk,,same,${key},`,
      `b,psk,,same,${key},`,
    ];
    assert.deepEqual(read([header, ...rows].join('\n')), [
      '2: the endpoint is missing',
      '3: kind is one of psk, rpk, certificate, certificate-name, not "pks"',
      '4: purpose is one of any, register, bootstrap',
      '5: kind psk needs identity',
      '6: key is 8 to 64 bytes in hexadecimal',
      '7: 5 fields, the header has 6',
      '8: a quotation mark is not closed, or stands within a field',
      '9: fingerprint does not go with kind psk',
      '10: fingerprint is SHA-256: 64 hex digits',
      '12: the same as line 11: a credential stands for one endpoint',
    ]);
  });

  it('has a header that makes sense', () => {
    assert.deepEqual(read(''), ['1: the file is empty']);
    assert.match(String(read('a,b\n')), /^1: there is no column "a"; the header names columns of: endpoint, kind/);
    assert.match(String(read('endpoint,key\n')), /^1: endpoint and kind are needed/);
  });
});

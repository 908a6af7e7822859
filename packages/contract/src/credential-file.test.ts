import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CredentialFileReader } from './credential-file.ts';
import { linesRead } from './testing/lines-read.ts';

const key = '00112233445566778899aabbccddeeff';

const read = (text: string) => linesRead(new CredentialFileReader(), text, 'credential');

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
      '3: kind is one of psk, rpk, certificate, certificate-name, oscore, not "pks"',
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

  it('has security contexts of OSCORE, as the terminal sees them', () => {
    const header = 'endpoint,kind,sender-id,recipient-id,id-context,master-secret,master-salt,aead,hkdf';
    const secret = `${key}${key}`;
    const rows = [`a,oscore,0A,,,${secret},,,`, `b,oscore,0a,01,ff,${key},9e7c,A128GCM,HKDF-SHA-512`];
    assert.deepEqual(read([header, ...rows].join('\n')), [
      {
        line: 2,
        credential: {
          ...{ endpoint: 'a', kind: 'oscore', purpose: 'any' },
          ...{ senderId: '0A', recipientId: '', masterSecret: secret },
        },
      },
      {
        line: 3,
        credential: {
          ...{ endpoint: 'b', kind: 'oscore', purpose: 'any', senderId: '0a', recipientId: '01', idContext: 'ff' },
          ...{ masterSecret: key, masterSalt: '9e7c', aead: 'A128GCM', hkdf: 'HKDF-SHA-512' },
        },
      },
    ]);
    const wrong = [
      'a,oscore,01,02,,,,,',
      'a,oscore,01,02,,1234,,,',
      `a,oscore,x,02,,${key},,,`,
      `a,oscore,01,01,,${key},,,`,
      `a,oscore,0102,01,,${key},,AES-CCM-64-64-128,`,
      `a,oscore,01,02,,${key},,AES,`,
      `a,oscore,01,02,,${key},,,SHA-1`,
      `a,psk,01,02,,${key},,,`,
      `a,oscore,0b,02,FF,${key},,,`,
      `b,oscore,0B,03,ff,${key},,,`,
    ];
    const told = (read([header, ...wrong].join('\n')) as string[]).map((line) => line.replace(/, not .*/, ''));
    assert.deepEqual(told.slice(0, 5), [
      '2: kind oscore needs master-secret',
      '3: master-secret is 16 to 64 bytes in hexadecimal',
      '4: sender-id is 0 to 7 bytes in hexadecimal',
      '5: recipient-id and sender-id are the same: both sides would encrypt with one key',
      '6: sender-id has at most 1 bytes with AES-CCM-64-64-128',
    ]);
    assert.match(told[5]!, /^7: aead is one of AES-CCM-16-64-128, /);
    assert.equal(told[6], '8: hkdf is one of HKDF-SHA-256, HKDF-SHA-512');
    assert.equal(told[7], '9: kind psk needs identity');
    assert.equal(told[8], '11: the same as line 10: a credential stands for one endpoint');
    const short = `endpoint,kind,sender-id,master-secret\na,oscore,01,${key}`;
    assert.deepEqual(read(short), ['2: recipient-id is missing']);
  });

  it('says of contexts of OSCORE whether they are derived again (RFC 8613 Appendix B.2)', () => {
    const header = 'endpoint,kind,sender-id,recipient-id,master-secret,rederives';
    const rows = [`a,oscore,01,00,${key},true`, `b,oscore,02,00,${key},false`, `c,oscore,03,00,${key},`];
    const found = read([header, ...rows].join('\n')) as { readonly credential: { readonly rederives?: boolean } }[];
    assert.deepEqual(
      found.map(({ credential }) => credential.rederives),
      [true, undefined, undefined],
    );
    assert.deepEqual(read(`${header}\na,oscore,01,00,${key},yes`), ['2: rederives is one of true, false, not "yes"']);
    assert.deepEqual(read(`endpoint,kind,identity,key,rederives\na,psk,a,${key},true`), [
      '2: rederives does not go with kind psk',
    ]);
  });

  it('has a header that makes sense', () => {
    assert.match(String(read('a,b\n')), /^1: there is no column "a"; the header names columns of: endpoint, kind/);
    assert.match(String(read('endpoint,key\n')), /^1: endpoint and kind are needed/);
  });
});

import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hours } from '@yaolian/kernel';
import fc from 'fast-check';
import { nodeClock } from '../clock.ts';
import {
  encodeCertsOnly,
  isCertificateOf,
  makeCertificateRequest,
  openTerminalAuthority,
} from './terminal-authority.ts';
import { makeTerminalKeys } from './terminal-keys.ts';

const day = 86_400_000;

test('an authority is made once, and issues certificates for the keys of requests, in the name that it is told', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-authority-'));
  t.after(() => rm(folder, { recursive: true }));
  const options = { folder, clock: nodeClock, validity: hours(48) };
  const authority = await openTerminalAuthority(options);
  const again = await openTerminalAuthority(options);
  assert.deepEqual(again.certificate, authority.certificate);
  const made = await makeCertificateRequest('somebody else');
  const name = 'urn:imei:861111003929110, CN="x"';
  const issued = await again.issue(made.request, name);
  assert.ok(issued.ok);
  const [certificate, issuer] = [new X509Certificate(issued.value), new X509Certificate(authority.certificate)];
  assert.ok(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  assert.deepEqual([certificate.ca, issuer.ca], [false, true]);
  assert.equal(certificate.toLegacyObject().subject.CN, name);
  const left = +certificate.validToDate - nodeClock.epoch();
  assert.ok(left > day && left <= 2 * day);
  assert.ok(isCertificateOf(issued.value, made));
  assert.ok(!isCertificateOf(issued.value, await makeTerminalKeys()));
  assert.ok(!isCertificateOf(made.request, made));
  assert.notEqual(
    new X509Certificate(((await again.issue(made.request, name)) as typeof issued).value).serialNumber,
    certificate.serialNumber,
  );

  const refusal = async (request: Uint8Array) => {
    const answer = await authority.issue(request, 'a');
    return answer.ok ? undefined : answer.error;
  };
  assert.match((await refusal(new Uint8Array(4097)))!, /longer than 4096/);
  assert.match((await refusal(made.publicKey))!, /no PKCS #10/);
  // RFC 2986 §4.2: signed is the information alone, the first element; a request is 3 bytes of head, then that.
  const signedEnd = 3 + 2 + made.request[4]!;
  assert.equal(made.request[3], 0x30);
  for (let bit = 0; bit < 8 * made.request.length; bit++) {
    const changed = made.request.slice();
    const at = bit >> 3;
    changed[at]! ^= 1 << (bit & 7);
    const answer = await authority.issue(changed, name);
    if (at >= 3 && at < signedEnd) assert.ok(!answer.ok, `bit ${bit & 7} of byte ${at} changes what is signed`);
    else if (answer.ok) assert.ok(isCertificateOf(answer.value, made), `bit ${bit & 7} of byte ${at} changes the key`);
    else assert.match(answer.error, /not signed with its own key|no PKCS #10/);
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => typeof (await refusal(bytes)) === 'string'),
  );
});

test('a request of another kind of key is refused', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-authority-'));
  t.after(() => rm(folder, { recursive: true }));
  const authority = await openTerminalAuthority({ folder, clock: nodeClock, validity: hours(1) });
  // The key of a request, replaced by one on another curve: the structure stays whole.
  const made = await makeCertificateRequest('a');
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const other = publicKey.export({ format: 'der', type: 'spki' });
  const at = Buffer.from(made.request).indexOf(Buffer.from(made.publicKey));
  const before = made.request.subarray(0, at);
  const after = made.request.subarray(at + made.publicKey.length);
  const request = Buffer.concat([before, other, after]);
  const shorter = made.publicKey.length - other.length;
  // Both lengths around it are one byte long or in the long form of one byte.
  request[request[1] === 0x81 ? 2 : 1]! -= shorter;
  const inner = request[1] === 0x81 ? 3 : 2;
  request[request[inner + 1] === 0x81 ? inner + 2 : inner + 1]! -= shorter;
  const answer = await authority.issue(request, 'a');
  assert.deepEqual(answer, { ok: false, error: 'its key is not on P-256 or P-384' });
});

test('certs-only holds certificates of every length', () => {
  for (const length of [10, 100, 200, 300, 5000]) {
    const certificate = new Uint8Array(length).fill(7);
    const wrapped = encodeCertsOnly([certificate, certificate]);
    assert.equal(wrapped[0], 0x30);
    assert.equal(Buffer.from(wrapped).indexOf(certificate), wrapped.length - 2 - 2 * length);
  }
});

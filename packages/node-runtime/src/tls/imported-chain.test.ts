import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { certificateFacts } from './certificate-facts.ts';
import { type ChainRules, checkChain, ImportedChain } from './imported-chain.ts';

const file = (name: string) => readFile(new URL(`../../../dtls/test/certificates/${name}`, import.meta.url), 'utf8');
const now = Date.UTC(2030, 5, 1);
const day = 86_400_000;

async function judged(certificates: readonly string[], key: string, rules: Partial<ChainRules> = {}) {
  const chain = (await Promise.all(certificates.map((name) => file(`${name}.pem`)))).join('');
  const result = checkChain(chain, key.includes('-----') ? key : await file(`${key}.key`), {
    now,
    forDtls: true,
    ...rules,
  });
  if (result.ok) return result.value;
  const { of, reason, params } = result.error;
  return { of, reason, ...params };
}

const pemOfKey = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('a chain to be shown', () => {
  it('is taken when each certifies the one before it, and put down without what else is there', async () => {
    const taken = checkChain(
      `Bag Attributes: none\n${await file('below.pem')}some words\n${await file('middle.pem')}`,
      await file('below.key'),
      { now, forDtls: true },
    );
    assert.ok(taken.ok);
    assert.doesNotMatch(taken.value.certificate, /Bag|words/);
    const subjects = certificateFacts(taken.value.certificate, 'it').map(({ subject }) => subject);
    assert.deepEqual(subjects, ['CN=below', 'CN=Middle authority']);
    assert.match(taken.value.key, /^-----BEGIN PRIVATE KEY-----/);
    for (const name of ['p384', 'ed25519']) assert.ok('key' in (await judged([name], name)), name);
  });

  it('is refused with what is wrong', async () => {
    const subject = 'CN=below';
    assert.deepEqual(await judged([], 'below'), { of: 'certificate', reason: 'pem-no-certificate' });
    const many = Array.from({ length: 11 }, () => 'below');
    assert.deepEqual(await judged(many, 'below'), { of: 'certificate', reason: 'too-many', limit: 10 });
    assert.deepEqual(await judged(['below', 'server'], 'below'), {
      ...{ of: 'certificate', reason: 'chain-broken', subject },
      ...{ issuer: 'CN=Middle authority', next: 'CN=server.example' },
    });
    const misplaced = { of: 'certificate', reason: 'chain-own-not-first', subject, number: 2 };
    assert.deepEqual(await judged(['middle', 'below'], 'below'), misplaced);
    assert.deepEqual(await judged(['below'], 'server'), { of: 'key', reason: 'key-of-another', subject });
    const late = await judged(['below'], 'below', { now: Date.UTC(2073, 5, 13) });
    assert.deepEqual(late, { of: 'certificate', reason: 'chain-over', subject, date: '2073-06-12' });
    const { notBefore } = certificateFacts(await file('below.pem'), 'it')[0]!;
    const date = new Date(notBefore).toISOString().slice(0, 10);
    const early = await judged(['below'], 'below', { now: notBefore - day });
    assert.deepEqual(early, { of: 'certificate', reason: 'chain-early', subject, date });
    const broken = (await file('below.pem')).replace(/MII.{40}/, 'AAAA');
    const unreadable = checkChain((await file('middle.pem')) + broken, await file('below.key'), { now, forDtls: true });
    assert.deepEqual(unreadable.ok || unreadable.error, {
      ...{ of: 'certificate', reason: 'pem-certificate-unreadable', params: { number: 2 } },
    });
    const client = await judged(['client'], 'client');
    assert.equal('reason' in client && client.reason, 'certificate-not-for-servers');
  });

  it('has a key that what shows it can sign with, in the clear', async () => {
    const rsa = pemOfKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    const fit = 'P-256, P-384, Ed25519';
    assert.deepEqual(await judged(['below'], rsa), { of: 'key', reason: 'key-kind-unfit', kind: 'RSA 2048', fit });
    const forTls = { forDtls: false };
    assert.deepEqual(await judged(['below'], rsa, forTls), {
      of: 'key',
      reason: 'key-of-another',
      subject: 'CN=below',
    });
    const koblitz = pemOfKey(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey);
    const odd = await judged(['below'], koblitz, forTls);
    assert.deepEqual(odd, {
      ...{ of: 'key', reason: 'key-kind-unfit', kind: 'secp256k1' },
      fit: `${fit}, P-521, RSA ≥ 2048`,
    });
    assert.deepEqual(await judged(['below'], '-----nothing-----'), { of: 'key', reason: 'pem-no-key' });
    for (const encrypted of [
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n',
      '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n-----END EC PRIVATE KEY-----\n',
    ])
      assert.deepEqual(await judged(['below'], encrypted), { of: 'key', reason: 'key-encrypted' });
  });

  it('lies with its key in one file, and the one before beside it', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'yaolian-imported-'));
    t.after(() => rm(folder, { recursive: true }));
    const kept = new ImportedChain(join(folder, 'tls'));
    assert.equal(await kept.read(), undefined);
    const [one, two] = [await judged(['below', 'middle'], 'below'), await judged(['server'], 'server')];
    assert.ok('key' in one && 'key' in two);
    await kept.write(one);
    assert.deepEqual(await kept.read(), one);
    await kept.write(two);
    assert.equal((await kept.read())!.key, two.key);
    for (const name of ['imported.pem', 'previous-imported.pem'])
      assert.equal((await stat(join(folder, 'tls', name))).mode & 0o777, 0o600);
    await kept.remove();
    assert.equal(await kept.read(), undefined);
    await writeFile(kept.file, 'nothing');
    await assert.rejects(kept.read(), { code: 'TLS_CREDENTIALS_BAD' });
  });
});

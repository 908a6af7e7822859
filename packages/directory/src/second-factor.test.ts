import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { encodeUtf8, hours } from '@yaolian/kernel';
import { OperatorAccounts } from './operator-accounts.ts';
import { encodeBase32, otpauthUri, SecondFactors, totp } from './second-factor.ts';
import { MemoryOperatorStore, MemorySettingsStore } from './testing/index.ts';

const hmacSha1 = (key: Uint8Array, message: Uint8Array) =>
  new Uint8Array(createHmac('sha1', key).update(message).digest());
const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };
/** Seals by saying for what. */
const sealer = {
  seal: (secret: Uint8Array, context: string) => Uint8Array.of(...secret, ...encodeUtf8(context)),
  open: (sealed: Uint8Array, context: string) => sealed.subarray(0, sealed.length - context.length),
};
let now = 0;
const clock = { monotonic: () => now, epoch: () => now };
const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uint32: () => 0, fraction: () => 0 };
let factors: SecondFactors;
let settings: MemorySettingsStore;

beforeEach(() => {
  now = 1_700_000_000_000;
  settings = new MemorySettingsStore();
  factors = new SecondFactors({ settings, sealer, digest, hmacSha1, random, clock });
});

function decodeBase32(text: string): Uint8Array {
  const bits = [...text]
    .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
    .join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

const codeOf = (secret: string, at = now) => totp(decodeBase32(secret), Math.floor(at / 30_000), hmacSha1);

async function switchedOn() {
  const secret = (await factors.begin('ann'))!;
  const confirmed = await factors.confirm('ann', codeOf(secret));
  assert.ok(confirmed.ok);
  return { secret, recovery: confirmed.value };
}

test('codes are those of RFC 6238 appendix B', () => {
  const secret = encodeUtf8('12345678901234567890');
  const expected = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const;
  for (const [time, code] of expected) assert.equal(totp(secret, Math.floor(time / 30), hmacSha1), code);
});

test('secrets are written as RFC 4648 §10 has it', () => {
  for (const [text, base32] of [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ] as const) {
    assert.equal(encodeBase32(encodeUtf8(text)), base32);
  }
  assert.equal(
    otpauthUri('Yaolian', 'ann', 'ABC'),
    'otpauth://totp/Yaolian:ann?secret=ABC&issuer=Yaolian&digits=6&period=30',
  );
});

test('a secret counts once it is confirmed, and is not replaced afterwards', async () => {
  await factors.begin('ann');
  assert.equal(await factors.isOn('ann'), false);
  assert.ok(!(await factors.confirm('ann', '000000')).ok);
  const { recovery } = await switchedOn();
  assert.equal(await factors.isOn('ann'), true);
  assert.equal(new Set(recovery).size, 10);
  assert.equal(await factors.begin('ann'), undefined);
  assert.deepEqual(await factors.state('ann'), { since: now, recoveryCodes: 10 });
  assert.ok(!JSON.stringify([...(await settings.settings())]).includes(recovery[0]!));
});

test('a code is taken once, within half a minute of its time (RFC 6238 §5.2)', async () => {
  const { secret } = await switchedOn();
  assert.deepEqual(await factors.check('ann', codeOf(secret)), { reason: 'wrong-code' }); // the one that confirmed
  now += 60_000;
  const code = codeOf(secret);
  assert.equal(await factors.check('ann', code), undefined);
  assert.deepEqual(await factors.check('ann', code), { reason: 'wrong-code' });
  assert.deepEqual(await factors.check('ann', codeOf(secret, now - 30_000)), { reason: 'wrong-code' });
  assert.equal(await factors.check('ann', codeOf(secret, now + 30_000)), undefined);
  now += 300_000;
  assert.deepEqual(await factors.check('ann', codeOf(secret, now - 120_000)), { reason: 'wrong-code' });
});

test('a recovery code works once, however it is typed', async () => {
  const { recovery } = await switchedOn();
  assert.equal(await factors.check('ann', ` ${recovery[3]!.toUpperCase().replaceAll('-', ' ')}`), undefined);
  assert.deepEqual(await factors.check('ann', recovery[3]!), { reason: 'wrong-code' });
  assert.equal((await factors.state('ann')).recoveryCodes, 9);
});

test('guesses are slowed down, whoever knows the password', async () => {
  const { secret } = await switchedOn();
  for (let i = 0; i < 5; i++) assert.equal((await factors.check('ann', '000000'))?.reason, 'wrong-code');
  now += 60_000 - 60_000 + 1;
  assert.equal((await factors.check('ann', codeOf(secret)))?.reason, 'too-many-attempts');
});

test('a login asks for the code, and a new operator of the same name has none', async () => {
  const hasher = { hash: async (text: string) => text, verify: async (text: string, hash: string) => text === hash };
  const accounts = new OperatorAccounts({
    store: new MemoryOperatorStore(),
    hasher,
    digest,
    random,
    clock,
    secondFactors: factors,
  });
  const password = 'correct horse battery';
  const attempt = { name: 'ann', password, address: '192.0.2.1' };
  const reasonOf = async (more: object) => {
    const outcome = await accounts.login({ ...attempt, ...more }, hours(1));
    return outcome.ok ? 'in' : outcome.error.reason;
  };
  await accounts.addOperator({ name: 'ann', role: 'admin', password });
  const { secret } = await switchedOn();
  now += 60_000;
  assert.equal(await reasonOf({}), 'code-needed');
  assert.equal(await reasonOf({ password: 'wrong', code: codeOf(secret) }), 'wrong-password');
  assert.equal(await reasonOf({ code: '000000' }), 'wrong-code');
  assert.equal(await reasonOf({ code: codeOf(secret) }), 'in');
  const renewed = await accounts.resetPassword('ann');
  assert.equal(await reasonOf({ password: renewed }), 'in', 'who lost the phone has the machine');
  await switchedOn();
  await accounts.removeOperator('ann');
  await accounts.addOperator({ name: 'ann', role: 'admin', password });
  assert.equal(await reasonOf({}), 'in');
});

test('a code that comes twice at the same time is taken once (RFC 6238 §5.2)', async () => {
  const { secret, recovery } = await switchedOn();
  now += 30_000;
  const code = codeOf(secret);
  const both = await Promise.all([factors.check('ann', code), factors.check('ann', code)]);
  assert.deepEqual(both, [undefined, { reason: 'wrong-code' }]);
  const [one, two] = recovery as [string, string];
  assert.deepEqual(await Promise.all([factors.check('ann', one), factors.check('ann', two)]), [undefined, undefined]);
  assert.equal((await factors.state('ann')).recoveryCodes, 8);
});

test('a factor that is removed while a code is checked stays removed', async () => {
  const { secret } = await switchedOn();
  now += 30_000;
  const [refusal, removed] = await Promise.all([factors.check('ann', codeOf(secret)), factors.remove('ann')]);
  assert.deepEqual([refusal, removed, await factors.isOn('ann')], [undefined, true, false]);
});

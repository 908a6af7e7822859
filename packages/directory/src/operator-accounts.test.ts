import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { hours, minutes, type Result, toMilliseconds, YaolianError } from '@yaolian/kernel';
import { roleCovers } from './operator.ts';
import { type AccessRefusal, type IssuedToken, OperatorAccounts } from './operator-accounts.ts';
import type { PasswordHasher } from './secrets.ts';
import { MemoryOperatorStore } from './testing/index.ts';

const address = '192.0.2.1';
const password = 'correct horse battery';

class PlainHasher implements PasswordHasher {
  verified = 0;
  busy = false;

  async hash(text: string): Promise<string> {
    return `plain:${text}`;
  }

  async verify(text: string, hash: string): Promise<boolean> {
    if (this.busy) throw new YaolianError('PASSWORD_HASHER_BUSY', 'busy');
    this.verified++;
    return hash === `plain:${text}`;
  }
}

function admitted<T>(result: Result<T, AccessRefusal>): T {
  assert.ok(result.ok, 'expected to be let in');
  return result.value;
}

describe('operator accounts', () => {
  let now = 0;
  let store: MemoryOperatorStore;
  let hasher: PlainHasher;
  let accounts: OperatorAccounts;

  beforeEach(() => {
    now = 1_700_000_000_000;
    store = new MemoryOperatorStore();
    hasher = new PlainHasher();
    accounts = new OperatorAccounts({
      store,
      hasher,
      digest: { sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()) },
      random: { bytes: (count) => new Uint8Array(randomBytes(count)), uint32: () => 0, fraction: () => 0 },
      clock: { monotonic: () => now, epoch: () => now },
      maxSessions: 3,
    });
  });

  const addAnn = () => accounts.addOperator({ name: 'ann', role: 'operator', password });
  const login = (attempt: { name?: string; password?: string; address?: string } = {}) =>
    accounts.login({ name: 'ann', password, address, ...attempt }, hours(12));
  const sessionOf = async (attempt = {}): Promise<IssuedToken> => admitted(await login(attempt));

  describe('the first admin', () => {
    it('is made once, with a password that works', async () => {
      const made = await accounts.ensureFirstAdmin();
      assert.ok(made !== undefined);
      assert.equal((await sessionOf({ name: 'admin', password: made })).role, 'admin');
      assert.equal(await accounts.ensureFirstAdmin(), undefined);
    });

    it('is not made when there is any operator', async () => {
      await addAnn();
      assert.equal(await accounts.ensureFirstAdmin(), undefined);
    });

    it('gets a new password when it is lost, and old sessions end', async () => {
      const made = await accounts.ensureFirstAdmin();
      const session = await sessionOf({ name: 'admin', password: made });
      const renewed = await accounts.resetPassword('admin');
      assert.equal((await login({ name: 'admin', password: made! })).ok, false);
      assert.equal((await login({ name: 'admin', password: renewed })).ok, true);
      assert.equal(await accounts.verifyToken(session.token), undefined);
      await assert.rejects(accounts.resetPassword('eve'), { code: 'OPERATOR_UNKNOWN' });
    });
  });

  describe('adding', () => {
    for (const name of ['', 'Ann', '-ann', 'ann smith', 'änn', 'a'.repeat(65)]) {
      it(`refuses the name "${name.slice(0, 12)}"`, () =>
        assert.rejects(accounts.addOperator({ name, role: 'viewer', password }), { code: 'OPERATOR_NAME_INVALID' }));
    }

    it('refuses passwords that are too short or too long', async () => {
      for (const text of ['', '11 letters.', 'x'.repeat(257)]) {
        const adding = accounts.addOperator({ name: 'ann', role: 'viewer', password: text });
        await assert.rejects(adding, { code: 'PASSWORD_UNFIT', message: 'a password has 12 to 256 characters' });
      }
    });

    it('refuses a name that is taken', async () => {
      await addAnn();
      await assert.rejects(addAnn(), { code: 'OPERATOR_EXISTS' });
    });
  });

  describe('login', () => {
    it('gives a session token that says whose it is', async () => {
      await addAnn();
      const session = await sessionOf();
      const { token, ...description } = session;
      assert.deepEqual(description, {
        id: session.id,
        kind: 'session',
        operator: 'ann',
        role: 'operator',
        label: '',
        createdAt: now,
        expiresAt: now + 12 * 3_600_000,
        lastUsedAt: undefined,
      });
      assert.deepEqual(await accounts.verifyToken(token), description);
    });

    it('takes the name in any case and the password in either Unicode composition', async () => {
      await accounts.addOperator({ name: 'ann', role: 'viewer', password: 'Zw\u00f6lf Zeichen' });
      assert.equal((await login({ name: 'ANN', password: 'Zwo\u0308lf Zeichen' })).ok, true);
    });

    it('refuses a wrong password and an unknown name alike, at the same cost', async () => {
      await addAnn();
      const refused = { ok: false, error: { reason: 'wrong-password' } };
      assert.deepEqual(await login({ password: 'wrong password' }), refused);
      assert.deepEqual(await login({ name: 'eve' }), refused);
      assert.equal(hasher.verified, 2);
    });

    it('never keeps a password or a secret as it is', async () => {
      await addAnn();
      const session = await sessionOf();
      const stored = await store.token(session.id);
      assert.equal(stored?.secretDigest.length, 32);
      assert.ok(!JSON.stringify(stored).includes(session.token.slice(-48)));
    });
  });

  describe('back-off', () => {
    const fail = async (times: number, attempt = {}) => {
      for (let i = 0; i < times; i++) await login({ password: 'wrong password', ...attempt });
    };

    it('makes an account wait after five failures, even with the right password', async () => {
      await addAnn();
      await fail(5);
      assert.deepEqual(await login(), { ok: false, error: { reason: 'too-many-attempts', retryAfter: 1000 } });
      now += 1000;
      assert.equal((await login()).ok, true);
    });

    it('does not hash while it makes wait', async () => {
      await addAnn();
      await fail(5);
      const before = hasher.verified;
      await login();
      assert.equal(hasher.verified, before);
    });

    it('counts guesses that run at the same time', async () => {
      await addAnn();
      const guesses = await Promise.all(Array.from({ length: 50 }, () => login({ password: 'wrong password' })));
      const judged = guesses.filter((guess) => !guess.ok && guess.error.reason === 'wrong-password');
      assert.equal(judged.length, 5);
    });

    it('makes an address wait that tries many names', async () => {
      for (let i = 0; i < 11; i++) await login({ name: `name${i}`, password: 'wrong password' });
      const refused = await login({ name: 'another' });
      assert.equal(!refused.ok && refused.error.reason, 'too-many-attempts');
      await addAnn();
      assert.equal((await login({ address: '198.51.100.1' })).ok, true);
    });

    it('counts a whole IPv6 network as one address', async () => {
      for (let i = 0; i < 11; i++) {
        await login({ name: `name${i}`, password: 'wrong password', address: `2001:db8::${i + 1}` });
      }
      const refused = await login({ name: 'another', address: '2001:db8::ffff' });
      assert.equal(!refused.ok && refused.error.reason, 'too-many-attempts');
    });

    it('does not let one good account pay for guesses at another', async () => {
      await addAnn();
      for (let i = 0; i < 10; i++) {
        await login({ name: `name${i}`, password: 'wrong password' });
        await login();
      }
      await login({ name: 'name10', password: 'wrong password' });
      assert.equal((await login()).ok, false);
    });

    it('is forgotten by the account after a success', async () => {
      await addAnn();
      await fail(4);
      await sessionOf();
      await fail(4, { address: '198.51.100.2' });
      assert.equal((await login({ address: '198.51.100.2' })).ok, true);
    });

    it('asks to come back when the hasher is busy, and charges nothing', async () => {
      await addAnn();
      hasher.busy = true;
      for (let i = 0; i < 20; i++) {
        assert.deepEqual(await login(), { ok: false, error: { reason: 'too-many-attempts', retryAfter: 1000 } });
      }
      hasher.busy = false;
      assert.equal((await login()).ok, true);
    });
  });

  describe('tokens', () => {
    const issue = (change = {}) =>
      accounts.issueToken({ operator: 'ann', role: 'viewer', label: 'export', lifetime: undefined, ...change });

    it('are made with a role up to the operator’s', async () => {
      await addAnn();
      const token = await issue();
      assert.equal((await accounts.verifyToken(token.token))?.role, 'viewer');
      await assert.rejects(issue({ role: 'admin' }), { code: 'ROLE_TOO_HIGH' });
      await assert.rejects(issue({ operator: 'eve' }), { code: 'OPERATOR_UNKNOWN' });
    });

    it('expire', async () => {
      await addAnn();
      const { token } = await issue({ lifetime: minutes(1) });
      now += toMilliseconds(minutes(1)) - 1;
      assert.ok(await accounts.verifyToken(token));
      now += 1;
      assert.equal(await accounts.verifyToken(token), undefined);
      assert.deepEqual(await accounts.tokens({ limit: 10 }), []);
    });

    it('are refused with another secret, another id, or after removal', async () => {
      await addAnn();
      const one = await issue();
      const two = await issue();
      assert.equal(await accounts.verifyToken(`yl_${one.id}_${two.token.slice(-48)}`), undefined);
      assert.equal(await accounts.verifyToken(`yl_${'0'.repeat(16)}_${one.token.slice(-48)}`), undefined);
      assert.equal(await accounts.verifyToken('Bearer of nothing'), undefined);
      assert.equal(await accounts.removeToken(one.id), true);
      assert.equal(await accounts.verifyToken(one.token), undefined);
    });

    it('are listed without their secrets', async () => {
      await addAnn();
      await issue();
      const [listed] = await accounts.tokens({ limit: 10 });
      assert.equal(listed?.label, 'export');
      assert.ok(!('secretDigest' in listed!) && !('token' in listed!));
    });

    it('note their last use once a minute, not once a request', async () => {
      await addAnn();
      const { token, id } = await issue();
      const touch = store.touchToken.bind(store);
      let touches = 0;
      store.touchToken = (...use) => {
        touches++;
        return touch(...use);
      };
      for (let i = 0; i < 10; i++) await accounts.verifyToken(token);
      assert.equal(touches, 1);
      now += 60_000;
      await accounts.verifyToken(token);
      assert.equal(touches, 2);
      assert.equal((await store.token(id))?.lastUsedAt, now);
    });

    it('work on when their last use cannot be stored', async () => {
      await addAnn();
      const { token } = await issue();
      store.touchToken = () => Promise.reject(new Error('disk full'));
      assert.ok(await accounts.verifyToken(token));
    });
  });

  describe('a change of password', () => {
    it('needs the old one, ends other sessions and leaves API tokens', async () => {
      await addAnn();
      const mine = await sessionOf();
      const other = await sessionOf();
      const api = await accounts.issueToken({ operator: 'ann', role: 'viewer', label: 'api', lifetime: undefined });
      const attempt = { name: 'ann', password, address };
      const wrong = await accounts.changePassword({ ...attempt, password: 'wrong password' }, 'new password!', mine.id);
      assert.deepEqual(wrong, { ok: false, error: { reason: 'wrong-password' } });
      assert.deepEqual(await accounts.changePassword(attempt, 'new password!', mine.id), {
        ok: true,
        value: undefined,
      });
      assert.ok(await accounts.verifyToken(mine.token));
      assert.ok(await accounts.verifyToken(api.token));
      assert.equal(await accounts.verifyToken(other.token), undefined);
      assert.equal((await login()).ok, false);
      assert.equal((await login({ password: 'new password!' })).ok, true);
      await assert.rejects(accounts.changePassword(attempt, 'short', mine.id), { code: 'PASSWORD_UNFIT' });
    });
  });

  it('who signs in again and again has the newest sessions, and API tokens stay', async () => {
    await accounts.addOperator({ name: 'ann', role: 'admin', password });
    const api = await accounts.issueToken({ operator: 'ann', role: 'viewer', label: 'x', lifetime: undefined });
    const tokens: string[] = [];
    for (let i = 0; i < 5; i++) {
      now += 1000;
      const session = await login();
      assert.ok(session.ok);
      tokens.push(session.value.token);
    }
    const good = await Promise.all(
      [api.token, ...tokens].map(async (one) => (await accounts.verifyToken(one)) !== undefined),
    );
    assert.deepEqual(good, [true, false, false, true, true, true]);
  });

  it('a token does no more than its operator may now', async () => {
    await store.addOperator({
      name: 'bob',
      role: 'viewer',
      passwordHash: await hasher.hash(password),
      createdAt: now,
      passwordChangedAt: now,
    });
    const { token, id } = await accounts.issueToken({
      operator: 'bob',
      role: 'viewer',
      label: '',
      lifetime: undefined,
    });
    const stored = await store.token(id);
    await store.removeToken(id);
    await store.addToken({ ...stored!, role: 'admin' });
    assert.equal((await accounts.verifyToken(token))?.role, 'viewer');
  });

  it('roles cover the ones before them', () => {
    assert.equal(roleCovers('admin', 'viewer'), true);
    assert.equal(roleCovers('operator', 'operator'), true);
    assert.equal(roleCovers('viewer', 'operator'), false);
  });
});

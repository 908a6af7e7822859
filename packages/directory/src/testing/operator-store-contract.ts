import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operator, OperatorStore, StoredToken } from '../operator.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';

function operator(name: string, change: Partial<Operator> = {}): Operator {
  return { name, role: 'admin', passwordHash: '$h$1', createdAt: 10, passwordChangedAt: 10, ...change };
}

function token(id: string, change: Partial<StoredToken> = {}): StoredToken {
  return {
    id,
    kind: 'api',
    operator: 'ann',
    role: 'viewer',
    label: `label ${id}`,
    secretDigest: new Uint8Array(32).fill(7),
    createdAt: 20,
    expiresAt: undefined,
    lastUsedAt: undefined,
    ...change,
  };
}

/** What every {@link OperatorStore} does. */
export function operatorStoreContract(name: string, open: OpenStore<OperatorStore>): void {
  const scenario = (title: string, run: (opened: OpenedStore<OperatorStore>) => Promise<void>) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of OperatorStore`, () => {
    scenario('gives back operators as they were added', async ({ store, reopen }) => {
      const ann = operator('ann');
      const bob = operator('bob', { role: 'viewer', createdAt: 11 });
      assert.equal(await store.addOperator(bob), true);
      assert.equal(await store.addOperator(ann), true);
      assert.deepEqual(await store.operator('ann'), ann);
      assert.equal(await store.operator('eve'), undefined);
      assert.deepEqual(await store.operators(), [ann, bob]);
      if (reopen) assert.deepEqual(await (await reopen()).operators(), [ann, bob]);
    });

    scenario('refuses a name that is taken and leaves its owner alone', async ({ store }) => {
      await store.addOperator(operator('ann'));
      assert.equal(await store.addOperator(operator('ann', { passwordHash: 'other' })), false);
      assert.equal((await store.operator('ann'))?.passwordHash, '$h$1');
    });

    scenario('changes a password', async ({ store }) => {
      await store.addOperator(operator('ann'));
      assert.equal(await store.setPassword('ann', '$h$2', 99), true);
      assert.equal(await store.setPassword('eve', '$h$2', 99), false);
      assert.deepEqual(await store.operator('ann'), operator('ann', { passwordHash: '$h$2', passwordChangedAt: 99 }));
    });

    scenario('changes a role, and leaves an admin', async ({ store, reopen }) => {
      await store.addOperator(operator('ann', { role: 'admin' }));
      await store.addOperator(operator('bob', { role: 'admin' }));
      assert.equal(await store.setRole('eve', 'viewer'), false);
      const both = await Promise.all([store.setRole('ann', 'viewer'), store.setRole('bob', 'viewer')]);
      assert.deepEqual(both, [true, false]);
      assert.equal(await store.setRole('bob', 'admin'), true);
      const kept = reopen ? await reopen() : store;
      assert.deepEqual(
        (await kept.operators()).map(({ name, role }) => [name, role]),
        [
          ['ann', 'viewer'],
          ['bob', 'admin'],
        ],
      );
    });

    scenario('removes an operator with its tokens', async ({ store }) => {
      await store.addOperator(operator('ann'));
      await store.addOperator(operator('bob'));
      await store.addToken(token('1'));
      await store.addToken(token('2', { operator: 'bob' }));
      assert.equal(await store.removeOperator('ann'), true);
      assert.equal(await store.removeOperator('ann'), false);
      assert.equal(await store.token('1'), undefined);
      assert.deepEqual(await store.tokens({ limit: 10 }), [token('2', { operator: 'bob' })]);
    });

    describe('tokens', () => tokenScenarios(scenario));
  });
}

function tokenScenarios(
  scenario: (title: string, run: (opened: OpenedStore<OperatorStore>) => Promise<void>) => void,
): void {
  scenario('are given back as they were added', async ({ store, reopen }) => {
    await store.addOperator(operator('ann'));
    const full = token('1', { kind: 'session', role: 'admin', expiresAt: 1000, lastUsedAt: 30 });
    assert.equal(await store.addToken(full), true);
    assert.equal(await store.addToken(token('2')), true);
    assert.deepEqual(await store.token('1'), full);
    assert.deepEqual(await store.token('2'), token('2'));
    assert.equal(await store.token('3'), undefined);
    if (reopen) assert.deepEqual(await (await reopen()).token('1'), full);
  });

  scenario('need an operator and an id of their own', async ({ store }) => {
    assert.equal(await store.addToken(token('1')), false);
    await store.addOperator(operator('ann'));
    await store.addToken(token('1'));
    assert.equal(await store.addToken(token('1', { label: 'again' })), false);
    assert.equal((await store.token('1'))?.label, 'label 1');
  });

  scenario('are listed by page in the order of ids', async ({ store }) => {
    await store.addOperator(operator('ann'));
    for (const id of ['c', 'a', 'b']) await store.addToken(token(id));
    const ids = async (query: { after?: string; limit: number }) => (await store.tokens(query)).map(({ id }) => id);
    assert.deepEqual(await ids({ limit: 2 }), ['a', 'b']);
    assert.deepEqual(await ids({ after: 'b', limit: 2 }), ['c']);
  });

  scenario('remember their last use', async ({ store }) => {
    await store.addOperator(operator('ann'));
    await store.addToken(token('1'));
    await store.touchToken('1', 77);
    await store.touchToken('unknown', 77);
    assert.deepEqual(await store.token('1'), token('1', { lastUsedAt: 77 }));
  });

  scenario('are removed one by one', async ({ store }) => {
    await store.addOperator(operator('ann'));
    await store.addToken(token('1'));
    assert.equal(await store.removeToken('1'), true);
    assert.equal(await store.removeToken('1'), false);
  });

  scenario('of sessions end together, but for one and the API tokens', async ({ store }) => {
    await store.addOperator(operator('ann'));
    await store.addOperator(operator('bob'));
    for (const id of ['1', '2', '3']) await store.addToken(token(id, { kind: 'session' }));
    await store.addToken(token('4'));
    await store.addToken(token('5', { kind: 'session', operator: 'bob' }));
    assert.equal(await store.removeSessions('ann', '2'), 2);
    const ids = async () => (await store.tokens({ limit: 10 })).map(({ id }) => id);
    assert.deepEqual(await ids(), ['2', '4', '5']);
    assert.equal(await store.removeSessions('ann', undefined), 1);
    assert.deepEqual(await ids(), ['4', '5']);
  });

  scenario('of sessions the newest stay, of each operator so many', async ({ store }) => {
    for (const name of ['ann', 'bob']) await store.addOperator(operator(name));
    for (const [id, createdAt] of [
      ['1', 30],
      ['2', 10],
      ['3', 20],
    ] as const) {
      await store.addToken(token(id, { kind: 'session', createdAt }));
    }
    await store.addToken(token('4', { createdAt: 1 }));
    await store.addToken(token('5', { kind: 'session', operator: 'bob', createdAt: 1 }));
    assert.equal(await store.trimSessions('ann', 2), 1);
    assert.deepEqual(
      (await store.tokens({ limit: 10 })).map(({ id }) => id),
      ['1', '3', '4', '5'],
    );
    assert.equal(await store.trimSessions('ann', 2), 0);
  });

  scenario('that expired are removed', async ({ store }) => {
    await store.addOperator(operator('ann'));
    await store.addToken(token('1', { expiresAt: 100 }));
    await store.addToken(token('2', { expiresAt: 101 }));
    await store.addToken(token('3'));
    assert.equal(await store.removeExpiredTokens(100), 1);
    assert.deepEqual(
      (await store.tokens({ limit: 10 })).map(({ id }) => id),
      ['2', '3'],
    );
  });
}

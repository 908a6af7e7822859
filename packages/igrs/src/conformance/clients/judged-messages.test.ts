import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientCases } from './client-suite.ts';
import { judgedMessages, schemaNames } from './judged-messages.ts';

describe('judgedMessages', () => {
  it('has every message that has a schema, once', () => {
    const named = judgedMessages.map(({ message }) => message);
    const missing = schemaNames().filter((name) => !named.includes(name));
    assert.deepEqual(missing, []);
    assert.equal(new Set(named).size, named.length);
  });

  it('names cases that there are, and every case that judges a message', () => {
    for (const who of ['user', 'device'] as const) {
      const ids = clientCases[who].map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, `${who}: an id stands for two cases`);
      const named = judgedMessages.flatMap((one) => (typeof one[who] === 'string' ? [] : one[who]));
      assert.deepEqual(
        named.filter((id) => !ids.includes(id)),
        [],
      );
      const without = ids.filter((id) => !named.includes(id));
      // 8-21 lets connections through again, and judges nothing.
      assert.deepEqual(without, ['8-21']);
    }
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrderedNames } from './ordered-names.ts';

test('whatever is added and removed, the names come in order and once', () => {
  const name = fc.string({ maxLength: 3 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), name), { maxLength: 2000 }), name, (changes, after) => {
      const names = new OrderedNames();
      const model = new Set<string>();
      for (const [add, changed] of changes) {
        if (add) {
          names.add(changed);
          model.add(changed);
        } else {
          names.remove(changed);
          model.delete(changed);
        }
      }
      const sorted = [...model].toSorted((a, b) => (a < b ? -1 : 1));
      assert.equal(names.size, model.size);
      assert.deepEqual([...names.after(undefined)], sorted);
      assert.deepEqual(
        [...names.after(after)],
        sorted.filter((candidate) => candidate > after),
      );
    }),
    { numRuns: 50 },
  );
});

test('chunks split and vanish', () => {
  const names = new OrderedNames();
  const all = Array.from({ length: 5000 }, (_, i) => String((i * 7919) % 5000).padStart(4, '0'));
  for (const name of all) names.add(name);
  assert.deepEqual([...names.after(undefined)], all.toSorted());
  assert.equal(names.after('2499').next().value, '2500');
  for (const name of all) if (name !== '2500') names.remove(name);
  assert.deepEqual([...names.after(undefined)], ['2500']);
  names.clear();
  assert.equal(names.size, 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AttributeChanges,
  applyAttributes,
  checkAttributes,
  formatAttributeQuery,
  formatAttributeValue,
  parseAttributeQuery,
} from './attributes.ts';

test('queries of Write-Attributes, both ways', () => {
  const query = ['pmin=10', 'pmax=60', 'gt=-5', 'lt', 'st=0.5'];
  const changes = { pmin: 10, pmax: 60, gt: -5, lt: null, st: 0.5 };
  assert.deepEqual(parseAttributeQuery(query), { ok: true, value: changes });
  assert.deepEqual(formatAttributeQuery(changes), query);
  assert.deepEqual(parseAttributeQuery(['pmin=', 'stp=2', 'gt="3.5"']), {
    ok: true,
    value: { pmin: null, st: 2, gt: 3.5 },
  });
});

test('any changes read back from their query', () => {
  const seconds = fc.option(fc.nat(4_294_967_295), { nil: null });
  const numbers = fc.option(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e25, max: 1e25 }).filter((n) => Math.abs(n) > 1e-9),
    { nil: null },
  );
  const changes = fc.record(
    { pmin: seconds, pmax: seconds, gt: numbers, lt: numbers },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(changes, (written) => {
      const read = parseAttributeQuery(formatAttributeQuery(written as AttributeChanges));
      assert.ok(read.ok);
      for (const name of ['pmin', 'pmax', 'gt', 'lt'] as const) {
        const a: number | null | undefined = read.value[name];
        const b: number | null | undefined = written[name];
        assert.ok(
          a === b || Math.abs((a as number) - (b as number)) <= Math.abs(b as number) * 1e-15,
          `${name}: ${a} ${b}`,
        );
      }
    }),
  );
});

test('numbers have no exponent', () => {
  assert.equal(formatAttributeValue(1e21), '1000000000000000000000');
  assert.equal(formatAttributeValue(-1.5e-7), '-0.00000015');
  assert.equal(formatAttributeValue(0.5), '0.5');
});

const refusals: readonly (readonly [readonly string[], string, string])[] = [
  [['pmim=1'], 'unknown-attribute', 'pmim'],
  [['ver=1.1'], 'unknown-attribute', 'ver'],
  [['__proto__=1'], 'unknown-attribute', '__proto__'],
  [[''], 'unknown-attribute', ''],
  [['pmin=1.5'], 'malformed', 'pmin'],
  [['pmin=-1'], 'malformed', 'pmin'],
  [['pmin=1e3'], 'malformed', 'pmin'],
  [['pmax=4294967296'], 'out-of-range', 'pmax'],
  [['st=-1'], 'malformed', 'st'],
  [['gt=NaN'], 'malformed', 'gt'],
  [['edge=2'], 'out-of-range', 'edge'],
  [['pmin=1', 'pmin=2'], 'conflict', 'pmin'],
  [['st=1', 'stp=2'], 'conflict', 'stp'],
];

for (const [query, code, name] of refusals) {
  test(`refuses ?${query.join('&')}`, () => {
    const result = parseAttributeQuery(query);
    assert.ok(!result.ok);
    assert.deepEqual([result.error.code, result.error.name], [code, name]);
    assert.ok(result.error.message.length > 10);
  });
}

test('any query is read or refused, never thrown', () => {
  fc.assert(fc.property(fc.array(fc.string(), { maxLength: 5 }), (query) => void parseAttributeQuery(query)));
});

test('changes are made to what there is', () => {
  assert.deepEqual(applyAttributes({ pmin: 1, gt: 5 }, { gt: null, pmax: 9 }), { pmin: 1, pmax: 9 });
  assert.deepEqual(applyAttributes({ pmin: 1 }, {}), { pmin: 1 });
});

const checks: readonly (readonly [Parameters<typeof checkAttributes>, string | undefined])[] = [
  [[{ pmin: 5, pmax: 5 }], undefined],
  [[{ pmin: 6, pmax: 5 }], 'conflict'],
  [[{ pmin: 6, pmax: 0 }], undefined],
  [[{ epmin: 6, epmax: 5 }], 'conflict'],
  [[{ gt: 1 }], 'not-applicable'],
  [[{ gt: 10, lt: 5, st: 2 }, { type: 'float' }], undefined],
  [[{ gt: 10, lt: 5, st: 2.5 }, { type: 'float' }], 'conflict'],
  [[{ gt: 5, lt: 5 }, { type: 'integer' }], 'conflict'],
  [[{ gt: 5, lt: 6 }, { type: 'unsigned' }], 'conflict'],
  [[{ st: 100 }, { type: 'time' }], undefined],
  [[{ st: 1 }, { type: 'string' }], 'not-applicable'],
  [[{ lt: 1 }, { type: 'boolean' }], 'not-applicable'],
  [[{ edge: 1 }, { type: 'boolean' }], undefined],
  [[{ edge: 1 }, { type: 'integer' }], 'not-applicable'],
  [[{ pmin: 1, con: 1, hqmax: 5 }, { type: 'opaque' }], undefined],
  [[{ pmin: 1.5 }], 'out-of-range'],
  [[{ con: 2 }], 'out-of-range'],
  [[{ gt: Number.NaN }, { type: 'float' }], 'out-of-range'],
];

for (const [[attributes, target], code] of checks) {
  test(`${JSON.stringify(attributes)} on ${target?.type ?? 'an instance'}: ${code ?? 'right'}`, () => {
    const result = checkAttributes(attributes, target);
    assert.equal(result.ok ? undefined : result.error.code, code);
  });
}

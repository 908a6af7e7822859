import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultServerLimits } from './limits.ts';
import { decodeRegisterParameters } from './register-parameters.ts';

const limits = defaultServerLimits;

function reasonOf(...query: string[]): string {
  const decoded = decodeRegisterParameters(query, limits);
  return decoded.ok ? 'ok' : decoded.error.reason;
}

test('reads every parameter of 1.0 and 1.1, in any order', () => {
  const decoded = decodeRegisterParameters(
    ['b=UQ', 'sms=8613800000000', 'lt=300', 'Q', 'ep=861;460;;1.0', 'lwm2m=1.1', 'epi=a=b', 'flag'],
    limits,
  );
  assert.deepEqual(decoded, {
    ok: true,
    value: {
      endpoint: '861;460;;1.0',
      lifetime: 300,
      lwm2mVersion: '1.1',
      binding: 'UQ',
      queueMode: true,
      smsNumber: '8613800000000',
      others: { epi: 'a=b', flag: '' },
    },
  });
});

test('nothing at all is nothing at all', () => {
  const decoded = decodeRegisterParameters(['', 'b=', 'sms=', 'lwm2m='], limits);
  assert.ok(decoded.ok);
  assert.deepEqual(Object.values(decoded.value), [
    undefined,
    undefined,
    undefined,
    undefined,
    false,
    undefined,
    undefined,
  ]);
});

test('lifetimes: 0 (no end) to 4294967295, digits only', () => {
  for (const good of ['0', '1', '86400', '0060', '4294967295']) assert.equal(reasonOf(`lt=${good}`), 'ok', good);
  for (const wrong of ['', '-1', '+5', '1.5', '1e3', 'abc', '٣', '4294967296', '9'.repeat(240), ' 60', '60s']) {
    assert.equal(reasonOf(`lt=${wrong}`), 'lifetime-invalid', wrong);
  }
});

test('doubled parameters are refused, unknown ones too', () => {
  for (const name of ['ep', 'lt', 'lwm2m', 'b', 'sms', 'epi']) {
    assert.equal(reasonOf(`${name}=1`.replace('b=1', 'b=U'), `${name}=1`.replace('b=1', 'b=U')), 'duplicate-parameter');
  }
  assert.equal(reasonOf('Q', 'Q'), 'duplicate-parameter');
});

test('endpoint names: bounded in bytes, no control characters', () => {
  assert.equal(reasonOf('ep='), 'endpoint-missing');
  assert.equal(reasonOf('ep'), 'endpoint-missing');
  assert.equal(reasonOf(`ep=${'x'.repeat(252)}`), 'ok');
  assert.equal(reasonOf(`ep=${'x'.repeat(253)}`), 'endpoint-too-long');
  assert.equal(reasonOf(`ep=${'终'.repeat(84)}`), 'ok');
  assert.equal(reasonOf(`ep=${'终'.repeat(85)}`), 'endpoint-too-long');
  assert.equal(reasonOf('ep=a\nb'), 'endpoint-invalid');
  assert.equal(reasonOf('ep=a\u007f'), 'endpoint-invalid');
});

test('bindings are letters', () => {
  for (const good of ['U', 'UQ', 'UQS', 'UMHTSNQ']) assert.equal(reasonOf(`b=${good}`), 'ok');
  for (const wrong of ['u', 'U Q', 'UUUUUUUUU', '1']) assert.equal(reasonOf(`b=${wrong}`), 'binding-invalid');
});

test('the number of parameters is bounded', () => {
  assert.equal(reasonOf(...Array.from({ length: 16 }, (_, i) => `p${i}=`)), 'ok');
  assert.equal(reasonOf(...Array.from({ length: 17 }, (_, i) => `p${i}=`)), 'too-many-parameters');
});

test('names of Object.prototype are names like others', () => {
  const decoded = decodeRegisterParameters(['__proto__=x', 'constructor=y'], limits);
  assert.ok(decoded.ok);
  assert.deepEqual(Object.entries(decoded.value.others!), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(decoded.value.others!), Object.prototype);
});

test('what is written comes back, whatever else stands beside it', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !/[\p{Cc}]/u.test(value));
  const parameters = fc.record({
    endpoint: text.filter((value) => value !== ''),
    lifetime: fc.integer({ min: 1, max: 4_294_967_295 }),
    sms: fc.stringMatching(/^[0-9]{1,15}$/),
    others: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{4,8}$/), text), {
      selector: ([name]) => name,
      maxLength: 8,
    }),
  });
  fc.assert(
    fc.property(parameters, fc.infiniteStream(fc.nat()), ({ endpoint, lifetime, sms, others }, order) => {
      const query = [
        `ep=${endpoint}`,
        `lt=${lifetime}`,
        `sms=${sms}`,
        ...others.map(([name, value]) => `${name}=${value}`),
      ];
      const shuffled = query
        .map((parameter) => [order.next().value, parameter] as const)
        .toSorted((a, b) => a[0] - b[0]);
      const decoded = decodeRegisterParameters(
        shuffled.map(([, parameter]) => parameter),
        limits,
      );
      assert.ok(decoded.ok);
      assert.equal(decoded.value.endpoint, endpoint);
      assert.equal(decoded.value.lifetime, lifetime);
      assert.equal(decoded.value.smsNumber, sms);
      assert.deepEqual(decoded.value.others ?? {}, Object.fromEntries(others));
    }),
  );
});

test('any strings at all give a result and never throw', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom('ep', 'lt', 'lwm2m', 'b', 'Q', 'sms'), fc.string())
      .map(([name, value]) => `${name}=${value}`),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (query) => {
      const decoded = decodeRegisterParameters(query, limits);
      if (decoded.ok && decoded.value.lifetime !== undefined) {
        assert.ok(decoded.value.lifetime >= 0 && decoded.value.lifetime <= 4_294_967_295);
      }
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { codeOfResult, resultOfCode } from './results.ts';

test('results are codes in other words (Transport 1.2 §8.5); where there is none, the nearest', () => {
  for (const [code, result] of [
    [Code.Created, 201],
    [Code.Content, 205],
    [Code.PreconditionFailed, 412],
    [Code.NotImplemented, 501],
  ] as const) {
    assert.equal(resultOfCode(code), result);
    assert.equal(codeOfResult(result), code);
  }
  assert.equal(resultOfCode(Code.TooManyRequests), 503);
  assert.equal(resultOfCode(Code.BadOption), 400);
  assert.equal(resultOfCode(Code.UnprocessableEntity), 400);
  for (const result of [0, 99, 100, 199, 300, 232, 600, 2 ** 40]) {
    assert.equal(codeOfResult(result), Code.InternalServerError, `${result}`);
  }
});

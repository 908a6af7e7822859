import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@yaolian/igrs/client';
import { explainRefusal } from './refusals.ts';

test('what became of a request that waited in vain is a sentence', () => {
  const sentenceOf = (text: string) => (explainRefusal(new Refused('remote-server-timeout', text)) as Error).message;
  assert.match(sentenceOf('expired'), /the device did not wake up in time, and was not asked/);
  assert.match(sentenceOf('cancelled'), /the request was taken back, and the device was not asked/);
  assert.match(sentenceOf('5.00'), /5\.00/);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Recipient, type Route, type RoutedStanza, routedStanza, routes } from './routing.ts';

/** RFC 6121 §8.5, written again by hand. */
const recipients: readonly Recipient[] = [
  'no-account',
  'bare-absent',
  'bare-present',
  'resource',
  'gone-absent',
  'gone-present',
];
const expected: Readonly<Record<RoutedStanza, readonly Route[]>> = {
  'message:normal': ['error', 'store', 'all', 'one', 'error', 'error'],
  'message:chat': ['error', 'store', 'all', 'one', 'store', 'all'],
  'message:groupchat': ['error', 'error', 'error', 'one', 'error', 'error'],
  'message:headline': ['drop', 'drop', 'all', 'one', 'drop', 'drop'],
  'message:error': ['drop', 'drop', 'drop', 'one', 'drop', 'drop'],
  presence: ['drop', 'each', 'each', 'one', 'drop', 'drop'],
  'iq:request': ['error', 'serve', 'serve', 'one', 'error', 'error'],
  'iq:response': ['drop', 'drop', 'drop', 'one', 'drop', 'drop'],
};

describe('RFC 6121 §8.5', () => {
  for (const [stanza, row] of Object.entries(expected) as [RoutedStanza, readonly Route[]][]) {
    for (const [index, recipient] of recipients.entries()) {
      test(`${stanza} to ${recipient}`, () => assert.equal(routes[stanza][recipient], row[index]));
    }
  }

  test('a message of an unknown type is normal', () => {
    assert.equal(routedStanza('message', 'shout'), 'message:normal');
    assert.equal(routedStanza('message', undefined), 'message:normal');
    assert.equal(routedStanza('message', 'chat'), 'message:chat');
    assert.equal(routedStanza('iq', 'set'), 'iq:request');
    assert.equal(routedStanza('iq', 'error'), 'iq:response');
  });
});

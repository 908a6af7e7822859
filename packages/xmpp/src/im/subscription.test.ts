import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  inboundTransitions,
  itemInState,
  newItem,
  outboundTransitions,
  type SubscriptionState,
  type SubscriptionType,
  subscriptionState,
  subscriptionStates,
} from './subscription.ts';

/** RFC 6121 appendix A, written again by hand: states in the order of A.1; `+`: routed or delivered, `-`: not. */
const expected: Readonly<Record<'outbound' | 'inbound', Readonly<Record<SubscriptionType, string>>>> = {
  outbound: {
    subscribe: '+none-out +none-out +none-out-in +none-out-in +to +to-in +from-out +from-out +both',
    unsubscribe: '+none +none +none-in +none-in +none +none-in +from +from +from',
    subscribed: '-none -none-out +from +from-out -to +both -from -from-out -both',
    unsubscribed: '-none -none-out +none +none-out -to +to +none +none-out +to',
  },
  inbound: {
    subscribe: '+none-in +none-out-in -none-in -none-out-in +to-in -to-in -from -from-out -both',
    unsubscribe: '-none -none-out +none +none-out -to +to +none +none-out +to',
    subscribed: '-none +to -none-in +to-in -to -to-in -from +both -both',
    unsubscribed: '-none +none -none-in +none-in +none +none-in -from +from +from',
  },
};

const tables = { outbound: outboundTransitions, inbound: inboundTransitions };

describe('RFC 6121 appendix A, every cell', () => {
  for (const direction of ['outbound', 'inbound'] as const) {
    describe(direction, () => {
      for (const [type, row] of Object.entries(expected[direction]) as [SubscriptionType, string][]) {
        for (const [index, cell] of row.split(' ').entries()) {
          const state = subscriptionStates[index]!;
          test(`${type} in ${state}`, () => {
            assert.deepEqual(tables[direction][type][state], { next: cell.slice(1), passes: cell.startsWith('+') });
          });
        }
      }
    });
  }
});

describe('states and roster items', () => {
  for (const state of subscriptionStates) {
    test(`${state} is what an item in it says`, () => {
      const item = itemInState(newItem('a@example.com'), state as SubscriptionState, '<presence/>');
      assert.equal(subscriptionState(item), state);
      assert.equal(item.listed, state !== 'none' && state !== 'none-in');
    });
  }
});

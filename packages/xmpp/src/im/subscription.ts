import type { RosterItem, Subscription } from './stores.ts';

/** The nine states of RFC 6121 appendix A.1. */
export const subscriptionStates = [
  'none',
  'none-out',
  'none-in',
  'none-out-in',
  'to',
  'to-in',
  'from',
  'from-out',
  'both',
] as const;

export type SubscriptionState = (typeof subscriptionStates)[number];

const subscriptionTypes = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed'] as const;

export type SubscriptionType = (typeof subscriptionTypes)[number];

/** Whether a presence of this type manages a subscription (RFC 6121 §3). */
export function isSubscription(type: string | undefined): type is SubscriptionType {
  return (subscriptionTypes as readonly (string | undefined)[]).includes(type);
}

/** What becomes of a stanza that manages a subscription. */
export interface Transition {
  readonly next: SubscriptionState;
  /** Outbound: it is routed to the contact. Inbound: it is delivered to the user. */
  readonly passes: boolean;
}

type Row = Readonly<Record<SubscriptionState, Transition>>;
type Table = Readonly<Record<SubscriptionType, Row>>;

const go = (next: SubscriptionState): Transition => ({ next, passes: true });
const quiet = (next: SubscriptionState): Transition => ({ next, passes: false });

/** RFC 6121 §A.2: what the user sends. */
export const outboundTransitions: Table = {
  subscribe: {
    none: go('none-out'),
    'none-out': go('none-out'),
    'none-in': go('none-out-in'),
    'none-out-in': go('none-out-in'),
    to: go('to'),
    'to-in': go('to-in'),
    from: go('from-out'),
    'from-out': go('from-out'),
    both: go('both'),
  },
  unsubscribe: {
    none: go('none'),
    'none-out': go('none'),
    'none-in': go('none-in'),
    'none-out-in': go('none-in'),
    to: go('none'),
    'to-in': go('none-in'),
    from: go('from'),
    'from-out': go('from'),
    both: go('from'),
  },
  subscribed: {
    none: quiet('none'),
    'none-out': quiet('none-out'),
    'none-in': go('from'),
    'none-out-in': go('from-out'),
    to: quiet('to'),
    'to-in': go('both'),
    from: quiet('from'),
    'from-out': quiet('from-out'),
    both: quiet('both'),
  },
  unsubscribed: {
    none: quiet('none'),
    'none-out': quiet('none-out'),
    'none-in': go('none'),
    'none-out-in': go('none-out'),
    to: quiet('to'),
    'to-in': go('to'),
    from: go('none'),
    'from-out': go('none-out'),
    both: go('to'),
  },
};

/** RFC 6121 §A.3: what the contact sends. */
export const inboundTransitions: Table = {
  subscribe: {
    none: go('none-in'),
    'none-out': go('none-out-in'),
    'none-in': quiet('none-in'),
    'none-out-in': quiet('none-out-in'),
    to: go('to-in'),
    'to-in': quiet('to-in'),
    from: quiet('from'),
    'from-out': quiet('from-out'),
    both: quiet('both'),
  },
  unsubscribe: {
    none: quiet('none'),
    'none-out': quiet('none-out'),
    'none-in': go('none'),
    'none-out-in': go('none-out'),
    to: quiet('to'),
    'to-in': go('to'),
    from: go('none'),
    'from-out': go('none-out'),
    both: go('to'),
  },
  subscribed: {
    none: quiet('none'),
    'none-out': go('to'),
    'none-in': quiet('none-in'),
    'none-out-in': go('to-in'),
    to: quiet('to'),
    'to-in': quiet('to-in'),
    from: quiet('from'),
    'from-out': go('both'),
    both: quiet('both'),
  },
  unsubscribed: {
    none: quiet('none'),
    'none-out': go('none'),
    'none-in': quiet('none-in'),
    'none-out-in': go('none-in'),
    to: go('none'),
    'to-in': go('none-in'),
    from: quiet('from'),
    'from-out': go('from'),
    both: go('from'),
  },
};

/** The state of a contact. @param item undefined: not in the roster */
export function subscriptionState(item: RosterItem | undefined): SubscriptionState {
  if (item === undefined) return 'none';
  const { subscription, asked, request } = item;
  switch (subscription) {
    case 'none':
      return asked ? (request === undefined ? 'none-out' : 'none-out-in') : request === undefined ? 'none' : 'none-in';
    case 'to':
      return request === undefined ? 'to' : 'to-in';
    case 'from':
      return asked ? 'from-out' : 'from';
    case 'both':
      return 'both';
  }
}

/** What of a roster item makes up a state. @param request the stanza that asks, for the states that are pending in */
export function itemInState(item: RosterItem, state: SubscriptionState, request: string | undefined): RosterItem {
  const [subscription, ...pending] = state.split('-') as [Subscription, ...string[]];
  const isAsked = pending.includes('out');
  return {
    ...item,
    subscription,
    asked: isAsked,
    request: pending.includes('in') ? request : undefined,
    listed: item.listed || isAsked || subscription !== 'none',
  };
}

/** A contact that is not in the roster yet. */
export function newItem(jid: string): RosterItem {
  return {
    jid,
    name: undefined,
    groups: [],
    subscription: 'none',
    asked: false,
    request: undefined,
    approved: false,
    listed: false,
  };
}

/** Types of stanzas by kind, as far as routing tells them apart (RFC 6121 §8.5). */
export type RoutedStanza =
  | 'message:normal'
  | 'message:chat'
  | 'message:groupchat'
  | 'message:headline'
  | 'message:error'
  | 'presence'
  | 'iq:request'
  | 'iq:response';

/**
 * What a stanza meets: no such account; its bare JID with no resource that takes messages (`bare-absent`), or with one
 * (`bare-present`); a full JID that is there, or that is not, with no other resource that takes messages, or with one.
 */
export type Recipient = 'no-account' | 'bare-absent' | 'bare-present' | 'resource' | 'gone-absent' | 'gone-present';

/**
 * `all`: every resource with a priority that is not negative. `one`: the resource. `each`: every available resource. `store`: kept
 * until one comes. `serve`: the server answers for the account. `error`: service-unavailable. `drop`: nothing.
 */
export type Route = 'all' | 'one' | 'each' | 'store' | 'serve' | 'error' | 'drop';

type Row = Readonly<Record<Recipient, Route>>;

const row = (noAccount: Route, bareAbsent: Route, barePresent: Route, goneAbsent: Route, gonePresent: Route): Row => ({
  'no-account': noAccount,
  'bare-absent': bareAbsent,
  'bare-present': barePresent,
  resource: 'one',
  'gone-absent': goneAbsent,
  'gone-present': gonePresent,
});

/** RFC 6121 §8.5.1 to §8.5.3 as a table. */
export const routes: Readonly<Record<RoutedStanza, Row>> = {
  // RFC 6121 §8.5.3.2.1 lets servers choose for `normal`: the sender is told.
  'message:normal': row('error', 'store', 'all', 'error', 'error'),
  'message:chat': row('error', 'store', 'all', 'store', 'all'),
  'message:groupchat': row('error', 'error', 'error', 'error', 'error'),
  'message:headline': row('drop', 'drop', 'all', 'drop', 'drop'),
  'message:error': row('drop', 'drop', 'drop', 'drop', 'drop'),
  presence: row('drop', 'each', 'each', 'drop', 'drop'),
  'iq:request': row('error', 'serve', 'serve', 'error', 'error'),
  'iq:response': row('drop', 'drop', 'drop', 'drop', 'drop'),
};

const messageTypes = new Set(['chat', 'groupchat', 'headline', 'error']);

/** RFC 6121 §5.2.2: a message of a type that nobody knows is `normal`. */
export function routedStanza(name: string, type: string | undefined): RoutedStanza {
  if (name === 'presence') return 'presence';
  if (name === 'iq') return type === 'get' || type === 'set' ? 'iq:request' : 'iq:response';
  return `message:${messageTypes.has(type ?? '') ? (type as 'chat') : 'normal'}`;
}

import type { PeerIdentity } from '@yaolian/kernel';

/** RFC 6120 §6.5. */
export const saslConditions = [
  'aborted',
  'account-disabled',
  'credentials-expired',
  'encryption-required',
  'incorrect-encoding',
  'invalid-authzid',
  'invalid-mechanism',
  'malformed-request',
  'mechanism-too-weak',
  'not-authorized',
  'temporary-auth-failure',
] as const;

export type SaslCondition = (typeof saslConditions)[number];

/** RFC 5929 §4, RFC 9266. */
export type ChannelBindingType = 'tls-exporter' | 'tls-server-end-point';

/** The stream on which somebody authenticates, as mechanisms see it. */
export interface SaslChannel {
  /** The domain of the server. */
  readonly domain: string;
  /** TLS is below it. */
  readonly isSecure: boolean;
  /** What the client proved by TLS. */
  readonly identity: PeerIdentity | undefined;
  /** Types that {@link channelBinding} has data for. */
  readonly channelBindingTypes: readonly ChannelBindingType[];
  channelBinding(type: ChannelBindingType): Uint8Array | undefined;
  /** What the server said that it binds to (XEP-0440), where that differs from {@link channelBindingTypes}: on clients. */
  readonly offeredChannelBindingTypes?: readonly string[];
  /** Names of all mechanisms that this stream offered, for downgrade protection (XEP-0474). */
  readonly offeredMechanisms: readonly string[];
}

/** What a server answers. */
export type SaslStep =
  | { readonly kind: 'challenge'; readonly data: Uint8Array }
  | {
      readonly kind: 'success';
      /** The localpart of the account that came in, prepared. */
      readonly username: string;
      /** Additional data with success. */
      readonly data?: Uint8Array;
    }
  | {
      readonly kind: 'failure';
      readonly condition: SaslCondition;
      readonly text?: string;
      /** Whom it was about, where the client said so: attempts are counted by account too. */
      readonly username?: string;
    };

/** One attempt to authenticate. It is over after `success` and `failure`. */
export interface SaslExchange {
  /** @param initial the initial response; undefined when the client sent none (and empty when it sent `=`) */
  start(initial: Uint8Array | undefined): SaslStep | Promise<SaslStep>;
  next(response: Uint8Array): SaslStep | Promise<SaslStep>;
}

/** A mechanism of a server (RFC 4422). */
export interface SaslMechanism {
  /** As it is registered: `SCRAM-SHA-256-PLUS`. */
  readonly name: string;
  /** Whether it is offered on such a stream. */
  isOffered(channel: SaslChannel): boolean;
  begin(channel: SaslChannel): SaslExchange;
}

/** One attempt of a client. */
export interface SaslClientExchange {
  /** The initial response, or undefined when the server speaks first. */
  start(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** @throws Error when the server is not what it should be */
  next(challenge: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** The server says that we are in. @throws Error when it does not prove that it is who it should be */
  finish(data: Uint8Array | undefined): void | Promise<void>;
}

/** A mechanism of a client; clients take the first of their list that a server offers and that can be used on the stream. */
export interface SaslClientMechanism {
  readonly name: string;
  isUsable(channel: SaslChannel): boolean;
  begin(channel: SaslChannel): SaslClientExchange;
}

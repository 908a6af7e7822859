/** What the publisher needs of a connection to a broker. */
export interface Broker {
  /**
   * Only while it is up.
   * @throws Error, a sentence for people, when the broker refused it
   */
  publish(topic: string, body: string, options: PublishOptions): Promise<void>;
  /** Says farewell. */
  close(): Promise<void>;
}

export interface PublishOptions {
  readonly retain: boolean;
}

export interface BrokerListener {
  /** @param window messages that may be without an answer at a time */
  up(window: number): void;
  /** @param why a sentence for people; undefined: the connection went, nobody said why */
  down(why: string | undefined): void;
}

/** Connects, and again whenever the connection goes. What was without an answer then is published again. */
export type ConnectBroker = (listener: BrokerListener) => Broker;

import type { SocketAddress } from './socket-address.ts';

/**
 * A connection to an MQTT broker, made again whenever it is lost, with the subscriptions that its maker gave it. Quality
 * of service 1, nothing retained.
 */
export interface MqttPort {
  /** The broker's, as far as it is known. */
  readonly remoteAddress: SocketAddress;
  /**
   * Sets who hears what is published under the subscriptions; what was published before is not kept.
   * @param onLost the connection is gone, and answers to what was published over it may be
   */
  listen(listener: (topic: string, payload: Uint8Array) => void, onLost?: (why: string) => void): void;
  /**
   * Resolves when the broker has it.
   * @throws Error, a sentence for people, when the broker is away or refuses it
   */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** Harmless when called twice. */
  close(): Promise<void>;
}

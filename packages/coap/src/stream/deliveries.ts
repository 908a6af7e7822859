import { encodeHex } from '@yaolian/kernel';
import type { Delivery, DeliveryListener } from '../messaging.ts';

/** What {@link Deliveries} tells of a delivery that somebody gave up. */
type OnCancelled = () => void;

/** A message whose fate somebody wants to know. */
class StreamDelivery implements Delivery {
  readonly listener: DeliveryListener;
  /** Of a Ping, in hex. */
  readonly pingToken: string | undefined;
  readonly #deliveries: Deliveries;

  constructor(deliveries: Deliveries, listener: DeliveryListener, pingToken: string | undefined) {
    this.#deliveries = deliveries;
    this.listener = listener;
    this.pingToken = pingToken;
  }

  cancel(): void {
    this.#deliveries.cancel(this);
  }
}

/** Who is told when a connection ends, or before that: requests that wait for answers, notifications on their way, Pings. */
export class Deliveries {
  readonly #all = new Set<StreamDelivery>();
  /** Of these: in the stream, which has no room at the moment. */
  #unsent: StreamDelivery[] = [];
  /** Of these: sent, and told so in a moment. */
  #sent: StreamDelivery[] = [];
  readonly #pings = new Map<string, StreamDelivery>();
  readonly #onCancelled: OnCancelled;

  constructor(onCancelled: OnCancelled) {
    this.#onCancelled = onCancelled;
  }

  get size(): number {
    return this.#all.size;
  }

  /** A request: over when its response came, or the connection ended. */
  addRequest(listener: DeliveryListener): Delivery {
    return this.#add(listener, undefined);
  }

  /** Anything else: over when it left. @param hasRoom whether the stream has taken it */
  addMessage(listener: DeliveryListener, hasRoom: boolean): Delivery {
    const delivery = this.#add(listener, undefined);
    if (!hasRoom) this.#unsent.push(delivery);
    else if (this.#sent.push(delivery) === 1) void Promise.resolve().then(() => this.#tellSent());
    return delivery;
  }

  /** A Ping: over when its Pong came. */
  addPing(listener: DeliveryListener, token: Uint8Array): Delivery {
    const delivery = this.#add(listener, encodeHex(token));
    this.#pings.set(delivery.pingToken!, delivery);
    return delivery;
  }

  /** The stream has sent what it had no room for. */
  drained(): void {
    const sent = this.#unsent;
    this.#unsent = [];
    for (const delivery of sent) this.#acknowledge(delivery);
  }

  /**
   * False when nobody waits for this Pong: the Ping was given up, or asked only whether the peer is there.
   * DEVIATION: RFC 8323 §5.4 has the Pong carry the token of the Ping, which libcoap 4.3 leaves out. It is of the oldest Ping then,
   * as what a peer answers to Pings comes in their order.
   */
  onPong(token: Uint8Array): boolean {
    const delivery = token.length === 0 ? this.#pings.values().next().value : this.#pings.get(encodeHex(token));
    if (delivery === undefined) return false;
    this.#pings.delete(delivery.pingToken!);
    this.#acknowledge(delivery);
    return true;
  }

  /** Forgets all, and gives those who are to be told. */
  takeAll(): readonly DeliveryListener[] {
    const listeners = [...this.#all].map(({ listener }) => listener);
    this.#all.clear();
    this.#pings.clear();
    this.#unsent = [];
    return listeners;
  }

  /** @internal */
  cancel(delivery: StreamDelivery): void {
    this.#all.delete(delivery);
    if (delivery.pingToken !== undefined) this.#pings.delete(delivery.pingToken);
    this.#onCancelled();
  }

  #add(listener: DeliveryListener, pingToken: string | undefined): StreamDelivery {
    const delivery = new StreamDelivery(this, listener, pingToken);
    this.#all.add(delivery);
    return delivery;
  }

  #tellSent(): void {
    const sent = this.#sent;
    this.#sent = [];
    for (const one of sent) this.#acknowledge(one);
  }

  #acknowledge(delivery: StreamDelivery): void {
    if (this.#all.delete(delivery)) delivery.listener.onAcknowledged();
  }
}

/** Of what nobody asks about. */
export const settled: Delivery = { cancel() {} };

/** Tells the listener in a moment, when whoever sent has got the delivery; not when it was cancelled meanwhile. */
export function failLater(
  listener: DeliveryListener | undefined,
  error: Parameters<DeliveryListener['onFailed']>[0],
): Delivery {
  if (listener === undefined) return settled;
  let cancelled = false;
  void Promise.resolve().then(() => {
    if (!cancelled) listener.onFailed(error);
  });
  return {
    cancel: () => {
      cancelled = true;
    },
  };
}

import { coapErrors } from '@yaolian/coap';
import type { Delivery, DeliveryListener } from '@yaolian/coap/messaging';
import { YaolianError } from '@yaolian/kernel';
import { encodePartialIv } from './cose.ts';
import { oscoreErrors } from './errors.ts';
import type { OscorePeer } from './oscore-peer.ts';
import type { SecurityContext } from './security-context.ts';

/** Sends with a Partial IV. @returns undefined when there is no room */
export type NumberedSend = (partialIv: Uint8Array) => Delivery | undefined;

/** A message that may wait for its number. */
class NumberedDelivery implements Delivery {
  current: Delivery | undefined = undefined;
  cancelled = false;

  cancel(): void {
    this.cancelled = true;
    this.current?.cancel();
  }

  get timeoutError(): YaolianError | undefined {
    return this.current?.timeoutError;
  }
}

/** Gives messages their sequence numbers, and lets those wait, in order, for which there is none at the moment. */
export class NumberedSends {
  readonly #maximumWaiting: number;
  #waiting = 0;

  constructor(maximumWaiting: number) {
    this.#maximumWaiting = maximumWaiting;
  }

  /**
   * @param listener hears when it comes to nothing after all
   * @returns undefined when there is no room: nothing will be sent
   */
  send(
    peer: OscorePeer,
    context: SecurityContext,
    listener: DeliveryListener | undefined,
    send: NumberedSend,
  ): Delivery | undefined {
    const { sequence } = context;
    const number = sequence.waiting ? undefined : sequence.take();
    if (number !== undefined) return send(encodePartialIv(number));
    if (this.#waiting >= this.#maximumWaiting) return undefined;
    const delivery = new NumberedDelivery();
    const fail = (error: YaolianError) => {
      if (!delivery.cancelled) listener?.onFailed(error);
    };
    const retry = (error: unknown) => {
      this.#waiting--;
      if (delivery.cancelled) return;
      const late = error === undefined ? sequence.take() : undefined;
      if (late === undefined) {
        fail(reasonOf(error, peer, context));
        return;
      }
      try {
        delivery.current = send(encodePartialIv(late));
      } catch (thrown) {
        // Whoever sent it is long gone, and whoever gave the numbers has others to tell.
        fail(oscoreErrors.OSCORE_NOT_SENT(peer.key, thrown));
        return;
      }
      if (delivery.current === undefined) fail(coapErrors.COAP_OVERLOADED(`messages to ${peer.key}`));
    };
    this.#waiting++;
    sequence.wait(retry);
    return delivery;
  }
}

function reasonOf(error: unknown, peer: OscorePeer, { sequence }: SecurityContext): YaolianError {
  if (sequence.ended) return oscoreErrors.OSCORE_CLOSED();
  if (sequence.exhausted) return oscoreErrors.OSCORE_EXHAUSTED(peer.key);
  return error instanceof YaolianError ? error : oscoreErrors.OSCORE_STATE_NOT_KEPT(peer.key, error);
}

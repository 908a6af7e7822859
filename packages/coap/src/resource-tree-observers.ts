import type { Log } from '@yaolian/kernel';
import { Code, isSuccess } from './codes.ts';
import type { IncomingRequest, Observer, ObserverOffer, OutgoingResponse } from './exchange.ts';
import { chain, type Reply } from './resource-tree-reply.ts';

/** How many observers one tree has and may have, and where trouble with notifying them is told. */
export class ObserverBudget {
  readonly log: Log;
  readonly #maximum: number;
  #taken = 0;

  constructor(maximum: number, log: Log) {
    this.#maximum = maximum;
    this.log = log;
  }

  reserve(): boolean {
    if (this.#taken >= this.#maximum) return false;
    this.#taken++;
    return true;
  }

  release(): void {
    this.#taken--;
  }
}

/** What a caller of `changed` may ask for. */
export interface NotifyOptions {
  /** CON when true. Absent: the endpoint decides (RFC 7641 §4.5). */
  readonly confirmable?: boolean;
}

interface Observing {
  readonly represent: () => Reply;
  /** Undefined until the first answer is known to be a 2.xx. */
  observer: Observer | undefined;
  /** A representation is being made; a change meanwhile only sets `again`. */
  busy: boolean;
  again: NotifyOptions | undefined;
}

/** How often a first answer is made anew because the resource changed meanwhile, before the observation is declined. */
const maximumFirstAttempts = 8;

/** The observers of one resource. Each is asked its own request again, so that everyone sees what they may and want to see. */
export class ResourceObservers {
  readonly #budget: ObserverBudget;
  readonly #all = new Set<Observing>();

  constructor(budget: ObserverBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Answers a request that asks to observe, and takes the observer on when the answer is a 2.xx. */
  begin(request: IncomingRequest, offer: ObserverOffer, represent: (request: IncomingRequest) => Reply): Reply {
    // RFC 7641 §4.1: a server that cannot take one more on answers as if it had not been asked.
    if (!this.#budget.reserve()) return represent(request);
    const observing: Observing = {
      represent: () => represent(request),
      observer: undefined,
      busy: true,
      again: undefined,
    };
    this.#all.add(observing);
    return this.#answerFirst(observing, offer, 1);
  }

  /** Sends everyone the new state. While an observer's representation is being made, further changes make one more. */
  changed(options: NotifyOptions): void {
    for (const observing of this.#all) {
      if (observing.busy) observing.again = { ...observing.again, ...options };
      else this.#notify(observing, options);
    }
  }

  /** Tells everyone why there will be no more. */
  end(response: OutgoingResponse): void {
    for (const observing of this.#all) {
      this.#drop(observing);
      this.#tell(observing, response, {});
    }
  }

  #answerFirst(observing: Observing, offer: ObserverOffer, attempt: number): Reply {
    return chain(
      observing.represent,
      (response) => {
        const stillThere = this.#all.has(observing);
        const changedMeanwhile = stillThere && observing.again !== undefined;
        if (changedMeanwhile && attempt < maximumFirstAttempts) {
          observing.again = undefined;
          return this.#answerFirst(observing, offer, attempt + 1);
        }
        if (!stillThere || changedMeanwhile || !response || !isSuccess(response.code)) {
          this.#drop(observing);
          return response;
        }
        observing.busy = false;
        observing.observer = offer.accept(() => this.#drop(observing));
        return response;
      },
      (error) => {
        this.#drop(observing);
        throw error; // the endpoint answers 5.00 and logs it, as for any request
      },
    );
  }

  #notify(observing: Observing, options: NotifyOptions): void {
    observing.busy = true;
    observing.again = undefined;
    void chain(
      observing.represent,
      (response) => {
        this.#deliver(observing, response, options);
        return undefined;
      },
      (error) => {
        this.#budget.log.error('a resource failed while its observers were notified', { error });
        this.#deliver(observing, { code: Code.InternalServerError }, options);
        return undefined;
      },
    );
  }

  #deliver(observing: Observing, response: OutgoingResponse | undefined, options: NotifyOptions): void {
    observing.busy = false;
    if (!this.#all.has(observing)) return;
    if (response) {
      this.#tell(observing, response, options);
      // RFC 7641 §4.2: a notification that is no 2.xx is the last one.
      if (!isSuccess(response.code)) this.#drop(observing);
    }
    if (observing.again && this.#all.has(observing)) this.#notify(observing, observing.again);
  }

  /** A resource that makes a response of no sense costs its observer, and nobody else anything. */
  #tell({ observer }: Observing, response: OutgoingResponse, options: NotifyOptions): void {
    try {
      observer?.notify(response, options);
    } catch (error) {
      this.#budget.log.error('a notification cannot be sent', { error });
      observer?.notify({ code: Code.InternalServerError }, options);
    }
  }

  #drop(observing: Observing): void {
    if (this.#all.delete(observing)) this.#budget.release();
  }
}

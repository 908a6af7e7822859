import {
  type AccessFacts,
  type AccessOperation,
  type AssociationChange,
  type AwaitedAnswer,
  type ExpectationStore,
  mayAccess,
} from '@yaolian/directory';
import type { LateAnswer } from '@yaolian/igrs/server';
import { type Clock, failure, type Log, type Timers } from '@yaolian/kernel';
import { isFinished, type Lwm2mServer, type QueuedRequest } from '@yaolian/lwm2m/server';
import { HeldRights, requestOf } from './held-rights.ts';

export interface LateAnswersOptions {
  readonly store: ExpectationStore;
  readonly server: Lwm2mServer;
  readonly facts: (account: string, device: string) => Promise<AccessFacts>;
  /** Whether who asked for a request in the queue may still. */
  readonly permits: (request: QueuedRequest) => Promise<boolean>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Undefined: nobody knows what became of the request. */
  readonly outcomeOf: (finished: QueuedRequest | undefined) => LateAnswer['outcome'];
  /** Resolves when it is delivered or stored. */
  readonly tell: (answer: LateAnswer, door: AwaitedAnswer['door']) => Promise<void>;
}

/**
 * Accounts that are told what comes of requests that the queues of terminals keep. What waits is on disk before the account hears that its
 * request is queued, and goes from there after it was told: a crash in between tells it twice, under the same id. What waits under a right that
 * ends is taken back.
 */
export class LateAnswers {
  readonly #options: LateAnswersOptions;
  readonly #awaited = new Map<number, AwaitedAnswer>();
  readonly #rights: HeldRights<AwaitedAnswer>;
  readonly #stop: () => void;

  constructor(options: LateAnswersOptions) {
    this.#options = options;
    const { server, log } = options;
    this.#stop = server.events.onAny((event) => {
      if (event.type === 'queue-changed' && isFinished(event.request)) this.#finished(event.request.id, event.request);
    });
    const those = (are: (awaited: AwaitedAnswer) => boolean) => [...this.#awaited.values()].filter(are);
    this.#rights = new HeldRights({
      ...options,
      held: {
        ofDevice: (name) => those(({ device }) => device === name),
        ofAccount: (name) => those(({ account }) => account === name),
        has: ({ request }) => this.#awaited.has(request),
      },
      asHeld,
      end: ({ request }) => {
        server.queue
          ?.cancel(request)
          .catch((error: unknown) => log.error('a request was not taken back', { request, error }));
      },
    });
  }

  /** Takes up what waited before a restart. */
  async start(): Promise<void> {
    const kept = await this.#options.store.awaitedAnswers();
    for (const awaited of kept) this.#awaited.set(awaited.request, awaited);
    for (const { request } of kept) await this.#look(request);
    await this.#takeBackForgotten();
    await this.#rights.start(new Set(kept.map(({ device }) => device)));
  }

  /** @returns once it survives a restart */
  async expect(awaited: AwaitedAnswer): Promise<void> {
    this.#awaited.set(awaited.request, awaited);
    await this.#options.store.putAwaitedAnswer(awaited);
    // It may have been finished before somebody waited for it, and the right may have ended.
    await this.#look(awaited.request);
    await this.#rights.permits(awaited);
  }

  /** Nobody wants to observe the path any more: a terminal that sleeps is not asked to, and nobody is told of it. */
  async withdraw(terminal: string, path: string): Promise<void> {
    const { store, server } = this.#options;
    const given = [...this.#awaited.values()].filter(
      (one) => one.operation === 'observe' && one.terminal === terminal && one.path === path,
    );
    await Promise.all(
      given.map(async ({ request }) => {
        this.#awaited.delete(request);
        await Promise.all([server.queue?.cancel(request), store.removeAwaitedAnswer(request)]);
      }),
    );
  }

  /** Takes back what was asked under rights that a change ends. What it does not concern is not looked up. */
  changed(change: AssociationChange): Promise<void> {
    return this.#rights.changed(change);
  }

  close(): void {
    this.#stop();
    this.#rights.close();
  }

  /** What accounts asked that went while the platform did: who takes their names later asked none of it. */
  async #takeBackForgotten(): Promise<void> {
    const { permits, server } = this.#options;
    const { queue } = server;
    for (let after: number | undefined = 0; queue !== undefined && after !== undefined; ) {
      const page: readonly QueuedRequest[] = await queue.list({ states: ['queued'], after, limit: 1000 });
      for (const request of page) {
        if (request.asker === undefined || this.#awaited.has(request.id) || (await permits(request))) continue;
        await queue.cancel(request.id);
      }
      after = page.at(-1)?.id;
    }
  }

  async #look(id: number): Promise<void> {
    const request = await this.#options.server.queue?.find(id);
    if (request === undefined || isFinished(request)) this.#finished(id, request);
  }

  #finished(id: number, request: QueuedRequest | undefined): void {
    const awaited = this.#awaited.get(id);
    if (awaited === undefined) return;
    this.#awaited.delete(id);
    this.#tell(awaited, request).catch((error: unknown) => {
      this.#options.log.error('a late answer was not told', { request: id, error });
    });
  }

  async #tell(awaited: AwaitedAnswer, finished: QueuedRequest | undefined): Promise<void> {
    const { account, resource, device, path, request, door } = awaited;
    const { store, outcomeOf, tell, facts, clock } = this.#options;
    const found = outcomeOf(finished);
    const { allowed } = mayAccess(await facts(account, device), requestOf(asHeld(awaited)), clock.epoch());
    // That it was done is true whatever came after; what it answered is not for who may not know it any more.
    const isTold = allowed || (found.ok && found.value.kind !== 'values');
    const outcome = isTold ? found : failure({ condition: 'forbidden' } as const);
    const operation = awaited.operation as LateAnswer['operation'];
    await tell({ account, resource, device, id: String(request), operation, path, outcome }, door);
    await store.removeAwaitedAnswer(request);
  }
}

function asHeld({ account, device, path, operation }: AwaitedAnswer) {
  return { account, device, path, operation: operation as AccessOperation };
}

import type { AwaitedAnswer, ExpectationStore } from '@yaolian/directory';
import type { LateAnswer, RaOperation } from '@yaolian/igrs/server';
import type { Log } from '@yaolian/kernel';
import { isFinished, type Lwm2mServer, type QueuedRequest } from '@yaolian/lwm2m/server';
import type { EndedRights } from './ended-rights.ts';

export interface LateAnswersOptions {
  readonly store: ExpectationStore;
  readonly server: Lwm2mServer;
  readonly log: Log;
  /** Undefined: nobody knows what became of the request. */
  readonly outcomeOf: (finished: QueuedRequest | undefined) => LateAnswer['outcome'];
  /** Resolves when it is delivered or stored. */
  readonly tell: (answer: LateAnswer) => Promise<void>;
}

/**
 * Accounts that are told what comes of requests that the queues of terminals keep. What waits is on disk before the account hears that its
 * request is queued, and goes from there after it was told: a crash in between tells it twice, under the same id.
 */
export class LateAnswers {
  readonly #options: LateAnswersOptions;
  readonly #awaited = new Map<number, AwaitedAnswer>();
  readonly #stop: () => void;

  constructor(options: LateAnswersOptions) {
    this.#options = options;
    this.#stop = options.server.events.onAny((event) => {
      if (event.type === 'queue-changed' && isFinished(event.request)) this.#finished(event.request.id, event.request);
    });
  }

  /** Takes up what waited before a restart. */
  async start(): Promise<void> {
    for (const awaited of await this.#options.store.awaitedAnswers()) {
      this.#awaited.set(awaited.request, awaited);
      await this.#look(awaited.request);
    }
  }

  /** @returns once it survives a restart */
  async expect(awaited: AwaitedAnswer): Promise<void> {
    this.#awaited.set(awaited.request, awaited);
    await this.#options.store.putAwaitedAnswer(awaited);
    // It may have been finished before somebody waited for it.
    await this.#look(awaited.request);
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

  /** Rights may have ended: what was asked under them is not done when the terminal wakes. What they do not concern is not looked up. */
  async recheck(ended: EndedRights, mayStill: (awaited: AwaitedAnswer) => Promise<boolean>): Promise<void> {
    const concerned = [...this.#awaited.values()].filter(({ account, device }) =>
      'device' in ended ? device === ended.device : ended.accounts.includes(account),
    );
    for (const awaited of concerned) {
      if (!(await mayStill(awaited))) await this.#options.server.queue?.cancel(awaited.request);
    }
  }

  close(): void {
    this.#stop();
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
    const { account, resource, device, operation, path, request } = awaited;
    const { store, outcomeOf, tell } = this.#options;
    const outcome = outcomeOf(finished);
    await tell({ account, resource, device, id: String(request), operation: operation as RaOperation, path, outcome });
    await store.removeAwaitedAnswer(request);
  }
}

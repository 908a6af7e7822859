import {
  isFinished,
  type QueuedRequest,
  type QueuedRequestQuery,
  type QueuedRequestStore,
} from '../request-queue/queued-request.ts';

/** A {@link QueuedRequestStore} that lives as long as the process: for tests and simulations. */
export class MemoryQueuedRequestStore implements QueuedRequestStore {
  readonly requests = new Map<number, QueuedRequest>();
  #lastId = 0;

  async load() {
    const requests = [...this.requests.values()].filter((one) => !isFinished(one)).sort((a, b) => a.id - b.id);
    return { requests, lastId: this.#lastId };
  }

  async put(request: QueuedRequest): Promise<void> {
    this.#lastId = Math.max(this.#lastId, request.id);
    this.requests.set(request.id, request);
  }

  async get(id: number): Promise<QueuedRequest | undefined> {
    return this.requests.get(id);
  }

  async list({ deviceKey, states, after = 0, limit }: QueuedRequestQuery): Promise<readonly QueuedRequest[]> {
    return [...this.requests.values()]
      .filter((one) => deviceKey === undefined || one.deviceKey === deviceKey)
      .filter((one) => one.id > after && (states === undefined || states.includes(one.state)))
      .sort((a, b) => a.id - b.id)
      .slice(0, limit);
  }

  async removeFinished(before: number): Promise<number> {
    const old = [...this.requests.values()].filter((one) => one.outcome !== undefined && one.outcome.at < before);
    for (const { id } of old) this.requests.delete(id);
    return old.length;
  }
}

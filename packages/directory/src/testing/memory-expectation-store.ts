import type { AwaitedAnswer, ExpectationStore, KeptObservation, KeptWatch } from '../ra/expectations.ts';

/** What accounts wait for, in memory, for tests. */
export class MemoryExpectationStore implements ExpectationStore {
  readonly #answers = new Map<number, AwaitedAnswer>();
  readonly #watches = new Map<string, KeptWatch>();
  readonly #observations = new Map<string, KeptObservation>();

  async awaitedAnswers(): Promise<readonly AwaitedAnswer[]> {
    return [...this.#answers.values()].sort((a, b) => a.request - b.request);
  }

  async putAwaitedAnswer(awaited: AwaitedAnswer): Promise<void> {
    this.#answers.set(awaited.request, awaited);
  }

  async removeAwaitedAnswer(request: number): Promise<void> {
    this.#answers.delete(request);
  }

  async watches(): Promise<readonly KeptWatch[]> {
    return [...this.#watches.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, watch]) => watch);
  }

  async putWatch(watch: KeptWatch): Promise<void> {
    this.#watches.set(keyOf(watch), watch);
  }

  async removeWatch(watch: Pick<KeptWatch, 'account' | 'terminal' | 'path'>): Promise<void> {
    this.#watches.delete(keyOf(watch));
  }

  async observations(): Promise<readonly KeptObservation[]> {
    return [...this.#observations.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }

  async putObservation(observation: KeptObservation): Promise<void> {
    const key = JSON.stringify([observation.device, observation.path]);
    if (!this.#observations.has(key)) this.#observations.set(key, observation);
  }

  async removeObservation({ device, path }: Pick<KeptObservation, 'device' | 'path'>): Promise<void> {
    this.#observations.delete(JSON.stringify([device, path]));
  }

  async removeExpectations(account: string): Promise<void> {
    const names = (one: { readonly account: string; readonly device: string }) =>
      one.account === account || one.device === account;
    for (const [request, awaited] of this.#answers) if (names(awaited)) this.#answers.delete(request);
    for (const [key, watch] of this.#watches) if (names(watch)) this.#watches.delete(key);
    for (const [key, { device }] of this.#observations) if (device === account) this.#observations.delete(key);
  }
}

function keyOf({ account, terminal, path }: Pick<KeptWatch, 'account' | 'terminal' | 'path'>): string {
  return JSON.stringify([terminal, path, account]);
}

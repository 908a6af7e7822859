import { routes } from '@yaolian/contract';
import type { Duration } from '@yaolian/kernel';
import type { Config } from '@yaolian/server';
import { runTerminal } from '@yaolian/simulator';
import { openPlatform, type TestPlatform } from '../../support/platform.ts';
import { remoteAccess } from '../../support/remote-user.ts';

const output = { isTerminal: false, columns: undefined, write: () => undefined };

/** A platform with a lamp and a sensor that were shared by their operator: simulated terminals over real CoAP. */
export class Household implements AsyncDisposable {
  readonly bench: TestPlatform;
  readonly codes = new Map<string, string>();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>[] = [];

  private constructor(bench: TestPlatform) {
    this.bench = bench;
  }

  /** @param awake the lamp sleeps: it listens only so long after each message */
  static async open(config: Partial<Config> = {}, { awake }: { readonly awake?: Duration } = {}): Promise<Household> {
    const bench = await openPlatform({ ...remoteAccess, ...config });
    const household = new Household(bench);
    await household.#add('lamp', '3,3311', 1, awake);
    await household.#add('aircon', '3,3303,3308,3312', 2);
    return household;
  }

  async #add(endpointName: string, objects: string, seed: number, awake?: Duration): Promise<void> {
    const server = `coap://${this.bench.coap.key}`;
    const { signal } = this.#stop;
    const ready = new Promise<void>((resolve) => {
      this.#running.push(
        runTerminal({
          ...{ server, endpointName, objects, seed, signal, output, ...(awake && { awake }) },
          onEvent: ({ type }) => type === 'registered' && resolve(),
        }),
      );
    });
    await ready;
    const { code } = await this.bench.admin.call(routes.shareDevice, { params: { device: endpointName }, body: {} });
    this.codes.set(endpointName, code);
  }

  /** All of its devices de-register. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    await this.bench[Symbol.asyncDispose]();
  }
}

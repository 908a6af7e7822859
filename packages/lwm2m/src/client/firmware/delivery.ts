import { Code, type OutgoingResponse, type UploadSink } from '@yaolian/coap';
import { type Duration, encodeUtf8, milliseconds, seconds, type Timer, type Timers } from '@yaolian/kernel';
import type {
  DeliveryProblem,
  PackageDescription,
  PackageFetchers,
  PackageProblem,
  PackageStore,
  PullScheme,
} from './ports.ts';

export interface DeliveryOptions {
  readonly store: PackageStore;
  readonly fetchers: PackageFetchers;
  readonly timers: Timers;
  /** How often a lost connection is taken up again before the package counts as lost. Default 5. */
  readonly resumptions?: number;
  /** Before the first of them; doubles each time. Default 2 s. */
  readonly resumeAfter?: Duration;
}

export type DeliveryOutcome =
  | { readonly ok: true; readonly description: PackageDescription }
  | { readonly ok: false; readonly problem: DeliveryProblem };

/** Where a pull stands; kept over restarts so that it goes on. */
export interface PullRecord {
  readonly uri: string;
  readonly etag: string | undefined;
}

/** Who hears of a delivery. */
export interface DeliveryHost {
  /** A pull has begun anew or goes on: what to keep in order to resume it. */
  pulling(record: PullRecord): void | Promise<void>;
  progressed(received: number, size: number | undefined): void;
  /** What is answered to the last block of a push waits for it. */
  delivered(outcome: DeliveryOutcome): void | Promise<void>;
}

/** How a push that went wrong is answered; the result resource has the reason. */
const pushRefusals: Readonly<Record<PackageProblem, readonly [OutgoingResponse['code'], string]>> = {
  'not-enough-storage': [Code.RequestEntityTooLarge, 'there is not enough storage for the package'],
  'out-of-memory': [Code.InternalServerError, 'out of memory'],
  integrity: [Code.BadRequest, 'the package is damaged'],
  'unsupported-type': [Code.BadRequest, 'this is no package for this terminal'],
};

/** Brings one package into its store, pushed or pulled. One at a time. */
export class PackageDelivery {
  readonly #options: DeliveryOptions;
  readonly #host: DeliveryHost;
  #abort: AbortController | undefined;
  #pause: Timer | undefined;
  /** Which delivery is under way: what comes of an earlier one is nobody's. */
  #number = 0;

  constructor(options: DeliveryOptions, host: DeliveryHost) {
    this.#options = options;
    this.#host = host;
  }

  /** Takes a package that a server writes. */
  push(size: number | undefined): UploadSink {
    const number = this.#begin();
    const { store } = this.#options;
    const fail = async (problem: PackageProblem): Promise<OutgoingResponse> => {
      await this.#end(number, { ok: false, problem });
      const [code, text] = pushRefusals[problem];
      return { code, payload: encodeUtf8(text) };
    };
    return {
      write: async (bytes, offset) => {
        if (number !== this.#number) return { code: Code.RequestEntityIncomplete };
        const problem = (offset === 0 ? await store.begin(size) : undefined) ?? (await store.append(bytes));
        if (problem) return fail(problem);
        this.#host.progressed(store.length, size);
        return undefined;
      },
      finish: async () => {
        if (number !== this.#number) return { code: Code.RequestEntityIncomplete };
        const verdict = await store.complete();
        if (typeof verdict === 'string') return fail(verdict);
        await this.#end(number, { ok: true, description: verdict });
        return { code: Code.Changed };
      },
      abort: () => void this.#end(number, { ok: false, problem: 'connection-lost' }),
    };
  }

  /** Fetches a package. @param record of an earlier process: what the store holds is the beginning of it */
  pull(uri: string, record?: PullRecord): void {
    const number = this.#begin();
    void this.#pull(number, uri, record).then((outcome) => outcome && this.#end(number, outcome));
  }

  /** Drops the delivery under way, without a word to the host. */
  cancel(): void {
    this.#number++;
    this.#abort?.abort();
    this.#pause?.cancel();
  }

  #begin(): number {
    this.cancel();
    this.#abort = new AbortController();
    return this.#number;
  }

  async #end(number: number, outcome: DeliveryOutcome): Promise<void> {
    if (number !== this.#number) return;
    this.#number++;
    if (!outcome.ok) await this.#options.store.clear();
    await this.#host.delivered(outcome);
  }

  async #pull(number: number, uri: string, record: PullRecord | undefined): Promise<DeliveryOutcome | undefined> {
    const scheme = schemeOf(uri);
    if (scheme === undefined) return { ok: false, problem: 'invalid-uri' };
    const fetcher = this.#options.fetchers[scheme as PullScheme];
    if (!fetcher) return { ok: false, problem: 'unsupported-protocol' };
    const { store, resumptions = 5, resumeAfter = seconds(2) } = this.#options;
    let problem: PackageProblem | undefined;
    let etag = record?.etag;
    let offset = record ? store.length : 0;
    let size: number | undefined;
    let failures = 0;
    // Of a package that cannot be resumed, what comes again and again up to the same byte is no progress.
    let furthest = offset;
    for (;;) {
      const outcome = await fetcher.fetch({
        uri,
        offset,
        etag,
        signal: this.#abort!.signal,
        onStart: async (at, found, announced) => {
          if (number !== this.#number) return false;
          size = announced;
          etag = found;
          if (at === 0) problem = await store.begin(announced);
          await this.#host.pulling({ uri, etag: found });
          return problem === undefined && number === this.#number;
        },
        onBytes: async (bytes) => {
          if (number !== this.#number) return false;
          problem = await store.append(bytes);
          if (store.length > furthest) {
            furthest = store.length;
            failures = 0;
          }
          this.#host.progressed(store.length, size);
          return problem === undefined && number === this.#number;
        },
      });
      if (number !== this.#number) return undefined;
      if (problem) return { ok: false, problem };
      if (outcome === 'complete') return this.#complete();
      if (outcome !== 'connection-lost') return outcome === 'stopped' ? undefined : { ok: false, problem: outcome };
      if (++failures > resumptions) return { ok: false, problem: 'connection-lost' };
      await this.#wait(milliseconds(resumeAfter * 2 ** (failures - 1)));
      if (number !== this.#number) return undefined;
      offset = etag === undefined ? 0 : store.length;
    }
  }

  async #complete(): Promise<DeliveryOutcome> {
    const verdict = await this.#options.store.complete();
    return typeof verdict === 'string' ? { ok: false, problem: verdict } : { ok: true, description: verdict };
  }

  #wait(delay: Duration): Promise<void> {
    return new Promise((resolve) => {
      this.#pause = this.#options.timers.schedule(delay, resolve);
      this.#abort!.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** The scheme of a URI that has an authority; undefined for what is none. */
function schemeOf(uri: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\/[^/?#\s]+\S*$/i.exec(uri)?.[1]?.toLowerCase();
}

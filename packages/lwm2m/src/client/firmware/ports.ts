/** What is wrong with a package, or with keeping it. */
export type PackageProblem = 'not-enough-storage' | 'out-of-memory' | 'integrity' | 'unsupported-type';

/** How a package did not come. */
export type DeliveryProblem = PackageProblem | 'connection-lost' | 'invalid-uri' | 'unsupported-protocol';

/** What a package says of itself. */
export interface PackageDescription {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

type Answer<T> = T | Promise<T>;

/** Where one package is kept as it comes. What it holds survives a restart. */
export interface PackageStore {
  /** Bytes that it holds. */
  readonly length: number;
  /** Drops what it holds and waits for a package. @param size what it will have, where that is known */
  begin(size: number | undefined): Answer<PackageProblem | undefined>;
  /** Keeps what follows. The bytes are the store's. */
  append(bytes: Uint8Array): Answer<PackageProblem | undefined>;
  /** The package is whole: checks type and integrity. */
  complete(): Answer<PackageDescription | PackageProblem>;
  /** Drops what it holds. */
  clear(): Answer<void>;
}

/** Schemes that packages are pulled with, and their numbers in Firmware Update Protocol Support (5/0/8). */
export const pullProtocols = { coap: 0, coaps: 1, http: 2, https: 3, 'coap+tcp': 4, 'coaps+tcp': 5 } as const;
export type PullScheme = keyof typeof pullProtocols;

export interface FetchRequest {
  readonly uri: string;
  /** Bytes that are here already: the rest is wanted, as long as the representation is that of `etag`. */
  readonly offset: number;
  readonly etag: string | undefined;
  readonly signal: AbortSignal;
  /**
   * Called before the first bytes.
   * @param offset where they belong: the one asked for, or 0 when the representation is another one or cannot be resumed
   * @returns false: stop
   */
  onStart(offset: number, etag: string | undefined, size: number | undefined): Answer<boolean>;
  /** @returns false: stop */
  onBytes(bytes: Uint8Array): Answer<boolean>;
}

/** `stopped`: a callback or the signal said so. `connection-lost` may be tried again. */
export type FetchOutcome = 'complete' | 'stopped' | 'connection-lost' | 'invalid-uri' | 'unsupported-protocol';

/** Fetches packages over one protocol. Does not throw. */
export interface PackageFetcher {
  fetch(request: FetchRequest): Promise<FetchOutcome>;
}

export type PackageFetchers = { readonly [S in PullScheme]?: PackageFetcher };

/** Puts a package that has come in use. */
export interface PackageInstaller {
  /**
   * Installs what the store holds. A terminal that reboots on the way calls this again after it.
   * @param resumed true when an earlier process began it
   */
  install(resumed: boolean): Promise<'installed' | 'failed'>;
}

/** A value that survives a restart. */
export interface Journal<T> {
  load(): T | undefined;
  /** Resolves when it is durable. */
  save(value: T): Answer<void>;
}

/** A journal that survives nothing, for tests and terminals that never restart. */
export function volatileJournal<T>(value?: T): Journal<T> {
  let kept = value;
  return {
    load: () => kept,
    save: (next) => {
      kept = next;
    },
  };
}

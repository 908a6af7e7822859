import type { AuditDoor } from './audit.ts';

/** An account that is told what comes of a request that the queue of a terminal keeps. */
export interface AwaitedAnswer {
  /** The id that the queue gave the request. */
  readonly request: number;
  readonly account: string;
  /** The account of the device. */
  readonly device: string;
  readonly terminal: string;
  /** `read`, `write`, … */
  readonly operation: string;
  readonly path: string;
  /** Where it is told. */
  readonly door: Exclude<AuditDoor, 'rest'>;
  /** The connection that asked; undefined: a page, or none in particular. */
  readonly resource: string | undefined;
}

/** An account that observes a path of a terminal. */
export interface KeptWatch {
  readonly account: string;
  readonly device: string;
  readonly terminal: string;
  readonly path: string;
  /** The terminal was observed for users of the RA, not for an operator before. */
  readonly isOurs: boolean;
}

/** An observation of a device that speaks for itself which operators began: it goes on whenever the device comes back. */
export interface KeptObservation {
  /** The account of the device. */
  readonly device: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * What accounts wait for, so that it reaches them after a restart too. A promise resolves when the change is on disk. Every adapter
 * passes `expectationStoreContract`.
 */
export interface ExpectationStore {
  /** In the order of requests. */
  awaitedAnswers(): Promise<readonly AwaitedAnswer[]>;
  /** Replaces the one of the same request. */
  putAwaitedAnswer(awaited: AwaitedAnswer): Promise<void>;
  removeAwaitedAnswer(request: number): Promise<void>;
  /** In the order of terminals, paths and accounts. */
  watches(): Promise<readonly KeptWatch[]>;
  /** Replaces the one of the same account, terminal and path. */
  putWatch(watch: KeptWatch): Promise<void>;
  removeWatch(watch: Pick<KeptWatch, 'account' | 'terminal' | 'path'>): Promise<void>;
  /** In the order of devices and paths. */
  observations(): Promise<readonly KeptObservation[]>;
  /** Leaves the one of the same device and path as it is. */
  putObservation(observation: KeptObservation): Promise<void>;
  removeObservation(observation: Pick<KeptObservation, 'device' | 'path'>): Promise<void>;
  /** Forgets what an account waits for, and what others wait for of it. */
  removeExpectations(account: string): Promise<void>;
}

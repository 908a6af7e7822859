import type { BodySource } from '@yaolian/coap';
import type { Registration } from '../registration.ts';

/** How the package is to come to the device. `auto`: as the device takes it, pulled where it can. */
export type DeliveryWish = 'auto' | 'push' | 'pull';

/**
 * - `waiting`: for the device, or for the next attempt
 * - `delivering`: the package is on its way
 * - `installing`: Update was executed
 * - the others are final
 */
export type UpdatePhase = 'waiting' | 'delivering' | 'installing' | 'succeeded' | 'failed' | 'cancelled';

/** Why an update failed: a result of the device (5/0/5, 9/x/9), or what the platform saw. Stable words, for counting. */
export type UpdateFailure =
  | 'not-enough-storage'
  | 'out-of-memory'
  | 'connection-lost'
  | 'integrity'
  | 'unsupported-type'
  | 'invalid-uri'
  | 'update-failed'
  | 'uninstallation-failed'
  | 'no-instance'
  | 'unsupported-protocol'
  | 'cancelled-by-device'
  | 'unknown-result'
  | 'wrong-version'
  | 'no-object'
  | 'no-answer'
  | 'no-delivery'
  | 'refused'
  | 'timeout'
  | 'no-file';

/** One update of a device: of its firmware, or of a software component. Durable. */
export interface UpdateJob {
  readonly id: string;
  /** The device key. */
  readonly device: string;
  readonly file: string;
  /** The name of the software component (9/x/0) that it is of; absent: the firmware (object 5). */
  readonly software?: string;
  /** The instance of object 9 that takes the package. */
  readonly instanceId?: number;
  /** Whose job it is: a campaign, or none. */
  readonly group: string | undefined;
  readonly wish: DeliveryWish;
  readonly phase: UpdatePhase;
  /** How it comes, once that is decided: `push`, or the scheme it is pulled with. */
  readonly delivery: string | undefined;
  readonly fromVersion: string | undefined;
  /** What 3/0/3, of software 9/x/1, is expected to be afterwards; undefined: anything else. */
  readonly toVersion: string | undefined;
  /** The version that the device told last. */
  readonly version: string | undefined;
  /** Attempts that were begun. */
  readonly attempts: number;
  readonly maximumAttempts: number;
  readonly failure: UpdateFailure | undefined;
  /** A sentence about the failure, or what is waited for. */
  readonly note: string | undefined;
  /** What to write to 5/0/11 and 5/0/13 first, where the device has them. */
  readonly severity: number | undefined;
  /** Seconds. */
  readonly maximumDeferPeriod: number | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly phaseAt: number;
  /** The next attempt is not before. */
  readonly notBefore: number;
  readonly finishedAt: number | undefined;
}

export const finalPhases: ReadonlySet<UpdatePhase> = new Set(['succeeded', 'failed', 'cancelled']);

export function isFinal(job: Pick<UpdateJob, 'phase'>): boolean {
  return finalPhases.has(job.phase);
}

/** Where jobs are kept. A change is durable when its promise resolves. */
export interface UpdateJobStore {
  job(id: string): Promise<UpdateJob | undefined>;
  putJob(job: UpdateJob): Promise<void>;
  /** Jobs that are not finished, in order of creation. */
  openJobs(): Promise<readonly UpdateJob[]>;
}

/** An open package. */
export interface OpenPackage extends BodySource {
  close(): Promise<void>;
}

/** Where packages come from. */
export interface PackageFiles {
  /** Undefined when there is no such file any more. */
  open(file: string): Promise<OpenPackage | undefined>;
  /** Where a device can pull it from, by scheme, the best first. */
  uris(file: string, job: string, registration: Registration): Promise<ReadonlyMap<string, string>>;
}

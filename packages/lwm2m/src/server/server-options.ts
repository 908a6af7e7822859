import type { RequestHandler } from '@yaolian/coap';
import {
  type Clock,
  hours,
  type Log,
  type Meter,
  milliseconds,
  type Random,
  seconds,
  type Timers,
  zeroDuration,
} from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { ServerBehaviour, ServerEndpoint } from './context.ts';
import type { EnrolmentProfile } from './enrolment.ts';
import type { Lwm2mServerEvent } from './events.ts';
import type { ServerLimits } from './limits.ts';
import { LocationForm } from './location.ts';
import type { ProfileStore } from './profiles.ts';
import type { RegistrationStore } from './registration.ts';
import type { QueuedRequestStore } from './request-queue/queued-request.ts';
import type { RequestQueueOptions } from './request-queue/request-queue.ts';
import type { StandingObservationStore } from './standing-observations.ts';
import type { TakeValues } from './taken-values.ts';

export interface Lwm2mServerOptions {
  /** Where terminals are reached. The server does not set their handlers: see {@link Lwm2mServer.mounts}. */
  readonly endpoints: readonly ServerEndpoint[];
  readonly store: RegistrationStore;
  readonly profile: EnrolmentProfile;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly limits?: Partial<ServerLimits>;
  /** Keeps values that clients notify, send and answer, before anybody hears of them. Absent: they are told at once. */
  readonly takeValues?: TakeValues;
  /**
   * Told of changes of registrations, observations and queued requests, and of values that are taken, in the turn in which they
   * are given to their store, before they are there: what a listener gives to the same group commit now is on disk with them, or before them. The same object comes
   * by `events` afterwards; it does not when the store failed. Must not throw.
   */
  readonly onStoring?: (event: Lwm2mServerEvent) => void;
  /** Where requests for devices that sleep are kept. Absent: there is no queue, and such requests are refused. */
  readonly queueStore?: QueuedRequestStore;
  readonly queue?: Partial<RequestQueueOptions>;
  /** Where the profiles of LwM2M 1.2 are kept. Absent: in memory only. */
  readonly profileStore?: ProfileStore;
  /** Where observations are kept that stand while their devices are away. Absent: in memory only. */
  readonly standingStore?: StandingObservationStore;
  readonly behaviour?: Partial<ServerBehaviour>;
}

/** A path and everything below it, with who answers there. Made for `ResourceTree.mount`. */
export interface RequestMount {
  /** The segments; none: whatever nobody else owns. */
  readonly path: readonly string[];
  readonly handler: RequestHandler;
  /** How `/.well-known/core` lists it; absent: not at all. */
  readonly description?: { readonly rt: string };
}

export const defaultQueueOptions: RequestQueueOptions = {
  maximumPerDevice: 100,
  maximumRequests: 100_000,
  expiry: hours(24),
  maximumAttempts: 3,
  retention: hours(24),
  permits: () => true,
};

export const defaultServerBehaviour: ServerBehaviour = {
  location: LocationForm.Opaque,
  lwm2mVersions: ['1.0', '1.1', '1.2'],
  lifetimeGrace: zeroDuration,
  restartGrace: hours(1),
  expiryGranularity: seconds(1),
  operationTimeout: milliseconds(93_000),
  awakeWindow: seconds(93),
  fetchPatience: seconds(10),
  refusalsAllowed: 5,
  refusalWindow: seconds(10),
  retryAfter: seconds(60),
  objectLinksRequired: true,
  observesAgain: true,
};
